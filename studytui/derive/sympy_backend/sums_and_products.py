"""Sums and products in a canonical form: closed where known, else as differences of partial sums.

With S(n) = f(1) + ... + f(n), a sum from a to b is S(b) - S(a - 1), and S(n + 1) = S(n) + f(n + 1):
so sums that are split, joined or shifted end up alike.
"""

from __future__ import annotations

from typing import Any

import sympy

from studytui.derive.sympy_backend.rewrite import apart
from studytui.derive.sympy_backend.uninterpreted import PartialProduct, PartialSum

MOST_SHIFT = 12
_INDEX = sympy.Symbol("_k", integer=True)


class Folds:
    """The rewriting, with the expressions that are known not to vanish: ``1 - r`` for a ratio."""

    def __init__(self, nonzero: frozenset[Any] = frozenset()) -> None:
        self.nonzero = nonzero

    def without(self, expression: Any) -> Any:
        """The expression with its sums and products in canonical form."""
        if not expression.has(sympy.Sum, sympy.Product):
            return expression
        if isinstance(expression, sympy.Sum):
            return self._sum(self.without(expression.function), expression.limits)
        if isinstance(expression, sympy.Product):
            return self._product(self.without(expression.function), expression.limits)
        if isinstance(expression, sympy.Integral):
            body = apart(self.without(expression.function))
            return sympy.Integral(sympy.powsimp(body), *expression.limits)
        if isinstance(expression, sympy.Limit):
            return expression
        return expression.func(*(self.without(argument) for argument in expression.args))

    def _sum(self, body: Any, limits: Any) -> Any:
        for limit in limits:
            body = self._single_sum(body, *limit)
        return body

    def _single_sum(self, body: Any, index: Any, lower: Any, upper: Any) -> Any:
        total = sympy.Integer(0)
        for term in sympy.Add.make_args(apart(_partial_fractions(body, index))):
            outside, inside = term.as_independent(index, as_Add=False)
            total += outside * self._plain_sum(inside, index, lower, upper)
        return total

    def _plain_sum(self, body: Any, index: Any, lower: Any, upper: Any) -> Any:
        if not body.has(index):
            return body * (upper - lower + 1)
        whole = sympy.Sum(body, (index, lower, upper))
        if upper.is_infinite or lower.is_infinite:
            return whole.doit()
        if body.has(sympy.KroneckerDelta) or _is_polynomial(body, index):
            return whole.doit()
        ratio = self._ratio(body, index)
        if ratio is not None:
            return body.subs(index, lower) * (1 - ratio ** (upper - lower + 1)) / (1 - ratio)
        if body.has(sympy.binomial, sympy.factorial):
            closed = whole.doit()
            if not closed.has(sympy.Sum, sympy.Piecewise, sympy.hyper):
                return closed
        shift = _offset(body, index)
        body, lower, upper = body.xreplace({index: index - shift}), lower + shift, upper + shift
        generic = body.xreplace({index: _INDEX})
        return _partial_sum(generic, upper) - _partial_sum(generic, lower - 1)

    def _ratio(self, body: Any, index: Any) -> Any:
        """The ratio of a geometric sequence if it is certainly not one; None otherwise."""
        inner = [item for item in body.atoms(sympy.Function) if item.has(index)]
        if body.has(sympy.Indexed) or any(not isinstance(item, sympy.exp) for item in inner):
            return None
        ratio = sympy.powsimp(apart(body.subs(index, index + 1) / body))
        ratio = sympy.simplify(ratio) if ratio.has(index) else ratio
        return ratio if not ratio.has(index) and self._not_one(ratio) else None

    def _not_one(self, ratio: Any) -> bool:
        gap = sympy.together(ratio - 1)
        top = sympy.fraction(gap)[0]
        if gap.is_zero is False or top.is_zero is False:
            return True
        if isinstance(ratio, sympy.exp) and ratio.args[0].is_zero is False:
            return True
        return any(sympy.cancel(top / known).is_number for known in self.nonzero)

    def _product(self, body: Any, limits: Any) -> Any:
        if len(limits) != 1:
            return sympy.Product(body, *limits)
        index, lower, upper = limits[0]
        if upper.is_infinite or lower.is_infinite:
            return sympy.Product(body, (index, lower, upper)).doit()
        total = sympy.Integer(1)
        for factor in sympy.Mul.make_args(_factored(apart(body))):
            total *= self._plain_product(factor, index, lower, upper)
        return total

    def _plain_product(self, factor: Any, index: Any, lower: Any, upper: Any) -> Any:
        if not factor.has(index):
            return factor ** (upper - lower + 1)
        if isinstance(factor, sympy.exp):
            return sympy.exp(self._single_sum(factor.args[0], index, lower, upper))
        base, exponent = factor.as_base_exp()
        if not base.has(index) and base.is_positive:
            return base ** self._single_sum(exponent, index, lower, upper)
        if exponent.is_Integer and exponent != 1:
            return self._plain_product(base, index, lower, upper) ** exponent
        if _is_polynomial(factor, index):
            done = sympy.Product(factor, (index, lower, upper)).doit()
            if not done.has(sympy.Product):
                return done
        if not lower.is_Integer:
            return sympy.Product(factor, (index, lower, upper))
        body = factor.xreplace({index: _INDEX + lower - 1})
        return _partial_product(body, upper - lower + 1)


def _partial_fractions(body: Any, index: Any) -> Any:
    """A rational function of the index as a sum of simple fractions."""
    if body.is_polynomial(index) or not body.is_rational_function(index):
        return body
    if body.has(sympy.Indexed, sympy.Function) and any(
        item.has(index) for item in body.atoms(sympy.Indexed, sympy.Function)
    ):
        return body
    return sympy.apart(sympy.together(body), index)


def _offset(body: Any, index: Any) -> Any:
    """The least c with which the body has ``x[i + c]`` or a power of ``i + c``."""
    places = [place for item in body.atoms(sympy.Indexed) for place in item.indices]
    places += [item.base for item in body.atoms(sympy.Pow) if item.base.is_polynomial(index)]
    offsets = [
        gap
        for place in places
        if place.has(index) and (gap := sympy.expand(place - index)).is_Integer
    ]
    return min(offsets, default=sympy.Integer(0))


def _factored(expression: Any) -> Any:
    try:
        return sympy.factor(expression)
    except sympy.PolynomialError:
        return expression


def _is_polynomial(body: Any, index: Any) -> bool:
    if body.has(sympy.Indexed, PartialSum, PartialProduct):
        return False
    return bool(body.is_polynomial(index))


def _partial_sum(body: Any, upper: Any) -> Any:
    base, shift = _shifted(upper)
    if abs(shift) > MOST_SHIFT * (1 if base != 0 else 4):
        return PartialSum(body, _INDEX, upper)
    total = PartialSum(body, _INDEX, base) if base != 0 else sympy.Integer(0)
    for step in range(1, shift + 1):
        total += body.xreplace({_INDEX: base + step})
    for step in range(0, shift, -1):
        total -= body.xreplace({_INDEX: base + step})
    return total


def _partial_product(body: Any, upper: Any) -> Any:
    base, shift = _shifted(upper)
    if abs(shift) > MOST_SHIFT or (base == 0 and shift < 0):
        return PartialProduct(body, _INDEX, upper)
    total = PartialProduct(body, _INDEX, base) if base != 0 else sympy.Integer(1)
    for step in range(1, shift + 1):
        total *= body.xreplace({_INDEX: base + step})
    for step in range(0, shift, -1):
        total /= body.xreplace({_INDEX: base + step})
    return total


def _shifted(bound: Any) -> tuple[Any, int]:
    """A bound as something and an integer."""
    number, rest = sympy.expand(bound).as_coeff_Add()
    if not number.is_Rational:
        return bound, 0
    whole = int(sympy.floor(number))
    return rest + (number - whole), whole
