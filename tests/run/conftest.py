"""One warm server for all tests of a worker, and a short way to run a piece of source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from studytui.run.events import Ended, Event, Output
from studytui.run.limits import Limits
from studytui.run.runner import Run, Runner
from studytui.run.signature import read_snippet

END = '\nif __name__ == "__main__":\n    import typer\n    typer.run(main)\n'


class Bench:
    """Writes sources into a folder and runs them."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self.runner = runner
        self.folder = folder

    def write(self, source: str, name: str = "snippet") -> Path:
        path = self.folder / f"{name}.py"
        path.write_text(dedent(source).strip() + "\n" + END, encoding="utf-8")
        return path

    def start(self, source: str, limits: Limits | None = None, **named: Any) -> Run:
        snippet = read_snippet(self.write(source))
        return self.runner.start(snippet, limits=limits or Limits(seconds=60), **named)

    def run(self, source: str, limits: Limits | None = None, **named: Any) -> list[Event]:
        return list(self.start(source, limits, **named).events())


def printed(events: list[Event], stream: str = "out") -> str:
    """All that was printed to a stream."""
    return "".join(e.text for e in events if isinstance(e, Output) and e.stream == stream)


def ended(events: list[Event]) -> Ended:
    """The last event."""
    assert isinstance(events[-1], Ended)
    return events[-1]


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    runner = Runner(tmp_path_factory.mktemp("outputs"))
    runner.warm()
    yield runner
    runner.close()


@pytest.fixture
def bench(runner: Runner, tmp_path: Path) -> Bench:
    return Bench(runner, tmp_path)


@pytest.fixture
def cold(tmp_path: Path) -> Iterator[Callable[[], Bench]]:
    """A bench without a warm server."""
    runner = Runner(tmp_path / "outputs", warm=False)
    yield lambda: Bench(runner, tmp_path)
    runner.close()
