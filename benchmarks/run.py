"""From the key press to a snippet's first line: warm, cold, and by a plain fork server."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_least, at_most
from studytui.run.events import Output
from studytui.run.runner import Runner
from studytui.run.signature import Snippet, read_snippet

ROUNDS = 9
COLD_ROUNDS = 3
PAUSE = 0.6
"""Seconds between runs, as a person would leave: the server makes its next process ready."""
SOURCE = '''
"""Says one line."""
import torch
import typer

def main(n: int = 1):
    print("first line", torch.ones(n).sum().item(), flush=True)

if __name__ == "__main__":
    typer.run(main)
'''


def first_line(runner: Runner, snippet: Snippet) -> float:
    """Seconds from the start of a run to its first printed line."""
    began = time.perf_counter()
    run = runner.start(snippet)
    seconds = 0.0
    for event in run.events():
        if isinstance(event, Output) and not seconds:
            seconds = time.perf_counter() - began
    return seconds


def cold_line(path: Path) -> float:
    """Seconds to the first line of ``python snippet.py``."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - began
    return seconds


def say(pipe: Connection) -> None:
    """What the plain fork server's child does."""
    import torch

    pipe.send(f"first line {torch.ones(1).sum().item()}")


def plain_line(context: multiprocessing.context.ForkServerContext) -> float:
    """Seconds to the first line by multiprocessing's fork server with torch preloaded."""
    ours, theirs = context.Pipe()
    began = time.perf_counter()
    process = context.Process(target=say, args=(theirs,))
    process.start()
    ours.recv()
    seconds = time.perf_counter() - began
    process.join()
    return seconds


def measure() -> list[Figure]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "numpy"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.py"
        path.write_text(SOURCE, encoding="utf-8")
        runner = Runner(Path(folder) / "outputs")
        runner.warm()
        while runner.state.name != "warm":
            time.sleep(0.05)
        snippet = read_snippet(path)
        plain_line(context)
        warm, plain = [], []
        for _ in range(ROUNDS):
            time.sleep(PAUSE)
            warm.append(first_line(runner, snippet))
            plain.append(plain_line(context))
        at_once = [first_line(runner, snippet) for _ in range(ROUNDS)]
        runner.close()
        cold = [cold_line(path) for _ in range(COLD_ROUNDS)]
    key = median(warm)
    how = f"median of {ROUNDS}"
    return [
        at_most("run: key to first line, warm", key * 1e3, "ms", 100.0, how),
        at_least("run: python snippet.py / warm", median(cold) / key, "x", 20.0, "torch imported"),
        at_least(
            "run: plain fork server / warm",
            median(plain) / key,
            "x",
            1.0,
            f"multiprocessing, torch preloaded: {median(plain) * 1e3:.0f} ms",
        ),
        at_least(
            "run: plain fork server / warm, runs without a pause",
            median(plain) / median(at_once),
            "x",
            1.0,
            f"no process is ready yet: {median(at_once) * 1e3:.0f} ms",
        ),
    ]


if __name__ == "__main__":
    from benchmarks.figures import report

    report(measure())
