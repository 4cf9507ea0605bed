"""What makes a derivation prove nothing, as far as it is seen without proving anything.

A reader may leap, and the prover is strong: what keeps a derivation from being finished by copying
the goal that stands above it is a line in between that must be written (see ``key_steps``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from studytui.authoring.problems import shown
from studytui.derive.expr.nodes import Constant, Index, Name, Negate, Number, free_names, walk
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.functions import FUNCTIONS
from studytui.derive.functions.names import CONSTANTS, FORMS
from studytui.derive.steps.feedback import Route, key_steps, read_route, unwritten
from studytui.derive.steps.lines import read_line
from studytui.derive.syntax.print_ascii import to_text

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

_OPERANDS = (Constant, Index, Name, Negate, Number)
"""What is no operation: a sign is none either."""
MOST_OF_CONSTANT = 4
"""Operations of what is looked up: ``Sum(1/k^2, (k, 1, oo))``, ``int(exp(-t^2), t, -oo, oo)``."""


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
    law = _single_law(route)
    if law:
        yield Vacuity(
            source.line,
            f"{law} gives the goal of '{source.id}' from its first line",
            "Begin where there is something to derive, or make it a sentence of prose",
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


def _single_law(route: Route) -> str:
    """What gives the goal at once: a known constant, where the first line has no names, or one law,
    where it is one operation on names and numbers; empty where neither does.

    ``exp(0)`` is 1, ``sigmoid(-x)`` is ``1 - sigmoid(x)``, ``diff(w*x, w)`` takes two.
    """
    setting = route.setting
    given, goal = setting.given, setting.goal
    if given.left is not None or goal.left is not None or goal.operator != "=":
        return ""
    operations = sum(not isinstance(part, _OPERANDS) for part in walk(given.right))
    if not free_names(given.right) and operations <= MOST_OF_CONSTANT:
        return "a known constant"
    return "one law" if operations <= 1 and not setting.stated else ""


def alike(sources: Sequence[DerivationSource]) -> Iterator[tuple[Vacuity, DerivationSource]]:
    """Derivations that lead from the same first line to the same goal as an earlier one, whatever
    the names are."""
    first: dict[str, DerivationSource] = {}
    for source in sources:
        try:
            key = _without_names(read_route(source))
        except ExpressionError:
            continue  # which is told where it is read
        other = first.setdefault(key, source)
        if other is not source:
            what = f"'{source.id}' leads from the same line to the same goal as '{other.id}'"
            yield Vacuity(source.line, what, "Delete one, or derive what differs"), other


def _without_names(route: Route) -> str:
    """First line and goal, each name replaced by the place at which it comes first."""
    setting = route.setting
    text = " -> ".join(to_text(line.node) for line in (setting.given, setting.goal))
    places: dict[str, str] = {}

    def placed(found: re.Match[str]) -> str:
        name = found.group()
        if name in FUNCTIONS or name in FORMS or name in CONSTANTS:
            return name
        return places.setdefault(name, f"#{len(places)}")

    return re.sub(r"[^\W\d]\w*", placed, text)


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
