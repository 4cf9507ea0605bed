"""Two hundred runs one after another, by the key of the interface: what is left of them?

``python -m benchmarks many_runs`` runs a snippet that leaves as much as it can (a child that
escaped, temporary files, a figure); no process may be left, no file but in the runs' own folders,
and the interface, its threads and its open files may not have grown.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil

from benchmarks.figures import Figure, at_most

RUNS = 200
SETTLED = 100
"""Runs after which all that is made once, also in each thread of the pool, has been made."""
GROWTH = 8 * 2**20
"""Bytes: what the allocator keeps varies by some pages each run."""
PACK = 'id = "lab"\ntitle = "A lab"\n\n[[tracks]]\nid = "things"\ntitle = "Things"\n'
ARTICLE = "---\nid: leaving\ntitle: Leaving\ntrack: things\n---\n\n```{snippet} things/leave\n```\n"
SNIPPET = '''"""Leaves what it can."""
import os
import tempfile
import time
import typer

def main(n: int = 1) -> None:
    """Leave a process, files and a figure."""
    import matplotlib.pyplot as plt
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    tempfile.mkstemp()
    tempfile.mkdtemp()
    open("beside.txt", "w").write("here")
    plt.plot([0, 1])
    plt.show()
    print("number", n)

if __name__ == "__main__":
    typer.run(main)
'''


@dataclass(frozen=True, slots=True)
class Left:
    """What is left after so many runs: counts, and how many bytes the interface has grown."""

    runs: int
    processes: int
    files: tuple[str, ...]
    threads: int
    descriptors: int
    bytes: int


def measure() -> list[Figure]:
    began = perf_counter()
    left = asyncio.run(left_by(RUNS, SETTLED))
    seconds = perf_counter() - began
    how = f"{left.runs} runs by the interface's own key, {seconds:.0f} s"
    return [
        at_most("many runs: processes left", left.processes, "", 0, how),
        at_most("many runs: files outside their folders", len(left.files), "", 0, how),
        at_most("many runs: threads more than before", left.threads, "", 0, how),
        at_most("many runs: open files more than before", left.descriptors, "", 0, how),
        at_most(
            "many runs: memory of the interface",
            left.bytes / 2**20,
            "MB",
            GROWTH / 2**20,
            f"after {RUNS} against after {SETTLED}",
        ),
    ]


async def left_by(runs: int, settled: int) -> Left:
    """Run that many in an interface without a terminal, in folders of their own."""
    from studytui.paths import Directories
    from studytui.settings import Settings
    from studytui.study.desk import Desk
    from studytui.tui.shell import StudyApp

    with tempfile.TemporaryDirectory() as name, _own_temporary_folder(Path(name) / "temporary"):
        folder = Path(name)
        _write(folder / "lab")
        places = Directories(folder / "data", folder / "config", folder / "cache")
        with Desk(places, Settings(packs=(str(folder / "lab"),))) as desk:
            desk.library.refresh()
            app = StudyApp(desk=desk)
            async with app.run_test(size=(80, 24)) as pilot:
                return await _run_all(app, pilot, runs, settled)


@contextmanager
def _own_temporary_folder(folder: Path) -> Iterator[None]:
    """Whatever looks for the system's temporary folder finds this one, which is ours alone."""
    folder.mkdir()
    before, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        os.environ.pop("TMPDIR")
        if variable is not None:
            os.environ["TMPDIR"] = variable


def _write(pack: Path) -> None:
    (pack / "things").mkdir(parents=True)
    (pack / "snippets" / "things").mkdir(parents=True)
    (pack / "pack.toml").write_text(PACK, encoding="utf-8")
    (pack / "things" / "leaving.md").write_text(ARTICLE, encoding="utf-8")
    (pack / "snippets" / "things" / "leave.py").write_text(SNIPPET, encoding="utf-8")


async def _run_all(app, pilot, runs: int, settled: int) -> Left:  # type: ignore[no-untyped-def]
    from studytui.tui.widgets.snippet import SnippetPanel

    app.open_article("leaving")
    while not app.screen.query(SnippetPanel):
        await pilot.pause(0.02)
    panel = app.screen.query_one(SnippetPanel)
    while panel.snippet is None or app.desk.runner.state.name != "warm":
        await pilot.pause(0.02)
    panel.focus()
    await pilot.press("T", "T")
    here = psutil.Process()
    counts = (0, 0, 0)
    before: set[str] = set()
    for number in range(runs):
        if number == settled:
            counts, before = await _settled(panel, pilot, here), _files()
        await pilot.press("ctrl+j")
        while panel.runs.goes:
            await pilot.pause(0.005)
        assert panel.output.ended is not None
        assert panel.output.ended.status == "ok", panel.output.ended
    after = await _settled(panel, pilot, here)
    outputs = app.desk.directories.outputs
    left = [each for each in psutil.process_iter() if _is_of_a_run(each, outputs)]
    growth = [now - then for now, then in zip(after, counts, strict=True)]
    return Left(runs, len(left), tuple(sorted(_files() - before)), *growth)


async def _settled(panel, pilot, here: psutil.Process) -> tuple[int, int, int]:  # type: ignore[no-untyped-def]
    """Threads, open files and resident bytes once the last run's worker has gone."""
    while panel.runs.latest.is_busy or any(not each.is_finished for each in panel.app.workers):
        await pilot.pause(0.02)
    gc.collect()
    return here.num_threads(), here.num_fds(), here.memory_info().rss


def _is_of_a_run(process: psutil.Process, outputs: Path) -> bool:
    try:
        is_alive = process.status() != psutil.STATUS_ZOMBIE
        return is_alive and Path(process.cwd()).is_relative_to(outputs)
    except (psutil.Error, OSError):
        return False


def _files() -> set[str]:
    """What a run could leave outside of its folder: temporary files, the current folder's."""
    here = {str(path) for path in Path.cwd().iterdir() if path.name.startswith("beside")}
    return here | {str(path) for path in Path(tempfile.gettempdir()).iterdir()}


if __name__ == "__main__":
    from benchmarks.figures import report

    report(measure())
