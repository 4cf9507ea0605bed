"""Change of variables in integrals and sums, shown by pulling the new one back to the old."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import isfinite

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import constant_value
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps.claims import Claim, relation
from studytui.derive.steps.continuity import continuous
from studytui.derive.steps.lines import Line, Setting
from studytui.derive.steps.side_conditions import is_whole
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.print_ascii import to_text


def substitution_claims(
    rest: str, before: Line, after: Line, setting: Setting
) -> list[Claim] | tuple[str, nodes.Node]:
    """Claims for ``substitute w = g(x)``.

    Where the line before has an integral or a sum over a name in g, and the new one over w, the
    Jacobian and the bounds are checked. Otherwise w only stands for g(x): then w and g(x).

    :raises ExpressionError: the substitution cannot be read, or w has a meaning already.
    """
    name, text = (part.strip() for part in [*rest.split("=", 1), ""][:2])
    if not text or not name.isidentifier():
        raise ExpressionError("write the substitution as 'substitute w = exp(-x)'")
    old = _folded(before.right, None)
    bound = {
        part.variable: "real" if isinstance(part, nodes.Integral) else "integer" for part in old
    }
    wider = setting.symbols.with_domains(_domains(bound))
    inner = parse(text, wider)
    if name in nodes.free_names(before.node) | nodes.free_names(inner):
        raise ExpressionError(f"{name} has a meaning already")
    new = _folded(after.right, name)
    old = [part for part in old if part.variable in nodes.free_names(inner)]
    if len(old) == 1 and len(new) == 1 and type(old[0]) is type(new[0]):
        _check_sides(before, after)
        _check_bound(old[0], new[0], before, after)
        if isinstance(old[0], nodes.Fold) and not is_whole(inner, wider):
            raise ExpressionError(f"{to_text(inner)} must be a whole number to be an index")
        claims = [
            replace(claim, rule=True, extra=(*claim.extra, *extra))
            for is_turned, extra in _directions(inner, old[0], wider)
            for claim in _pulled_back(old[0], new[0], inner, (before, after), is_turned)
        ]
        return [*claims, replace(relation(before.right, "=", after.right), doubt=True)]
    if set(bound) & nodes.free_names(inner):
        raise ExpressionError("one integral or sum must become one over the new name")
    return name, inner


def _check_sides(before: Line, after: Line) -> None:
    if after.links:
        raise ExpressionError("a substitution is one step: write no chain")
    if before.left is None:
        fitting = after.left is None or same_shape(after.left, before.right)
        fitting = fitting and after.operator == "="
    else:
        fitting = after.left is not None and same_shape(before.left, after.left)
        fitting = fitting and after.operator == before.operator
    if not fitting:
        raise ExpressionError("a substitution leaves the other side and the relation as they are")


def _check_bound(
    old: nodes.Integral | nodes.Fold, new: nodes.Integral | nodes.Fold, before: Line, after: Line
) -> None:
    """The variables must stand in the integrals only, or names would be mixed up."""
    outside = nodes.free_names(before.right) | nodes.free_names(after.right)
    for name in (old.variable, new.variable):
        if name in outside:
            raise ExpressionError(f"{name} stands outside of the integral or sum too")


def _domains(bound: dict[str, str]) -> dict[str, Domain]:
    return declare(bound).domains


def _folded(node: nodes.Node, variable: str | None) -> list[nodes.Integral | nodes.Fold]:
    """Definite integrals and sums in an expression, over one variable if it is named."""
    return [
        part
        for part in nodes.walk(node)
        if (isinstance(part, nodes.Integral) and part.lower is not None)
        or (isinstance(part, nodes.Fold) and part.kind == "sum")
        if variable is None or part.variable == variable
    ]


def _pulled_back(
    old: nodes.Integral | nodes.Fold,
    new: nodes.Integral | nodes.Fold,
    inner: nodes.Node,
    lines: tuple[Line, Line],
    turned: bool,
) -> list[Claim]:
    before, after = lines
    assert old.lower is not None and old.upper is not None
    assert new.lower is not None and new.upper is not None
    variable = old.variable
    here = ((variable, _interval(old)),)
    integrand = replaced(new.body, {new.variable: inner})
    first, second = _value_at(inner, old, old.lower, "+"), _value_at(inner, old, old.upper, "-")
    if isinstance(old, nodes.Integral):
        slope: nodes.Node = nodes.Derivative(inner, nodes.Name(variable))
        integrand = nodes.Multiply((integrand, slope))
        if turned and _same_direction(new, old):
            integrand = nodes.Negate(integrand)
    if turned and (isinstance(old, nodes.Fold) or _same_direction(new, old)):
        first, second = second, first
    claims = [
        Claim(
            (
                nodes.Relation(
                    (_with(before.right, old, old.body), _with(after.right, new, integrand)), ("=",)
                ),
            ),
            extra=here,
            about="the integrand" if isinstance(old, nodes.Integral) else "the terms",
        ),
        Claim((nodes.Relation((first, new.lower), ("=",)),), about="the lower bound"),
        Claim((nodes.Relation((second, new.upper), ("=",)),), about="the upper bound"),
    ]
    if isinstance(old, nodes.Integral):
        claims += continuous(inner, here, (variable, _span(old)))
    else:
        shifted = replaced(inner, {variable: nodes.Add((nodes.Name(variable), nodes.Number(1)))})
        step = nodes.Add((shifted, nodes.Negate(inner)))
        claims.append(
            Claim(
                (nodes.Relation((step, nodes.Number(-1 if turned else 1)), ("=",)),),
                extra=here,
                about="the new index moves by one",
            )
        )
    return claims


def _same_direction(new: nodes.Integral | nodes.Fold, old: nodes.Integral | nodes.Fold) -> bool:
    """Whether the new bounds are written from small to large although the substitution falls."""
    assert new.lower is not None and new.upper is not None
    low, high = constant_value(new.lower, {}), constant_value(new.upper, {})
    del old
    return low is None or high is None or low <= high


Extra = tuple[tuple[str, str], ...]


def _directions(
    inner: nodes.Node, old: nodes.Integral | nodes.Fold, symbols: Symbols
) -> list[tuple[bool, Extra]]:
    """Whether g falls, with what is to be declared besides: one way, or by the sign of a slope that
    is a name.

    :raises ExpressionError: that cannot be seen, or it rises in some places and falls in others.
    """
    slope = _slope(inner, old.variable)
    if slope is not None:
        domain = symbols.domain(slope)
        if not (domain.positive or domain.negative):
            if not domain.nonzero or domain.constraints:
                raise ExpressionError(
                    f"{to_text(inner)} rises or falls with the sign of {slope}",
                    todo=f"Declare {slope} positive, negative or nonzero.",
                )
            return [(False, ((slope, "positive"),)), (True, ((slope, "negative"),))]
        return [(domain.negative, ())]
    seen = {_falls(inner, old, values) for values in _sampled(inner, old, symbols)} - {None}
    if len(seen) != 1:
        raise ExpressionError(
            f"whether {to_text(inner)} rises or falls in {old.variable} cannot be seen",
            todo="Substitute what is one to one between the bounds; else cut the integral first.",
        )
    return [(seen == {True}, ())]


def _slope(inner: nodes.Node, variable: str) -> str | None:
    """The name that the variable is multiplied by, in ``a*x + b``."""
    terms = inner.terms if isinstance(inner, nodes.Add) else (inner,)
    moving = [term for term in terms if variable in nodes.free_names(term)]
    if len(moving) != 1 or not isinstance(moving[0], nodes.Multiply):
        return None
    others = [factor for factor in moving[0].factors if factor != nodes.Name(variable)]
    if len(others) == 1 and isinstance(others[0], nodes.Name) and len(moving[0].factors) == 2:
        return others[0].name
    return None


def _sampled(
    inner: nodes.Node, old: nodes.Integral | nodes.Fold, symbols: Symbols
) -> list[dict[str, float]]:
    """Some values of the other names, each in its domain."""
    names = sorted(nodes.free_names(inner) - {old.variable})
    found = []
    for turn in range(3):
        values = {}
        for place, name in enumerate(names):
            domain = symbols.domain(name)
            low = float(domain.lower) if domain.lower is not None else None
            high = float(domain.upper) if domain.upper is not None else None
            share = (0.37 + 0.29 * turn + 0.11 * place) % 1.0
            if low is not None and high is not None:
                values[name] = low + (high - low) * share
            elif high is not None:
                values[name] = high - 0.5 - share
            else:
                values[name] = (low or 0.0) + 0.5 + share
        found.append(values)
    return found


def _falls(
    inner: nodes.Node, old: nodes.Integral | nodes.Fold, values: dict[str, float]
) -> bool | None:
    """Whether g falls between the bounds; None where it cannot be computed.

    :raises ExpressionError: it rises in one place and falls in another.
    """
    low, high = _span(old)
    if low is not None and high is not None:
        places = [low + (high - low) * share for share in (0.07, 0.21, 0.4, 0.5, 0.73, 0.91)]
    elif high is not None:
        places = [high - size for size in (40.0, 7.0, 1.5, 0.5, 0.4, 0.03)]
    elif low is not None:
        places = [low + size for size in (0.03, 0.4, 0.5, 1.5, 7.0, 40.0)]
    else:
        places = [-40.0, -7.0, -0.5, 0.4, 0.5, 7.0, 40.0]
    numbers = [_number_at(inner, old.variable, place, values) for place in places]
    steps = {
        second < first
        for first, second in pairwise(numbers)
        if first is not None and second is not None and first != second
    }
    if len(steps) > 1:
        raise ExpressionError(
            f"{to_text(inner)} rises and falls: it is not one to one between the bounds",
            todo="Cut the integral where it turns.",
        )
    return next(iter(steps), None)


def _number_at(
    inner: nodes.Node, variable: str, place: float, values: dict[str, float] | None = None
) -> float | None:
    if values is None:
        values = {
            name: 0.7 + 0.1 * turn for turn, name in enumerate(sorted(nodes.free_names(inner)))
        }
    try:
        return evaluate(inner, values | {variable: place})
    except UndefinedValueError:
        return None


def _span(old: nodes.Integral | nodes.Fold) -> tuple[float | None, float | None]:
    """Both bounds where they are finite numbers."""
    assert old.lower is not None and old.upper is not None
    low, high = (constant_value(bound, {}) for bound in (old.lower, old.upper))
    return (
        None if low is None or not isfinite(low) else low,
        None if high is None or not isfinite(high) else high,
    )


def _value_at(
    inner: nodes.Node, old: nodes.Integral | nodes.Fold, bound: nodes.Node, side: str
) -> nodes.Node:
    infinite = any(part == nodes.Constant("oo") for part in nodes.walk(bound))
    if infinite:
        return nodes.Limit(inner, old.variable, bound)
    number = constant_value(bound, {})
    if number is not None and _number_at(inner, old.variable, number) is None:
        return nodes.Limit(inner, old.variable, bound, side)
    return replaced(inner, {old.variable: bound})


def _interval(old: nodes.Integral | nodes.Fold) -> str:
    assert old.lower is not None and old.upper is not None
    name = old.variable
    kind = "integer" if isinstance(old, nodes.Fold) else "real"
    parts = [kind]
    if old.lower != nodes.Negate(nodes.Constant("oo")):
        parts.append(f"{to_text(old.lower)} {'<=' if kind == 'integer' else '<'} {name}")
    if old.upper != nodes.Constant("oo"):
        parts.append(f"{name} {'<=' if kind == 'integer' else '<'} {to_text(old.upper)}")
    return ", ".join(parts)


def _with(node: nodes.Node, fold: nodes.Node, body: nodes.Node) -> nodes.Node:
    """The expression with an integral replaced by its integrand.

    That both are equal for every value proves that the integrals are, only where the integral
    stands as a factor.

    :raises ExpressionError: it does not.
    """
    if node is fold or node == fold:
        return body
    if isinstance(node, nodes.Negate):
        return nodes.Negate(_with(node.operand, fold, body))
    if isinstance(node, nodes.Divide) and fold in set(nodes.walk(node.numerator)):
        return nodes.Divide(_with(node.numerator, fold, body), node.denominator)
    if isinstance(node, nodes.Multiply):
        holding = [factor for factor in node.factors if fold in set(nodes.walk(factor))]
        if len(holding) == 1:
            return nodes.Multiply(
                tuple(
                    _with(factor, fold, body) if factor is holding[0] else factor
                    for factor in node.factors
                )
            )
    raise ExpressionError("the integral must stand alone or as a factor for a substitution")
