"""Ways in which two equations are seen to have the same solutions."""

from __future__ import annotations

from typing import Any

import sympy

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Negate, Node, Number
from studytui.derive.expr.signs import plainly_positive, plainly_real
from studytui.derive.sympy_backend import proof, rewrite
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.verify import inequalities

_ZERO = Number(0)


def proportional(above: Any, below: Any, symbols: Symbols) -> bool:
    """Whether the ratio is a number or has a sign, so that it is never zero."""
    if below == 0 or above == 0:
        return bool(above == below)
    ratio = sympy.factor(sympy.cancel(sympy.together(rewrite.apart(above) / rewrite.apart(below))))
    if _is_settled(sympy.factor(proof.opened(ratio, symbols))):
        return True
    if any(side.has(sympy.log) for side in (above, below)):
        logs = [sympy.expand_log(proof.opened(side, symbols)) for side in (above, below)]
        return _is_settled(sympy.factor(sympy.cancel(sympy.together(logs[0] / logs[1]))))
    return all(_has_sign(part, symbols) for part in sympy.fraction(ratio))


def _is_settled(ratio: Any) -> bool:
    """Whether a ratio is seen to be neither zero nor infinite."""
    if ratio.is_number:
        return bool(ratio.is_zero is False and ratio.is_finite)
    return bool(ratio.is_zero is False and ratio.is_finite is not False and never_infinite(ratio))


def _has_sign(part: Any, symbols: Symbols) -> bool:
    """Whether an expression is above zero, or below, for all values of the domains."""
    if part.is_number:
        return bool(part.is_zero is False and part.is_finite)
    smooth = part.is_polynomial(*part.free_symbols)
    return smooth and any(inequalities.proves(sign * part, "<", symbols) for sign in (1, -1))


def never_infinite(ratio: Any) -> bool:
    """Whether what it divides by is known not to vanish."""
    return bool(sympy.fraction(ratio)[1].is_zero is False)


def same_roots(above: Any, below: Any) -> bool:
    """Polynomials in one symbol with the same factors in whatever powers."""
    symbols = above.free_symbols | below.free_symbols
    if len(symbols) != 1:
        return False
    symbol = next(iter(symbols))
    tops = [sympy.fraction(sympy.together(side)) for side in (above, below)]
    if any(not top.is_polynomial(symbol) for top, _ in tops):
        return False
    if any(bottom.has(symbol) and bottom.is_zero is not False for _, bottom in tops):
        return False
    real = []
    for top, _ in tops:
        polynomial = sympy.Poly(top, symbol)
        if polynomial.is_zero or polynomial.degree() > 12:
            return False
        if not symbol.is_real:
            real.append(set(sympy.roots(polynomial)) if symbol.is_complex else None)
            continue
        roots = _real_roots(polynomial)
        if roots is None:
            return False
        kept = {root for root in roots if proof._possible(symbol, root) or symbol.is_integer}
        real.append(kept)
    return real[0] is not None and real[0] == real[1]


def _real_roots(polynomial: Any) -> list[Any] | None:
    """The real roots, with those of coefficients such as sqrt(2); None where they are not found."""
    try:
        return list(sympy.real_roots(polynomial))
    except NotImplementedError:
        found = sympy.roots(polynomial)
        if sum(found.values()) != polynomial.degree() or any(
            root.is_real is None for root in found
        ):
            return None
        return [root for root in found if root.is_real]


def same_squares(first: Node, second: Node, symbols: Symbols) -> bool:
    """Whether one equation between positive numbers is the other with both sides squared.

    ``c^2 = v`` and ``c = sqrt(v)``: squaring is one to one on the positive numbers.
    """
    builder = Builder(symbols)
    for inner, other in ((first, second), (second, first)):
        if not isinstance(inner, Add):
            continue
        sides = _both_sides(inner)
        if not all(
            side and all(plainly_positive(term, symbols) for term in side) for side in sides
        ):
            continue
        left, right = (builder.build(Add((_ZERO, *terms))) for terms in sides)
        if proportional(sympy.expand(left**2 - right**2), builder.build(other), symbols):
            return True
    return False


def _both_sides(inner: Add) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The terms with a plus, and those with a minus, without it."""
    positive = tuple(term for term in inner.terms if not isinstance(term, Negate))
    return positive, tuple(term.operand for term in inner.terms if isinstance(term, Negate))


def same_exponentials(first: Node, second: Node, symbols: Symbols) -> bool:
    """Whether one equation between real numbers is the other with exp on both sides.

    ``log(p) = l - 1`` and ``p = exp(l - 1)``: exp is one to one on the reals.
    """
    builder = Builder(symbols)
    for inner, other in ((first, second), (second, first)):
        if not (isinstance(inner, Add) and plainly_real(inner, symbols)):
            continue
        sides = [
            sympy.powsimp(
                sympy.expand(sympy.exp(sympy.expand_log(builder.build(Add((_ZERO, *side))))))
            )
            for side in _both_sides(inner)
        ]
        if proportional(sides[0] - sides[1], builder.build(other), symbols):
            return True
    return False
