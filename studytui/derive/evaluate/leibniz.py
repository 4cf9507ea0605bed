"""The derivative of an expression as an expression, for what no difference of values gives: an
integral whose bounds move (Leibniz's rule)."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.substitute import replaced
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import slope

_ZERO, _ONE = nodes.Number(0), nodes.Number(1)


def has_moving_bounds(node: nodes.Node, name: str) -> bool:
    """Whether an integral stands in an expression whose bounds depend on a name."""
    return any(
        isinstance(part, nodes.Integral)
        and any(bound is not None and name in nodes.free_names(bound) for bound in _bounds(part))
        for part in nodes.walk(node)
    )


def derived(node: nodes.Node, name: str) -> nodes.Node | None:
    """The derivative by a name; None where a function is not known here.

    ``int(f(s), s, 0, t)/t`` by t is ``f(t)/t - int(f(s), s, 0, t)/t^2``.
    """
    if name not in nodes.free_names(node):
        return _ZERO
    if isinstance(node, nodes.Name):
        return _ONE
    if isinstance(node, nodes.Negate):
        inner = derived(node.operand, name)
        return None if inner is None else nodes.Negate(inner)
    if isinstance(node, nodes.Add):
        return _sum([derived(term, name) for term in node.terms])
    if isinstance(node, nodes.Multiply):
        return _sum([_with(node.factors, place, name) for place in range(len(node.factors))])
    if isinstance(node, nodes.Divide):
        return derived(
            nodes.Multiply((node.numerator, nodes.Power(node.denominator, nodes.Number(-1)))), name
        )
    if isinstance(node, nodes.Power) and name not in nodes.free_names(node.exponent):
        lowered = nodes.Power(node.base, nodes.Add((node.exponent, nodes.Number(-1))))
        return _product([node.exponent, lowered, derived(node.base, name)])
    if isinstance(node, nodes.Call) and len(node.arguments) == 1:
        outer = _outer(node)
        return outer and _product([outer, derived(node.arguments[0], name)])
    if isinstance(node, nodes.Integral):
        return _integral(node, name)
    return None


def _with(factors: tuple[nodes.Node, ...], place: int, name: str) -> nodes.Node | None:
    """A product with one of its factors differentiated."""
    inner = derived(factors[place], name)
    return (
        None if inner is None else nodes.Multiply((*factors[:place], inner, *factors[place + 1 :]))
    )


def _sum(terms: list[nodes.Node | None]) -> nodes.Node | None:
    known = [term for term in terms if term is not None]
    return nodes.Add((_ZERO, *known)) if len(known) == len(terms) else None


def _product(factors: list[nodes.Node | None]) -> nodes.Node | None:
    known = [factor for factor in factors if factor is not None]
    return nodes.Multiply((_ONE, *known)) if len(known) == len(factors) else None


def _outer(call: nodes.Call) -> nodes.Node | None:
    """The derivative of a function at its argument."""
    if call.function not in FUNCTIONS:
        return nodes.Call(call.function, call.arguments, call.primes + 1)
    return slope(call)


def _bounds(integral: nodes.Integral) -> tuple[nodes.Node | None, nodes.Node | None]:
    return integral.lower, integral.upper


def _integral(node: nodes.Integral, name: str) -> nodes.Node | None:
    if node.lower is None or node.upper is None or node.variable == name:
        return None
    terms: list[nodes.Node | None] = []
    for bound, sign in ((node.upper, 1), (node.lower, -1)):
        if name in nodes.free_names(bound):
            edge = replaced(node.body, {node.variable: bound})
            terms.append(_product([nodes.Number(sign), edge, derived(bound, name)]))
    if name in nodes.free_names(node.body):
        inner = derived(node.body, name)
        moved = (
            None if inner is None else nodes.Integral(inner, node.variable, node.lower, node.upper)
        )
        terms.append(moved)
    return _sum(terms)
