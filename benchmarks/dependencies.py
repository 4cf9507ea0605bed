"""What packages cost: ``python -m benchmarks dependencies``, of those that are installed.

Importing is processor time of a process of its own, without what Python itself takes; pydantic and
msgspec with one model, which is what they are slow or quick at. A size is that of all files of a
distribution. ``docs/decisions/10-dependencies.md`` says what followed from it.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from studytui.memory.fitting import fit

TURNS = 9
MODEL = "class Point({base}):\n x: int\n y: str = ''\n"
IMPORTS = {
    "pydantic": "from pydantic import BaseModel\n" + MODEL.format(base="BaseModel"),
    "msgspec": "import msgspec.json, msgspec.toml\n" + MODEL.format(base="msgspec.Struct"),
    "textual": "import textual.app, textual.widgets, textual.screen, textual.containers",
    "json": "import json, dataclasses",
}
SIZES = ("z3-solver", "python-flint")
CARDS, REVIEWS = 10_000, 10


def measure() -> Iterator[Figure]:
    """Imports, sizes, and fitting."""
    bare = median(_seconds("") for _ in range(TURNS))
    for name, program in IMPORTS.items():
        if find_spec(name):
            taken = median(_seconds(program) for _ in range(TURNS)) - bare
            how = f"median of {TURNS}; Python itself {bare * 1000:.0f} ms"
            yield Figure(f"importing {name}", taken * 1000, "ms", "none", True, how)
    for name in SIZES:
        try:
            found = files(name) or []
        except PackageNotFoundError:
            continue
        paths = [Path(str(each.locate())) for each in found]
        size = sum(path.stat().st_size for path in paths if path.exists())
        yield Figure(f"size of {name}", size / 1e6, "MB", "none", True, "all its files")
    if find_spec("fsrs_rs_python"):
        yield _fitting()


def _seconds(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _fitting() -> Figure:
    """A fit as ``studytui fit`` does it, with the losses before, after, and on what came later."""
    generator = random.Random(1)
    histories = {}
    for card in range(CARDS):
        day, history = generator.randrange(300), []
        for review in range(REVIEWS):
            history.append((generator.choices((1, 2, 3, 4), (8, 10, 72, 10))[0], day))
            day += max(1, round(generator.uniform(0.5, 1.5) * min(2.2**review, 120)))
        histories[f"card-{card}"] = history
    start = time.perf_counter()
    fit(histories, ())
    taken = time.perf_counter() - start
    return Figure("fitting", taken, "s", "none", True, f"{CARDS * REVIEWS:,} reviews, losses too")
