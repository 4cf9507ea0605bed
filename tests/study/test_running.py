from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.run.runner import Runner
from studytui.run.trust import TrustError
from studytui.settings import RunSettings, Settings
from studytui.store.codec import to_row
from studytui.store.events import SnippetRun, Trusted
from studytui.store.journal import Journal
from studytui.study.desk import Desk
from studytui.study.running import Workbench
from tests.run.conftest import ended, printed

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SOURCE = """'''Say a word.'''
from _helper import word
def main(n: int = 1):
    print(word, n)
if __name__ == "__main__":
    import typer
    typer.run(main)
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    root = tmp_path / "pack"
    folder = root / "snippets" / "track"
    folder.mkdir(parents=True)
    (root / "pack.toml").write_text('id = "mine"\ntitle = "Mine"\n')
    (folder / "say.py").write_text(SOURCE)
    (folder / "_helper.py").write_text("word = 'hello'\n")
    return root


@pytest.fixture
def desk(tmp_path: Path, pack: Path) -> Iterator[Desk]:
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    settings = Settings(packs=(str(pack),), run=RunSettings(seconds=60, output_mb=1))
    with Desk(where, settings) as desk:
        yield desk


@pytest.fixture
def workbench(desk: Desk) -> Workbench:
    runner = Runner(desk.directories.outputs, warm=False)
    return Workbench(desk, lambda: NOW, runner)


def test_snippets_are_found_by_name_and_by_path(workbench: Workbench, pack: Path) -> None:
    script = workbench.find("track/say")
    assert (script.name, script.subject) == ("track/say", "mine:track/say")
    assert workbench.find("say") == script
    assert workbench.find(str(pack / "snippets" / "track" / "say.py")) == script
    shipped = workbench.find("adam_adamw")
    assert shipped.subject == "optimisation/adam_adamw"
    subjects = [each.subject for each in workbench.scripts()]
    assert "mine:track/say" in subjects
    assert not [subject for subject in subjects if "_helper" in subject]
    with pytest.raises(StudyError, match="no snippet"):
        workbench.find("nowhere")


def test_a_detour_to_a_file_of_a_pack_is_no_way_around_trust(
    workbench: Workbench, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack / "snippets" / "track"
    (tmp_path / "linked").symlink_to(pack)
    (tmp_path / "alias.py").symlink_to(folder / "say.py")
    monkeypatch.chdir(folder)
    detours = [
        "say.py",
        "../track/say.py",
        str(folder / ".." / "track" / "say.py"),
        str(tmp_path / "linked" / "snippets" / "track" / "say.py"),
        str(tmp_path / "alias.py"),
    ]
    for name in detours:
        script = workbench.find(name)
        with pytest.raises(TrustError) as refused:
            workbench.start(script)
        assert refused.value.todo.endswith("studytui trust track/say"), name


def test_a_file_of_a_pack_that_is_known_by_a_link_is_one_of_it(tmp_path: Path, pack: Path) -> None:
    (tmp_path / "known").symlink_to(pack)
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(packs=(str(tmp_path / "known"),))) as desk:
        workbench = Workbench(desk, lambda: NOW, Runner(desk.directories.outputs, warm=False))
        for root in (pack, tmp_path / "known"):
            script = workbench.find(str(root / "snippets" / "track" / "say.py"))
            assert script.subject == "mine:track/say"
            with pytest.raises(TrustError):
                workbench.start(script)


def test_a_snippet_without_an_exercise_has_nothing_to_check(workbench: Workbench) -> None:
    with pytest.raises(StudyError, match="track/say is no exercise"):
        script = workbench.find("say")
        seen = workbench.untrusted(script)
        assert seen is not None
        workbench.trust(script, seen)
        workbench.start(script, check=True)


def test_code_of_another_pack_runs_only_after_it_was_seen(workbench: Workbench, pack: Path) -> None:
    script = workbench.find("say")
    with pytest.raises(TrustError, match="is not trusted"):
        workbench.start(script)
    seen = workbench.untrusted(script)
    assert seen is not None
    assert [path.name for path in seen.files] == ["say.py", "_helper.py"]
    workbench.trust(script, seen)
    assert workbench.trusted() == {"mine:track/say": seen.digest}
    events = list(workbench.follow(workbench.start(script, {"n": "2"})))
    assert printed(events) == "hello 2\n"
    assert workbench.untrusted(script) is None, "a run leaves no bytecode behind"
    (pack / "snippets" / "track" / "_helper.py").write_text("word = 'changed'\n")
    with pytest.raises(TrustError):
        workbench.start(script)


def test_trust_is_taken_back(workbench: Workbench) -> None:
    script = workbench.find("say")
    seen = workbench.untrusted(script)
    assert seen is not None
    workbench.trust(script, seen)
    workbench.distrust("mine:track/say")
    assert workbench.trusted() == {}
    with pytest.raises(TrustError):
        workbench.start(script)
    with pytest.raises(StudyError, match="not trusted"):
        workbench.distrust("mine:track/say")


def test_what_another_device_trusted_is_not_trusted_here(
    workbench: Workbench, desk: Desk, tmp_path: Path
) -> None:
    """Not even where its rows stand in this journal, as after a repair from its copy."""
    script = workbench.find("say")
    seen = workbench.untrusted(script)
    assert seen is not None
    with Journal.open(tmp_path / "elsewhere.db") as elsewhere:
        moment = desk.ledger.days.moment(NOW)
        event = elsewhere.append(Trusted("mine:track/say", seen.digest), moment)
    assert desk.ledger.journal.copy_rows([to_row(event)]) == 1
    assert workbench.trusted() == {}
    assert workbench.untrusted(script) is not None
    with pytest.raises(TrustError):
        workbench.start(script)


def test_a_run_is_recorded_and_kept(workbench: Workbench, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "loose.py"
    path.write_text("def main(n: int = 1): print(n)\n")
    script = workbench.find(str(path))
    events = list(workbench.follow(workbench.start(script)))
    assert ended(events).status == "ok"
    (event,) = desk.ledger.journal.events(kinds=[SnippetRun.kind])
    body = event.body
    assert isinstance(body, SnippetRun)
    assert (body.outcome, body.device) == ("ok", "cpu")
    assert body.content == workbench.read(script).digest
    (past,) = workbench.past(script)
    assert list(past.events()) == events


def test_a_journal_that_cannot_be_written_does_not_stop_a_run(
    workbench: Workbench, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    desk.directories.journal.write_text("this is no database, " * 100)
    path = tmp_path / "loose.py"
    path.write_text("def main(n: int = 1): print(n)\n")
    events = list(workbench.follow(workbench.start(workbench.find(str(path)))))
    assert ended(events).status == "ok"
    assert "The run is not in the journal" in printed(events, "note")


def test_settings_limit_a_run(workbench: Workbench) -> None:
    limits = workbench.limits()
    assert (limits.seconds, limits.output_bytes) == (60, 2**20)


def test_an_edited_copy_runs_with_the_helpers_of_the_original(workbench: Workbench) -> None:
    script = workbench.find("say")
    seen = workbench.untrusted(script)
    assert seen is not None
    workbench.trust(script, seen)
    workbench.edits.write(workbench.read(script), SOURCE.replace("print(word", "print('my', word"))
    events = list(workbench.follow(workbench.start(script, edited=True)))
    assert printed(events) == "my hello 1\n"
    assert printed(list(workbench.follow(workbench.start(script)))) == "hello 1\n"
