"""Mistakes with integrals, densities and limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Derivative,
    Fold,
    Integral,
    Limit,
    Name,
    Negate,
    Node,
    Number,
    Power,
    walk,
)
from studytui.derive.expr.substitute import exchanged, replaced
from studytui.derive.mistakes.logs_and_exps import exponent_of
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    call,
    depends,
    fraction,
    is_call,
    minus,
    negated,
    over,
    plus,
    power,
    quotient,
    shifted,
    signed_terms,
    summed,
    times,
    without,
)

_INFINITIES = (Constant("oo"), Negate(Constant("oo")))


def _of_product(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Integral) or node.lower is None:
        return
    sign, above, below = fraction(node.body)
    moving = [item for item in above if depends(item, node.variable)]
    for place, factor in enumerate(moving):
        if len(moving) + len(below) > 1:
            rest = [item for item in above if item is not factor]
            del place
            yield times(replace(node, body=factor), replace(node, body=quotient(sign, rest, below)))


def _antiderivative(node: Node, symbols: Symbols) -> Iterator[Node]:
    """Each term by a wrong antiderivative, the others by their integral."""
    del symbols
    if not isinstance(node, Integral) or node.lower is None or node.upper is None:
        return
    terms = signed_terms(node.body)
    for place, (sign, term) in enumerate(terms):
        rest = terms[:place] + terms[place + 1 :]
        others = [(1, replace(node, body=summed(rest)))] if rest else []
        other, above, below = fraction(term)
        moving = [item for item in above if depends(item, node.variable)]
        if len(moving) != 1 or any(depends(item, node.variable) for item in below):
            continue
        still = [item for item in above if item not in moving]
        for wrong in _primitives(moving[0], Name(node.variable)):
            value = minus(_at(wrong, node, node.upper), _at(wrong, node, node.lower))
            yield summed([*others, (sign * other, quotient(1, [*still, value], below))])


def _primitives(factor: Node, variable: Node) -> Iterator[Node]:
    inside = exponent_of(factor)
    if inside is not None:
        sign = fraction(inside)[0]
        for wrong in (factor, times(Derivative(inside, variable), factor)):
            yield wrong
            if sign < 0:
                yield negated(wrong)
    base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, ONE)
    if base == variable and not depends(exponent, variable):
        raised = power(base, plus(exponent, ONE))
        yield raised
        yield over(raised, exponent)
        yield times(exponent, power(base, shifted(exponent, -1)))
        yield times(plus(exponent, ONE), raised)


def _at(node: Node, integral: Integral, bound: Node) -> Node:
    if bound in _INFINITIES and any(exponent_of(part) is not None for part in walk(node)):
        return Number(0)  # as one takes it, whichever way the exponential goes
    if bound in _INFINITIES:
        return Limit(node, integral.variable, bound)
    return replaced(node, {integral.variable: bound})


def _is_jacobian(node: Node) -> bool:
    return any(isinstance(part, Derivative) or is_call(part, "det") for part in walk(node))


def _jacobian_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        if _is_jacobian(factor) and len(above) > 1:
            yield quotient(sign, without(above, place), below)
    for place, factor in enumerate(below):
        if is_call(factor, "abs") or _is_jacobian(factor):
            yield quotient(sign, above, without(below, place))


def _jacobian_turned(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        if _is_jacobian(factor) and len(above) > 1:
            yield quotient(sign, without(above, place), [*below, factor])
    for place, factor in enumerate(below):
        if is_call(factor, "abs") or _is_jacobian(factor):
            yield quotient(sign, [*above, factor], without(below, place))


def _log_determinant(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if is_call(node, "log") and _is_jacobian(node):
        yield negated(node)
        inside = node.arguments[0] if isinstance(node, Call) else node
        if is_call(inside, "abs") and isinstance(inside, Call):
            yield inside


def _half_line(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Integral) and node.upper == Constant("oo"):
        if node.lower == Negate(Constant("oo")):
            yield replace(node, lower=Number(0))
        elif node.lower == Number(0):
            yield replace(node, lower=Negate(Constant("oo")))
    elif isinstance(node, Integral) and isinstance(node.lower, Negate):
        yield replace(node, lower=Number(0))


def _limit_inside(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Limit):
        return
    for part in walk(node.body):
        if isinstance(part, Power) and depends(part.base, node.variable):
            inner = power(replace(node, body=part.base), part.exponent)
            yield replace(node, body=_exchanged(node.body, part, inner))
        if isinstance(part, Fold) and depends(part.body, node.variable):
            inner = replace(part, body=replace(node, body=part.body))
            yield replace(node, body=_exchanged(node.body, part, inner))


def _exchanged(node: Node, part: Node, value: Node) -> Node:
    return exchanged(node, part, value)


def _limit_dropped(node: Node, symbols: Symbols) -> Iterator[Node]:
    """Of a quotient only the first term of a sum kept, which is not the leading one."""
    del symbols
    if not isinstance(node, Limit):
        return
    sign, above, below = fraction(node.body)
    for items, is_top in ((above, True), (below, False)):
        for place, factor in enumerate(items):
            if not isinstance(factor, Add):
                continue
            terms = signed_terms(factor)
            for other in range(len(terms)):
                kept = summed(terms[:other] + terms[other + 1 :])
                changed = [*items[:place], kept, *items[place + 1 :]]
                whole = quotient(sign, *((changed, below) if is_top else (above, changed)))
                yield replace(node, body=whole)


def _through_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Call) and len(node.arguments) > 1 and is_call(node, "max", "min"):
        sums = [signed_terms(item) for item in node.arguments]
        longest = max(len(item) for item in sums)
        if longest > 1:
            columns = [
                [
                    (Negate(item[place][1]) if item[place][0] < 0 else item[place][1])
                    if place < len(item)
                    else Number(0)
                    for item in sums
                ]
                for place in range(longest)
            ]
            yield plus(*(call(node.function, *column) for column in columns))
    if is_call(node, "relu", "abs", "floor", "ceiling", "sign") and isinstance(node, Call):
        terms = signed_terms(node.arguments[0])
        if len(terms) > 1:
            yield plus(
                *(call(node.function, negated(term) if sign < 0 else term) for sign, term in terms)
            )
            yield summed((sign, call(node.function, term)) for sign, term in terms)
    if isinstance(node, Fold) and node.kind in ("max", "min"):
        terms = signed_terms(node.body)
        if len(terms) > 1:
            yield summed((sign, replace(node, body=term)) for sign, term in terms)
        if isinstance(node.body, Fold) and node.body.kind == "sum":
            yield replace(node.body, body=replace(node, body=node.body.body))


def _min_for_max(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    other = {"max": "min", "min": "max", "floor": "ceiling", "ceiling": "floor"}
    if isinstance(node, Call) and node.function in other and not node.primes:
        yield Call(other[node.function], node.arguments)
    if isinstance(node, Fold) and node.kind in other:
        yield replace(node, kind=other[node.kind])


_R = (("x", "real"), ("a", "positive"), ("b", "real"))
MISTAKES = (
    Mistake(
        "limit-taken-inside",
        "A limit taken inside a power or a product that still grows",
        "You let a part go to its limit before the rest: (1 + x/n)^n goes to exp(x), not to 1^n.",
        Example("lim((1 + x/n)^n, n, oo)", "1", (("x", "real"), ("n", "positive integer"))),
        _limit_inside,
    ),
    Mistake(
        "limit-drops-the-leading-term",
        "A term dropped in a limit that does not vanish beside the rest",
        "In a limit only terms that vanish beside the others may go: look at the largest of each "
        "sum.",
        Example("lim((2*n + 1)/(n + 3), n, oo)", "lim(1/(n + 3), n, oo)",
                (("n", "positive integer"),)),
        _limit_dropped,
    ),
    Mistake(
        "jacobian-lost",
        "The Jacobian lost in a change of variables",
        "The Jacobian is missing: with x = g(y) the density of y is p(g(y)) |g'(y)|.",
        Example("exp(-x^2)*abs(diff(2*x + b, x))", "exp(-x^2)", _R),
        _jacobian_lost,
    ),
    Mistake(
        "jacobian-turned-over",
        "The Jacobian turned over in a change of variables",
        "The Jacobian stands upside down: dx = |dx/dy| dy.",
        Example("exp(-x^2)*abs(diff(2*x + b, x))", "exp(-x^2)/abs(diff(2*x + b, x))", _R),
        _jacobian_turned,
    ),
    Mistake(
        "log-determinant-sign",
        "The log-determinant with a wrong sign",
        "The sign of the log-determinant is wrong: log p(y) = log p(x) - log |det dy/dx|.",
        Example("b - log(abs(det([[a, x], [0, 1]])))", "b + log(abs(det([[a, x], [0, 1]])))", _R),
        _log_determinant,
        small=True,
    ),
    Mistake(
        "integral-of-a-product",
        "The integral of a product taken apart",
        "The integral of a product is not the product of integrals; integrate by parts.",
        Example("int(x*exp(-x), x, 0, 1)", "int(x, x, 0, 1)*int(exp(-x), x, 0, 1)", _R),
        _of_product,
    ),
    Mistake(
        "antiderivative-factor",
        "An antiderivative with a wrong factor",
        "The antiderivative has a wrong factor: that of x^n is x^(n+1)/(n+1), that of exp(a x) is "
        "exp(a x)/a.",
        Example("int(exp(-a*x), x, 0, oo)", "1", _R),
        _antiderivative,
    ),
    Mistake(
        "half-line",
        "The whole line and half of it mixed up",
        "The integral runs over half of the line: over all of it an even function gives twice as "
        "much.",
        Example("int(exp(-x^2), x, -oo, oo)", "int(exp(-x^2), x, 0, oo)", _R),
        _half_line,
    ),
    Mistake(
        "maximum-through-a-sum",
        "max, relu, the absolute value or floor moved through a sum",
        "You moved a maximum through a sum: max(a + b, c + d) <= max(a, c) + max(b, d).",
        Example("relu(x + b)", "relu(x) + relu(b)", _R),
        _through_sum,
    ),
    Mistake(
        "minimum-for-maximum",
        "min and max, or floor and ceiling, mixed up",
        "min stands where max belongs, or floor where ceiling does.",
        Example("max(x, b)", "min(x, b)", _R),
        _min_for_max,
    ),
)  # fmt: skip
