"""Where what is differentiated may have a corner or a jump, and so no derivative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import corners, spelled_out
from studytui.derive.verify.undefined_points import parts


def kinks(node: nodes.Node) -> list[nodes.Node]:
    """What must not be zero where the derivatives in an expression are taken.

    ``diff(max(x, 2x) + abs(y), x)`` has one: ``x - 2x``.
    """
    found: list[nodes.Node] = []
    if nodes.Derivative not in nodes.kinds(node):
        return found
    for part, bound in parts(node):
        if isinstance(part, nodes.Derivative):
            name = _varied(part.variable)
            found += [
                base
                for inner in nodes.walk(spelled_out(part.body))
                for base in _corners(inner)
                if name in nodes.free_names(base) and not bound & nodes.free_names(base)
            ]
    return list(dict.fromkeys(found))


def _varied(variable: nodes.Node) -> str:
    assert isinstance(variable, nodes.Name | nodes.Index)
    return variable.name if isinstance(variable, nodes.Name) else variable.base


def _corners(part: nodes.Node) -> Iterator[nodes.Node]:
    """What is zero where a function goes from one case to another, or is a root of zero."""
    if isinstance(part, nodes.Call) and not part.primes:
        yield from corners(part)
        if part.function in FUNCTIONS and FUNCTIONS[part.function].corners_between:
            for first, second in combinations(part.arguments, 2):
                yield nodes.Add((first, nodes.Negate(second)))
        elif part.function == "indicator":
            yield from _edges(part.arguments[0])
    elif isinstance(part, nodes.Piecewise):
        for condition in part.conditions:
            yield from _edges(condition)
    elif isinstance(part, nodes.Power) and _is_below_one(part.exponent):
        yield part.base


def _edges(condition: nodes.Node) -> Iterator[nodes.Node]:
    for part in nodes.walk(condition):
        if isinstance(part, nodes.Relation):
            for first, second in zip(part.operands, part.operands[1:], strict=False):
                yield nodes.Add((first, nodes.Negate(second)))


def _is_below_one(exponent: nodes.Node) -> bool:
    """Whether a power has a corner, or no finite slope, at zero."""
    if isinstance(exponent, nodes.Divide):
        return all(
            isinstance(side, nodes.Number) for side in (exponent.numerator, exponent.denominator)
        )
    return (
        isinstance(exponent, nodes.Number)
        and 0 < Fraction(exponent.numerator, exponent.denominator) < 1
    )


def off_kinks(symbols: Symbols, roots: list[tuple[str, Fraction]]) -> Symbols:
    """The symbols without the values at which there is a kink."""
    narrowed: dict[str, Domain] = {}
    for name, root in roots:
        domain = narrowed.get(name, symbols.domain(name))
        narrowed[name] = replace(domain, excluded=(*domain.excluded, root))
    return symbols.with_domains(narrowed)
