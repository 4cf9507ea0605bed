"""The derivative of an expression as another one, where that needs no thought about its cases."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from studytui.derive.expr.nodes import (
    Add,
    Call,
    Derivative,
    Divide,
    Fold,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    free_names,
    walk,
)
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import slope

LARGEST = 200
"""Nodes of what is differentiated: every order multiplies them."""
_ZERO, _ONE = Number(0), Number(1)


def differentiate(node: Node, name: str) -> Node | None:
    """The derivative by a name; None where it is left to others."""
    if name not in free_names(node):
        return _ZERO
    rule = _RULES.get(type(node))
    return rule(node, name) if rule is not None else None


def _name(node: Name, name: str) -> Node:
    return _ONE


def _add(node: Add, name: str) -> Node | None:
    parts = [differentiate(term, name) for term in node.terms]
    return None if None in parts else _sum([part for part in parts if part is not None])


def _negate(node: Negate, name: str) -> Node | None:
    inner = differentiate(node.operand, name)
    return inner and Negate(inner)


def _multiply(node: Multiply, name: str) -> Node | None:
    terms = []
    for place, factor in enumerate(node.factors):
        inner = differentiate(factor, name)
        if inner is None:
            return None
        terms.append(_product([*node.factors[:place], inner, *node.factors[place + 1 :]]))
    return _sum(terms)


def _divide(node: Divide, name: str) -> Node | None:
    above, below = node.numerator, node.denominator
    first, second = differentiate(above, name), differentiate(below, name)
    if first is None or second is None:
        return None
    if second == _ZERO:
        return Divide(first, below)
    return Divide(
        _sum([_product([first, below]), Negate(_product([above, second]))]), Power(below, Number(2))
    )


def _power(node: Power, name: str) -> Node | None:
    base, exponent = node.base, node.exponent
    inner, outer = differentiate(base, name), differentiate(exponent, name)
    if inner is None or outer is None:
        return None
    lower = Power(base, Add((exponent, Number(-1))))
    first = _product([exponent, lower, inner])
    second = _product([node, Call("log", (base,)), outer])
    return _sum([first, second])


def _call(node: Call, name: str) -> Node | None:
    if len(node.arguments) != 1:
        return None
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
        return _product([Call(node.function, node.arguments, node.primes + 1), inner])
    return _product([known, inner]) if known is not None else None


def _fold(node: Fold, name: str) -> Node | None:
    if node.kind != "sum" or name in free_names(node.lower) | free_names(node.upper):
        return None
    inner = differentiate(node.body, name)
    return inner and Fold("sum", inner, node.variable, node.lower, node.upper)


def _derivative(node: Derivative, name: str) -> Node | None:
    inner = derived(node)
    return inner and differentiate(inner, name)


def derived(node: Derivative) -> Node | None:
    """What a derivative is; None where it is left to others."""
    if not isinstance(node.variable, Name):
        return None
    result: Node | None = node.body
    for _ in range(node.order):
        if result is None or _is_large(result):
            return None
        result = differentiate(result, node.variable.name)
    return result


def _is_large(node: Node) -> bool:
    return sum(1 for _ in islice(walk(node), LARGEST + 1)) > LARGEST


_RULES: dict[type[Node], Callable[..., Node | None]] = {
    Name: _name,
    Add: _add,
    Negate: _negate,
    Multiply: _multiply,
    Divide: _divide,
    Power: _power,
    Call: _call,
    Fold: _fold,
    Derivative: _derivative,
}


def _sum(terms: list[Node]) -> Node:
    kept = tuple(term for term in terms if term not in (_ZERO, Negate(_ZERO)))
    return _ZERO if not kept else kept[0] if len(kept) == 1 else Add(kept)


def _product(factors: list[Node]) -> Node:
    if _ZERO in factors:
        return _ZERO
    kept = tuple(factor for factor in factors if factor != _ONE)
    return _ONE if not kept else kept[0] if len(kept) == 1 else Multiply(kept)
