"""The lines that the articles want proved: `python -m benchmarks wanted` counts them, and
`python -m benchmarks.wanted [NUMBER…]` prints the verdict on each.

What is judged is the step from one line to the next, within the limit of a learner's line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figures import Figure, at_least
from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Judgement, Verdict

LIMIT = 2.0
ASKED = {55: "goes to zero at both ends", 64: "Write lim(S, n, oo)", 87: "after the function v"}
"""Lines that say too little, and what is asked."""
FILE = Path(__file__).parent.parent / "tests" / "derive" / "wanted.yaml"


def wanted() -> tuple[DerivationSource, ...]:
    """Derivations of one step each; the first line may begin with its relation to another."""
    entries: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(_read(number, entry) for number, entry in enumerate(entries, 1))


def _read(number: int, entry: dict[str, Any]) -> DerivationSource:
    given = entry["from"].removeprefix("= ")
    steps = [StepSource(entry["to"], entry.get("by", "equal"))]
    if given.startswith("<="):
        given, first = entry["before"], StepSource(given)
        steps.insert(0, first)
    return DerivationSource(
        f"wanted-{number}", "wanted", f"line {number}", tuple(entry["symbols"].items()), given,
        entry["to"], tuple(steps), tuple(entry.get("facts", ())),
    )  # fmt: skip


def judged(prover: Prover, numbers: frozenset[int]) -> Iterator[tuple[int, Judgement]]:
    """The line's number and the verdict on it."""
    for number, source in enumerate(wanted(), 1):
        if not numbers or number in numbers:
            yield number, verify_derivation(prover, source)[len(source.steps) - 1]


def measure() -> list[Figure]:
    """How many are proved as they stand, or asked back."""
    counts: Counter[Verdict] = Counter()
    asked = 0
    with Prover(seconds=LIMIT) as prover:
        for number, judgement in judged(prover, frozenset()):
            counts[judgement.verdict] += 1
            asked += number in ASKED and judgement.verdict in (Verdict.UNDECIDED, Verdict.ERROR)
    told = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.most_common())
    good = counts[Verdict.PROVED] + asked
    return [at_least("derive: wanted lines proved or asked back", good, "", 78, told)]


def main() -> None:
    numbers = frozenset(map(int, sys.argv[1:]))
    counts: Counter[Verdict] = Counter()
    with Prover(seconds=LIMIT) as prover:
        for number, judgement in judged(prover, numbers):
            counts[judgement.verdict] += 1
            verdict = f"{judgement.verdict.value:9} {judgement.seconds:5.2f} s"
            print(f"{number:3} {verdict}  {judgement.why}", flush=True)
    print(", ".join(f"{count} {verdict.value}" for verdict, count in counts.most_common()))


if __name__ == "__main__":
    main()
