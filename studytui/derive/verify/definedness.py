"""What points do not show: where cases change between them, and where there is no value at all."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.size_limits import constant_value
from studytui.derive.field import is_linear
from studytui.derive.functions import FUNCTIONS
from studytui.derive.functions.spec import NOWHERE
from studytui.derive.syntax.formulas import known, undefined

LARGEST_SEEN = 5000
"""A larger number, or a ratio of larger ones, may stand where no point is tried."""
_INFINITY = nodes.Constant("oo")
_DIVERGING = frozenset({nodes.Expectation, nodes.Fold, nodes.Integral, nodes.Limit})


def may_diverge(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether something is there that need not have a value."""
    return bool(nodes.kinds(left, right) & _DIVERGING)


def may_be_infinite(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether a limit is there, or something else that may diverge."""
    return has_limits(left, right) or may_diverge_unseen(left, right, symbols)


def has_limits(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether a limit is there."""
    return any(isinstance(part, nodes.Limit) for side in (left, right) for part in nodes.walk(side))


def has_negative_binomials(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether something may be chosen out of a negative number, where few laws hold."""
    return nodes.Call in nodes.kinds(left, right) and any(
        isinstance(part, nodes.Call)
        and part.function == "binomial"
        and not all(_is_nonnegative(argument, symbols) for argument in part.arguments)
        for side in (left, right)
        for part in nodes.walk(side)
    )


def _is_nonnegative(node: nodes.Node, symbols: Symbols) -> bool:
    if isinstance(node, nodes.Name):
        return symbols.domain(node.name).nonnegative
    if isinstance(node, nodes.Add | nodes.Multiply):
        return all(_is_nonnegative(part, symbols) for part in nodes.children(node))
    return isinstance(node, nodes.Number) and node.numerator >= 0


def may_diverge_unseen(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether a sum to infinity is there, or an integral or a mean of what has poles or grows."""
    return any(
        (isinstance(part, nodes.Fold) and part.upper == _INFINITY)
        or (isinstance(part, nodes.Integral) and _is_improper(part))
        or (isinstance(part, nodes.Expectation) and _may_have_no_mean(part, symbols))
        for side in (left, right)
        for part in nodes.walk(side)
    )


def _may_have_no_mean(expectation: nodes.Expectation, symbols: Symbols) -> bool:
    """Whether something else than powers of what has a continuous distribution is averaged."""
    spread = {
        name
        for name in nodes.free_names(expectation.body)
        if symbols.domain(name).law in ("normal", "uniform", "exponential", "gumbel")
    }
    return any(
        (isinstance(part, nodes.Divide) and spread & nodes.free_names(part.denominator))
        or (isinstance(part, nodes.Call) and spread & nodes.free_names(part))
        or (
            isinstance(part, nodes.Power)
            and spread & nodes.free_names(part)
            and not (_is_count(part.exponent) and spread & nodes.free_names(part.base))
        )
        for part in nodes.walk(expectation.body)
    )


def _is_improper(integral: nodes.Integral) -> bool:
    """Whether a bound is infinite, or the integrand may have a pole between the bounds."""
    bounds = (integral.lower, integral.upper)
    if any(bound is not None and _INFINITY in nodes.walk(bound) for bound in bounds):
        return True
    return any(
        (isinstance(part, nodes.Divide) and nodes.free_names(part.denominator))
        or (
            isinstance(part, nodes.Power)
            and nodes.free_names(part.base)
            and not _is_count(part.exponent)
        )
        or (isinstance(part, nodes.Call) and nodes.free_names(part) and not _is_total(part))
        for part in nodes.walk(integral.body)
    )


def _is_total(call: nodes.Call) -> bool:
    """Whether a function is known to have a value for all numbers, as a declared one has."""
    return call.function not in FUNCTIONS or undefined(call) == NOWHERE


def _is_count(exponent: nodes.Node) -> bool:
    return isinstance(exponent, nodes.Number) and exponent.numerator > 0


def is_blind_to(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether cases may change where no point is tried: at an irrational or a large number, or
    along a curve, or only where several things come together to leave a constant."""
    changes = [item for side in (left, right) for item in _changes(side)]
    if not changes:
        return False
    if not all(map(_is_straight, changes)) or not (
        nodes.free_names(left) and nodes.free_names(right)
    ):
        return True
    return is_out_of_reach(left, right)


def is_out_of_reach(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether something may change at an irrational or a large number."""
    return any(_is_out_of_reach(part) for side in (left, right) for part in nodes.walk(side))


def _changes(node: nodes.Node) -> Iterator[nodes.Node]:
    """What decides between cases: its sign, its whole part or its truth."""
    for part in nodes.walk(node):
        if isinstance(part, nodes.Piecewise):
            yield from part.conditions
        elif (function := known(part)) is not None and function.goes_by_cases:
            yield from nodes.children(part)


def _is_straight(node: nodes.Node) -> bool:
    """Whether it is made of linear factors, so that points lie on both sides of each change."""
    if (function := known(node)) is not None and function.is_monotone:
        return all(map(_is_straight, nodes.children(node)))
    if isinstance(
        node, nodes.Relation | nodes.Logic | nodes.Multiply | nodes.Divide | nodes.Negate
    ):
        return all(map(_is_straight, nodes.children(node)))
    return is_linear(node)


def _is_out_of_reach(part: nodes.Node) -> bool:
    if nodes.free_names(part):
        return False
    value = constant_value(part, {})
    if value is None or not abs(value) <= LARGEST_SEEN:
        return True
    small = (item for item in range(1, 100) if abs(value * item - round(value * item)) < 1e-12)
    return next(small, None) is None
