"""Right lines: nothing may be named in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.nodes import Relation
from studytui.derive.mistakes.explain import explain_equal, judge_and_explain
from studytui.derive.process.prover import Prover
from studytui.derive.steps.claims import restricted
from studytui.derive.steps.feedback import read_route
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Verdict
from studytui.derive.verify.witness import contradicted
from tests.derive.mistakes.written_mistakes import derivations
from tests.derive.pairs import corpus


def right_lines() -> Iterator[tuple[str, int, str, str, tuple[tuple[str, str], ...]]]:
    """Authors' lines with their place, and pairs that are equal, in turn."""
    for source in derivations().values():
        yield source.id, len(source.steps) // 2, "", "", ()
    for pair in corpus():
        if pair.same and pair.syntax == "ascii":
            yield "", 0, pair.a, pair.b, pair.assumptions


def contradictions(every: int = 1) -> Iterator[tuple[str, Verdict]]:
    """Authors' lines under facts, and what is found where values that obey those are looked for.

    Each line is held against the one above, with the facts alone: no proof is asked.
    """
    sources = [source for source in derivations().values() if source.facts]
    for source in sources[::every]:
        route = read_route(source)
        facts = route.setting.facts
        plain = replace(facts, others=())
        told = tuple(plain.applied(Relation(pair, ("=",))) for pair in facts.others)
        symbols = declare(restricted(route.setting))
        for place in range(1, len(route.lines)):
            before, after = route.lines[place - 1], route.lines[place]
            if route.rules[place] in ("equal", "fact") and before.left == after.left:
                sides = (plain.applied(before.right), plain.applied(after.right))
                line = Relation(sides, (after.operator,))
                yield f"{source.id}:{place}", contradicted(line, told, symbols).verdict


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
