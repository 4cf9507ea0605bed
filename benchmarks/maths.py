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
    """The median formula of the golden ones, and the slowest, each at its best of a few rounds."""
    formulas = [one.tex for one in read_golden() if not one.title.endswith("(inline)")]
    in_text = [one.tex for one in read_golden() if one.title.endswith("(inline)")]
    set_in = [_best(lambda tex=tex: typeset(tex)) for tex in formulas]
    broken_in = [_best(lambda tex=tex: typeset(tex, 60)) for tex in formulas]
    folded_in = [_best(lambda tex=tex: fold(tex)) for tex in in_text]
    how = f"median of {len(formulas)} golden formulas, parsing included, nothing cached"
    return [
        at_most("a formula in two dimensions", statistics.median(set_in), "ms", 1.0, how),
        at_most("a formula broken to 60 cells", statistics.median(broken_in), "ms", 1.0, how),
        at_most("the slowest golden formula", max(set_in), "ms", 5.0, "of the same"),
        at_most(
            "a formula on one line",
            statistics.median(folded_in),
            "ms",
            1.0,
            f"median of {len(in_text)} golden formulas",
        ),
    ]


def _best(work: Callable[[], object]) -> float:
    """The median of a few runs, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    report(measure())
