"""Mistakes of optimisers, reinforcement learning and diffusion: names and places mixed up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Derivative,
    Divide,
    Fold,
    Index,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    walk,
)
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    call,
    complement,
    fraction,
    is_integer,
    minus,
    plus,
    power,
    quotient,
    shifted,
    signed_terms,
    summed,
    with_one_dropped,
    without,
)
from studytui.derive.mistakes.powers import rooted
from studytui.derive.mistakes.statistics import exchanged_names, head

_DISCOUNTS = ("gamma", "discount")
Chosen = Callable[[str, Symbols], bool]


def _is_discount(name: str, symbols: Symbols) -> bool:
    del symbols
    return name in _DISCOUNTS


def _is_decay(name: str, symbols: Symbols) -> bool:
    """Whether a name is a number between 0 and 1, and no discount."""
    domain = symbols.domain(name)
    return domain.upper == 1 and domain.nonnegative and name not in _DISCOUNTS


def _off_by_one(chosen: Chosen) -> Callable[[Node, Symbols], Iterator[Node]]:
    """The exponent of a chosen name one more or one less."""

    def variants(node: Node, symbols: Symbols) -> Iterator[Node]:
        if isinstance(node, Power) and chosen(head(node.base), symbols):
            plain = isinstance(node.exponent, Number)
            if not plain and is_integer(node.exponent, symbols):
                yield power(node.base, shifted(node.exponent, -1))
                yield power(node.base, shifted(node.exponent, 1))

    return variants


def _raised(node: Node, symbols: Symbols) -> Power | None:
    """The beta^t of ``1 - beta^t``, with a name in the exponent."""
    raised = complement(node)
    if not isinstance(raised, Power) or isinstance(raised.exponent, Number):
        return None
    return raised if is_integer(raised.exponent, symbols) else None


def _bias_correction(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``1 - beta^t``: the exponent off by one, the correction forgotten, or only beta."""
    raised = _raised(node, symbols)
    if raised is None or head(raised.base) in _DISCOUNTS:
        return
    for by in (-1, 1):
        yield minus(ONE, power(raised.base, shifted(raised.exponent, by)))
    yield minus(ONE, raised.base)
    yield power(minus(ONE, raised.base), raised.exponent)


def _correction_forgotten(node: Node, symbols: Symbols) -> Iterator[Node]:
    for factor, rest in with_one_dropped(node):
        raised = complement(factor)
        if isinstance(raised, Power) and is_integer(raised.exponent, symbols):
            yield rest


def _weight_forgotten(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The weight 1 - beta of an average forgotten."""
    for factor, rest in with_one_dropped(node):
        weight = complement(factor)
        named = weight is not None and head(weight).startswith("beta")
        averages = any(isinstance(part, Fold) for part in walk(rest))
        if weight is not None and (named or (averages and _is_decay(head(weight), symbols))):
            yield rest


def _epsilon(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``sqrt(v) + eps`` as ``sqrt(v + eps)``, and the other way round."""
    del symbols
    terms = signed_terms(node) if isinstance(node, Add) else []
    for place, (sign, term) in enumerate(terms):
        inside = rooted(term)
        rest = terms[:place] + terms[place + 1 :]
        if inside is not None and sign > 0 and rest and _is_epsilon(rest):
            yield call("sqrt", plus(inside, summed(rest)))
    inside = rooted(node)
    if inside is not None:
        inner = signed_terms(inside)
        for place in range(len(inner)):
            rest = inner[:place] + inner[place + 1 :]
            if rest and _is_epsilon(inner[place : place + 1]):
                yield plus(call("sqrt", summed(rest)), summed([inner[place]]))


def _is_epsilon(terms: list[tuple[int, Node]]) -> bool:
    return len(terms) == 1 and terms[0][0] > 0 and isinstance(terms[0][1], Name)


_SUBSCRIPT = re.compile(r"^([^\W\d_]+)(?:_?(\d|[a-z]))$")


def _relatives(name: str, symbols: Symbols) -> list[str]:
    """Other declared names that differ from one in their index only."""
    found = _SUBSCRIPT.match(name)
    if found is None:
        return []
    return [
        other
        for other in sorted(symbols.domains)
        if other != name
        and (match := _SUBSCRIPT.match(other)) is not None
        and match.group(1) == found.group(1)
        and symbols.domain(other).kind == symbols.domain(name).kind
    ]


def _one_for_the_other(node: Node, symbols: Symbols) -> Iterator[Node]:
    if isinstance(node, Name):
        for other in _relatives(node.name, symbols):
            yield Name(other)


def _subscript_exchanged(node: Node, symbols: Symbols) -> Iterator[Node]:
    """Two names exchanged in a product, a quotient or a sum: ``m_1`` and ``m_2``."""
    if isinstance(node, Add | Multiply | Divide | Call | Power):
        names = sorted({part.name for part in walk(node) if isinstance(part, Name)})
        for first in names:
            for other in _relatives(first, symbols):
                if first < other and other in names:
                    yield exchanged_names(node, first, other)


def _bar(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``alpha`` for ``alphabar``: one step's share for the product of all."""
    if isinstance(node, Index | Name):
        name = head(node)
        other = name.removesuffix("bar") if name.endswith("bar") else f"{name}bar"
        if other in symbols.domains:
            yield replace(node, base=other) if isinstance(node, Index) else Name(other)


def _step(node: Node, symbols: Symbols) -> Iterator[Node]:
    """An element one step before or after."""
    if isinstance(node, Index) and len(node.indices) == 1:
        place = node.indices[0]
        if not isinstance(place, Number) and is_integer(place, symbols):
            for by in (-1, 1):
                yield replace(node, indices=(shifted(place, by),))
    if isinstance(node, Call) and node.function in symbols.domains and len(node.arguments) == 1:
        place = node.arguments[0]
        if not isinstance(place, Number) and is_integer(place, symbols) and not node.primes:
            for by in (-1, 1):
                yield Call(node.function, (shifted(place, by),))


def _discount_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Multiply | Divide | Negate):
        sign, above, below = fraction(node)
        for place, factor in enumerate(above):
            if head(factor) in _DISCOUNTS and len(above) > 1:
                yield quotient(sign, without(above, place), below)
                yield quotient(sign, [*without(above, place), power(factor, 2)], below)


def _series_end(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A tail of the discounted sum forgotten or counted: ``1/(1 - gamma)`` with a power."""
    del symbols
    sign, above, below = fraction(node)
    for place, factor in enumerate(below):
        discount = complement(factor)
        if discount is not None and head(discount) in _DISCOUNTS:
            yield quotient(sign, above, without(below, place))
            yield quotient(sign, above, [*without(below, place), plus(ONE, discount)])


def _root_forgotten(node: Node, symbols: Symbols) -> Iterator[Node]:
    """A root forgotten: the variance for the deviation, the weight for its root."""
    del symbols
    inside = rooted(node)
    if inside is not None:
        yield inside


def _deviations_added(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``a^2 + b^2`` as ``(a + b)^2``: deviations added where variances do."""
    del symbols
    terms = signed_terms(node) if isinstance(node, Add) else []
    squares = [
        (place, term.base)
        for place, (sign, term) in enumerate(terms)
        if sign > 0 and isinstance(term, Power) and term.exponent == Number(2)
    ]
    for (first, one), (second, other) in pairwise(squares):
        rest = [item for place, item in enumerate(terms) if place not in (first, second)]
        yield summed([*rest, (1, power(plus(one, other), 2))])


def _gradient_of_log(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``grad log p`` for ``grad p``, and the other way round."""
    del symbols
    if isinstance(node, Derivative) and isinstance(node.body, Call) and node.order == 1:
        yield replace(node, body=call("log", node.body))


_BETAS = (("beta_1", "0 < beta_1 < 1"), ("beta_2", "0 < beta_2 < 1"), ("t", "positive integer"))
MISTAKES = (
    Mistake(
        "bias-correction",
        "A bias correction at the wrong step",
        "The bias correction is 1 - beta^t with the number of steps taken, counted from 1.",
        Example("1 - beta_1^t", "1 - beta_1^(t - 1)", _BETAS),
        _bias_correction,
    ),
    Mistake(
        "bias-correction-forgotten",
        "A bias correction forgotten",
        "The bias correction is missing: the weights of t steps sum to 1 - beta^t, not to 1.",
        Example("x/(1 - beta_1^t)", "x", (*_BETAS, ("x", "real"))),
        _correction_forgotten,
    ),
    Mistake(
        "indices-exchanged",
        "Two names that differ in their index exchanged",
        "Two names with different indices changed places.",
        Example("beta_1*(1 - beta_2)", "beta_2*(1 - beta_1)", _BETAS),
        _subscript_exchanged,
    ),
    Mistake(
        "one-index-for-the-other",
        "One of two names that differ in their index taken for the other",
        "A name stands with the index of its neighbour, such as beta_1 for beta_2.",
        Example("beta_1*(1 - beta_2)", "beta_1*(1 - beta_1)", _BETAS),
        _one_for_the_other,
        small=True,
    ),
    Mistake(
        "epsilon-inside-the-root",
        "Epsilon moved into or out of the root",
        "Adam adds epsilon to the root: sqrt(v) + eps is not sqrt(v + eps).",
        Example("sqrt(v) + r", "sqrt(v + r)", (("v", "positive"), ("r", "positive"))),
        _epsilon,
    ),
    Mistake(
        "discount-off-by-one",
        "A discount off by one step",
        "The discount is off by one step: a reward k steps ahead counts gamma^k.",
        Example("gamma^t*x", "gamma^(t + 1)*x",
                (("gamma", "0 < gamma < 1"), ("t", "natural"), ("x", "real"))),
        _off_by_one(_is_discount),
        small=True,
    ),
    Mistake(
        "discount-lost",
        "A discount lost, or counted twice",
        "What comes a step later is discounted once: r + gamma v.",
        Example("x + gamma*y", "x + y",
                (("gamma", "0 < gamma < 1"), ("x", "real"), ("y", "real"))),
        _discount_lost,
    ),
    Mistake(
        "discounted-sum-not-divided",
        "The sum of all discounts without its denominator",
        "All discounts together come to 1/(1 - gamma).",
        Example("x/(1 - gamma)", "x", (("gamma", "0 < gamma < 1"), ("x", "real"))),
        _series_end,
    ),
    Mistake(
        "decay-off-by-one",
        "A decay's exponent off by one",
        "The exponent of the decay is off by one: what came in at step i has decayed t - i times.",
        Example("beta_1^(t - 1)*beta_2", "beta_1^t*beta_2", _BETAS),
        _off_by_one(_is_decay),
        small=True,
    ),
    Mistake(
        "average-weight-forgotten",
        "The weight 1 - beta of an average forgotten",
        "A moving average weighs what is new with 1 - beta.",
        Example("(1 - beta_1)*x", "x", (*_BETAS, ("x", "real"))),
        _weight_forgotten,
    ),
    Mistake(
        "product-of-all-steps",
        "alpha of one step and alphabar of all mixed up",
        "alphabar_t is the product of alpha up to t: one stands for the other here.",
        Example("sqrt(alphabar[t])", "sqrt(alpha[t])",
                (("alpha", "positive sequence"), ("alphabar", "positive sequence"),
                 ("t", "positive integer"))),
        _bar,
        small=True,
    ),
    Mistake(
        "step-off-by-one",
        "An element one step too early or too late",
        "An index is off by one: the element of the step before or after stands here.",
        Example("x[t] - x[t - 1]", "x[t + 1] - x[t - 1]",
                (("x", "sequence"), ("t", "integer"))),
        _step,
        small=True,
    ),
    Mistake(
        "deviations-added",
        "Deviations added where variances add",
        "Variances add, not deviations: two noises together have s^2 = a^2 + b^2.",
        Example("a^2 + b^2", "(a + b)^2", (("a", "positive"), ("b", "positive"))),
        _deviations_added,
    ),
    Mistake(
        "root-forgotten",
        "A root forgotten",
        "A root is missing: a deviation is the root of a variance, a signal keeps sqrt(alphabar).",
        Example("sqrt(a)*x", "a*x", (("a", "positive"), ("x", "real"))),
        _root_forgotten,
        small=True,
    ),
    Mistake(
        "score-for-slope",
        "The slope of a density and that of its logarithm mixed up",
        "The score is the slope of the log density: (log p)' = p'/p, which is not p'.",
        Example("diff(p(x), x)", "diff(log(p(x)), x)", (("p", "positive function"), ("x", "real"))),
        _gradient_of_log,
    ),
)  # fmt: skip
