"""Slips of the pen, tried after every mistake that has a reason of its own."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Divide,
    Index,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
)
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    call,
    complement,
    fraction,
    is_integer,
    negated,
    power,
    quotient,
    shifted,
    signed_terms,
    summed,
    times,
    with_one_dropped,
    without,
)
from studytui.derive.mistakes.statistics import head

_AB = (("a", "positive"), ("b", "positive"), ("n", "positive integer"))


def _sign(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Add):
        terms = signed_terms(node)
        for place, (sign, term) in enumerate(terms):
            yield summed([*terms[:place], (-sign, term), *terms[place + 1 :]])
    elif isinstance(node, Negate):
        yield node.operand
    elif isinstance(node, Multiply | Divide):
        yield negated(node)


def _square_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Power) and isinstance(node.exponent, Number):
        whole = node.exponent.numerator if node.exponent.denominator == 1 else 0
        if whole > 1:
            yield power(node.base, whole - 1)


def _number_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A number before or below a term lost, or put on the other side of the line."""
    del symbols
    sign, above, below = fraction(node)
    if isinstance(node, Number):
        return
    for items in (above, below):
        for place, factor in enumerate(items):
            if isinstance(factor, Number) and factor != ONE:
                rest = without(items, place)
                if items is above:
                    yield quotient(sign, rest, below)
                    yield quotient(sign, rest, [*below, factor])
                else:
                    yield quotient(sign, above, rest)
                    yield quotient(sign, [*above, factor], rest)


def _root_added(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A root too many over a weight between 0 and 1 or a positive name."""
    name = head(node)
    domain = symbols.domain(name) if name in symbols.domains else None
    named = isinstance(node, Name | Index) and domain is not None
    if named and domain is not None and domain.nonnegative and not domain.whole:
        yield call("sqrt", node)
    rest = complement(node)
    if rest is not None and head(rest):
        yield call("sqrt", node)


def _exponent_off(node: Node, symbols: Symbols) -> Iterator[Node]:
    if not isinstance(node, Power) or isinstance(node.exponent, Number):
        return
    if is_integer(node.exponent, symbols):
        for by in (-1, 1):
            yield power(node.base, shifted(node.exponent, by))


def _count_off(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A count of terms off by one: ``n - 1`` for ``n``."""
    if not isinstance(node, Multiply | Divide):
        return
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        if is_integer(factor, symbols) and not isinstance(factor, Number):
            for by in (-1, 1):
                yield quotient(sign, [*without(above, place), shifted(factor, by)], below)
    for place, factor in enumerate(below):
        if is_integer(factor, symbols) and not isinstance(factor, Number):
            for by in (-1, 1):
                yield quotient(sign, above, [*without(below, place), shifted(factor, by)])


def _term_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Add):
        terms = signed_terms(node)
        for place in range(len(terms)):
            yield summed(terms[:place] + terms[place + 1 :])


def _counted_twice(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A term of a sum with a 2 that it has not, as that of a pair that was counted already."""
    del symbols
    if isinstance(node, Add):
        terms = signed_terms(node)
        for place, (sign, term) in enumerate(terms):
            if not isinstance(term, Number):
                yield summed([*terms[:place], (sign, times(TWO, term)), *terms[place + 1 :]])


def _factor_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Multiply | Divide):
        for factor, rest in with_one_dropped(node):
            if not isinstance(factor, Number):
                yield rest


MISTAKES = (
    Mistake(
        "sign-lost",
        "A sign lost",
        "A sign is wrong: plus and minus are exchanged at one term.",
        Example("a - b", "a + b", _AB),
        _sign,
        small=True,
    ),
    Mistake(
        "number-lost",
        "A number lost, or on the wrong side of the line",
        "A number is lost, or stands above the line where it belongs below.",
        Example("a/2 + b", "a + b", _AB),
        _number_lost,
        small=True,
    ),
    Mistake(
        "square-lost",
        "A square lost",
        "An exponent is too small by one: a square became a first power.",
        Example("a^2 + b", "a + b", _AB),
        _square_lost,
        small=True,
    ),
    Mistake(
        "root-too-many",
        "A root too many",
        "A root stands where none belongs: the weight of a variance is alphabar, that of the "
        "signal its root.",
        Example("a*x", "sqrt(a)*x", (*_AB, ("x", "real"))),
        _root_added,
    ),
    Mistake(
        "count-off-by-one",
        "A count off by one",
        "A count is off by one: from 1 to n there are n, between them n - 1.",
        Example("(n - 1)*a", "n*a", _AB),
        _count_off,
        small=True,
    ),
    Mistake(
        "exponent-off-by-one",
        "An exponent off by one",
        "An exponent is off by one.",
        Example("a^n", "a^(n - 1)", _AB),
        _exponent_off,
        small=True,
    ),
    Mistake(
        "factor-lost",
        "A factor lost",
        "A factor of the line above is missing.",
        Example("a*b + 1", "a + 1", _AB),
        _factor_lost,
        small=True,
    ),
    Mistake(
        "term-counted-twice",
        "A term counted twice",
        "A term has a 2 too many: a pair was counted from both sides, or half was forgotten.",
        Example("a^2 + a*b", "a^2 + 2*a*b", _AB),
        _counted_twice,
        small=True,
    ),
    Mistake(
        "term-lost",
        "A term lost",
        "A term of the line above is missing.",
        Example("a^2 + a*b + b", "a^2 + b", _AB),
        _term_lost,
        small=True,
    ),
)  # fmt: skip
