"""Whether a substitution has neither jump nor pole between its bounds, as claims."""

from __future__ import annotations

from math import floor, pi

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.functions import FUNCTIONS
from studytui.derive.steps.claims import Claim
from studytui.derive.syntax.print_ascii import to_text

_KINDS = (nodes.Add, nodes.Multiply, nodes.Negate, nodes.Number, nodes.Constant, nodes.Name)


Place = tuple[str, tuple[float | None, float | None]]
"""A variable, and the bounds between which it runs where they are numbers."""


def continuous(node: nodes.Node, extra: tuple[tuple[str, str], ...], place: Place) -> list[Claim]:
    """What must be shown for an expression to have a continuous derivative where ``extra`` says.

    :raises ExpressionError: it has a part that is not known to have one.
    """
    claims = []
    for part in nodes.walk(node):
        if isinstance(part, _KINDS):
            continue
        if isinstance(part, nodes.Divide):
            claims.append((part.denominator, "!="))
        elif isinstance(part, nodes.Power) and isinstance(part.exponent, nodes.Number):
            if part.exponent.denominator != 1:
                claims.append((part.base, ">"))
            elif part.exponent.numerator < 0:
                claims.append((part.base, "!="))
        elif isinstance(part, nodes.Power):
            if part.base not in (nodes.Constant("e"),):
                claims.append((part.base, ">"))
        elif isinstance(part, nodes.Call) and _is_smooth_if_positive(part):
            claims += [(argument, ">") for argument in part.arguments]
        elif not (
            isinstance(part, nodes.Call) and (_is_smooth(part) or _is_one_branch(part, place))
        ):
            raise ExpressionError(f"{to_text(part)} is not known to be continuous")
    return [
        Claim(
            (nodes.Relation((part, nodes.Number(0)), (operator,)),),
            extra=extra,
            about="whether the substitution is continuous",
            proved=True,
        )
        for part, operator in claims
        if not isinstance(part, nodes.Number)
    ]


def _is_one_branch(call: nodes.Call, place: Place) -> bool:
    """Whether it is the tangent of the variable itself, with no pole between the bounds."""
    name, (low, high) = place
    if (
        call.function != "tan"
        or call.arguments != (nodes.Name(name),)
        or low is None
        or high is None
    ):
        return False
    first, last = ((bound + pi / 2) / pi for bound in (min(low, high), max(low, high)))
    return last <= floor(first + 1e-12) + 1 + 1e-12


def _is_smooth(call: nodes.Call) -> bool:
    """A known smooth function, or a declared one: those stand for smooth functions."""
    function = FUNCTIONS.get(call.function)
    if function is None:
        return True
    return function.is_analytic and function.is_total and function.real == "always"


def _is_smooth_if_positive(call: nodes.Call) -> bool:
    """Whether it is real and smooth where its arguments are positive, as logarithm and root are."""
    function = FUNCTIONS.get(call.function)
    return function is not None and function.real == "positive" and call.function != "root"
