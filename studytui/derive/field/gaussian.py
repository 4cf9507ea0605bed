"""Gaussian integrals over the line, and means of normal numbers, in closed form.

For a quadratic ``q(x) = c + b x - x^2/(2 v)`` with v > 0, and a polynomial P,

    ``int(P(x) exp(q(x)), x, -oo, oo) = sqrt(2 pi v) exp(c + b^2 v/2) M``, where
    ``M = P(m) + P''(m) v/2 + P''''(m) v^2/8 + ...`` (over ``2^k k!``) and ``m = b v``:

completing the square leaves the mean of ``P`` of a normal number, by Taylor's theorem about its
mean and the moments ``(2 k - 1)!! v^k``. The integral converges for every such P, so that a sum of
them may be taken apart. The mean of ``P(Z) exp(q(Z))`` is the integral times the density.
"""

from __future__ import annotations

from itertools import islice
from math import factorial

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_real
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.field.differentiate import differentiate
from studytui.derive.field.field_equality import identical
from studytui.derive.field.positivity import never_negative

MOST_TERMS = 24
MOST_DEGREE = 8
LARGEST = 400
"""Parts of a derivative: what is no polynomial grows with each."""
_ZERO, _ONE, _TWO, _PI, _INFINITY = (
    nodes.Number(0),
    nodes.Number(1),
    nodes.Number(2),
    nodes.Constant("pi"),
    nodes.Constant("oo"),
)
Term = tuple[nodes.Node, nodes.Node]
"""A polynomial, and the exponent of what it is multiplied by."""


def closed(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with such integrals and means in closed form."""
    if not any(isinstance(part, nodes.Expectation | nodes.Integral) for part in nodes.walk(node)):
        return node
    return mapped(node, lambda part: _closed(part, symbols))


def _closed(part: nodes.Node, symbols: Symbols) -> nodes.Node | None:
    if isinstance(part, nodes.Integral):
        if (part.upper, part.lower) != (_INFINITY, nodes.Negate(_INFINITY)):
            return None
        inside = symbols.with_domains({part.variable: Domain()})
        return _integral(_opened(part.body, inside), part.variable, inside)
    if not isinstance(part, nodes.Expectation):
        return None
    random = [name for name in nodes.free_names(part.body) if symbols.domain(name).law]
    if len(random) != 1 or symbols.domain(random[0]).law != "normal":
        return None
    if not any(
        isinstance(item, nodes.Call) and item.function == "exp" for item in nodes.walk(part.body)
    ):
        return None  # polynomials have laws of their own
    (name,) = random
    mean, deviation = symbols.domain(name).parameters
    inside = symbols.with_domains({name: Domain()})
    if not never_negative(deviation, inside, strict=True):
        return None
    density = _density(nodes.Name(name), mean, deviation)
    return _integral(nodes.Multiply((part.body, density)), name, inside)


def _density(place: nodes.Node, mean: nodes.Node, deviation: nodes.Node) -> nodes.Node:
    gap = nodes.Add((place, nodes.Negate(mean)))
    square = nodes.Divide(
        nodes.Power(gap, _TWO), nodes.Multiply((_TWO, nodes.Power(deviation, _TWO)))
    )
    scale = nodes.Multiply((deviation, nodes.Call("sqrt", (nodes.Multiply((_TWO, _PI)),))))
    return nodes.Divide(nodes.Call("exp", (nodes.Negate(square),)), scale)


def _opened(body: nodes.Node, symbols: Symbols) -> nodes.Node:
    """Normal densities written out, and their logarithms as polynomials."""

    def logarithm(node: nodes.Node) -> nodes.Node | None:
        """Of a product or a quotient of what is positive, exponentials taken off."""
        if isinstance(node, nodes.Divide | nodes.Multiply):
            parts = [logarithm(part) for part in nodes.children(node)]
            known = tuple(part for part in parts if part is not None)
            if len(known) < len(parts):
                return None
            return (
                nodes.Add(known)
                if isinstance(node, nodes.Multiply)
                else nodes.Add((known[0], nodes.Negate(known[1])))
            )
        if isinstance(node, nodes.Call) and node.function == "exp" and not node.primes:
            return node.arguments[0] if plainly_real(node.arguments[0], symbols) else None
        return nodes.Call("log", (node,)) if never_negative(node, symbols, strict=True) else None

    def is_plain(node: nodes.Call) -> bool:
        return never_negative(node.arguments[2], symbols, strict=True)

    def opened(node: nodes.Node) -> nodes.Node | None:
        if isinstance(node, nodes.Call) and node.function == "normalpdf" and is_plain(node):
            return _density(*node.arguments)
        return None

    def without_logs(node: nodes.Node) -> nodes.Node | None:
        is_log = (
            isinstance(node, nodes.Call) and node.function == "log" and len(node.arguments) == 1
        )
        return logarithm(node.arguments[0]) if is_log and isinstance(node, nodes.Call) else None

    return mapped(mapped(body, opened), without_logs)


def _integral(body: nodes.Node, variable: str, symbols: Symbols) -> nodes.Node | None:
    found = terms(body, variable)
    if not found or len(found) > MOST_TERMS:
        return None
    values = [_value(*term, variable, symbols) for term in found]
    known = tuple(value for value in values if value is not None)
    return nodes.Add((*known, _ZERO)) if len(known) == len(values) else None


def terms(node: nodes.Node, variable: str) -> list[Term]:
    """Terms as a polynomial times an exponential; nothing where there are too many."""
    if variable not in nodes.free_names(node):
        return [(node, _ZERO)]
    if isinstance(node, nodes.Add):
        return [pair for term in node.terms for pair in terms(term, variable)]
    if isinstance(node, nodes.Negate):
        return [(nodes.Negate(part), exponent) for part, exponent in terms(node.operand, variable)]
    if isinstance(node, nodes.Call) and node.function == "exp" and not node.primes:
        return [(_ONE, node.arguments[0])]
    if isinstance(node, nodes.Power) and node.base == nodes.Constant("e"):
        return [(_ONE, node.exponent)]
    if isinstance(node, nodes.Multiply):
        return _products(node.factors, variable)
    if isinstance(node, nodes.Divide):
        below = terms(node.denominator, variable)
        if len(below) != 1 or variable in nodes.free_names(below[0][0]):
            return [(node, _ZERO)]
        factor, less = below[0]
        return [
            (nodes.Divide(part, factor), nodes.Add((exponent, nodes.Negate(less))))
            for part, exponent in terms(node.numerator, variable)
        ]
    if isinstance(node, nodes.Power) and isinstance(node.exponent, nodes.Number):
        inner = terms(node.base, variable)
        if len(inner) == 1 and node.exponent.denominator == 1 and node.exponent.numerator > 0:
            part, exponent = inner[0]
            return [(nodes.Power(part, node.exponent), nodes.Multiply((node.exponent, exponent)))]
    return [(node, _ZERO)]


def _products(factors: tuple[nodes.Node, ...], variable: str) -> list[Term]:
    found: list[Term] = [(_ONE, _ZERO)]
    for factor in factors:
        here = terms(factor, variable)
        if all(exponent == _ZERO for _, exponent in here):
            here = [(factor, _ZERO)]  # a polynomial need not be multiplied out
        found = [
            (nodes.Multiply((part, other)), nodes.Add((exponent, more)))
            for part, exponent in found
            for other, more in here
        ]
        if len(found) > MOST_TERMS:
            return []
    return found


def _value(
    part: nodes.Node, exponent: nodes.Node, variable: str, symbols: Symbols
) -> nodes.Node | None:
    """The integral of one polynomial times one exponential; None where it is something else."""
    slopes = derivatives(exponent, variable, symbols, 2)
    parts = derivatives(part, variable, symbols, MOST_DEGREE)
    if slopes is None or parts is None or len(slopes) != 3:
        return None
    low, slope, bend = (replaced(item, {variable: _ZERO}) for item in slopes)
    if not never_negative(nodes.Negate(bend), symbols, strict=True):
        return None
    variance = nodes.Negate(nodes.Divide(_ONE, bend))
    mean = nodes.Multiply((slope, variance))
    moments = tuple(
        nodes.Divide(
            nodes.Multiply(
                (replaced(item, {variable: mean}), nodes.Power(variance, nodes.Number(order)))
            ),
            nodes.Number(2**order * factorial(order)),
        )
        for order, item in enumerate(parts[::2])
    )
    root = nodes.Call("sqrt", (nodes.Multiply((_TWO, _PI, variance)),))
    half = nodes.Divide(nodes.Multiply((nodes.Power(slope, _TWO), variance)), _TWO)
    return nodes.Multiply(
        (root, nodes.Call("exp", (nodes.Add((low, half)),)), nodes.Add((*moments, _ZERO)))
    )


def derivatives(
    node: nodes.Node, variable: str, symbols: Symbols, most: int
) -> list[nodes.Node] | None:
    """A polynomial and its derivatives, as long as they are not zero; None where it is none, or of
    a higher degree."""
    found = [node]
    while len(found) <= most + 1:
        following = differentiate(found[-1], variable)
        if following is None or sum(1 for _ in islice(nodes.walk(following), LARGEST)) == LARGEST:
            return None
        if identical(following, _ZERO, symbols):
            return found
        found.append(following)
    return None
