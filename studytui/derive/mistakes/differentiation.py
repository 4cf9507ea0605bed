"""The derivative by the rules, with one of them missed at one place, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Derivative,
    Divide,
    Expectation,
    Fold,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    Relation,
)
from studytui.derive.expr.substitute import exchanged, mapped, replaced
from studytui.derive.functions import FUNCTIONS
from studytui.derive.mistakes.mistake import Variants
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    argument,
    call,
    depends,
    minus,
    negated,
    over,
    plus,
    power,
    shifted,
    signed_terms,
    summed,
    times,
    without,
)

Level = Callable[[Node, Node], Iterator[Node]]
"""Wrong derivatives of an expression in a variable by one rule; what is inside is right."""


def derivative(node: Node, variable: Node) -> Node:
    """The derivative; of a constant 0 and of the variable itself 1, so that lines stay small."""
    if node == variable:
        return ONE
    return Derivative(node, variable) if depends(node, variable) else Number(0)


def outer(node: Call) -> Node | None:
    """The derivative of a function of one argument, at that argument; None where it is not known.

    ``log(u)`` gives ``1/u``, a declared ``f(u)`` gives ``f'(u)``.
    """
    if len(node.arguments) != 1:
        return None
    if node.function not in FUNCTIONS or node.primes:
        return Call(node.function, node.arguments, node.primes + 1)
    inside = node.arguments[0]
    squared = power(node, 2)
    table: dict[str, Node] = {
        "exp": node,
        "log": over(ONE, inside),
        "sqrt": over(ONE, times(TWO, node)),
        "sin": call("cos", inside),
        "cos": negated(call("sin", inside)),
        "tan": plus(ONE, squared),
        "tanh": minus(ONE, squared),
        "sigmoid": times(node, minus(ONE, node)),
        "softplus": call("sigmoid", inside),
        "abs": call("sign", inside),
        "relu": call("indicator", _positive(inside)),
    }
    return table.get(node.function)


def _positive(node: Node) -> Node:
    return Relation((node, Number(0)), (">",))


def by(level: Level) -> Variants:
    """Derivatives in which one rule is missed at one place, at any depth."""

    def variants(node: Node, symbols: Symbols) -> Iterator[Node]:
        del symbols
        if isinstance(node, Derivative):
            for wrong in _wrong(node.body, node.variable, level):
                rest = node.order - 1
                yield Derivative(wrong, node.variable, rest) if rest else wrong

    return variants


def _wrong(body: Node, variable: Node, level: Level) -> Iterator[Node]:
    if not depends(body, variable):
        return
    yield from level(body, variable)
    if isinstance(body, Negate):
        yield from (negated(wrong) for wrong in _wrong(body.operand, variable, level))
    elif isinstance(body, Add):
        terms = signed_terms(body)
        for place, (sign, term) in enumerate(terms):
            rest = derivative(summed(terms[:place] + terms[place + 1 :]), variable)
            for wrong in _wrong(term, variable, level):
                yield summed([(1, rest), (sign, wrong)])
    elif isinstance(body, Multiply):
        for place, factor in enumerate(body.factors):
            rest = times(*without(body.factors, place))
            for wrong in _wrong(factor, variable, level):
                yield plus(times(wrong, rest), times(factor, derivative(rest, variable)))
    elif isinstance(body, Divide):
        yield from _in_quotient(body, variable, level)
    elif isinstance(body, Power):
        for wrong in _wrong(body.base, variable, level):
            if not depends(body.exponent, variable):
                yield times(lowered(body), wrong)
    elif isinstance(body, Fold) and body.kind == "sum" and isinstance(variable, Name):
        yield from (replace(body, body=wrong) for wrong in _wrong(body.body, variable, level))
    elif isinstance(body, Expectation):
        yield from (Expectation(wrong) for wrong in _wrong(body.body, variable, level))
    elif isinstance(body, Call):
        slope = outer(body)
        if slope is not None:
            yield from (times(slope, wrong) for wrong in _wrong(argument(body), variable, level))


def _in_quotient(body: Divide, variable: Node, level: Level) -> Iterator[Node]:
    top, bottom = body.numerator, body.denominator
    for wrong in _wrong(top, variable, level):
        yield minus(over(wrong, bottom), falling(body, derivative(bottom, variable)))
    for wrong in _wrong(bottom, variable, level):
        yield minus(over(derivative(top, variable), bottom), falling(body, wrong))


def falling(body: Divide, slope: Node) -> Node:
    """``f g'/g^2``, where ``slope`` is g'."""
    return over(times(body.numerator, slope), power(body.denominator, 2))


def lowered(body: Power) -> Node:
    """``n x^(n-1)``."""
    return times(body.exponent, power(body.base, shifted(body.exponent, -1)))


def worked_out(node: Node) -> Node:
    """The line with plain derivatives taken, as a person writes it.

    ``diff(f(t)/2, t)`` becomes ``f'(t)/2``.
    """

    def change(part: Node) -> Node | None:
        if isinstance(part, Derivative) and part.order == 1 and isinstance(part.variable, Name):
            return _worked(part.body, part.variable)
        return None

    return mapped(node, change)


def by_element(body: Node, own: Node) -> Node:
    """The derivative by a sequence's element, written with a name of its own in its place."""
    name = Name("z'")
    inside = exchanged(body, own, name)
    wrong = next(_wrong(inside, name, lambda node, variable: iter(_exact(node, variable))), None)
    return Number(0) if wrong is None else replaced(wrong, {"z'": own})


def _exact(body: Node, variable: Node) -> list[Node]:
    """The derivative itself, worked out where it is made of sums, products and functions."""
    found = _worked(body, variable)
    return [] if found is None else [found]


def _worked(body: Node, variable: Node) -> Node | None:
    if body == variable:
        return ONE
    if not depends(body, variable):
        return Number(0)
    parts: list[Node | None]
    match body:
        case Negate():
            inner = _worked(body.operand, variable)
            return None if inner is None else negated(inner)
        case Add():
            parts = [_worked(term, variable) for term in body.terms]
            return None if None in parts else plus(*(part for part in parts if part is not None))
        case Multiply():
            parts = [_worked(factor, variable) for factor in body.factors]
            if None in parts:
                return None
            return plus(
                *(
                    times(part, *without(body.factors, place))
                    for place, part in enumerate(parts)
                    if part is not None
                )
            )
        case Divide() if not depends(body.denominator, variable):
            inner = _worked(body.numerator, variable)
            return None if inner is None else over(inner, body.denominator)
        case Power() if not depends(body.exponent, variable):
            inner = _worked(body.base, variable)
            return None if inner is None else times(lowered(body), inner)
        case Fold(kind="sum") if isinstance(variable, Name) and body.variable != variable.name:
            inner = _worked(body.body, variable)
            return None if inner is None else replace(body, body=inner)
        case Expectation():
            inner = _worked(body.body, variable)
            return None if inner is None else Expectation(inner)
        case Call() if len(body.arguments) == 1:
            inner, slope = _worked(body.arguments[0], variable), outer(body)
            return None if inner is None or slope is None else times(slope, inner)
        case _:
            return None
