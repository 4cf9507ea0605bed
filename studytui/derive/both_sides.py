"""Rules that do the same to both sides of a line: differentiate, integrate, limit, put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from studytui.derive.claims import Claim, relation
from studytui.derive.domains import Domain, Symbols
from studytui.derive.grammar import parse
from studytui.derive.lines import Line, Setting
from studytui.derive.nodes import (
    Add,
    Constant,
    Derivative,
    Expectation,
    Integral,
    Limit,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Relation,
    free_names,
    walk,
)
from studytui.derive.problems import ExpressionError
from studytui.derive.replace import replaced

_WEAKER = {
    "=": ("=", "<=", ">="),
    "<": ("<", "<="),
    "<=": ("<=",),
    ">": (">", ">="),
    ">=": (">=",),
    "!=": ("!=",),
}
"""What each relation implies."""
_CLOSED = {"=": "=", "<": "<=", "<=": "<=", ">": ">=", ">=": ">="}
"""What is left of a relation in the limit."""


def changed(
    change: Callable[[Node], Node],
    before: Line,
    after: Line,
    setting: Setting,
    sense: str | None = None,
) -> list[Claim]:
    """Claims that a change of both sides of ``before`` gives ``after``.

    Definitions are put in first: what a name stands for changes too. ``sense`` is the relation
    that still holds between the changed sides; the same one by default.

    :raises ExpressionError: the new line says more than that.
    """
    operator, first = after.first
    facts = replace(setting.facts, others=())
    right = change(facts.applied(before.right))
    if before.left is None:
        if after.left is None:
            return [relation(right, "=", first)]
        start = relation(right, "=", after.left)
        return [start, Claim((Relation((after.left, first), (operator,)),))]
    if after.left is None:
        raise ExpressionError("the rule changes both sides: write both")
    sense = before.operator if sense is None else sense
    if operator not in _WEAKER[sense]:
        raise ExpressionError(f"{before.operator} becomes {sense} here, and not {operator}")
    return [
        relation(right, "=", first),
        relation(change(facts.applied(before.left)), "=", after.left),
    ]


def _identity(before: Line) -> list[Claim]:
    """That the line before holds for all values: what is done in a name needs it to."""
    if before.left is None:
        return []
    return [Claim((before.node,), about="the line before", premise=True)]


def differentiate(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """Both sides of an equation that holds for all values."""
    if not rest:
        raise ExpressionError("say by what, as in 'differentiate x'")
    variable = parse(rest, setting.symbols)
    if before.left is not None and before.operator != "=":
        raise ExpressionError("only an equation can be differentiated")
    for name in free_names(variable):
        _check_varied(name, setting, "differentiated by")
    claims = changed(lambda node: Derivative(node, variable), before, after, setting)
    return claims + _identity(before)


def integrate(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """Both sides between bounds that lie in the domain; without bounds an expression only."""
    parts = _split(rest)
    if len(parts) not in (1, 3):
        raise ExpressionError("write 'integrate x' or 'integrate x, 0, 1'")
    name = parts[0]
    bounds = [parse(part, setting.symbols) for part in parts[1:]]
    if not bounds and before.left is not None:
        raise ExpressionError("two sides are integrated between bounds: 'integrate x, 0, 1'")
    sense = _CLOSED.get(before.operator)
    if sense is None:
        raise ExpressionError("!= says nothing of integrals")
    _check_varied(name, setting, "integrated over")
    if _constraints(name, setting):
        raise ExpressionError(f"what {name} may be depends on other names")
    claims = changed(lambda node: Integral(node, name, *bounds), before, after, setting, sense)
    for bound in bounds:
        claims += inside(bound, setting.symbols.domain(name), closed=True)
    if bounds and sense != "=":
        claims.append(Claim((Relation(tuple(bounds), ("<=",)),), about="the order of the bounds"))
    return claims + _identity(before)


def limit(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """Both sides; what was strict is not strict any more."""
    parts = _split(rest.replace("->", " "))
    if len(parts) not in (2, 3) or (len(parts) == 3 and parts[2] not in "+-"):
        raise ExpressionError("write 'limit n oo', or 'limit x 0 +'")
    point = parse(parts[1], setting.symbols)
    side = parts[2] if len(parts) == 3 else ""
    sense = _CLOSED.get(before.operator)
    if sense is None:
        raise ExpressionError("!= says nothing of limits")
    _check_limit(parts[0], point, setting)
    claims = changed(lambda node: Limit(node, parts[0], point, side), before, after, setting, sense)
    domain = setting.symbols.domain(parts[0])
    if not any(part == Constant("oo") for part in walk(point)):
        claims += inside(point, domain, closed=True)
    elif (domain.upper if point == Constant("oo") else domain.lower) is not None:
        raise ExpressionError(f"{parts[0]} is bounded by its domain")
    return claims + _identity(before)


def expected(before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The expectation of both sides."""
    if before.operator == "!=":
        raise ExpressionError("!= says nothing of expectations")
    return changed(Expectation, before, after, setting) + _identity(before)


def _check_varied(name: str, setting: Setting, what: str) -> None:
    """The name must be a number that can move by itself.

    :raises ExpressionError: it cannot.
    """
    domain = setting.symbols.domain(name)
    if domain.whole:
        raise ExpressionError(f"{name} is a whole number: nothing can be {what} it")
    _check_free(name, setting)


def _check_free(name: str, setting: Setting) -> None:
    facts = setting.facts
    tied = {part for relation in facts.restricting for part in free_names(relation)}
    tied |= {part for pair in facts.others for side in pair for part in free_names(side)}
    if name in tied:
        raise ExpressionError(f"a fact ties {name} to a value or to other names")


def _check_limit(name: str, point: Node, setting: Setting) -> None:
    """A whole number goes to infinity only, and what it bounds must let it."""
    _check_free(name, setting)
    infinite = any(part == Constant("oo") for part in walk(point))
    if not infinite and setting.symbols.domain(name).whole:
        raise ExpressionError(f"{name} is a whole number and goes to infinity only")
    larger = ("<", "<=") if point == Constant("oo") else (">", ">=")
    for constraint in _constraints(name, setting):
        places = constraint.operands
        links = zip(places, constraint.operators, places[1:], strict=False)
        for left, sign, right in links:
            named = name in free_names(left) | free_names(right)
            fits = (right == Name(name) and sign in larger and name not in free_names(left)) or (
                left == Name(name)
                and sign in (">", ">=", "<", "<=")
                and sign not in larger
                and name not in free_names(right)
            )
            if named and not (infinite and fits):
                raise ExpressionError(f"what {name} may be depends on other names")


def _constraints(name: str, setting: Setting) -> list[Relation]:
    """Relations in declarations between a name and others."""
    return [
        relation
        for domain in setting.symbols.domains.values()
        for relation in domain.constraints
        if isinstance(relation, Relation) and name in free_names(relation)
    ]


def at(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """A value of the domain put in on both sides: ``at t = 1``."""
    point = parse(rest, setting.symbols)
    if not isinstance(point, Relation) or point.operators != ("=",):
        raise ExpressionError("write 'at t = 1'")
    name, value = point.operands
    if not isinstance(name, Name):
        raise ExpressionError("write 'at t = 1'")
    domain = setting.symbols.domain(name.name)
    if domain.whole and not is_whole(value, setting.symbols):
        raise ExpressionError(f"{name.name} is a whole number, and what is put in may not be")
    if domain.kind in ("function", "sequence") or domain.shape or domain.law:
        raise ExpressionError(f"nothing can be put in for {name.name}, which is no number")
    put = {name.name: value}
    claims = changed(lambda node: replaced(node, put), before, after, setting)
    claims += inside(value, domain, closed=False)
    claims += [
        Claim((replaced(constraint, put),), about=f"the domain of {name.name}")
        for constraint in domain.constraints
    ]
    return claims + _identity(before)


def inside(value: Node, domain: Domain, *, closed: bool) -> list[Claim]:
    """Claims that a value lies in a domain, or at its edge where ``closed``."""
    claims = []
    about = "whether the value lies in the domain"
    infinite = any(part == Constant("oo") for part in walk(value))
    for bound, is_open, sign in (
        (domain.lower, domain.lower_open, ">"),
        (domain.upper, domain.upper_open, "<"),
    ):
        if bound is None:
            continue
        if infinite:
            if (value == Constant("oo")) == (sign == "<"):
                raise ExpressionError("the domain ends before infinity")
            continue
        operator = sign if is_open and not closed else f"{sign}="
        claims.append(Claim((Relation((value, _number(bound)), (operator,)),), about=about))
    if not closed:
        claims += [
            Claim((Relation((value, _number(excluded)), ("!=",)),), about=about)
            for excluded in domain.excluded
        ]
    return claims


def _number(value: Fraction) -> Node:
    return Number(value.numerator, value.denominator)


def is_whole(node: Node, symbols: Symbols) -> bool:
    """Whether a value is seen to be whole: sums and products of whole numbers and names."""
    if isinstance(node, Number):
        return node.denominator == 1
    if isinstance(node, Name):
        return symbols.domain(node.name).whole
    if isinstance(node, Negate):
        return is_whole(node.operand, symbols)
    if isinstance(node, Add | Multiply):
        parts = node.terms if isinstance(node, Add) else node.factors
        return all(is_whole(part, symbols) for part in parts)
    return False


def _split(rest: str) -> list[str]:
    """Arguments of a rule: between commas if there are any, else between spaces."""
    pieces = rest.split(",") if "," in rest else rest.split()
    return [piece.strip() for piece in pieces if piece.strip()]
