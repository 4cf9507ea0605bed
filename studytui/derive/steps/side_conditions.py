"""Whether a name may move, or have a value, by its domain and the facts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from math import prod

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps.claims import Claim
from studytui.derive.steps.lines import Line, Setting

MOST_TRIED = 1500
"""Choices of small whole numbers."""


def check_varied(name: str, before: Line, setting: Setting, what: str) -> None:
    """The name must be a number that can move by itself.

    :raises ExpressionError: it cannot.
    """
    if setting.symbols.domain(name).whole:
        raise ExpressionError(f"{name} is a whole number: nothing can be {what} it")
    check_free(name, before, setting)


def check_free(name: str, before: Line, setting: Setting) -> None:
    """Nothing that is left in the line may depend on the name by the facts.

    :raises ExpressionError: something does.
    """
    facts = setting.facts
    tied = {part for relation in facts.restricting for part in nodes.free_names(relation)}
    told = (pair for pair in facts.others if not _is_differential(pair[0], name))
    tied |= {part for pair in told for side in pair for part in nodes.free_names(side)}
    left = nodes.free_names(replace(facts, others=()).applied(before.node))
    for definition in facts.definitions:
        if definition.name in left:
            tied |= nodes.free_names(definition.body) - set(definition.parameters)
    for step in facts.steps:
        if step.name in left:
            tied |= nodes.free_names(step.body) - {step.variable}
    for (start, _), value in facts.starts.items():
        if start in left:
            tied |= nodes.free_names(value)
    if name in tied:
        raise ExpressionError(f"a fact ties {name} to a value or to other names")


def _is_differential(left: nodes.Node, name: str) -> bool:
    """Whether a fact says what ``v'(t)`` is: it does for all t."""
    return (
        isinstance(left, nodes.Call) and left.primes > 0 and left.arguments == (nodes.Name(name),)
    )


def check_limit(name: str, place: tuple[nodes.Node, str], before: Line, setting: Setting) -> None:
    """A whole number goes to infinity only, and what it bounds must let it.

    :raises ExpressionError: it does not, or the limit comes from outside of the domain.
    """
    point, side = place
    check_free(name, before, setting)
    domain = setting.symbols.domain(name)
    for edge, outer in ((domain.lower, "-"), (domain.upper, "+")):
        if edge is not None and side == outer and point == _number(edge):
            raise ExpressionError("the limit comes from outside of the domain")
    infinite = any(part == nodes.Constant("oo") for part in nodes.walk(point))
    if not infinite and domain.whole:
        raise ExpressionError(f"{name} is a whole number and goes to infinity only")
    larger = ("<", "<=") if point == nodes.Constant("oo") else (">", ">=")
    for constraint in constraints(name, setting):
        places = constraint.operands
        links = zip(places, constraint.operators, places[1:], strict=False)
        for left, sign, right in links:
            named = name in nodes.free_names(left) | nodes.free_names(right)
            fits = (
                right == nodes.Name(name) and sign in larger and name not in nodes.free_names(left)
            ) or (
                left == nodes.Name(name)
                and sign in (">", ">=", "<", "<=")
                and sign not in larger
                and name not in nodes.free_names(right)
            )
            if named and not (infinite and fits):
                raise ExpressionError(f"what {name} may be depends on other names")


def constrained(name: str, setting: Setting) -> list[str]:
    """The names whose declarations mention a name."""
    return [
        other
        for other, domain in setting.symbols.domains.items()
        if any(name in nodes.free_names(part) for part in (*domain.constraints, *domain.parameters))
    ]


def constraints(name: str, setting: Setting) -> list[nodes.Relation]:
    """Relations in declarations between a name and others."""
    return [
        relation
        for domain in setting.symbols.domains.values()
        for relation in domain.constraints
        if isinstance(relation, nodes.Relation) and name in nodes.free_names(relation)
    ]


def placed(name: str, value: nodes.Node, setting: Setting) -> list[Claim]:
    """Claims that a name may have a value.

    :raises ExpressionError: it is no number, or the value need not be whole.
    """
    domain = setting.symbols.domain(name)
    if domain.whole and not is_whole(value, setting.symbols):
        raise ExpressionError(f"{name} is a whole number, and what is put in may not be")
    if domain.kind in ("function", "sequence") or domain.shape or domain.law:
        raise ExpressionError(f"nothing can be put in for {name}, which is no number")
    return inside(value, domain, closed=False) + [
        Claim((replaced(constraint, {name: value}),), about=f"the domain of {name}")
        for constraint in domain.constraints
    ]


def inside(value: nodes.Node, domain: Domain, *, closed: bool) -> list[Claim]:
    """Claims that a value lies in a domain, or at its edge where ``closed``."""
    claims = []
    about = "whether the value lies in the domain"
    infinite = any(part == nodes.Constant("oo") for part in nodes.walk(value))
    for bound, is_open, sign in (
        (domain.lower, domain.lower_open, ">"),
        (domain.upper, domain.upper_open, "<"),
    ):
        if bound is None:
            continue
        if infinite:
            if (value == nodes.Constant("oo")) == (sign == "<"):
                raise ExpressionError("the domain ends before infinity")
            continue
        operator = sign if is_open and not closed else f"{sign}="
        claims.append(Claim((nodes.Relation((value, _number(bound)), (operator,)),), about=about))
    if not closed:
        claims += [
            Claim((nodes.Relation((value, _number(excluded)), ("!=",)),), about=about)
            for excluded in domain.excluded
        ]
    return claims


def _number(value: Fraction) -> nodes.Node:
    return nodes.Number(value.numerator, value.denominator)


def is_whole(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether a value is seen to be whole: sums and products of whole numbers and names."""
    if isinstance(node, nodes.Number):
        return node.denominator == 1
    if isinstance(node, nodes.Name):
        return symbols.domain(node.name).whole
    if isinstance(node, nodes.Negate):
        return is_whole(node.operand, symbols)
    if isinstance(node, nodes.Add | nodes.Multiply):
        parts = node.terms if isinstance(node, nodes.Add) else node.factors
        return all(is_whole(part, symbols) for part in parts)
    return False


def may_be_whole(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether a value is a whole number for some small values of its names."""
    names = sorted(nodes.free_names(node))
    ranges = [
        [value for value in map(Fraction, range(-1, 5)) if symbols.domain(name).contains(value)]
        for name in names
    ]
    for values in islice(product(*ranges), MOST_TRIED):
        value = _exact(node, dict(zip(names, values, strict=True)))
        if value is not None and value.denominator == 1:
            return True
    return False


def _exact(node: nodes.Node, values: dict[str, Fraction]) -> Fraction | None:
    """The value of what is made by arithmetic; None where it is not, or is divided by zero."""
    if isinstance(node, nodes.Number):
        return Fraction(node.numerator, node.denominator)
    if isinstance(node, nodes.Name):
        return values.get(node.name)
    parts = [_exact(part, values) for part in nodes.children(node)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(node, nodes.Add):
        return sum(known, Fraction(0))
    if isinstance(node, nodes.Multiply):
        return prod(known, start=Fraction(1))
    if isinstance(node, nodes.Negate):
        return -known[0]
    if isinstance(node, nodes.Divide) and known[1]:
        return known[0] / known[1]
    return None
