"""Mistakes with logarithms and exponentials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Constant, Divide, Fold, Multiply, Node, Number, Power
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    argument,
    call,
    depends,
    fraction,
    is_call,
    minus,
    negated,
    over,
    plus,
    power,
    product,
    quotient,
    signed_terms,
    summed,
    times,
    with_one_dropped,
    without,
)

_AB = (("a", "positive"), ("b", "positive"))
_REAL = (("a", "real"), ("b", "real"))


def _is_log(node: Node) -> bool:
    return is_call(node, "log") and len(getattr(node, "arguments", ())) == 1


def exponent_of(node: Node) -> Node | None:
    """What ``exp`` or a power of e is taken of."""
    if is_call(node, "exp"):
        return argument(node)
    return node.exponent if isinstance(node, Power) and node.base == Constant("e") else None


def _log_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not _is_log(node):
        return
    sign, above, below = fraction(argument(node))
    if sign < 0:
        return
    for items, turned in ((above, 1), (below, -1)):
        for place, factor in enumerate(items):
            apart: Node | None = None
            terms = signed_terms(factor)
            if len(terms) > 1:
                apart = summed((each, call("log", term)) for each, term in terms)
            elif isinstance(factor, Fold) and factor.kind == "sum":
                apart = replace(factor, body=call("log", factor.body))
            if apart is None:
                continue
            rest = without(items, place)
            top, bottom = (rest, below) if turned > 0 else (above, rest)
            other = quotient(1, top, bottom)
            part = apart if turned > 0 else negated(apart)
            yield part if other == ONE else plus(call("log", other), part)


def _log_of_product(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not _is_log(node):
        return
    _, above, below = fraction(argument(node))
    if len(above) > 1:
        whole = product(call("log", factor) for factor in above)
        yield minus(whole, call("log", product(below))) if below else whole
    if is_call(argument(node), "abs"):
        _, above, below = fraction(argument(argument(node)))
        sizes = [factor for factor in above if not isinstance(factor, Number)]
        if len(sizes) > 1 and not below:
            yield product(call("log", call("abs", factor)) for factor in sizes)
    if below and above != [ONE]:
        yield over(call("log", product(above)), call("log", product(below)))


def _sum_of_logs(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``log a - log b`` as ``log(a - b)`` or ``log a / log b``."""
    del symbols
    terms = signed_terms(node)
    logs = [place for place, (_, term) in enumerate(terms) if _is_log(term)]
    for first, second in pairwise(logs):
        rest = [item for place, item in enumerate(terms) if place not in (first, second)]
        (sign, one), (other, two) = terms[first], terms[second]
        inside = summed([(1, argument(one)), (sign * other, argument(two))])
        yield summed([*rest, (sign, call("log", inside))])
        whole = times(one, two) if sign == other else over(one, two)
        yield summed([*rest, (sign, whole)])


def _log_turned(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not _is_log(node):
        return
    _, above, below = fraction(argument(node))
    if below:
        top, bottom = product(above), product(below)
        yield call("log", over(bottom, top))
        yield call("log", times(top, bottom))


def _log_of_power(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if _is_log(node) and isinstance(argument(node), Power):
        inside = argument(node)
        assert isinstance(inside, Power)
        yield power(call("log", inside.base), inside.exponent)
        yield call("log", inside.base)
    if isinstance(node, Power) and _is_log(node.base):
        yield times(node.exponent, node.base)
    if _is_log(node) and is_call(argument(node), "sqrt"):
        inside = argument(argument(node))
        yield call("sqrt", call("log", inside))
        yield call("log", inside)
        yield times(Number(2), call("log", inside))


def _exp_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = exponent_of(node)
    if inside is None:
        return
    terms = signed_terms(inside)
    if len(terms) > 1:
        yield summed((sign, call("exp", term)) for sign, term in terms)
    if isinstance(inside, Fold) and inside.kind == "sum":
        yield replace(inside, body=call("exp", inside.body))


def _exp_of_product(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = exponent_of(node)
    if inside is not None:
        sign, above, below = fraction(inside)
        if len(above) > 1 and sign > 0:
            for place, factor in enumerate(above):
                rest = quotient(1, without(above, place), below)
                yield times(call("exp", factor), call("exp", rest))
    if isinstance(node, Multiply):
        powers = [(place, exponent_of(item)) for place, item in enumerate(node.factors)]
        found = [(place, item) for place, item in powers if item is not None]
        for (first, one), (second, other) in pairwise(found):
            others = [
                item for place, item in enumerate(node.factors) if place not in (first, second)
            ]
            yield times(*others, call("exp", times(one, other)))


def _exp_of_power(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = exponent_of(node.base) if isinstance(node, Power) else None
    if inside is not None and isinstance(node, Power):
        yield call("exp", power(inside, node.exponent))
        yield call("exp", plus(inside, node.exponent))


def _exp_of_log(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = exponent_of(node)
    if inside is None:
        return
    sign, above, below = fraction(inside)
    for place, factor in enumerate(above):
        if _is_log(factor) and len(above) + len(below) > 1:
            yield quotient(sign, [*without(above, place), argument(factor)], below)
        if _is_log(factor) and sign < 0:
            yield negated(times(*without(above, place), argument(factor)))


def _exp_of_quotient(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Divide):
        first, second = exponent_of(node.numerator), exponent_of(node.denominator)
        if first is not None and second is not None:
            yield call("exp", over(first, second))


def _base_forgotten(node: Node, symbols: Symbols) -> Iterator[Node]:
    """Nats for bits: a division by log 2 forgotten."""
    del symbols
    for factor, rest in with_one_dropped(node):
        if _is_log(factor) and argument(factor) in (Number(2), Number(10)):
            yield rest


def _log_of_mean(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The number of terms forgotten: ``log(sum/n)`` as ``log(sum)/n``."""
    del symbols
    if _is_log(node):
        sign, above, below = fraction(argument(node))
        if below and sign > 0:
            yield over(call("log", product(above)), product(below))
        numbers = [item for item in above if isinstance(item, Number)]
        rest = [item for item in above if item not in numbers]
        if numbers and rest:
            yield times(*numbers, call("log", quotient(sign, rest, below)))


def _temperature(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    inside = exponent_of(node)
    if inside is None:
        return
    sign, above, below = fraction(inside)
    for place, factor in enumerate(below):
        if not isinstance(factor, Number):
            yield call("exp", quotient(sign, [*above, factor], without(below, place)))


def _softmax_shift(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The shift of softmax in the numerator only, or in the denominator only."""
    del symbols
    if not isinstance(node, Divide):
        return
    inside = exponent_of(node.numerator)
    if inside is not None and isinstance(node.denominator, Fold):
        for place, _ in enumerate(signed_terms(inside)):
            rest = [item for number, item in enumerate(signed_terms(inside)) if number != place]
            if rest and not depends(summed(rest), node.denominator.variable):
                yield Divide(call("exp", summed(rest)), node.denominator)


MISTAKES = (
    Mistake(
        "log-of-a-sum",
        "The logarithm of a sum taken apart",
        "You took the log of a sum apart: log(a b) = log a + log b, and log(a + b) is no sum of "
        "logarithms.",
        Example("log(a + b)", "log(a) + log(b)", _AB),
        _log_of_sum,
    ),
    Mistake(
        "log-of-a-product",
        "The logarithm of a product taken factor by factor",
        "The log of a product is a sum, and that of a quotient a difference: log(a b) = log a + "
        "log b.",
        Example("log(a*b)", "log(a)*log(b)", _AB),
        _log_of_product,
    ),
    Mistake(
        "log-of-a-power",
        "The exponent under a logarithm misplaced",
        "The exponent comes out of the log as a factor: log(a^n) = n log a, which is not "
        "(log a)^n.",
        Example("log(a^n)", "log(a)^n", (*_AB, ("n", "positive integer"))),
        _log_of_power,
    ),
    Mistake(
        "log-of-a-multiple",
        "A factor taken out of a logarithm as a factor",
        "A factor inside the log comes out as a summand: log(a/n) = log a - log n.",
        Example("log(2*a)", "2*log(a)", _AB),
        _log_of_mean,
    ),
    Mistake(
        "log-of-a-quotient-turned",
        "The logarithm of a quotient turned over",
        "The log of a quotient lost its sign: log(a/b) = log a - log b.",
        Example("log(a/b)", "log(b) - log(a)", _AB),
        _log_turned,
    ),
    Mistake(
        "sum-of-logs",
        "A sum of logarithms taken for a logarithm of a sum, or for a product",
        "A sum of logarithms is the log of a product, a difference that of a quotient: log a - "
        "log b = log(a/b).",
        Example("log(a) - log(b)", "log(a)/log(b)", _AB),
        _sum_of_logs,
    ),
    Mistake(
        "exp-of-a-sum",
        "The exponential of a sum taken apart",
        "You took the exponential of a sum for a sum: exp(a + b) = exp(a) exp(b).",
        Example("exp(a + b)", "exp(a) + exp(b)", _REAL),
        _exp_of_sum,
    ),
    Mistake(
        "exp-of-a-product",
        "The exponential of a product taken apart",
        "Exponents add where exponentials are multiplied: exp(a) exp(b) = exp(a + b), and "
        "exp(a b) = exp(a)^b.",
        Example("exp(a)*exp(b)", "exp(a*b)", _REAL),
        _exp_of_product,
    ),
    Mistake(
        "exp-of-a-power",
        "A power of an exponential misplaced",
        "A power of an exponential multiplies its exponent: exp(a)^2 = exp(2 a).",
        Example("exp(a)^2", "exp(a^2)", _REAL),
        _exp_of_power,
    ),
    Mistake(
        "exp-of-a-quotient",
        "The quotient of exponentials taken inside",
        "Exponents are subtracted where exponentials are divided: exp(a)/exp(b) = exp(a - b).",
        Example("exp(a)/exp(b)", "exp(a/b)", (("a", "real"), ("b", "positive"))),
        _exp_of_quotient,
    ),
    Mistake(
        "exp-of-a-log",
        "A factor kept beside exp and log that cancel",
        "exp and log cancel only where nothing stands between them: exp(a log b) = b^a.",
        Example("exp(a*log(b))", "a*b", (("a", "real"), ("b", "positive"))),
        _exp_of_log,
    ),
    Mistake(
        "nats-for-bits",
        "The base of a logarithm forgotten",
        "A log to base 2 is the natural one divided by log 2: a bit is log 2 nats.",
        Example("log(a)/log(2)", "log(a)", _AB),
        _base_forgotten,
    ),
    Mistake(
        "temperature-multiplied",
        "Multiplied by what an exponent is divided by",
        "You multiplied the exponent by what it is divided by: a high temperature flattens "
        "exp(x/tau).",
        Example("exp(a/b)", "exp(a*b)", (("a", "real"), ("b", "positive"))),
        _temperature,
    ),
    Mistake(
        "softmax-shifted-once",
        "A softmax shifted above or below only",
        "A shift leaves softmax as it is only if it stands above and below the line.",
        Example("exp(s[k] - c)/sum(exp(s[j]), j, 1, n)", "exp(s[k])/sum(exp(s[j]), j, 1, n)",
                (("s", "sequence"), ("c", "real"), ("n", "positive integer"),
                 ("k", "integer, 1 <= k <= n"))),
        _softmax_shift,
    ),
)  # fmt: skip
