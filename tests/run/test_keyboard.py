"""A snippet asks for a line: the reader types it where somebody is there, else that is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from studytui.run.events import Asked, Event
from studytui.run.limits import Limits
from studytui.run.runner import Run
from tests.run.conftest import Bench, ended, printed

GREETS = """
    import sys
    def main(n: int = 1):
        print("hello", input("name? "))
        for line in sys.stdin:
            print("then", line.strip())
            break
        print("all:", sys.stdin.read().strip())
    """


def typed(run: Run, *lines: str | None) -> list[Event]:
    """All events of a run to which these lines are typed, one each time it asks."""
    waiting = list(lines)
    events = []
    for event in run.events():
        events.append(event)
        if isinstance(event, Asked):
            run.type(waiting.pop(0))
    return events


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_lines_that_are_typed_are_what_it_reads(
    bench: Bench, cold: Callable[[], Bench], warm: bool
) -> None:
    used = bench if warm else cold()
    events = typed(used.start(GREETS, keyboard=True), "Ada", "zwei 二", "drei")
    assert printed(events) == "name? hello Ada\nthen zwei 二\nall: drei\n"
    assert printed(events, "in") == "Ada\nzwei 二\ndrei\n"
    assert ended(events).status == "ok"


def test_who_types_nothing_ends_its_input(bench: Bench) -> None:
    events = typed(bench.start(GREETS, keyboard=True), None)
    assert ended(events).status == "failed"
    assert "Nobody typed" in printed(events, "note")


def test_the_wait_for_a_reader_is_no_time_of_the_run(bench: Bench) -> None:
    source = "def main(n: int = 1): print(input())"
    run = bench.start(source, Limits(seconds=4.0), keyboard=True)
    for event in run.events():
        if isinstance(event, Asked):
            time.sleep(4.2)  # longer than the run may take: there is nothing to wait for
            run.type("late")
    assert run.ended is not None
    assert run.ended.status == "ok"


def test_a_process_that_the_snippet_starts_has_no_keyboard(bench: Bench) -> None:
    events = typed(
        bench.start(
            """
        import subprocess, sys
        def main(n: int = 1):
            code = "import sys; print('read', repr(sys.stdin.read()))"
            print(subprocess.run([sys.executable, "-c", code], capture_output=True).stdout.decode())
        """,
            keyboard=True,
        )
    )
    assert "read ''" in printed(events)
    assert not any(isinstance(event, Asked) for event in events)
