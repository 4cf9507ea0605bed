"""Rules that do the same to both sides of a line: differentiate, integrate, limit, put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps.claims import Claim, relation
from studytui.derive.steps.continuity import continuous
from studytui.derive.steps.lines import Line, Setting
from studytui.derive.steps.side_conditions import (
    check_free,
    check_limit,
    check_varied,
    constrained,
    constraints,
    inside,
    placed,
)
from studytui.derive.syntax import parse
from studytui.derive.syntax.print_ascii import to_text

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
    change: Callable[[nodes.Node], nodes.Node],
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
        return [start, Claim((nodes.Relation((after.left, first), (operator,)),))]
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
    name = (
        variable.base
        if isinstance(variable, nodes.Index)
        else next(iter(nodes.free_names(variable)), "")
    )
    check_varied(name, before, setting, "differentiated by")
    claims = changed(lambda node: nodes.Derivative(node, variable), before, after, setting)
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
    check_varied(name, before, setting, "integrated over")
    if len(bounds) == 2 and bounds[1] == nodes.Name(name) and _is_unknown(before, after, setting):
        return _from_derivative(name, bounds[0], before, after, setting)
    if constraints(name, setting):
        raise ExpressionError(f"what {name} may be depends on other names")
    claims = changed(
        lambda node: nodes.Integral(node, name, *bounds), before, after, setting, sense
    )
    for bound in bounds:
        claims += inside(bound, setting.symbols.domain(name), closed=True)
    if bounds and sense != "=":
        claims.append(
            Claim((nodes.Relation(tuple(bounds), ("<=",)),), about="the order of the bounds")
        )
    return claims + _identity(before)


def _is_unknown(before: Line, after: Line, setting: Setting) -> bool:
    """Whether an expression is integrated to something in a declared function."""
    if before.left is not None or after.left is None:
        return False
    return any(
        setting.symbols.domain(name).kind == "function" for name in nodes.free_names(after.left)
    )


def _from_derivative(
    name: str, start: nodes.Node, before: Line, after: Line, setting: Setting
) -> list[Claim]:
    """``F(t) = F(a) + int(f, t, a, t)`` where F has the derivative f and is continuous: the
    fundamental theorem. What f and F(a) are may be known by facts, such as a differential
    equation and where it starts."""
    assert after.left is not None
    operator, first = after.first
    place = nodes.Name(name)
    fresh = f"{name}'"
    whole = nodes.Integral(replaced(before.right, {name: nodes.Name(fresh)}), fresh, start, place)
    grown = nodes.Add((first, nodes.Negate(replaced(after.left, {name: start}))))
    return [
        relation(nodes.Derivative(after.left, place), "=", before.right),
        relation(whole, operator, grown),
        *continuous(after.left, (), (name, (None, None))),
        *inside(start, setting.symbols.domain(name), closed=True),
    ]


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
    if parts[0] in nodes.free_names(after.first[1]) - nodes.free_names(point):
        raise ExpressionError(f"{parts[0]} still stands in the line, and in no limit of it")
    check_limit(parts[0], (point, side), before, setting)
    _check_not_named(parts[0], point, after, setting)
    claims = changed(
        lambda node: nodes.Limit(node, parts[0], point, side), before, after, setting, sense
    )
    domain = setting.symbols.domain(parts[0])
    if not any(part == nodes.Constant("oo") for part in nodes.walk(point)):
        claims += inside(point, domain, closed=True)
    elif (domain.upper if point == nodes.Constant("oo") else domain.lower) is not None:
        raise ExpressionError(f"{parts[0]} is bounded by its domain")
    return claims + _identity(before)


def _check_not_named(name: str, point: nodes.Node, after: Line, setting: Setting) -> None:
    """A name that stands for something in the variable does not stand for its limit.

    :raises ExpressionError: such a name is the new left side.
    """
    left = after.left
    meaning = None if left is None else replace(setting.facts, others=()).applied(left)
    if isinstance(left, nodes.Name) and meaning is not None and name in nodes.free_names(meaning):
        raise ExpressionError(
            f"{left.name} depends on {name}, and its limit is not {left.name}",
            todo=f"Write lim({left.name}, {name}, {to_text(point)}) = ...",
        )


def expected(before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The expectation of both sides."""
    if before.operator == "!=":
        raise ExpressionError("!= says nothing of expectations")
    return changed(nodes.Expectation, before, after, setting) + _identity(before)


def at(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """A value of the domain put in on both sides: ``at t = 1``."""
    point = parse(rest, setting.symbols)
    if not isinstance(point, nodes.Relation) or point.operators != ("=",):
        raise ExpressionError("write 'at t = 1'")
    name, value = point.operands
    if not isinstance(name, nodes.Name):
        raise ExpressionError("write 'at t = 1'")
    if name.name in nodes.free_names(after.first[1]) - nodes.free_names(value):
        raise ExpressionError(f"{name.name} still stands in the line, where a value was put in")
    check_free(name.name, before, setting)
    if any(name.name != other for other in constrained(name.name, setting)):
        raise ExpressionError(f"what other names may be depends on {name.name}")
    put = {name.name: value}
    claims = changed(lambda node: replaced(node, put), before, after, setting)
    return claims + placed(name.name, value, setting) + _identity(before)


def _split(rest: str) -> list[str]:
    """Arguments of a rule: between commas if there are any, else between spaces."""
    pieces = rest.split(",") if "," in rest else rest.split()
    return [piece.strip() for piece in pieces if piece.strip()]
