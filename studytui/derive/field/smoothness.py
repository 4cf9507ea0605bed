"""Whether an expression is seen to have a value and all derivatives wherever its names are real.

Declared functions are smooth; of the known ones those are that have a value for every real number
and no corner. An integral between finite smooth ends of what is smooth is smooth itself.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_nonzero, plainly_positive, plainly_real
from studytui.derive.functions.spec import NOWHERE
from studytui.derive.syntax.formulas import known, undefined


def is_smooth(node: nodes.Node, moving: frozenset[str], symbols: Symbols) -> bool:
    """Whether it is smooth in the ``moving`` names; the others keep their values."""
    if not moving & nodes.free_names(node):
        return True
    match node:
        case nodes.Name():
            return True
        case nodes.Add() | nodes.Multiply() | nodes.Negate():
            return all(is_smooth(part, moving, symbols) for part in nodes.children(node))
        case nodes.Divide(above, below):
            fixed = not moving & nodes.free_names(below)
            return (fixed or plainly_nonzero(below, symbols)) and all(
                is_smooth(part, moving, symbols) for part in (above, below)
            )
        case nodes.Power(base, nodes.Number(numerator=count, denominator=1)) if count > 0:
            return is_smooth(base, moving, symbols)
        case nodes.Power(base, exponent):
            real = plainly_positive(base, symbols) and plainly_real(exponent, symbols)
            return real and all(is_smooth(part, moving, symbols) for part in (base, exponent))
        case nodes.Call():
            return _is_smooth_call(node, symbols) and all(
                is_smooth(part, moving, symbols) for part in node.arguments
            )
        case nodes.Integral(body, variable, lower, upper):
            return (
                is_proper(node, symbols)
                and all(
                    end is not None and is_smooth(end, moving, symbols) for end in (lower, upper)
                )
                and is_smooth(body, moving | {variable}, symbols.with_domains({variable: Domain()}))
            )
        case _:
            return False


def is_proper(integral: nodes.Integral, symbols: Symbols) -> bool:
    """Whether both ends are real numbers."""
    ends = (integral.lower, integral.upper)
    return all(end is not None and plainly_real(end, symbols) for end in ends)


def _is_smooth_call(call: nodes.Call, symbols: Symbols) -> bool:
    if not all(plainly_real(argument, symbols) for argument in call.arguments):
        return False
    if symbols.domain(call.function).kind == "function":
        return True
    function = known(call)
    is_total = function is not None and undefined(call) == NOWHERE and function.is_analytic
    return is_total and function is not None and function.real == "always"
