"""Two sums, integrals, limits or means of the same are equal, whether or not they converge."""

from __future__ import annotations

from fractions import Fraction

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.signs import plainly_nonzero
from studytui.derive.expr.substitute import replaced

Bodies = tuple[nodes.Node, nodes.Node, Symbols]
"""What is left to be compared, and the symbols with the bound variable among them."""


def bodies(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> Bodies | None:
    """The bodies of two expressions that bind alike; None where they do not."""
    first, second = _opened(left), _opened(right)
    if first is None or second is None:
        return None
    (factors, one), (others, other) = first, second
    if factors != others and not all(_is_not_zero(item, symbols) for item in (*factors, *others)):
        return None
    if isinstance(one, nodes.Expectation) and isinstance(other, nodes.Expectation):
        return _times(factors, one.body), _times(others, other.body), symbols
    alike: tuple[bool, Domain] | None = None
    if isinstance(one, nodes.Fold) and isinstance(other, nodes.Fold):
        alike = _same_folds(one, other, factors == others)
    elif isinstance(one, nodes.Integral) and isinstance(other, nodes.Integral):
        alike = _same_integrals(one, other)
    elif isinstance(one, nodes.Limit) and isinstance(other, nodes.Limit):
        alike = same_shape(one.point, other.point) and one.side == other.side, Domain()
    if alike is None or not alike[0] or isinstance(one, nodes.Expectation):
        return None
    assert not isinstance(other, nodes.Expectation)
    variable = one.variable
    outside = nodes.free_names(nodes.Multiply((*factors, *others, nodes.Number(1))))
    if variable in symbols.domains or {variable, other.variable} & outside:
        return None
    body = replaced(other.body, {other.variable: nodes.Name(variable)})
    inner = symbols.with_domains({variable: alike[1]})
    return _times(factors, one.body), _times(others, body), inner


def _same_folds(one: nodes.Fold, other: nodes.Fold, same_factors: bool) -> tuple[bool, Domain]:
    ends = same_shape(one.lower, other.lower) and same_shape(one.upper, other.upper)
    moves = one.kind == "sum" or same_factors
    lower, upper = _bound(one.lower), _bound(one.upper)
    domain = Domain(kind="integer", integer=True, lower=lower, upper=upper)
    return one.kind == other.kind and ends and moves, domain


def _same_integrals(one: nodes.Integral, other: nodes.Integral) -> tuple[bool, Domain] | None:
    if one.lower is None or one.upper is None or other.lower is None or other.upper is None:
        return None
    ends = same_shape(one.lower, other.lower) and same_shape(one.upper, other.upper)
    low, high = _bound(one.lower), _bound(one.upper)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return ends, Domain(
        lower=low, upper=high, lower_open=low is not None, upper_open=high is not None
    )


Binder = nodes.Fold | nodes.Integral | nodes.Limit | nodes.Expectation


def _opened(node: nodes.Node) -> tuple[tuple[nodes.Node, ...], Binder] | None:
    """The factors outside of a form that binds, and the form; None where there is no such form."""
    if isinstance(node, nodes.Fold | nodes.Integral | nodes.Limit | nodes.Expectation):
        return (), node
    if isinstance(node, nodes.Negate):
        inner = _opened(node.operand)
        return inner and ((nodes.Number(-1), *inner[0]), inner[1])
    if isinstance(node, nodes.Divide):
        inner = _opened(node.numerator)
        return inner and ((*inner[0], nodes.Divide(nodes.Number(1), node.denominator)), inner[1])
    if isinstance(node, nodes.Multiply):
        opened = [(item, _opened(item)) for item in node.factors]
        forms = [pair for _, pair in opened if pair is not None]
        rest = tuple(item for item, pair in opened if pair is None)
        return ((*rest, *forms[0][0]), forms[0][1]) if len(forms) == 1 else None
    return None


def _is_not_zero(factor: nodes.Node, symbols: Symbols) -> bool:
    if isinstance(factor, nodes.Number):
        return factor.numerator != 0
    if isinstance(factor, nodes.Divide) and factor.numerator == nodes.Number(1):
        return True  # a zero below is told by the bodies, in which it stands too
    return plainly_nonzero(factor, symbols)


def _times(factors: tuple[nodes.Node, ...], body: nodes.Node) -> nodes.Node:
    return nodes.Multiply((*factors, body)) if factors else body


def _bound(node: nodes.Node) -> Fraction | None:
    """A bound that is a number; another one is left out, which asks for more than is needed."""
    if isinstance(node, nodes.Negate):
        value = _bound(node.operand)
        return None if value is None else -value
    return Fraction(node.numerator, node.denominator) if isinstance(node, nodes.Number) else None
