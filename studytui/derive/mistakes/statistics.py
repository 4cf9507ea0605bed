"""Mistakes of statistics and information: divergences, deviations, estimates, densities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Divide,
    Expectation,
    Fold,
    Index,
    Integral,
    Name,
    Node,
    Number,
    Power,
    walk,
)
from studytui.derive.expr.substitute import exchanged, mapped
from studytui.derive.mistakes.logs_and_exps import exponent_of
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    argument,
    call,
    complement,
    fraction,
    is_call,
    is_integer,
    minus,
    power,
    quotient,
    shifted,
    without,
)
from studytui.derive.mistakes.powers import rooted

_PQ = (("p", "positive sequence"), ("q", "positive sequence"), ("K", "positive integer"))


def head(node: Node) -> str:
    """The name of a symbol, or of what an element or a function's value is of."""
    match node:
        case Name():
            return node.name
        case Index():
            return node.base
        case Call() if not node.primes:
            return node.function
        case _:
            return ""


def exchanged_names(node: Node, first: str, other: str) -> Node:
    """The expression with two names exchanged, also those of sequences and functions."""
    turned = {first: other, other: first}

    def change(part: Node) -> Node | None:
        match part:
            case Name(name) if name in turned:
                return Name(turned[name])
            case Index(base, indices) if base in turned:
                return Index(turned[base], indices)
            case Call(function, arguments, primes) if function in turned:
                return Call(turned[function], arguments, primes)
            case _:
                return None

    return mapped(node, change)


def _divergence(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``sum p log(p/q)``, or the same integral or mean, with p and q exchanged."""
    if not isinstance(node, Fold | Integral | Expectation):
        return
    for part in walk(node.body):
        if not is_call(part, "log"):
            continue
        _, above, below = fraction(argument(part))
        tops, bottoms = _heads(above, symbols), _heads(below, symbols)
        for first in tops:
            for other in bottoms:
                if first != other:
                    yield exchanged_names(node, first, other)
    weights = _heads(fraction(node.body)[1], symbols)
    logs = [part for part in walk(node.body) if is_call(part, "log")]
    for log in logs:
        for other in _heads(fraction(argument(log))[1], symbols):
            for first in weights:
                if first != other:
                    yield exchanged_names(node, first, other)


def _heads(factors: list[Node], symbols: Symbols) -> list[str]:
    names = [head(factor) for factor in factors]
    return [name for name in names if name in symbols.domains and name]


def _cross_entropy(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The log's weight replaced: entropy for cross entropy, or the other distribution's mean."""
    if not isinstance(node, Fold):
        return
    sign, above, below = fraction(node.body)
    logs = [factor for factor in above if is_call(factor, "log")]
    for log in logs:
        _, top, bottom = fraction(argument(log))
        for place, factor in enumerate(above):
            for other in (*top, *bottom):
                if isinstance(other, Index) and isinstance(factor, Index) and other != factor:
                    changed = [*above[:place], other, *above[place + 1 :]]
                    yield replace(node, body=quotient(sign, changed, below))
                    inside = call("log", exchanged(argument(log), other, factor))
                    changed = [inside if item is log else item for item in above]
                    yield replace(node, body=quotient(sign, changed, below))
            if isinstance(factor, Index) and bottom and top:
                for kept in (quotient(1, top, []), quotient(1, bottom, [])):
                    changed = [item for item in above if item is not log]
                    yield replace(node, body=quotient(sign, [*changed, call("log", kept)], below))
    del symbols


def _bessel(node: Node, symbols: Symbols) -> Iterator[Node]:
    sign, above, below = fraction(node)
    for place, factor in enumerate(below):
        if isinstance(factor, Number) or not is_integer(factor, symbols):
            continue
        rest = without(below, place)
        if any(_is_squared(item) for item in above):
            for by in (-1, 1):
                yield quotient(sign, above, [*rest, shifted(factor, by)])


def _is_squared(node: Node) -> bool:
    return any(isinstance(part, Power) and part.exponent == TWO for part in walk(node)) and any(
        isinstance(part, Fold) for part in walk(node)
    )


def _density(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A normal density with the variance where the deviation belongs, or the other way round."""
    if not isinstance(node, Divide) or exponent_of(node.numerator) is None:
        return
    if not any(part == Constant("pi") for part in walk(node.denominator)):
        return
    for name in _positive_names(node.denominator, symbols):
        for other in (power(Name(name), 2), call("sqrt", Name(name))):
            yield mapped(node, lambda part, n=name, o=other: o if part == Name(n) else None)  # type: ignore[misc]


def _positive_names(node: Node, symbols: Symbols) -> list[str]:
    names = {part.name for part in walk(node) if isinstance(part, Name)}
    return sorted(name for name in names if symbols.domain(name).positive)


def _scale_squared(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A deviation for a variance in the exponent of a bell curve, or in a score."""
    inside = exponent_of(node)
    target = inside if inside is not None else node
    sign, above, below = fraction(target)
    for place, factor in enumerate(below):
        changed: Node | None = None
        if isinstance(factor, Power) and factor.exponent == TWO and _is_scale(factor.base, symbols):
            changed = factor.base
        elif (
            isinstance(factor, Name)
            and symbols.domain(factor.name).positive
            and _is_scale(factor, symbols)
        ):
            changed = power(factor, 2)
        if changed is None or not any(_has_difference(item) for item in above):
            continue
        whole = quotient(sign, above, [*without(below, place), changed])
        yield call("exp", whole) if inside is not None else whole


def _is_scale(node: Node, symbols: Symbols) -> bool:
    """Whether it may be a deviation: a number that has a name, and counts nothing."""
    name = head(node)
    return name in symbols.domains and not symbols.domain(name).whole


def _has_difference(node: Node) -> bool:
    base = node.base if isinstance(node, Power) else node
    return isinstance(base, Add | Name)


def _normaliser(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The root lost over 2 pi, or the 2 or the pi."""
    del symbols
    inside = rooted(node)
    if inside is None:
        return
    _, above, below = fraction(inside)
    if Constant("pi") in above:
        yield inside
        for place, factor in enumerate(above):
            if factor in (TWO, Constant("pi")):
                yield call("sqrt", quotient(1, without(above, place), below))


def _exchanged_complement(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``1 - p`` for ``p``, and the other way round."""
    other = complement(node)
    if other is not None:
        yield other
    name = head(node)
    domain = symbols.domain(name) if name in symbols.domains else None
    if domain is not None and domain.upper == 1 and domain.nonnegative:
        yield minus(ONE, node)


_DECAYS = ("alpha", "beta", "gamma", "eta", "lambda")


def _bernoulli(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``p (1 - p)`` as ``p`` or as ``p^2``; a decay such as beta is no probability."""
    del symbols
    sign, above, below = fraction(node)
    for place, factor in enumerate(above):
        if head(factor).startswith(_DECAYS):
            continue
        for other, second in enumerate(above):
            if place != other and second == minus(ONE, factor):
                rest = [item for number, item in enumerate(above) if number not in (place, other)]
                yield quotient(sign, [*rest, factor], below)
                yield quotient(sign, [*rest, power(factor, 2)], below)


def _importance(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The ratio of two distributions turned over where it weighs a mean or a sum."""
    if not isinstance(node, Fold | Expectation | Integral):
        return
    sign, above, below = fraction(node.body)
    for place, factor in enumerate(above):
        if isinstance(factor, Power) and isinstance(factor.base, Divide):
            ratio = factor.base
            turned = power(Divide(ratio.denominator, ratio.numerator), factor.exponent)
            rest = without(above, place)
            yield replace(node, body=quotient(sign, [*rest, turned], below))
            yield replace(node, body=quotient(sign, rest, below))
    for place, factor in enumerate(above):
        base = factor.base if isinstance(factor, Power) else factor
        for other, divisor in enumerate(below):
            under = divisor.base if isinstance(divisor, Power) else divisor
            heads = head(base), head(under)
            if all(name in symbols.domains for name in heads) and heads[0] != heads[1]:
                top = [*without(above, place), divisor]
                body = quotient(sign, top, [*without(below, other), factor])
                yield replace(node, body=body)
                tops, bottoms = without(above, place), without(below, other)
                yield replace(node, body=quotient(sign, tops, bottoms))


def _weighted_mean(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A weighted mean without its normaliser."""
    del symbols
    sign, above, below = fraction(node)
    for place, factor in enumerate(below):
        if isinstance(factor, Fold) and any(isinstance(item, Fold) for item in above):
            yield quotient(sign, above, without(below, place))


MISTAKES = (
    Mistake(
        "divergence-turned-round",
        "A divergence turned round",
        "You turned the divergence round: KL(p||q) = sum p log(p/q) weighs with p, and KL(q||p) "
        "is another number.",
        Example("sum(p[i]*log(p[i]/q[i]), i, 1, K)", "sum(q[i]*log(q[i]/p[i]), i, 1, K)", _PQ),
        _divergence,
    ),
    Mistake(
        "entropy-for-cross-entropy",
        "Entropy and cross entropy mixed up",
        "The weight and the logarithm belong to other distributions: -sum p log q is the cross "
        "entropy, -sum p log p the entropy.",
        Example("sum(p[i]*log(q[i]), i, 1, K)", "sum(q[i]*log(q[i]), i, 1, K)", _PQ),
        _cross_entropy,
    ),
    Mistake(
        "importance-weight-turned-over",
        "An importance weight turned over, or left out",
        "The importance weight is wrong: E_p[f] = E_b[(p/b) f], the target above and what was "
        "drawn from below.",
        Example("sum(q[i]*(p[i]/q[i])^2, i, 1, K)", "sum(q[i]*(q[i]/p[i])^2, i, 1, K)", _PQ),
        _importance,
    ),
    Mistake(
        "weights-not-normalised",
        "A weighted mean without its normaliser",
        "The weights are not divided by their sum: a weighted mean is sum(w x)/sum(w).",
        Example("sum(p[i]*q[i], i, 1, K)/sum(p[i], i, 1, K)", "sum(p[i]*q[i], i, 1, K)", _PQ),
        _weighted_mean,
    ),
    Mistake(
        "n-for-n-minus-one",
        "Divided by n for n - 1, or the other way round",
        "The number that a sum of squares is divided by is off by one: n - 1 for an unbiased "
        "estimate with the mean estimated, n for the mean square.",
        Example("sum((x[i] - c)^2, i, 1, n)/(n - 1)", "sum((x[i] - c)^2, i, 1, n)/n",
                (("x", "sequence"), ("c", "real"), ("n", "integer, n >= 2"))),
        _bessel,
        small=True,
    ),
    Mistake(
        "scale-of-a-density",
        "A density with the variance for the deviation",
        "A normal density divides by the standard deviation, and its exponent by twice the "
        "variance.",
        Example("normalpdf(x, 0, s)", "normalpdf(x, 0, s^2)", (("x", "real"), ("s", "positive"))),
        _density,
    ),
    Mistake(
        "scale-not-squared",
        "A deviation where the variance belongs, or the other way round",
        "The exponent of a bell curve, and its score, divide by the variance: -(x - m)^2/(2 s^2) "
        "and -(x - m)/s^2.",
        Example("exp(-(x - m)^2/(2*s^2))", "exp(-(x - m)^2/(2*s))",
                (("x", "real"), ("m", "real"), ("s", "positive"))),
        _scale_squared,
        small=True,
    ),
    Mistake(
        "normaliser-wrong",
        "The root or a factor lost in a normal density",
        "A normal density is normalised by sqrt(2 pi s^2).",
        Example("exp(-x^2/2)/sqrt(2*pi)", "exp(-x^2/2)/(2*pi)", (("x", "real"),)),
        _normaliser,
    ),
    Mistake(
        "variance-of-a-coin",
        "The variance of a coin without its second factor",
        "A coin that shows 1 with probability p has variance p (1 - p).",
        Example("x*p*(1 - p)", "x*p", (("x", "real"), ("p", "0 < p < 1"))),
        _bernoulli,
    ),
    Mistake(
        "complement",
        "p and 1 - p mixed up",
        "A probability or a weight stands where its complement belongs: p for 1 - p.",
        Example("(1 - p)*x", "p*x", (("x", "real"), ("p", "0 < p < 1"))),
        _exchanged_complement,
        small=True,
    ),
)  # fmt: skip
