"""Wrong lines explained, right and random ones left alone: `python -m benchmarks mistakes`.

``python -m benchmarks.mistakes tuned`` prints what is said of the lines of one file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from benchmarks.figures import Figure, at_least, at_most
from studytui.derive.expr.nodes import Node
from studytui.derive.mistakes.explain import explain_equal
from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Judgement, Verdict
from tests.derive.mistakes.perturbed import perturbed
from tests.derive.mistakes.right_lines import contradictions, named_in, right_lines
from tests.derive.mistakes.written_mistakes import explained, wrong_lines

RIGHT, RANDOM = 200, 100


class Timed(Prover):
    """A prover that remembers the processor time of its checks, and that of the finder alone."""

    finding = 0.0

    def check(
        self,
        kind: str,
        nodes: tuple[Node, ...],
        declarations: Mapping[str, str],
        *,
        open_names: bool = False,
        recursions: tuple[Any, ...] = (),
        seconds: float | None = None,
    ) -> Judgement:
        judgement = super().check(
            kind,
            nodes,
            declarations,
            open_names=open_names,
            recursions=recursions,
            seconds=seconds,
        )
        if "mistake" in kind:
            self.finding += judgement.seconds
        return judgement


def rows(prover: Timed, file: str) -> Iterator[tuple[str, bool, str, float]]:
    """Place, whether it is explained rightly, what was named, and the finder's seconds."""
    for wrong in wrong_lines(file):
        prover.finding = 0.0
        names = explained(prover, wrong)
        yield wrong.label, names in wrong.names, "+".join(names) or "nothing", prover.finding


def measure() -> Iterator[Figure]:
    with Timed() as prover:
        yield from _wrong(prover)
        yield from _right(prover)
        yield from _random(prover)


def _wrong(prover: Timed) -> Iterator[Figure]:
    """Wrong lines that come from a mistake; what is not explained as a teacher would is printed."""
    seconds: list[float] = []
    rightly = 0
    for file, what in (("tuned", "lines at hand"), ("unseen", "lines kept apart")):
        found = list(rows(prover, file))
        for label, is_right, names, _ in found:
            if not is_right:
                print(f"      {label}: {names}", flush=True)
        seconds += [row[3] for row in found]
        rightly += sum(row[1] for row in found)
        share = sum(row[1] for row in found) / len(found)
        name = f"wrong {what} explained rightly"
        yield at_least(name, 100 * share, "%", 90, f"{len(found)} lines")
    yield at_least("wrong lines explained rightly, all", 100 * rightly / len(seconds), "%", 90,
                   f"{len(seconds)} lines")  # fmt: skip
    yield at_most("finding a mistake, median", median(seconds), "s", 1, "processor time")
    yield Figure("finding a mistake, longest", max(seconds), "s", "", True, "processor time")


def _right(prover: Timed) -> Iterator[Figure]:
    right = list(right_lines())
    every = max(1, len(right) // RIGHT)
    chosen = right[::every][:RIGHT]
    named = [line for line in chosen if named_in(prover, line)]
    for line in named:
        print(f"      {line}", flush=True)
    how = f"of {len(chosen)}"
    yield at_most("right lines in which something is named", len(named), "", 0, how)
    found = list(contradictions())
    refuted = [place for place, verdict in found if verdict is Verdict.REFUTED]
    for place in refuted:
        print(f"      {place}", flush=True)
    how = f"of {len(found)}, by values that obey the facts alone"
    yield at_most("right lines under facts that are refuted", len(refuted), "", 0, how)


def _random(prover: Timed) -> Iterator[Figure]:
    wrong = tried = 0
    for before, after, assumptions in perturbed(3 * RANDOM):
        known = dict(assumptions)
        if prover.equal(before, after, known).verdict is Verdict.REFUTED:
            tried += 1
            wrong += bool(explain_equal(prover, before, after, known))
        if tried == RANDOM:
            break
    yield at_most("random wrong lines given a name", 100 * wrong / tried, "%", 2, f"{tried}")


def main() -> None:
    with Timed() as prover:
        for label, is_right, names, seconds in rows(prover, sys.argv[1]):
            print(
                f"{'ok ' if is_right else 'MISS'} {label:<12} {seconds:5.2f} s  {names}", flush=True
            )


if __name__ == "__main__":
    main()
