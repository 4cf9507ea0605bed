"""When two expressions are written the same but for order, signs and spelling."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Divide,
    Fold,
    Integral,
    Limit,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    children,
    rebuild,
    walk,
)
from studytui.derive.expr.substitute import replaced


def shape(node: Node) -> Node:
    """A form in which ``a/b`` is ``a b^-1``, products and sums are flat and sorted, and bound
    variables have standard letters. Nothing is multiplied out."""
    return _shape(node, 0)


def same_shape(left: Node, right: Node) -> bool:
    """Whether two nodes differ in nothing but order, signs and spelling."""
    return shape(left) == shape(right)


def difference(left: Node, right: Node) -> float:
    """How differently two expressions are made: 0 for the same shape, 1 for nothing in common."""
    first, second = Counter(walk(shape(left))), Counter(walk(shape(right)))
    apart = sum(((first - second) + (second - first)).values())
    return apart / (sum(first.values()) + sum(second.values()))


def first_difference(left: Node, right: Node) -> tuple[Node, Node] | None:
    """The smallest parts at the same place in which two expressions differ; None if they differ
    in several places."""
    if left == right:
        return None
    pair = (left, right)
    while type(pair[0]) is type(pair[1]):
        these, those = list(children(pair[0])), list(children(pair[1]))
        if len(these) != len(those):
            break
        apart = [two for two in zip(these, those, strict=True) if two[0] != two[1]]
        if len(apart) != 1:
            break
        pair = apart[0]
    return None if pair == (left, right) else pair


def _shape(node: Node, depth: int) -> Node:
    if isinstance(node, Fold | Integral | Limit):
        name = f"_{depth}"
        body = replaced(node.body, {node.variable: Name(name)})
        node = rebuild(node, {id(node.body): body})
        node = _renamed(node, name)
        depth += 1
    node = rebuild(node, {id(child): _shape(child, depth) for child in children(node)})
    if isinstance(node, Negate):
        return _product((Number(-1), node.operand))
    if isinstance(node, Divide):
        return _product((node.numerator, _power(node.denominator, Number(-1))))
    if isinstance(node, Multiply):
        return _product(node.factors)
    if isinstance(node, Add):
        return _sum(node.terms)
    if isinstance(node, Power):
        return _power(node.base, node.exponent)
    if isinstance(node, Call) and node.function == "sqrt" and node.primes == 0:
        return _power(node.arguments[0], Number(1, 2))
    if isinstance(node, Call) and node.function == "exp" and node.primes == 0:
        return _power(Constant("e"), node.arguments[0])
    return node


def _renamed(node: Node, name: str) -> Node:
    if isinstance(node, Fold):
        return Fold(node.kind, node.body, name, node.lower, node.upper)
    if isinstance(node, Integral):
        variable = name if node.lower is not None else node.variable
        return Integral(node.body, variable, node.lower, node.upper)
    assert isinstance(node, Limit)
    return Limit(node.body, name, node.point, node.side)


def _value(node: Number) -> Fraction:
    return Fraction(node.numerator, node.denominator)


def _number(value: Fraction) -> Number:
    return Number(value.numerator, value.denominator)


def _power(base: Node, exponent: Node) -> Node:
    if exponent == Number(1):
        return base
    if isinstance(base, Power) and isinstance(exponent, Number) and exponent.denominator == 1:
        return _power(base.base, _product((base.exponent, exponent)))
    whole = isinstance(exponent, Number) and exponent.denominator == 1
    if whole and isinstance(base, Number) and isinstance(exponent, Number) and base.numerator:
        if abs(exponent.numerator) < 64:
            return _number(_value(base) ** exponent.numerator)
        return Power(base, exponent)
    if isinstance(base, Multiply) and exponent == Number(-1):
        return _product(tuple(_power(factor, exponent) for factor in base.factors))
    return Power(base, exponent)


def _product(factors: tuple[Node, ...]) -> Node:
    number = Fraction(1)
    rest: list[Node] = []
    for factor in factors:
        for part in factor.factors if isinstance(factor, Multiply) else (factor,):
            if isinstance(part, Number):
                number *= _value(part)
            else:
                rest.append(part)
    rest.sort(key=repr)
    if number != 1 or not rest:
        rest.insert(0, _number(number))
    return rest[0] if len(rest) == 1 else Multiply(tuple(rest))


def _sum(terms: tuple[Node, ...]) -> Node:
    number = Fraction(0)
    rest: list[Node] = []
    for term in terms:
        for part in term.terms if isinstance(term, Add) else (term,):
            if isinstance(part, Number):
                number += _value(part)
            else:
                rest.append(part)
    rest.sort(key=repr)
    if number or not rest:
        rest.append(_number(number))
    return rest[0] if len(rest) == 1 else Add(tuple(rest))
