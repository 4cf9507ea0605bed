"""Right lines: nothing may be named in them."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.mistakes.explain import explain_equal, judge_and_explain
from studytui.derive.process.prover import Prover
from tests.derive.mistakes.written_mistakes import derivations
from tests.derive.pairs import corpus


def right_lines() -> Iterator[tuple[str, int, str, str, tuple[tuple[str, str], ...]]]:
    """Authors' lines with their place, and pairs that are equal, in turn."""
    for source in derivations().values():
        yield source.id, len(source.steps) // 2, "", "", ()
    for pair in corpus():
        if pair.same and pair.syntax == "ascii":
            yield "", 0, pair.a, pair.b, pair.assumptions


def named_in(
    prover: Prover, line: tuple[str, int, str, str, tuple[tuple[str, str], ...]]
) -> tuple[str, ...]:
    """What is named in a right line of a derivation, as a learner sees it; of two equal expressions
    what the finder names, asked as if they had been refuted."""
    derivation, place, a, b, assumptions = line
    if derivation:
        source = derivations()[derivation]
        typed = [step.to for step in source.steps[:place]]
        return judge_and_explain(prover, source, typed, source.steps[place].to).mistakes
    found = explain_equal(prover, a, b, dict(assumptions))
    return tuple(named.name for named in found)
