"""Verifying: what forty articles cost, and whether a busy machine gives other verdicts.

``python -m benchmarks verifying`` verifies forty copies of ``adam-and-adamw`` the first time, and
again unchanged. ``python -m benchmarks verifying --busy 6 --times 5 [ARTICLE ...]`` verifies the
shipped content, or some articles of it, five times, each time anew and while six programs do
nothing but compute, and compares all verdicts; it prints what each run took of the processor, and
the ten costliest things.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Figure, at_most
from studytui.paths import shipped_content, shipped_snippets

ARTICLES = 40
ADOPT = 36
"""PR_SET_CHILD_SUBREAPER of `prctl(2)`."""
TRACK, ARTICLE = "optimisation", "adam-and-adamw"


def make(root: Path, count: int) -> Path:
    """A pack of copies, each with a track, ids and scripts of its own: none is another's."""
    source = (shipped_content() / TRACK / f"{ARTICLE}.md").read_text(encoding="utf-8")
    root.mkdir(parents=True)
    (root / "pack.toml").write_text('id = "copies"\ntitle = "Copies"\n', encoding="utf-8")
    for number in range(count):
        track = f"copy-{number}"
        text = re.sub(r"(?m)^id: .*$", f"id: {track}", source, count=1)
        text = re.sub(r"(?m)^(needs|track): .*\n", "", text)
        text = text.replace("\ntitle:", f"\ntrack: {track}\ntitle:", 1)
        text = re.sub(r"(?m)^```\{(card|derivation)\} ", rf"\g<0>{track}-", text)
        text = re.sub(rf"(?m)^```\{{(snippet|exercise)\}} {TRACK}/", rf"```{{\1}} {track}/", text)
        (root / track).mkdir()
        (root / track / f"{track}.md").write_text(text, encoding="utf-8")
        snippets = root / "snippets" / track
        snippets.mkdir(parents=True)
        for script in (shipped_snippets() / TRACK).glob("*.py"):
            copy = f"{script.read_text(encoding='utf-8')}# {number}\n"
            (snippets / script.name).write_text(copy, encoding="utf-8")
    return root


def verified(pack: Path, home: Path) -> float:
    """Seconds that a verification takes, from an empty shell to the last word."""
    began = perf_counter()
    subprocess.run(
        [sys.executable, "-m", "studytui", "verify", "--trust", "--pack", str(pack)],
        env={**os.environ, "STUDYTUI_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - began


@dataclass(frozen=True, slots=True)
class Run:
    """One verification: the verdict on each thing, what it cost, and seconds of the processor."""

    verdicts: dict[str, str]
    costs: dict[str, float]
    processor: float
    elapsed: float


def run_once(articles: Sequence[str]) -> Run:
    """Verify the shipped content, or some articles, with nothing kept from before."""
    began, used = perf_counter(), _used()
    with tempfile.TemporaryDirectory() as home:
        answer = subprocess.run(
            [sys.executable, "-m", "studytui", "verify", "--json", *articles],
            env={**os.environ, "STUDYTUI_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    verdicts: dict[str, str] = {}
    costs: dict[str, float] = {}
    for text in answer.stdout.splitlines():
        found = json.loads(text)
        name = f"{found['kind']} {found['name']}"
        verdicts[name] = found["verdict"] if found["ok"] else f"{found['verdict']} (fails)"
        costs[name] = found["seconds"]
    return Run(verdicts, costs, _used() - used, perf_counter() - began)


def adopt_orphans() -> None:
    """Let processes whose parents ended become children of this one, so that their time counts."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)


def _used() -> float:
    """Seconds of the processor that ended children took, and theirs."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def busy_machine(programs: int) -> Iterator[None]:
    """So many programs that do nothing but compute."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
        for loop in loops:
            loop.wait()


def alike(busy: int, times: int, articles: Sequence[str]) -> Iterator[Figure]:
    """Whether all runs give the same verdicts, and what they take."""
    adopt_orphans()
    runs: list[Run] = []
    for number in range(1, times + 1):
        with busy_machine(busy):
            run = run_once(articles)
        runs.append(run)
        changed = [
            name for name in run.verdicts if run.verdicts[name] != runs[0].verdicts.get(name)
        ]
        failing = sum(verdict.endswith("(fails)") for verdict in run.verdicts.values())
        how = f"{len(run.verdicts)} things, {failing} fail, {run.elapsed:.0f} s by the clock"
        for name in changed:
            print(
                f"      {name}: {runs[0].verdicts.get(name)}, now {run.verdicts[name]}", flush=True
            )
        yield Figure(f"verify, run {number} of {times}", run.processor, "s", "", True,
                     f"processor time; {how}")  # fmt: skip
    names = set().union(*(run.verdicts for run in runs))
    other = sum(len({run.verdicts.get(name) for run in runs}) > 1 for name in names)
    how = f"{len(names)} things, {times} times, {busy} busy loops"
    yield at_most("verify: things with more than one verdict", other, "", 0, how)
    failed = sum(verdict.endswith("(fails)") for verdict in runs[-1].verdicts.values())
    yield at_most("verify: things that fail", failed, "", 0, how)
    for name, seconds in _costliest(runs):
        yield Figure(name, seconds, "s", "", True, "of the costliest, least of all runs")


def _costliest(runs: Iterable[Run]) -> list[tuple[str, float]]:
    least: dict[str, float] = {}
    for run in runs:
        for name, seconds in run.costs.items():
            least[name] = min(seconds, least.get(name, seconds))
    return nlargest(10, least.items(), key=lambda item: item[1])


def measure(busy: int | None = None, times: int = 5, names: Sequence[str] = ()) -> Iterator[Figure]:
    if busy is not None or names:
        yield from alike(busy or 0, times, names)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack, home = make(folder / "copies", ARTICLES), folder / "home"
        first, again = verified(pack, home), verified(pack, home)
    how = f"{ARTICLES} articles, all cores"
    yield at_most("verify, the first time", first, "s", 360, how)
    yield at_most("verify again, nothing changed", again, "s", 10, how)
