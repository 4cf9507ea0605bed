"""The cluster's way of running, by submitit's local executor: the same code without a scheduler."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from studytui.run.cluster import ClusterError, ClusterRun, Place, attach, submit
from studytui.run.events import Event, Figure, Output, Started
from studytui.run.limits import Limits
from studytui.run.runner import Runner
from studytui.run.signature import read_snippet
from tests.run.conftest import Bench, ended, printed

LOCAL = Place("local")


def queue(folder: Path, source: str, place: Place = LOCAL, **named: object) -> ClusterRun:
    runner = Runner(folder / "outputs", warm=False)
    snippet = read_snippet(Bench(runner, folder).write(source))
    limits = Limits(seconds=60, grace=0.5)
    return submit(runner.request(snippet, limits=limits, elsewhere=True, **named), place)  # type: ignore[arg-type]


def until_printed(run: ClusterRun, word: str) -> list[Event]:
    events: list[Event] = []
    for event in run.events():
        events.append(event)
        if isinstance(event, Output) and word in event.text:
            return events
    raise AssertionError(f"{word} was never printed: {events}")


def test_the_same_events_come_back_over_the_file_system(tmp_path: Path) -> None:
    run = queue(
        tmp_path,
        """
        import os, matplotlib.pyplot as plt
        def main(word: str = "hi", device: str = "auto"):
            print(word, device, os.environ["STUDYTUI_DEVICE"])
            plt.plot([1]); plt.show()
        """,
        parameters={"word": "there"},
    )
    events = list(run.events())
    assert printed(events, "note").startswith("local has it as job")
    assert printed(events) == "there auto cpu\n", events
    started = next(event for event in events if isinstance(event, Started))
    assert started.device == "cpu"
    assert started.device_name
    figure = next(event for event in events if isinstance(event, Figure))
    assert Path(figure.path).is_file()
    assert ended(events).status == "ok"


SLOW = """
    import time
    def main(n: int = 1):
        print("on", flush=True)
        time.sleep(n)
        print("over", flush=True)
"""


def test_a_lost_link_loses_nothing(tmp_path: Path) -> None:
    run = queue(tmp_path, SLOW)
    until_printed(run, "on\n")  # and here the link is lost: nobody reads on
    again = attach(tmp_path / "outputs", run.run_id)
    events = list(again.events())
    assert printed(events) == "on\nover\n"
    assert ended(events).status == "ok"
    assert list(run.events())[-1] == events[-1]


def test_a_queued_run_is_stopped(tmp_path: Path) -> None:
    run = queue(tmp_path, SLOW, parameters={"n": "600"})
    until_printed(run, "on\n")
    run.stop()
    end = ended(list(run.events()))
    assert (end.status, end.why) == ("stopped", "it was interrupted")


def test_bad_places_and_ids_are_refused(tmp_path: Path) -> None:
    assert Place.parse("slurm:gpu", gpus=2) == Place("slurm", "gpu", 2)
    with pytest.raises(ClusterError, match="no scheduler known"):
        Place.parse("pbs")
    with pytest.raises(ClusterError, match="no run"):
        attach(tmp_path, "20260101T000000-00000000")
    with pytest.raises(ClusterError, match="no run's id"):
        attach(tmp_path, "../../etc")


def test_a_missing_extra_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "submitit", None)
    with pytest.raises(ClusterError) as told:
        queue(tmp_path, SLOW)
    assert "studytui[cluster]" in str(told.value)


def test_a_machine_without_a_scheduler_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match="slurm did not take the job"):
        queue(tmp_path, SLOW, Place("slurm"))
