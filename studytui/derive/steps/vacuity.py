"""What makes a derivation prove nothing, as far as it is seen without proving anything.

A reader may leap, and the prover is strong: what keeps a derivation from being finished by copying
the goal that stands above it is a line in between that must be written (see ``key_steps``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from studytui.authoring.problems import shown
from studytui.derive.expr.nodes import free_names
from studytui.derive.steps.feedback import Route, key_steps, read_route, unwritten
from studytui.derive.steps.lines import read_line

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource


@dataclass(frozen=True, slots=True)
class Vacuity:
    """What proves nothing, in which line of the source, and what to do."""

    line: int
    what: str
    todo: str


def vacuities(source: DerivationSource) -> Iterator[Vacuity]:
    """Everything that is vacuous in a derivation.

    :raises ExpressionError: a line of it cannot be read.
    """
    route = read_route(source)
    if is_finished_by_its_goal(source, route):
        yield Vacuity(
            source.line,
            f"'{source.id}' is finished by copying its goal: no line between must be written",
            "Add the line that carries the idea, with key: true, or make it a sentence of prose",
        )
    for step, (before, after) in zip(source.steps, pairwise(route.lines), strict=True):
        if before.node == after.node and not after.links:
            yield Vacuity(
                step.line, f"a step of '{source.id}' is the line before it", "Delete the step"
            )
    for name in _unused_symbols(source):
        yield Vacuity(
            source.line, f"the symbol '{name}' of '{source.id}' is never used", "Delete it"
        )
    yield from _unused_facts(source, route)


def is_finished_by_its_goal(source: DerivationSource, route: Route) -> bool:
    """Whether nothing is left to be written once the goal is.

    So it is with a single step, or where every line is the given one or the goal respelt.
    """
    goal = read_line(source.goal, route.setting.symbols, route.setting.given)
    return not unwritten(route, key_steps(source, route), [goal])


def _unused_symbols(source: DerivationSource) -> Iterator[str]:
    """Declared names that stand in no line, rule, fact or other declaration."""
    lines = (source.given, source.goal, *source.facts)
    steps = tuple(text for step in source.steps for text in (step.to, step.by))
    for name, _ in source.symbols:
        domains = (domain for other, domain in source.symbols if other != name)
        written = re.compile(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])")
        if not any(written.search(text) for text in (*lines, *steps, *domains)):
            yield name


def _unused_facts(source: DerivationSource, route: Route) -> Iterator[Vacuity]:
    """Facts about names that neither stand in a line nor are tied to one by another fact."""
    known = {name for line in route.lines for name in free_names(line.node)}
    known |= set(re.findall(r"[^\W\d]\w*", " ".join(step.by for step in source.steps)))
    loose = {
        text: free_names(fact)
        for text, fact in zip(source.facts, route.setting.stated, strict=True)
    }
    while tied := [text for text, names in loose.items() if names & known]:
        for text in tied:
            known |= loose.pop(text)
    for text in loose:
        what = f"no step of '{source.id}' can use the fact {shown(text)}"
        yield Vacuity(source.line, what, "Delete it, or use it")
