"""When two expressions are written the same but for order, signs and spelling."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from studytui.derive.expr import nodes
from studytui.derive.expr.substitute import replaced


def shape(node: nodes.Node) -> nodes.Node:
    """A form in which ``a/b`` is ``a b^-1``, products and sums are flat and sorted, and bound
    variables have standard letters. Nothing is multiplied out."""
    return _shape(node, 0)


def same_shape(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether two nodes differ in nothing but order, signs and spelling."""
    return shape(left) == shape(right)


def difference(left: nodes.Node, right: nodes.Node) -> float:
    """How differently two expressions are made: 0 for the same shape, 1 for nothing in common."""
    first, second = Counter(nodes.walk(shape(left))), Counter(nodes.walk(shape(right)))
    apart = sum(((first - second) + (second - first)).values())
    return apart / (sum(first.values()) + sum(second.values()))


def first_difference(left: nodes.Node, right: nodes.Node) -> tuple[nodes.Node, nodes.Node] | None:
    """The smallest parts at the same place in which two expressions differ; None if they differ
    in several places."""
    if left == right:
        return None
    pair = (left, right)
    while type(pair[0]) is type(pair[1]):
        these, those = list(nodes.children(pair[0])), list(nodes.children(pair[1]))
        if len(these) != len(those):
            break
        apart = [two for two in zip(these, those, strict=True) if two[0] != two[1]]
        if len(apart) != 1:
            break
        pair = apart[0]
    return None if pair == (left, right) else pair


def _shape(node: nodes.Node, depth: int) -> nodes.Node:
    if isinstance(node, nodes.Fold | nodes.Integral | nodes.Limit):
        name = f"_{depth}"
        body = replaced(node.body, {node.variable: nodes.Name(name)})
        node = nodes.rebuild(node, {id(node.body): body})
        node = _renamed(node, name)
        depth += 1
    node = nodes.rebuild(node, {id(child): _shape(child, depth) for child in nodes.children(node)})
    if isinstance(node, nodes.Negate):
        return _product((nodes.Number(-1), node.operand))
    if isinstance(node, nodes.Divide):
        return _product((node.numerator, _power(node.denominator, nodes.Number(-1))))
    if isinstance(node, nodes.Multiply):
        return _product(node.factors)
    if isinstance(node, nodes.Add):
        return _sum(node.terms)
    if isinstance(node, nodes.Power):
        return _power(node.base, node.exponent)
    if isinstance(node, nodes.Call) and node.function == "sqrt" and node.primes == 0:
        return _power(node.arguments[0], nodes.Number(1, 2))
    if isinstance(node, nodes.Call) and node.function == "exp" and node.primes == 0:
        return _power(nodes.Constant("e"), node.arguments[0])
    return node


def _renamed(node: nodes.Node, name: str) -> nodes.Node:
    if isinstance(node, nodes.Fold):
        return nodes.Fold(node.kind, node.body, name, node.lower, node.upper)
    if isinstance(node, nodes.Integral):
        variable = name if node.lower is not None else node.variable
        return nodes.Integral(node.body, variable, node.lower, node.upper)
    assert isinstance(node, nodes.Limit)
    return nodes.Limit(node.body, name, node.point, node.side)


def _value(node: nodes.Number) -> Fraction:
    return Fraction(node.numerator, node.denominator)


def _number(value: Fraction) -> nodes.Number:
    return nodes.Number(value.numerator, value.denominator)


def _power(base: nodes.Node, exponent: nodes.Node) -> nodes.Node:
    if exponent == nodes.Number(1):
        return base
    if (
        isinstance(base, nodes.Power)
        and isinstance(exponent, nodes.Number)
        and exponent.denominator == 1
    ):
        return _power(base.base, _product((base.exponent, exponent)))
    whole = isinstance(exponent, nodes.Number) and exponent.denominator == 1
    if (
        whole
        and isinstance(base, nodes.Number)
        and isinstance(exponent, nodes.Number)
        and base.numerator
    ):
        if abs(exponent.numerator) < 64:
            return _number(_value(base) ** exponent.numerator)
        return nodes.Power(base, exponent)
    if isinstance(base, nodes.Multiply) and exponent == nodes.Number(-1):
        return _product(tuple(_power(factor, exponent) for factor in base.factors))
    return nodes.Power(base, exponent)


def _product(factors: tuple[nodes.Node, ...]) -> nodes.Node:
    number = Fraction(1)
    rest: list[nodes.Node] = []
    for factor in factors:
        for part in factor.factors if isinstance(factor, nodes.Multiply) else (factor,):
            if isinstance(part, nodes.Number):
                number *= _value(part)
            else:
                rest.append(part)
    rest.sort(key=repr)
    if number != 1 or not rest:
        rest.insert(0, _number(number))
    return rest[0] if len(rest) == 1 else nodes.Multiply(tuple(rest))


def _sum(terms: tuple[nodes.Node, ...]) -> nodes.Node:
    number = Fraction(0)
    rest: list[nodes.Node] = []
    for term in terms:
        for part in term.terms if isinstance(term, nodes.Add) else (term,):
            if isinstance(part, nodes.Number):
                number += _value(part)
            else:
                rest.append(part)
    rest.sort(key=repr)
    if number or not rest:
        rest.append(_number(number))
    return rest[0] if len(rest) == 1 else nodes.Add(tuple(rest))
