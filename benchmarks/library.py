"""A library of 2,000 articles: opening it against one of six, searching it, refreshing it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter

from benchmarks.figures import Figure, at_most, report
from benchmarks.generated_library import Writer, make
from studytui.library.catalogue import Library
from studytui.library.pack import load_pack

ARTICLES = 2_000
RUNS = 15
QUERIES = 400
OPEN = """
import sys
from pathlib import Path
import studytui.tui.shell
from studytui.library.catalogue import Library
from studytui.library.pack import load_pack
library = Library.open([load_pack(Path(sys.argv[1]))], Path(sys.argv[2]))
assert len(library.entries) == int(sys.argv[3])
"""


def indexed(folder: Path, count: int) -> tuple[Path, Path, Library]:
    """A generated pack, its index, and the library over both."""
    pack = make(folder / f"pack-{count}", count)
    index = folder / f"index-{count}.db"
    library = Library.open([load_pack(pack)], index)
    library.refresh()
    return pack, index, library


def start(pack: Path, index: Path, count: int) -> float:
    """Seconds for a fresh process to import the interface and to have all entries."""
    began = perf_counter()
    subprocess.run([sys.executable, "-c", OPEN, str(pack), str(index), str(count)], check=True)
    return perf_counter() - began


def queries() -> list[str]:
    """What people type: one to three words, common and rare, some begun, some Chinese."""
    random, writer = Random(1), Writer()
    found = []
    for number in range(QUERIES):
        if number % 4 == 3:
            found.append(writer.chinese(random)[: random.randint(1, 4)])
            continue
        words = writer.telling(random, random.randint(1, 3))
        cut = random.choice((0, 0, 1, 2))
        found.append(words[: len(words) - cut] if cut and len(words) > 5 else words)
    return found


def measure() -> list[Figure]:
    """Every figure of the library."""
    with tempfile.TemporaryDirectory(prefix="studytui-benchmark-") as name:
        six_pack, six_index, six = indexed(Path(name), 6)
        began = perf_counter()
        pack, index, library = indexed(Path(name), ARTICLES)
        built = perf_counter() - began
        six.close()
        start(six_pack, six_index, 6), start(pack, index, ARTICLES)
        ratios = [start(pack, index, ARTICLES) / start(six_pack, six_index, 6) for _ in range(RUNS)]
        seconds, hits = [], 0
        for words in queries():
            began = perf_counter()
            hits += bool(library.search(words))
            seconds.append(perf_counter() - began)
        common = []
        for words in Writer().words[:10]:
            began = perf_counter()
            library.search(words)
            common.append(perf_counter() - began)
        began = perf_counter()
        assert not library.refresh()
        unchanged = perf_counter() - began
        library.close()
    found = f"{hits} of {QUERIES} queries found something"
    return [
        at_most(
            "start with 2,000 articles / with six",
            median(ratios),
            "x",
            1.1,
            f"fresh process, interface imported, all entries; median of {RUNS} pairs",
        ),
        at_most("search, 95th percentile", quantiles(seconds, n=20)[-1] * 1e3, "ms", 20, found),
        at_most(
            "search for one of the ten commonest words, slowest",
            max(common) * 1e3,
            "ms",
            60,
            "as 'the' would be if it were not left out",
        ),
        at_most(
            "refresh of 2,000 unchanged articles",
            unchanged * 1e3,
            "ms",
            200,
            f"in the background; the first build, with writing the articles, took {built:.0f} s",
        ),
    ]


if __name__ == "__main__":
    report(measure())
