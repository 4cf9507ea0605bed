"""Typesetting: a formula, from TeX to characters, without the cache."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.figures import Figure, at_most, report
from studytui.maths.formula import typeset
from studytui.maths.one_line import fold
from tests.maths.golden import read_golden

ROUNDS = 15


def measure() -> list[Figure]:
    """The median formula of the golden ones, and the slowest."""
    formulas = [one.tex for one in read_golden() if not one.title.endswith("(inline)")]
    in_text = [one.tex for one in read_golden() if one.title.endswith("(inline)")]
    runs = [_times(lambda tex=tex: typeset(tex)) for tex in formulas]
    set_in = [statistics.median(times) for times in runs]
    broken_in = [statistics.median(_times(lambda tex=tex: typeset(tex, 60))) for tex in formulas]
    folded_in = [statistics.median(_times(lambda tex=tex: fold(tex))) for tex in in_text]
    how = f"median of {len(formulas)} golden formulas, parsing included, nothing cached"
    return [
        at_most("a formula in two dimensions", statistics.median(set_in), "ms", 1.0, how),
        at_most("a formula broken to 60 cells", statistics.median(broken_in), "ms", 1.0, how),
        at_most(
            "the slowest golden formula",
            max(min(times) for times in runs),
            "ms",
            5.0,
            f"each at its best of {ROUNDS} rounds, without other programs' noise",
        ),
        at_most(
            "a formula on one line",
            statistics.median(folded_in),
            "ms",
            1.0,
            f"median of {len(in_text)} golden formulas",
        ),
    ]


def _times(work: Callable[[], object]) -> list[float]:
    """A few runs, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    report(measure())
