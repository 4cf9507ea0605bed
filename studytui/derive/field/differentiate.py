"""The derivative of an expression as another one, where that needs no thought about its cases."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from studytui.derive.expr import nodes
from studytui.derive.expr.substitute import replaced
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import slope

LARGEST = 200
"""Nodes of what is differentiated: every order multiplies them."""
_PLACE = "'place"
_ZERO, _ONE = nodes.Number(0), nodes.Number(1)


def differentiate(node: nodes.Node, name: str) -> nodes.Node | None:
    """The derivative by a name; None where it is left to others."""
    if name not in nodes.free_names(node):
        return _ZERO
    rule = _RULES.get(type(node))
    return rule(node, name) if rule is not None else None


def _name(node: nodes.Name, name: str) -> nodes.Node:
    return _ONE


def _add(node: nodes.Add, name: str) -> nodes.Node | None:
    parts = [differentiate(term, name) for term in node.terms]
    return None if None in parts else _sum([part for part in parts if part is not None])


def _negate(node: nodes.Negate, name: str) -> nodes.Node | None:
    inner = differentiate(node.operand, name)
    return inner and nodes.Negate(inner)


def _multiply(node: nodes.Multiply, name: str) -> nodes.Node | None:
    terms = []
    for place, factor in enumerate(node.factors):
        inner = differentiate(factor, name)
        if inner is None:
            return None
        terms.append(_product([*node.factors[:place], inner, *node.factors[place + 1 :]]))
    return _sum(terms)


def _divide(node: nodes.Divide, name: str) -> nodes.Node | None:
    above, below = node.numerator, node.denominator
    first, second = differentiate(above, name), differentiate(below, name)
    if first is None or second is None:
        return None
    if second == _ZERO:
        return nodes.Divide(first, below)
    return nodes.Divide(
        _sum([_product([first, below]), nodes.Negate(_product([above, second]))]),
        nodes.Power(below, nodes.Number(2)),
    )


def _power(node: nodes.Power, name: str) -> nodes.Node | None:
    base, exponent = node.base, node.exponent
    inner, outer = differentiate(base, name), differentiate(exponent, name)
    if inner is None or outer is None:
        return None
    lower = nodes.Power(base, nodes.Add((exponent, nodes.Number(-1))))
    first = _product([exponent, lower, inner])
    second = _product([node, nodes.Call("log", (base,)), outer])
    return _sum([first, second])


def _call(node: nodes.Call, name: str) -> nodes.Node | None:
    if len(node.arguments) != 1:
        return _partial(node, name)
    (argument,) = node.arguments
    known = slope(node)
    if known == _ZERO:
        return _ZERO
    inner = differentiate(argument, name)
    if inner is None:
        return None
    if node.primes or node.function not in FUNCTIONS:
        if node.function == name:
            return None
        return _product([nodes.Call(node.function, node.arguments, node.primes + 1), inner])
    return _product([known, inner]) if known is not None else None


def _partial(node: nodes.Call, name: str) -> nodes.Node | None:
    """``diff(p(x, t), x)`` of a declared function, which stays as it is: only one place moves."""
    moving = [item for item in node.arguments if name in nodes.free_names(item)]
    if node.function in FUNCTIONS or node.primes or moving != [nodes.Name(name)]:
        return None
    return nodes.Derivative(node, nodes.Name(name), 1)


def _fold(node: nodes.Fold, name: str) -> nodes.Node | None:
    if node.kind != "sum" or name in nodes.free_names(node.lower) | nodes.free_names(node.upper):
        return None
    inner = differentiate(node.body, name)
    return inner and nodes.Fold("sum", inner, node.variable, node.lower, node.upper)


def _derivative(node: nodes.Derivative, name: str) -> nodes.Node | None:
    inner = derived(node)
    if isinstance(inner, nodes.Derivative):
        same = inner.variable == nodes.Name(name)
        return nodes.Derivative(inner.body, inner.variable, inner.order + 1) if same else None
    return inner and differentiate(inner, name)


def derived(node: nodes.Derivative) -> nodes.Node | None:
    """What a derivative is; None where it is left to others. That of a declared function of several
    arguments is itself."""
    if isinstance(node.variable, nodes.Index):
        return _by_element(node.body, node.variable) if node.order == 1 else None
    if not isinstance(node.variable, nodes.Name):
        return None
    result: nodes.Node | None = node.body
    for _ in range(node.order):
        if result is None or _is_large(result):
            return None
        result = differentiate(result, node.variable.name)
    return result


def _by_element(body: nodes.Node, element: nodes.Index) -> nodes.Node | None:
    """The derivative by ``s[k]``, in which ``s[j]`` has the slope ``delta(j, k)``.

    ``diff(Sum(s[j]^2, (j, 1, n)), s[k])`` is ``Sum(2*s[j]*delta(j, k), (j, 1, n))``. Until all is
    differentiated a name that nobody can type stands for k, so that no sum binds a name in it.
    """
    if _is_large(body) or any(part == nodes.Name(element.base) for part in nodes.walk(body)):
        return None
    result = differentiate(body, element.base)
    places = {f"{_PLACE}{number}": index for number, index in enumerate(element.indices)}
    return result and replaced(result, places)


def _index(node: nodes.Index, name: str) -> nodes.Node | None:
    if node.base != name or any(name in nodes.free_names(index) for index in node.indices):
        return None
    places = enumerate(node.indices)
    return _product(
        [nodes.Call("delta", (index, nodes.Name(f"{_PLACE}{number}"))) for number, index in places]
    )


def _is_large(node: nodes.Node) -> bool:
    return sum(1 for _ in islice(nodes.walk(node), LARGEST + 1)) > LARGEST


_RULES: dict[type[nodes.Node], Callable[..., nodes.Node | None]] = {
    nodes.Name: _name,
    nodes.Index: _index,
    nodes.Add: _add,
    nodes.Negate: _negate,
    nodes.Multiply: _multiply,
    nodes.Divide: _divide,
    nodes.Power: _power,
    nodes.Call: _call,
    nodes.Fold: _fold,
    nodes.Derivative: _derivative,
}


def _sum(terms: list[nodes.Node]) -> nodes.Node:
    kept = tuple(term for term in terms if term not in (_ZERO, nodes.Negate(_ZERO)))
    return _ZERO if not kept else kept[0] if len(kept) == 1 else nodes.Add(kept)


def _product(factors: list[nodes.Node]) -> nodes.Node:
    if _ZERO in factors:
        return _ZERO
    kept = tuple(factor for factor in factors if factor != _ONE)
    return _ONE if not kept else kept[0] if len(kept) == 1 else nodes.Multiply(kept)
