from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.run import outputs
from studytui.run.events import (
    Ended,
    Event,
    Failed,
    Figure,
    Output,
    Progress,
    Started,
    Table,
    from_json,
    to_json,
)
from studytui.run.message import decode
from studytui.run.outputs import kept, latest, mark_ended, new_folder, prune, snippet_folder
from studytui.run.runner import RunError, Runner
from studytui.run.signature import read_snippet
from tests.run.conftest import Bench, printed

NAME = "optimisation/descent"


def put(folder: Path, run_id: str, digest: str = "d", size: int = 10) -> Path:
    place = new_folder(folder, NAME, run_id)
    events: list[Event] = [
        Started(NAME, "cpu", {"n": "1"}, "2026-11-23T10:00:00+00:00", digest),
        Output("x" * size),
        Ended("ok", 1.0, 2),
    ]
    (place / "events.jsonl").write_text("".join(to_json(event) + "\n" for event in events))
    mark_ended(place)
    return place


def test_a_run_is_still_there_tomorrow(bench: Bench, tmp_path: Path) -> None:
    clock = datetime(2026, 11, 23, 10, tzinfo=UTC)
    runner = Runner(tmp_path / "outputs", clock=lambda: clock, warm=False)
    path = bench.write("def main(n: int = 1): print('kept', n)")
    snippet = read_snippet(path)
    told = list(runner.start(snippet, {"n": "7"}).events())
    (run,) = kept(tmp_path / "outputs", snippet.name)
    assert list(run.events()) == told
    assert run.started.at == "2026-11-23T10:00:00+00:00"
    assert run.started.parameters == {"n": "7"}
    assert run.started.device == "cpu"
    assert run.ended == told[-1]
    assert not run.stale(snippet.digest)
    path.write_text(path.read_text() + "# changed\n")
    assert run.stale(read_snippet(path).digest)


def test_the_newest_comes_first(tmp_path: Path) -> None:
    put(tmp_path, "20260101T000000-a")
    put(tmp_path, "20260102T000000-b")
    assert [run.run_id[-1] for run in kept(tmp_path, NAME)] == ["b", "a"]
    newest = latest(tmp_path, NAME)
    assert newest is not None
    assert newest.run_id.endswith("b")
    assert latest(tmp_path, "optimisation/other") is None


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 30):
        put(tmp_path, f"202601{day:02}T000000-a")
    assert len(kept(tmp_path, NAME)) == outputs.RUNS_KEPT
    assert kept(tmp_path, NAME)[0].run_id.startswith("20260129")
    monkeypatch.setattr(outputs, "BYTES_KEPT", 1)
    assert prune(tmp_path, NAME) == outputs.RUNS_KEPT - 1
    assert len(kept(tmp_path, NAME)) == 1, "the newest stays, however big"


def test_a_run_that_waits_or_runs_is_never_pruned(tmp_path: Path) -> None:
    place = new_folder(tmp_path, NAME, "20260101T000000-a")
    (place / "events.jsonl").touch()
    for day in range(2, 30):
        put(tmp_path, f"202601{day:02}T000000-b")
    assert place.exists()
    assert len(kept(tmp_path, NAME)) == outputs.RUNS_KEPT
    # Its watcher was killed long ago: it is like any other.
    put(tmp_path, "20260601T000000-c")
    assert not place.exists()


HOSTILE = [
    {"event": "output", "text": 5},
    {"event": "output", "text": "x", "colour": 1},
    {"event": "output", "text": None},
    {"event": "progress", "label": "a", "done": 1e999, "total": 1},
    {"event": "progress", "label": "a", "done": 10**400, "total": 1},
    {"event": "progress", "label": [], "done": 1, "total": 1},
    {"event": "table", "header": "abc", "rows": []},
    {"event": "table", "header": ["a"], "rows": [[1]]},
    {"event": "started", "snippet": "s", "device": "cpu", "parameters": {}, "at": "yesterday"},
    {"event": "started", "snippet": "s", "device": "cpu", "parameters": {"n": 1}, "at": ""},
    {"event": "ended", "status": "ok", "seconds": "1", "peak_bytes": 1},
    {"event": "ended", "status": "ok", "seconds": 1, "peak_bytes": 10**300},
    {"event": "failed", "kind": 1, "message": "", "traceback": ""},
    {"event": "figure", "path": "p", "width": 1, "height": 1, "panels": 3},
]


def test_events_of_another_type_are_left_out(tmp_path: Path) -> None:
    place = put(tmp_path, "20260101T000000-a")
    lines = [json.dumps(fields) for fields in HOSTILE] + ["[" * 100_000, '"', "{}"]
    for line in lines:
        with pytest.raises(ValueError, match=r".*"):
            from_json(line)
    with (place / "events.jsonl").open("a") as file:
        file.write("\n".join(lines))
    (run,) = kept(tmp_path, NAME)
    assert len(list(run.events())) == 3


def test_a_kept_figure_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    place = put(tmp_path, "20260101T000000-a")
    with (place / "events.jsonl").open("a") as file:
        file.write(to_json(Figure("/etc/passwd", 1, 1)))
    (run,) = kept(tmp_path, NAME)
    (figure,) = (event for event in run.events() if isinstance(event, Figure))
    assert figure.path == str(place / "passwd")


STEERING = "a\x1b]52;c;cHduZWQ=\x07b\x1b[2Jc\x9b2Jd\u202ee\x07"


@pytest.mark.parametrize(
    "event",
    [
        Output(STEERING),
        Progress(STEERING, 1, 2, STEERING),
        Table((STEERING,), ((STEERING,),), STEERING),
        Figure("p", 1, 1, STEERING),
        Failed(STEERING, STEERING, STEERING),
        Ended("ok", 1, 1, STEERING),
    ],
    ids=lambda event: type(event).__name__,
)
def test_no_text_of_an_event_steers_a_terminal(event: Event) -> None:
    read = from_json(to_json(event))
    texts = repr(dataclasses.astuple(read))
    for steering in ("\\x1b", "\\x07", "\\x9b", "\u202e", "\\u202e"):
        assert steering not in texts


def test_lines_that_were_cut_off_are_left_out(tmp_path: Path) -> None:
    place = put(tmp_path, "20260101T000000-a")
    file = place / "events.jsonl"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], '{"event": "output", "te']))
    (run,) = kept(tmp_path, NAME)
    assert run.ended is None
    assert printed(list(run.events())) == ""
    file.write_text("nothing of use\n")
    assert kept(tmp_path, NAME) == ()


def test_names_do_not_lead_outside(tmp_path: Path) -> None:
    assert snippet_folder(tmp_path, "../../etc/passwd") == tmp_path / "etc" / "passwd"
    assert snippet_folder(tmp_path, "/etc/c:\\x") == tmp_path / "etc" / "c__x"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file where the folder should be")
    path = tmp_path / "s.py"
    path.write_text("def main(): pass\n")
    with pytest.raises(RunError, match="cannot be made"):
        Runner(tmp_path / "outputs", warm=False).start(read_snippet(path))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "[]",
        '{"event": "nothing"}',
        '{"event": "output", "colour": 1}',
        "file:../../etc/passwd",
        "file:/etc/passwd",
        "file:.hidden",
        '{"event": "figure", "path": "/etc/passwd", "width": 1, "height": 1}',
    ],
)
def test_messages_that_are_none_are_refused(tmp_path: Path, payload: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(payload, tmp_path)


def test_events_survive_the_way_through_json() -> None:
    event = Output('é "quoted" \x1b[31m\n', "err")
    assert from_json(to_json(event)) == event
