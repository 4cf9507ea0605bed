"""What points do not show: where cases change between them, and where there is no value at all."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Divide,
    Expectation,
    Fold,
    Integral,
    Limit,
    Logic,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Piecewise,
    Power,
    Relation,
    children,
    free_names,
    walk,
)
from studytui.derive.expr.size_limits import constant_value
from studytui.derive.field import is_linear
from studytui.derive.functions import FUNCTIONS
from studytui.derive.functions.spec import NOWHERE
from studytui.derive.syntax.formulas import known, undefined

LARGEST_SEEN = 5000
"""A larger number, or a ratio of larger ones, may stand where no point is tried."""
_INFINITY = Constant("oo")


def may_diverge(left: Node, right: Node) -> bool:
    """Whether something is there that need not have a value."""
    return any(
        isinstance(part, Expectation | Fold | Integral | Limit)
        for side in (left, right)
        for part in walk(side)
    )


def may_be_infinite(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether a limit is there, or something else that may diverge."""
    return has_limits(left, right) or may_diverge_unseen(left, right, symbols)


def has_limits(left: Node, right: Node) -> bool:
    """Whether a limit is there."""
    return any(isinstance(part, Limit) for side in (left, right) for part in walk(side))


def has_negative_binomials(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether something may be chosen out of a negative number, where few laws hold."""
    return any(
        isinstance(part, Call)
        and part.function == "binomial"
        and not all(_is_nonnegative(argument, symbols) for argument in part.arguments)
        for side in (left, right)
        for part in walk(side)
    )


def _is_nonnegative(node: Node, symbols: Symbols) -> bool:
    if isinstance(node, Name):
        return symbols.domain(node.name).nonnegative
    if isinstance(node, Add | Multiply):
        return all(_is_nonnegative(part, symbols) for part in children(node))
    return isinstance(node, Number) and node.numerator >= 0


def may_diverge_unseen(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether a sum to infinity is there, or an integral or a mean of what has poles or grows."""
    return any(
        (isinstance(part, Fold) and part.upper == _INFINITY)
        or (isinstance(part, Integral) and _is_improper(part))
        or (isinstance(part, Expectation) and _may_have_no_mean(part, symbols))
        for side in (left, right)
        for part in walk(side)
    )


def _may_have_no_mean(expectation: Expectation, symbols: Symbols) -> bool:
    """Whether something else than powers of what has a continuous distribution is averaged."""
    spread = {
        name
        for name in free_names(expectation.body)
        if symbols.domain(name).law in ("normal", "uniform", "exponential", "gumbel")
    }
    return any(
        (isinstance(part, Divide) and spread & free_names(part.denominator))
        or (isinstance(part, Call) and spread & free_names(part))
        or (
            isinstance(part, Power)
            and spread & free_names(part)
            and not (_is_count(part.exponent) and spread & free_names(part.base))
        )
        for part in walk(expectation.body)
    )


def _is_improper(integral: Integral) -> bool:
    """Whether a bound is infinite, or the integrand may have a pole between the bounds."""
    bounds = (integral.lower, integral.upper)
    if any(bound is not None and _INFINITY in walk(bound) for bound in bounds):
        return True
    return any(
        (isinstance(part, Divide) and free_names(part.denominator))
        or (isinstance(part, Power) and free_names(part.base) and not _is_count(part.exponent))
        or (isinstance(part, Call) and free_names(part) and not _is_total(part))
        for part in walk(integral.body)
    )


def _is_total(call: Call) -> bool:
    """Whether a function is known to have a value for all numbers, as a declared one has."""
    return call.function not in FUNCTIONS or undefined(call) == NOWHERE


def _is_count(exponent: Node) -> bool:
    return isinstance(exponent, Number) and exponent.numerator > 0


def is_blind_to(left: Node, right: Node) -> bool:
    """Whether cases may change where no point is tried: at an irrational or a large number, or
    along a curve, or only where several things come together to leave a constant."""
    changes = [item for side in (left, right) for item in _changes(side)]
    if not changes:
        return False
    if not all(map(_is_straight, changes)) or not (free_names(left) and free_names(right)):
        return True
    return is_out_of_reach(left, right)


def is_out_of_reach(left: Node, right: Node) -> bool:
    """Whether something may change at an irrational or a large number."""
    return any(_is_out_of_reach(part) for side in (left, right) for part in walk(side))


def _changes(node: Node) -> Iterator[Node]:
    """What decides between cases: its sign, its whole part or its truth."""
    for part in walk(node):
        if isinstance(part, Piecewise):
            yield from part.conditions
        elif (function := known(part)) is not None and function.goes_by_cases:
            yield from children(part)


def _is_straight(node: Node) -> bool:
    """Whether it is made of linear factors, so that points lie on both sides of each change."""
    if (function := known(node)) is not None and function.is_monotone:
        return all(map(_is_straight, children(node)))
    if isinstance(node, Relation | Logic | Multiply | Divide | Negate):
        return all(map(_is_straight, children(node)))
    return is_linear(node)


def _is_out_of_reach(part: Node) -> bool:
    if free_names(part):
        return False
    value = constant_value(part, {})
    if value is None or not abs(value) <= LARGEST_SEEN:
        return True
    small = (item for item in range(1, 100) if abs(value * item - round(value * item)) < 1e-12)
    return next(small, None) is None
