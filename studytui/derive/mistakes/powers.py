"""Mistakes with powers, roots, brackets and fractions."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Divide, Multiply, Negate, Node, Number, Power
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    Signed,
    argument,
    call,
    fraction,
    is_call,
    minus,
    negated,
    over,
    plus,
    power,
    quotient,
    signed_terms,
    summed,
    times,
    without,
)

_AB = (("a", "positive"), ("b", "positive"))
_REAL = (("a", "real"), ("b", "real"), ("c", "real"))


def rooted(node: Node) -> Node | None:
    """What a square root is taken of."""
    if is_call(node, "sqrt"):
        return argument(node)
    half = (Number(1, 2), Divide(ONE, TWO))
    return node.base if isinstance(node, Power) and node.exponent in half else None


def _root_of_square(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = rooted(node)
    if inside is not None:
        sign, above, below = fraction(inside)
        for place, factor in enumerate(above):
            if isinstance(factor, Power) and factor.exponent == TWO:
                rest = quotient(sign, without(above, place), below)
                yield factor.base if rest == ONE else times(factor.base, call("sqrt", rest))
    if is_call(node, "abs"):
        yield argument(node)


def _power_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Power) or rooted(node) is not None:
        return
    terms = signed_terms(node.base)
    if len(terms) < 2:
        return
    yield summed((sign, power(term, node.exponent)) for sign, term in terms)
    if any(sign < 0 for sign, _ in terms):
        yield summed((1, power(term, node.exponent)) for _, term in terms)


def _middle_term(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Power) or node.exponent != TWO:
        return
    terms = signed_terms(node.base)
    if len(terms) != 2:
        return
    (one, a), (other, b) = terms
    squares = [(1, power(a, 2)), (1, power(b, 2))]
    sign = one * other
    yield summed([squares[0], (sign, times(a, b)), squares[1]])
    yield summed([squares[0], (-sign, times(TWO, a, b)), squares[1]])
    yield summed([squares[0], (sign, times(TWO, a, b)), (-1, squares[1][1])])


def _root_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = rooted(node)
    if inside is None:
        return
    terms = signed_terms(inside)
    if len(terms) > 1:
        yield summed((sign, _root(term)) for sign, term in terms)


def _root(node: Node) -> Node:
    if isinstance(node, Number) and node == ONE:
        return node
    if isinstance(node, Power) and node.exponent == TWO:
        return node.base
    return call("sqrt", node)


def _constant_out(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Power):
        inside = argument(node) if is_call(node, "sqrt") else None
        if inside is None:
            return
        sign, above, below = fraction(inside)
        for place, factor in enumerate(above):
            rest = quotient(sign, without(above, place), below)
            if rest != ONE:
                yield times(factor, call("sqrt", rest))
        for place, factor in enumerate(below):
            yield over(call("sqrt", quotient(sign, above, without(below, place))), factor)
        return
    sign, above, below = fraction(node.base)
    if len(above) + len(below) < 2 and sign > 0:
        return
    for place, factor in enumerate(above):
        rest = quotient(1, without(above, place), below)
        if rest != ONE:
            yield (
                times(factor, power(rest, node.exponent))
                if sign > 0
                else negated(times(factor, power(rest, node.exponent)))
            )
        if len(above) > 2 or below:
            yield times(quotient(sign, without(above, place), below), power(factor, node.exponent))
    for place, factor in enumerate(below):
        yield over(power(quotient(sign, above, without(below, place)), node.exponent), factor)
    if sign < 0:
        yield negated(power(quotient(1, above, below), node.exponent))


def _power_of_power(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Power) and isinstance(node.base, Power):
        yield power(node.base.base, plus(node.base.exponent, node.exponent))
        yield power(node.base.base, power(node.base.exponent, node.exponent))
    _, above, below = fraction(node) if isinstance(node, Multiply | Divide) else (1, [], [])
    for place, factor in enumerate(above):
        for other in range(place + 1, len(above)):
            first, second = _as_power(factor), _as_power(above[other])
            if first[0] == second[0] and ONE not in (first[1], second[1]):
                rest = [item for number, item in enumerate(above) if number not in (place, other)]
                joined = power(first[0], times(first[1], second[1]))
                yield quotient(1, [*rest, joined], below)


def _as_power(node: Node) -> tuple[Node, Node]:
    return (node.base, node.exponent) if isinstance(node, Power) else (node, ONE)


def _negative_exponent(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Power):
        sign, above, below = fraction(node.exponent)
        if sign < 0:
            yield power(node.base, quotient(1, above, below))
            yield negated(power(node.base, quotient(1, above, below)))


def _bracket_minus(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``-(a + b)``, and ``c - k (a + b)``: the sign reaches the first term only."""
    del symbols
    for sign, term in signed_terms(node) if isinstance(node, Add) else [(1, node)]:
        inner = term.operand if isinstance(term, Negate) else term
        if sign < 0 or isinstance(term, Negate):
            for opened in _half_opened(inner):
                if isinstance(node, Add):
                    terms = signed_terms(node)
                    place = terms.index((sign, term))
                    yield summed([*terms[:place], (1, opened), *terms[place + 1 :]])
                else:
                    yield opened


def _half_opened(inner: Node) -> Iterator[Node]:
    other, above, below = fraction(inner)
    for place, factor in enumerate(above):
        terms = signed_terms(factor)
        if len(terms) < 2:
            continue
        rest = without(above, place)

        def opened(
            items: list[Signed],
            rest: list[Node] = rest,
            sign: int = -other,
        ) -> Node:
            return summed((sign * each, quotient(1, [*rest, term], below)) for each, term in items)

        head, *tail = terms
        yield opened([head, *((-each, term) for each, term in tail)])
        if len(tail) > 1:
            yield opened([head, tail[0], *((-each, term) for each, term in tail[1:])])


def _distributed_once(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``c (a + b)`` as ``c a + b``, and ``(a + b)/c`` as ``a/c + b``."""
    del symbols
    if not isinstance(node, Multiply | Divide):
        return
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        terms = signed_terms(factor)
        rest = without(above, place)
        if len(terms) < 2 or not (rest or below):
            continue
        for chosen in range(len(terms)):
            parts = [
                (each, quotient(1, [*rest, term], below) if number == chosen else term)
                for number, (each, term) in enumerate(terms)
            ]
            yield summed(parts) if sign > 0 else negated(summed(parts))
        if below and rest:
            for chosen in range(len(terms)):
                parts = [
                    (each, quotient(1, [*rest, term], below if number == chosen else []))
                    for number, (each, term) in enumerate(terms)
                ]
                yield summed(parts) if sign > 0 else negated(summed(parts))


def _difference_of_squares(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    terms = signed_terms(node) if isinstance(node, Add) else []
    if len(terms) == 2 and terms[0][0] != terms[1][0]:
        bases = [_square_root(term) for _, term in terms]
        if bases[0] is not None and bases[1] is not None:
            inside = minus(bases[0], bases[1])
            yield power(inside, 2) if terms[0][0] > 0 else negated(power(inside, 2))


def _square_root(node: Node) -> Node | None:
    if isinstance(node, Power) and node.exponent == TWO:
        return node.base
    return node if node == ONE else None


MISTAKES = (
    Mistake(
        "root-of-a-square",
        "The root of a square without its absolute value",
        "The root of a square is the absolute value: sqrt(x^2) = |x|, which is x only for x >= 0.",
        Example("sqrt(x^2)", "x", (("x", "real"),)),
        _root_of_square,
    ),
    Mistake(
        "root-of-a-sum",
        "The root of a sum taken apart",
        "You took the root of a sum apart: deviations do not add, sqrt(a + b) < sqrt(a) + sqrt(b).",
        Example("sqrt(a + b)", "sqrt(a) + sqrt(b)", _AB),
        _root_of_sum,
    ),
    Mistake(
        "power-of-a-sum",
        "The power of a sum taken apart",
        "You squared term by term: (a + b)^2 = a^2 + 2 a b + b^2, with the mixed product.",
        Example("(a + b)^2", "a^2 + b^2", _REAL),
        _power_of_sum,
    ),
    Mistake(
        "middle-term-wrong",
        "The mixed product of a square without its 2, or with a wrong sign",
        "The mixed product of the square is wrong: (a - b)^2 = a^2 - 2 a b + b^2.",
        Example("(a + b)^2", "a^2 + a*b + b^2", _REAL),
        _middle_term,
    ),
    Mistake(
        "difference-of-squares",
        "A difference of squares taken for the square of a difference",
        "a^2 - b^2 = (a - b)(a + b), which is not (a - b)^2.",
        Example("a^2 - b^2", "(a - b)^2", _REAL),
        _difference_of_squares,
    ),
    Mistake(
        "constant-out-of-a-power",
        "A factor pulled out of a power as it is",
        "A factor comes out of a power as that power: (c x)^2 = c^2 x^2, sqrt(c x) = sqrt(c) "
        "sqrt(x).",
        Example("(3*a)^2", "3*a^2", _REAL),
        _constant_out,
    ),
    Mistake(
        "power-of-a-power",
        "Exponents added instead of multiplied, or multiplied instead of added",
        "Exponents multiply in (x^a)^b = x^(a b), and add in x^a x^b = x^(a + b).",
        Example("(a^2)^3", "a^5", _AB),
        _power_of_power,
    ),
    Mistake(
        "negative-exponent",
        "A negative exponent taken for a sign, or dropped",
        "A negative exponent turns the power over: x^(-n) = 1/x^n.",
        Example("a^(-2)", "-a^2", _AB),
        _negative_exponent,
    ),
    Mistake(
        "minus-lost-in-a-bracket",
        "A minus before a bracket reaches the first term only",
        "A minus before a bracket turns every term: a - (b + c) = a - b - c.",
        Example("a - (b + c)", "a - b + c", _REAL),
        _bracket_minus,
        small=True,
    ),
    Mistake(
        "distributed-once",
        "A factor given to one term only",
        "A factor before a bracket goes to every term: c (a + b) = c a + c b, and (a + b)/c = "
        "a/c + b/c.",
        Example("c*(a + b)", "c*a + b", _REAL),
        _distributed_once,
        small=True,
    ),
)  # fmt: skip
