"""Derivatives of integrals (Leibniz's rule): ``diff(int(f(s*t), s, 0, 1), t)`` is
``int(s*f'(s*t), s, 0, 1)``, and what moves at the ends is added.

The rule holds where the integrand is smooth in the variable and the name together and the ends are
finite and smooth in the name: then the slope is continuous on a closed interval, and so bounded.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.signs import plainly_real
from studytui.derive.expr.substitute import apart, exchanged, mapped, replaced
from studytui.derive.field.differentiate import differentiate
from studytui.derive.field.smoothness import is_smooth

MOST_ORDER = 3


def moved_inside(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with the derivatives of such integrals as integrals of derivatives."""
    if not {nodes.Derivative, nodes.Integral} <= nodes.kinds(node):
        return node
    return mapped(
        apart(node, symbols.domains),
        lambda part: _moved(part, symbols) if isinstance(part, nodes.Derivative) else None,
    )


def _moved(part: nodes.Derivative, symbols: Symbols) -> nodes.Node | None:
    name = part.variable
    if not isinstance(name, nodes.Name) or not plainly_real(name, symbols):
        return None
    if nodes.Integral not in nodes.kinds(part.body) or part.order > MOST_ORDER:
        return None
    if not is_smooth(part.body, frozenset({name.name}), symbols):
        return None
    result: nodes.Node | None = part.body
    for _ in range(part.order):
        result = result and _slope(result, name.name)
    return result


def _slope(node: nodes.Node, name: str) -> nodes.Node | None:
    """The derivative of what is smooth: each integral stands as a function of the name first."""
    slopes: dict[nodes.Node, nodes.Node] = {}
    for number, integral in enumerate(_integrals(node)):
        inner = _of_integral(integral, name)
        if inner is None:
            return None
        call = nodes.Call(f"integral~{number}", (nodes.Name(name),))
        node = exchanged(node, integral, call)
        slopes[call] = integral
        slopes[nodes.Call(call.function, call.arguments, 1)] = inner
    result = differentiate(node, name)
    for standing, value in slopes.items():
        result = result and exchanged(result, standing, value)
    return result


def _integrals(node: nodes.Node) -> list[nodes.Integral]:
    """The outermost integrals."""
    if isinstance(node, nodes.Integral):
        return [node]
    return list(dict.fromkeys(part for item in nodes.children(node) for part in _integrals(item)))


def _of_integral(node: nodes.Integral, name: str) -> nodes.Node | None:
    """What comes in at the upper end, less what goes at the lower, and the integral of slopes."""
    inner = None if node.variable == name else _slope(node.body, name)
    terms: list[nodes.Node | None] = [
        inner and nodes.Integral(inner, node.variable, node.lower, node.upper)
    ]
    for end, sign in ((node.upper, 1), (node.lower, -1)):
        if end is not None and name in nodes.free_names(end):
            speed = differentiate(end, name)
            edge = replaced(node.body, {node.variable: end})
            terms.append(speed and nodes.Multiply((nodes.Number(sign), edge, speed)))
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return None
    if inner == nodes.Number(0):
        known = known[1:]
    return nodes.Add(tuple(known)) if len(known) > 1 else (known or [nodes.Number(0)])[0]
