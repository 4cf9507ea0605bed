"""Sums and products taken apart and put together again, however they were written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Divide,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    free_names,
)

ZERO, ONE, TWO = Number(0), Number(1), Number(2)
Item = TypeVar("Item")
Signed = tuple[int, Node]
"""A term with its sign, 1 or -1."""


def signed_terms(node: Node) -> list[Signed]:
    """The terms of a sum; an expression that is none is the only one.

    ``a - b`` gives a with 1 and b with -1.
    """
    terms = node.terms if isinstance(node, Add) else (node,)
    found: list[Signed] = []
    for term in terms:
        if isinstance(term, Negate):
            found.append((-1, term.operand))
        elif isinstance(term, Add):
            found += signed_terms(term)
        else:
            found.append((1, term))
    return found


def summed(terms: Iterable[Signed]) -> Node:
    """The sum of signed terms, without those that are 0."""
    parts = [negated(term) if sign < 0 else term for sign, term in terms if term != ZERO]
    if not parts:
        return ZERO
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def negated(node: Node) -> Node:
    """The negative; of a negative what stands in it, and of 0 that."""
    if node == ZERO:
        return node
    return node.operand if isinstance(node, Negate) else Negate(node)


def fraction(node: Node) -> tuple[int, list[Node], list[Node]]:
    """Sign, factors above and factors below the line of a product or quotient.

    ``-2*x/(3*y)`` gives -1, [2, x] and [3, y].
    """
    if isinstance(node, Negate):
        sign, above, below = fraction(node.operand)
        return -sign, above, below
    if isinstance(node, Divide):
        sign, above, below = fraction(node.numerator)
        other, under, over = fraction(node.denominator)
        return sign * other, above + over, below + under
    if isinstance(node, Multiply):
        sign, above, below = 1, [], []
        for factor in node.factors:
            other, over, under = fraction(factor)
            sign, above, below = sign * other, above + over, below + under
        return sign, above, below
    if isinstance(node, Number) and node.denominator != 1:
        return 1, [Number(node.numerator)], [Number(node.denominator)]
    return 1, [node], []


def product(factors: Iterable[Node]) -> Node:
    """The product of factors, without those that are 1; 0 if one of them is."""
    parts = [factor for factor in factors if factor != ONE]
    if not parts:
        return ONE
    if ZERO in parts:
        return ZERO
    return parts[0] if len(parts) == 1 else Multiply(tuple(parts))


def quotient(sign: int, above: Iterable[Node], below: Iterable[Node]) -> Node:
    """A fraction of products with a sign."""
    top, bottom = product(above), product(below)
    whole = top if bottom == ONE or top == ZERO else Divide(top, bottom)
    return negated(whole) if sign < 0 else whole


def times(*factors: Node) -> Node:
    """A product."""
    return product(factors)


def plus(*terms: Node) -> Node:
    """A sum."""
    return summed((1, term) for term in terms)


def minus(first: Node, other: Node) -> Node:
    """A difference."""
    return summed([(1, first), (-1, other)])


def over(first: Node, other: Node) -> Node:
    """A quotient."""
    return quotient(1, [first], [other])


def power(base: Node, exponent: Node | int) -> Node:
    """A power."""
    other = Number(exponent) if isinstance(exponent, int) else exponent
    return base if other == ONE else Power(base, other)


def call(function: str, *arguments: Node) -> Call:
    """A function's value."""
    return Call(function, arguments)


def is_call(node: Node, *functions: str) -> bool:
    """Whether it is a value of one of these functions, and not of a derivative of one."""
    return isinstance(node, Call) and node.function in functions and not node.primes


def argument(node: Node) -> Node:
    """The only argument of a call."""
    assert isinstance(node, Call)
    return node.arguments[0]


def is_random(node: Node, symbols: Symbols) -> bool:
    """Whether something random stands in it."""
    return any(symbols.domain(name).law for name in free_names(node))


def depends(node: Node, variable: Node | str) -> bool:
    """Whether a name stands free in it."""
    names = frozenset({variable}) if isinstance(variable, str) else free_names(variable)
    return bool(free_names(node) & names)


def without(items: Collection[Item], place: int) -> list[Item]:
    """The items but for the one at a place."""
    return [item for position, item in enumerate(items) if position != place]


def complement(node: Node) -> Node | None:
    """The b of ``1 - b``."""
    terms = signed_terms(node) if isinstance(node, Add) else []
    is_one = len(terms) == 2 and terms[0] == (1, ONE) and terms[1][0] < 0
    return terms[1][1] if is_one else None


def with_one_dropped(node: Node) -> Iterator[tuple[Node, Node]]:
    """Each factor above or below the line, and what is left without it."""
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        yield factor, quotient(sign, without(above, place), below)
    for place, factor in enumerate(below):
        yield factor, quotient(sign, above, without(below, place))


def is_integer(node: Node, symbols: Symbols) -> bool:
    """Whether it is a whole number's name, a number, or such with a number added."""
    if isinstance(node, Number):
        return node.denominator == 1
    if isinstance(node, Name):
        return symbols.domain(node.name).whole
    return isinstance(node, Add | Negate | Multiply) and all(
        is_integer(term, symbols)
        for term in (node.terms if isinstance(node, Add)
                     else node.factors if isinstance(node, Multiply) else (node.operand,))
    )  # fmt: skip


def shifted(node: Node, by: int) -> Node:
    """A whole number more or less, added to what is there: ``n - 1`` and 1 give ``n``."""
    number = by
    rest: list[Signed] = []
    for sign, term in signed_terms(node):
        if isinstance(term, Number) and term.denominator == 1:
            number += sign * term.numerator
        else:
            rest.append((sign, term))
    if number or not rest:
        rest.append((-1 if number < 0 else 1, Number(abs(number))))
        if not rest[:-1] and number < 0:
            return Number(number)
    return summed(rest)
