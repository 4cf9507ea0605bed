"""Mistakes with means and variances."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Call, Expectation, Fold, Multiply, Node, Number, Power
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    call,
    fraction,
    is_random,
    negated,
    plus,
    power,
    product,
    quotient,
    signed_terms,
    summed,
    times,
    without,
)

Build = Callable[[Node], Node]
_RANDOM = (("X", "random"), ("Y", "random"))


def _cores(node: Node, symbols: Symbols) -> Iterator[tuple[Build, list[Node], list[Node]]]:
    """The random factors above and below of each term of a mean, and how the mean of that term is
    put back beside the others and its constants."""
    if not isinstance(node, Expectation):
        return
    terms = signed_terms(node.body)
    for place, (sign, term) in enumerate(terms):
        other, above, below = fraction(term)
        upper = [item for item in above if is_random(item, symbols)]
        lower = [item for item in below if is_random(item, symbols)]
        if not upper and not lower:
            continue
        constants = [item for item in above if item not in upper]
        divisors = [item for item in below if item not in lower]
        rest = [item for position, item in enumerate(terms) if position != place]

        def build(
            mean: Node,
            factor: tuple[int, list[Node], list[Node]] = (sign * other, constants, divisors),
            rest: list[tuple[int, Node]] = rest,
        ) -> Node:
            whole = quotient(factor[0], [*factor[1], mean], factor[2])
            return plus(Expectation(summed(rest)), whole) if rest else whole

        yield build, upper, lower


def _mean(above: list[Node], below: list[Node]) -> Node:
    return Expectation(quotient(1, above, below)) if above or below else Number(1)


def _inside_power(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, upper, lower in _cores(node, symbols):
        for place, factor in enumerate(upper):
            rest = without(upper, place)
            if isinstance(factor, Power) and not is_random(factor.exponent, symbols):
                inside = power(Expectation(factor.base), factor.exponent)
                yield build(times(_mean(rest, lower), inside))
                if factor.exponent == Number(4):
                    inside = power(Expectation(power(factor.base, 2)), 2)
                    yield build(times(_mean(rest, lower), inside))
        if len(upper) == 2 and upper[0] == upper[1] and not lower:
            yield build(power(Expectation(upper[0]), 2))


def _of_product(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, upper, lower in _cores(node, symbols):
        if len(upper) + bool(lower) < 2:
            continue
        for place, factor in enumerate(upper):
            yield build(times(Expectation(factor), _mean(without(upper, place), lower)))
        if len(upper) > 2:
            yield build(product(Expectation(factor) for factor in upper))


def _of_ratio(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, upper, lower in _cores(node, symbols):
        if lower:
            yield build(quotient(1, [_mean(upper, [])], [_mean(lower, [])]))


def _inside(*functions: str) -> Callable[[Node, Symbols], Iterator[Node]]:
    def variants(node: Node, symbols: Symbols) -> Iterator[Node]:
        for build, upper, lower in _cores(node, symbols):
            for place, factor in enumerate(upper):
                named = isinstance(factor, Call) and (
                    factor.function in functions
                    or (not functions and factor.function not in _OTHERS)
                )
                if not isinstance(factor, Call) or not named:
                    continue
                means = (
                    Expectation(item) if is_random(item, symbols) else item
                    for item in factor.arguments
                )
                inside = Call(factor.function, tuple(means), factor.primes)
                yield build(times(_mean(without(upper, place), lower), inside))

    return variants


_OTHERS = ("log", "exp", "max", "min", "relu", "abs", "indicator", "delta")


def _inside_maximum(node: Node, symbols: Symbols) -> Iterator[Node]:
    yield from _inside("max", "min", "relu", "abs")(node, symbols)
    for build, upper, lower in _cores(node, symbols):
        if len(upper) == 1 and not lower and isinstance(upper[0], Fold):
            fold = upper[0]
            if fold.kind in ("max", "min"):
                yield build(
                    Fold(fold.kind, Expectation(fold.body), fold.variable, fold.lower, fold.upper)
                )


def _covariances(node: Node) -> Iterator[tuple[Build, Node, Node]]:
    """Each ``E[XY] - E[X] E[Y]`` in a sum: X, Y, and how another value is put in its place."""
    if not isinstance(node, Add):
        return
    terms = signed_terms(node)
    for first, (sign, term) in enumerate(terms):
        if not isinstance(term, Expectation):
            continue
        for second, (other, means) in enumerate(terms):
            pair = _pair(means)
            if sign == other or pair is None:
                continue
            if term.body not in (Multiply(pair), Power(pair[0], TWO)):
                continue
            if pair[0] != pair[1] and isinstance(term.body, Power):
                continue
            rest = [item for place, item in enumerate(terms) if place not in (first, second)]

            def build(value: Node, rest: list[tuple[int, Node]] = rest, sign: int = sign) -> Node:
                return summed([*rest, (sign, value)])

            yield build, *pair


def _pair(node: Node) -> tuple[Node, Node] | None:
    if isinstance(node, Power) and node.exponent == TWO and isinstance(node.base, Expectation):
        return node.base.body, node.base.body
    if isinstance(node, Multiply) and len(node.factors) == 2:
        first, second = node.factors
        if isinstance(first, Expectation) and isinstance(second, Expectation):
            return first.body, second.body
    return None


def variance(node: Node) -> Node:
    """``E[X^2] - E[X]^2``."""
    return Add((Expectation(power(node, 2)), negated(power(Expectation(node), 2))))


def _weighted(node: Node, symbols: Symbols) -> list[tuple[int, Node, Node]]:
    """The terms of a sum as signs, constant factors and random parts; a constant's part is 0."""
    found = []
    for sign, term in signed_terms(node):
        other, above, below = fraction(term)
        upper = [item for item in above if is_random(item, symbols)]
        lower = [item for item in below if is_random(item, symbols)]
        constant = quotient(
            1,
            [item for item in above if item not in upper],
            [item for item in below if item not in lower],
        )
        part = quotient(1, upper, lower) if upper or lower else Number(0)
        found.append((sign * other, constant, part))
    return found


def _variances(
    node: Node, symbols: Symbols
) -> Iterator[tuple[Build, list[tuple[int, Node, Node]]]]:
    for build, first, second in _covariances(node):
        if first == second:
            yield build, _weighted(first, symbols)


def _scale(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, terms in _variances(node, symbols):
        parts = [(sign, scale, part) for sign, scale, part in terms if part != Number(0)]
        if any(scale != ONE for _, scale, _ in parts):
            yield build(plus(*(times(scale, variance(part)) for _, scale, part in parts)))
            yield build(summed((sign, times(scale, variance(part))) for sign, scale, part in parts))


def _no_covariance(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, terms in _variances(node, symbols):
        parts = [(scale, part) for _, scale, part in terms if part != Number(0)]
        if len(parts) > 1:
            yield build(plus(*(times(power(scale, 2), variance(part)) for scale, part in parts)))


def _of_difference(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, terms in _variances(node, symbols):
        if len(terms) > 1 and any(sign < 0 for sign, _, _ in terms):
            yield build(
                summed(
                    (sign, times(power(scale, 2), variance(part)))
                    for sign, scale, part in terms
                    if part != Number(0)
                )
            )


def _constant_kept(node: Node, symbols: Symbols) -> Iterator[Node]:
    for build, first, second in _covariances(node):
        if first != second:
            continue
        terms = signed_terms(first)
        fixed = [item for item in terms if not is_random(item[1], symbols)]
        moving = [item for item in terms if is_random(item[1], symbols)]
        if fixed and moving:
            yield build(plus(variance(summed(moving)), summed(fixed)))
            yield build(plus(variance(summed(moving)), power(summed(fixed), 2)))


def _mean_not_subtracted(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    for build, first, second in _covariances(node):
        yield build(Expectation(power(first, 2) if first == second else times(first, second)))


def _deviation(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    for build, first, second in _covariances(node):
        if first == second:
            yield build(call("sqrt", variance(first)))


MISTAKES = (
    Mistake(
        "mean-inside-a-power",
        "E taken inside a power",
        "You took E inside the square: E[X^2] is not E[X]^2; they differ by Var X.",
        Example("E[X^2] + 1", "E[X]^2 + 1", _RANDOM),
        _inside_power,
    ),
    Mistake(
        "mean-of-a-ratio",
        "E of a quotient taken apart",
        "You took E above and below the line apart: E[1/X] is not 1/E[X]; for positive X it is "
        "larger, by Jensen.",
        Example("E[1/X]", "1/E[X]", (("X", "random positive"),)),
        _of_ratio,
    ),
    Mistake(
        "mean-inside-a-log",
        "E taken inside a logarithm",
        "You took E inside the logarithm: E[log X] <= log E[X] (Jensen), and equal only if X is "
        "constant.",
        Example("E[log(X)]", "log(E[X])", (("X", "random positive"),)),
        _inside("log"),
    ),
    Mistake(
        "mean-inside-an-exponential",
        "E taken inside an exponential",
        "You took E inside the exponential: E[exp X] >= exp E[X] (Jensen); for a normal X they "
        "differ by the factor exp(Var X / 2).",
        Example("E[exp(X)]", "exp(E[X])", _RANDOM),
        _inside("exp"),
    ),
    Mistake(
        "mean-inside-a-maximum",
        "E moved through max, relu or the absolute value",
        "You moved E through a maximum: E[max(X, Y)] >= max(E[X], E[Y]), and not equal.",
        Example("E[max(X, Y)]", "max(E[X], E[Y])", _RANDOM),
        _inside_maximum,
    ),
    Mistake(
        "mean-inside-a-function",
        "E taken inside a function",
        "You took E inside a function: E[f(X)] is f(E[X]) only where f is linear.",
        Example("E[cos(X)]", "cos(E[X])", _RANDOM),
        _inside(),
    ),
    Mistake(
        "variance-scale-not-squared",
        "A variance's factor not squared",
        "A factor comes out of a variance squared: Var[a X] = a^2 Var[X].",
        Example("Var[3*X]", "3*Var[X]", _RANDOM),
        _scale,
    ),
    Mistake(
        "variance-of-a-difference",
        "Variances subtracted",
        "Variances of independent numbers add, also for a difference: Var[X - Y] = Var[X] + "
        "Var[Y] - 2 Cov[X, Y].",
        Example("Var[X - Y]", "Var[X] - Var[Y]", (("X", "independent"), ("Y", "independent"))),
        _of_difference,
    ),
    Mistake(
        "covariance-lost",
        "A covariance left out",
        "You added variances as if the two were uncorrelated: Var[X + Y] = Var[X] + Var[Y] + "
        "2 Cov[X, Y].",
        Example("Var[X + Y]", "Var[X] + Var[Y]", _RANDOM),
        _no_covariance,
    ),
    Mistake(
        "variance-keeps-the-constant",
        "A constant kept in a variance",
        "A constant does not vary: Var[X + c] = Var[X].",
        Example("Var[X + c]", "Var[X] + c", (("X", "random"), ("c", "real"))),
        _constant_kept,
    ),
    Mistake(
        "mean-not-subtracted",
        "The mean square taken for the variance",
        "You took the mean square for the variance: Var[X] = E[X^2] - E[X]^2, and Cov[X, Y] = "
        "E[X Y] - E[X] E[Y].",
        Example("Var[X]", "E[X^2]", _RANDOM),
        _mean_not_subtracted,
    ),
    Mistake(
        "deviation-for-variance",
        "The standard deviation taken for the variance",
        "You took the standard deviation for the variance: the deviation is the variance's root.",
        Example("Var[X]", "sqrt(Var[X])", _RANDOM),
        _deviation,
    ),
    Mistake(
        "independence-assumed",
        "E of a product taken apart",
        "You took E of a product apart: E[X Y] = E[X] E[Y] holds for uncorrelated X and Y only; "
        "they differ by Cov[X, Y].",
        Example("E[X*Y]", "E[X]*E[Y]", _RANDOM),
        _of_product,
    ),
)  # fmt: skip
