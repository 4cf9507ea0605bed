"""Mistakes with sums and products over an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Fold, Multiply, Node, Number, Power, free_names
from studytui.derive.expr.substitute import replaced
from studytui.derive.mistakes.logs_and_exps import exponent_of
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    call,
    depends,
    fraction,
    minus,
    negated,
    plus,
    power,
    quotient,
    shifted,
    signed_terms,
    summed,
    times,
    without,
)

_X = (("x", "sequence"), ("y", "sequence"), ("n", "positive integer"))
_SERIES = (("b", "0 < b < 1"), ("n", "positive integer"))


def is_sum(node: Node) -> bool:
    """Whether it is a sum over an index."""
    return isinstance(node, Fold) and node.kind == "sum"


def _over(fold: Fold, body: Node) -> Fold:
    return replace(fold, body=body)


def _of_products(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Fold) or node.kind != "sum":
        return
    sign, above, below = fraction(node.body)
    moving = [item for item in above if depends(item, node.variable)]
    lower = [item for item in below if depends(item, node.variable)]
    rest = [item for item in above if item not in moving]
    under = [item for item in below if item not in lower]
    for place, factor in enumerate(moving if len(moving) > 1 else ()):
        others = quotient(1, without(moving, place), lower)
        yield quotient(sign, [*rest, _over(node, factor), _over(node, others)], under)


def _of_ratio(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Fold) and node.kind == "sum":
        sign, above, below = fraction(node.body)
        lower = [item for item in below if depends(item, node.variable)]
        if lower:
            rest = [item for item in below if item not in lower]
            top, bottom = _over(node, times(*above)), _over(node, times(*lower))
            yield quotient(sign, [top], [bottom, *rest])


def _is_geometric(fold: Fold) -> bool:
    """Whether each term is a constant times a number to the power of the index."""
    _, above, below = fraction(fold.body)
    moving = [item for item in (*above, *below) if depends(item, fold.variable)]
    return len(moving) == 1 and isinstance(moving[0], Power) and not depends(
        moving[0].base, fold.variable
    )  # fmt: skip


def _series_start(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Fold) and node.kind == "sum" and _is_geometric(node):
        if node.lower == Number(0):
            yield replace(node, lower=ONE)
        elif node.lower == ONE:
            yield replace(node, lower=Number(0))


def _series_ratio(node: Node, symbols: Symbols) -> Iterator[Node]:
    """The denominator 1 - b of a geometric series forgotten."""
    del symbols
    if isinstance(node, Fold) and node.kind == "sum" and _is_geometric(node):
        for factor in fraction(node.body)[1]:
            if isinstance(factor, Power) and depends(factor, node.variable):
                yield times(minus(ONE, factor.base), node)
                yield times(factor.base, node)


def _bounds(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Fold) or node.kind.startswith("arg"):
        return
    for by in (-1, 1):
        yield replace(node, upper=shifted(node.upper, by))
    for by in (1, -1):
        lower = shifted(node.lower, by)
        if lower != Number(-1):
            yield replace(node, lower=lower)
            yield replace(node, lower=lower, upper=shifted(node.upper, by))


def _counted_once(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Fold) or node.kind != "sum":
        return
    sign, above, below = fraction(node.body)
    if not depends(node.body, node.variable):
        yield node.body
    terms = signed_terms(node.body)
    fixed = [item for item in terms if not depends(item[1], node.variable)]
    moving = [item for item in terms if depends(item[1], node.variable)]
    if fixed and moving:
        yield plus(_over(node, summed(moving)), summed(fixed))
    for place, factor in enumerate(above):
        if isinstance(factor, Add) and len(above) > 1:
            inner = signed_terms(factor)
            still = [item for item in inner if not depends(item[1], node.variable)]
            rest = times(*without(above, place))
            if still and not depends(rest, node.variable):
                others = [item for item in inner if item not in still]
                whole = plus(_over(node, summed(others)), summed(still))
                yield quotient(sign, [rest, whole], below)


def count(fold: Fold) -> Node:
    """How many terms a sum has."""
    return shifted(minus(fold.upper, fold.lower), 1)


def _mean_for_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    sign, above, below = fraction(node)
    for factor in above:
        if not isinstance(factor, Fold) or factor.kind != "sum":
            continue
        number = count(factor)
        if number in below:
            place = below.index(number)
            yield quotient(sign, above, without(below, place))
        elif isinstance(node, Fold):
            yield quotient(sign, above, [*below, number])


def _square_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Power) and isinstance(node.base, Fold) and node.base.kind == "sum":
        yield _over(node.base, power(node.base.body, node.exponent))
    if isinstance(node, Fold) and node.kind == "sum":
        sign, above, below = fraction(node.body)
        for place, factor in enumerate(above):
            rest = without(above, place)
            others = [*rest, *below]
            if isinstance(factor, Power) and not any(
                depends(item, node.variable) for item in others
            ):
                inside = power(_over(node, factor.base), factor.exponent)
                yield quotient(sign, [*rest, inside], below)


def _triangle(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Fold) or not isinstance(node.body, Fold):
        return
    inner = node.body
    if node.variable in free_names(inner.upper):
        yield _over(node, replace(inner, upper=replaced(inner.upper, {node.variable: node.upper})))
    if node.variable in free_names(inner.lower):
        yield _over(node, replace(inner, lower=replaced(inner.lower, {node.variable: node.lower})))


def _product_constant(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Fold) or node.kind != "product":
        return
    sign, above, below = fraction(node.body)
    fixed = [item for item in above if not depends(item, node.variable)]
    moving = [item for item in above if item not in fixed]
    if fixed and (moving or below):
        yield quotient(sign, [*fixed, _over(node, quotient(1, moving, below))], [])
    if not depends(node.body, node.variable):
        yield times(count(node), node.body)
        yield node.body


def _product_of_sums(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Fold) and node.kind == "product":
        terms = signed_terms(node.body)
        if len(terms) > 1:
            yield summed((sign, _over(node, term)) for sign, term in terms)


def _sum_for_product(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``x^a x^b`` over an index gives ``x`` to the power of the product of exponents."""
    del symbols
    if isinstance(node, Fold) and node.kind == "product":
        _, above, below = fraction(node.body)
        exponent = exponent_of(node.body)
        if exponent is not None:
            inner = replace(node, body=negated(exponent))
            yield call("exp", replace(node, body=exponent))
            yield call("exp", negated(inner))
        if len(above) == 1 and not below and isinstance(above[0], Power):
            base, exponent = above[0].base, above[0].exponent
            if not depends(base, node.variable):
                yield power(base, replace(node, body=exponent))
                yield power(base, count(node))


def _factor_lost_in_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    """An index's own factor pulled out of the sum at its upper end."""
    del symbols
    if isinstance(node, Fold) and node.kind == "sum" and isinstance(node.body, Multiply):
        for place, factor in enumerate(node.body.factors):
            if depends(factor, node.variable):
                out = replaced(factor, {node.variable: node.upper})
                rest = times(*without(node.body.factors, place))
                yield times(out, _over(node, rest))


MISTAKES = (
    Mistake(
        "sum-of-products-taken-apart",
        "A sum of products taken apart",
        "You took a sum of products for a product of sums: sum(x_i y_i) has n terms, and "
        "sum(x_i) sum(y_i) has n^2.",
        Example("sum(x[i]*y[i], i, 1, n)", "sum(x[i], i, 1, n)*sum(y[i], i, 1, n)", _X),
        _of_products,
    ),
    Mistake(
        "sum-of-ratios-taken-apart",
        "A sum of quotients taken apart",
        "You added what stands above and below the line apart: sum(x_i/y_i) is not "
        "sum(x_i)/sum(y_i).",
        Example("sum(x[i]/y[i], i, 1, n)", "sum(x[i], i, 1, n)/sum(y[i], i, 1, n)",
                (("x", "positive sequence"), ("y", "positive sequence"), _X[2])),
        _of_ratio,
    ),
    Mistake(
        "square-of-a-sum-over-an-index",
        "The square of a sum taken for the sum of squares",
        "You squared term by term: sum(x_i)^2 has the products x_i x_j of all pairs as well.",
        Example("sum(x[i], i, 1, n)^2", "sum(x[i]^2, i, 1, n)", _X),
        _square_of_sum,
    ),
    Mistake(
        "series-starts-at-one",
        "A geometric series with another first term",
        "The geometric series began at another power: from b^0 the sum is (1 - b^n)/(1 - b), "
        "from b^1 it is b times that.",
        Example("sum(b^k, k, 0, n)", "sum(b^k, k, 1, n)", _SERIES),
        _series_start,
        small=True,
    ),
    Mistake(
        "series-without-its-ratio",
        "A geometric series without its denominator",
        "The denominator of the geometric series is wrong or missing: b^0 + ... + b^(n-1) = "
        "(1 - b^n)/(1 - b).",
        Example("sum(b^k, k, 0, n - 1)", "1 - b^n", _SERIES),
        _series_ratio,
    ),
    Mistake(
        "bound-off-by-one",
        "A sum's bound off by one",
        "A bound is off by one: from a to b a sum has b - a + 1 terms; look at its first and last.",
        Example("sum(x[i], i, 1, n)", "sum(x[i], i, 1, n + 1)", _X),
        _bounds,
        small=True,
    ),
    Mistake(
        "constant-counted-once",
        "A constant counted once in a sum",
        "A constant stands in every term of the sum: sum(x_i + c) = sum(x_i) + n c.",
        Example("sum(x[i] + c, i, 1, n)", "sum(x[i], i, 1, n) + c", (*_X, ("c", "real"))),
        _counted_once,
    ),
    Mistake(
        "mean-for-sum",
        "The mean and the sum mixed up",
        "You took a sum for a mean, or a mean for a sum: they differ by the factor n.",
        Example("sum(x[i], i, 1, n)/n", "sum(x[i], i, 1, n)", _X),
        _mean_for_sum,
    ),
    Mistake(
        "inner-bound-lost",
        "An inner sum's bound freed of the outer index",
        "The inner sum's bound depends on the outer index: with it replaced, a triangle of pairs "
        "became a square.",
        Example("sum(sum(x[j], j, 1, i), i, 1, n)", "sum(sum(x[j], j, 1, n), i, 1, n)", _X),
        _triangle,
    ),
    Mistake(
        "index-pulled-out",
        "A factor with the index pulled out of its sum",
        "You pulled a factor out of the sum that changes with the index.",
        Example("sum(i*x[i], i, 1, n)", "n*sum(x[i], i, 1, n)", _X),
        _factor_lost_in_sum,
    ),
    Mistake(
        "constant-out-of-a-product",
        "A constant pulled out of a product once",
        "A constant stands in every factor: the product of c x_i is c^n times the product of x_i.",
        Example("prod(c*x[i], i, 1, n)", "c*prod(x[i], i, 1, n)", (*_X, ("c", "real"))),
        _product_constant,
    ),
    Mistake(
        "product-of-sums-taken-apart",
        "A product of sums taken apart",
        "You took a product of sums for a sum of products: all mixed products are missing.",
        Example("prod(x[i] + y[i], i, 1, n)", "prod(x[i], i, 1, n) + prod(y[i], i, 1, n)", _X),
        _product_of_sums,
    ),
    Mistake(
        "exponents-multiplied",
        "Exponents multiplied in a product",
        "In a product of powers the exponents add: the product of x^(k_i) is x^(sum of k_i).",
        Example("prod(b^k, k, 1, n)", "b^prod(k, k, 1, n)", _SERIES),
        _sum_for_product,
    ),
)  # fmt: skip
