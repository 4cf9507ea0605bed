"""Inequalities: refuted by values, proved by signs, squares and convexity."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

import mpmath
import sympy

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.cases import Cases, one_sided
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.extremes import extremes
from studytui.derive.evaluate.high_precision import shown
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.sympy_backend import proof, rewrite
from studytui.derive.verdict import Counterexample
from studytui.derive.verify import numeric_check, special_numbers
from studytui.derive.verify.climbing import climbed
from studytui.derive.verify.numeric_check import Numbers
from studytui.derive.verify.shared_points import digits_for, names_in

FEW = 8
"""Points that are enough where it is shown already."""
SEVERAL = 12
"""Points among which the one is chosen to climb from."""
CLIMB = 1
FAR = 5
"""Where an inequality fails only far out, a sum of many terms may have to be computed there."""


def compare(
    sides: tuple[Node, Node],
    operator: str,
    symbols: Symbols,
    extra: Definitions | None = None,
    quick: bool = False,
) -> Numbers:
    """Look for a point at which ``left operator right`` is false; ``quick``: at a few points."""
    left, right = sides
    work = numeric_check.QUICK if quick else numeric_check.CLOSE
    effort = Effort(numeric_check.SPARE * work)
    names, digits = names_in(left, right, symbols, extra), digits_for(left, right)
    if digits > special_numbers.MOST_DIGITS:
        return Numbers(0, 0)
    agreed, cases = 0, Cases()
    interesting = special_numbers.interesting(left, right)
    enough, most = (FEW, 4 * FEW) if quick else (30, 80)
    near = islice(points(names, symbols, interesting), most if names else 1)
    for tried, point in enumerate(near):
        seen = _seen_false(left, operator, right, point, (extra or {}, effort, cases), digits)
        if isinstance(seen, Counterexample):
            return Numbers(agreed, digits, seen)
        agreed += seen is True
        if agreed >= enough or (effort.spent > work and tried >= 8):
            break
    if quick:
        return Numbers(agreed, digits, named=bool(names))
    means = extra or {}, Effort(CLIMB * numeric_check.CLOSE), cases
    example = _failing_nearby(left, operator, right, symbols, (names, digits, means))
    if example is not None:
        return Numbers(agreed, digits, example)
    far = far_without = 0
    means = extra or {}, Effort(FAR * numeric_check.CLOSE), cases
    for point in extremes(names, symbols):
        seen = _seen_false(left, operator, right, point, means, digits)
        if isinstance(seen, Counterexample):
            return Numbers(agreed, digits, seen)
        far, far_without = far + (seen is True), far_without + (seen is None)
    return Numbers(
        agreed,
        digits,
        far=far,
        far_without=far_without,
        named=bool(names),
        one_sided=one_sided(cases),
    )


def _failing_nearby(
    left: Node,
    operator: str,
    right: Node,
    symbols: Symbols,
    how: tuple[list[str], int, numeric_check.Means],
) -> Counterexample | None:
    """A counterexample on the way up from where the relation holds most narrowly."""
    names, digits, means = how

    def height(point: Point) -> Any:
        seen = _look((left, right), point, means, digits)
        return None if seen is None else seen[0]

    starts = []
    if operator in ("<", "<=") and names:
        for point in islice(points(names, symbols), SEVERAL):
            reached = height(point)
            if reached is not None:
                starts.append((reached, point))
    if not starts:
        return None
    start = max(starts, key=lambda pair: pair[0])[1]
    for point in climbed(start, height, symbols):
        seen = _seen_false(left, operator, right, point, means, digits)
        if isinstance(seen, Counterexample):
            return seen
    return None


def _seen_false(
    left: Node, operator: str, right: Node, point: Point, means: numeric_check.Means, digits: int
) -> Counterexample | bool | None:
    """A counterexample where the relation is false; True where it is true; None where no value
    could be computed."""
    look = partial(_look, (left, right), point, means)
    seen = look(digits)
    if seen is None:
        return None
    gap, sides = seen
    if not _is_false(gap, operator):
        return True
    return Counterexample(point.shown(), *sides) if _stays(gap, look(digits + 40)) else None


Seen = tuple[Any, tuple[str, str]]
"""``left - right``, and both as a person reads them."""


def _look(
    sides: tuple[Node, Node], point: Point, means: numeric_check.Means, digits: int
) -> Seen | None:
    """Both sides at a point; None where they have no value or are too near to tell."""
    extra, effort, cases = means
    with mpmath.workdps(digits):
        try:
            values = point.values()
            for name, make in extra.items():
                values[name] = make(values, effort)
            evaluation = PreciseEvaluation(values, point.laws, effort, cases)
            first, second = (evaluation.number(side) for side in sides)
            if evaluation.swamped > digits - 15:
                finer = evaluation.swamped + digits
                return (
                    _look(sides, point, means, finer)
                    if finer <= special_numbers.MOST_DIGITS
                    else None
                )
            return _gap(first, second, evaluation.error), (shown(first), shown(second))
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return None


def _stays(gap: Any, finer: Seen | None) -> bool:
    """Whether a gap is the same with more digits: rounding is not."""
    return finer is not None and bool(abs(finer[0] - gap) <= abs(gap) / 1000)


def _is_false(gap: Any, operator: str) -> bool:
    return bool({"<": gap >= 0, "<=": gap > 0, "!=": gap == 0, "=": gap != 0}[operator])


def _gap(first: Any, second: Any, error: float) -> Any:
    """``first - second``, with what rounding may have made counted as zero or refused."""
    if mpmath.im(first) != 0 or mpmath.im(second) != 0:
        raise UndefinedValueError("complex numbers have no order")
    if mpmath.isinf(first) or mpmath.isinf(second):
        raise UndefinedValueError("an infinite value")
    gap = mpmath.re(first) - mpmath.re(second)
    scale = max(abs(first), abs(second), mpmath.mpf(10) ** -30)
    if abs(gap) <= numeric_check.MARGIN * error * scale and error:
        raise UndefinedValueError("too near to tell")
    if gap != 0 and abs(gap) < mpmath.mpf(10) ** -(mpmath.mp.dps - 12) * scale:
        raise UndefinedValueError("too near to tell")
    return gap


def proves(difference: Any, operator: str, symbols: Symbols) -> bool:
    """Whether ``difference operator-wise 0`` is shown: it is positive for ``<``, and so on."""
    try:
        return _proves(difference, operator, symbols)
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure proves nothing
        return False


def _proves(difference: Any, operator: str, symbols: Symbols) -> bool:
    expression = proof.canonical(difference, symbols)
    strict = operator == "<"
    for form in _forms(expression, symbols):
        if operator == "!=":
            if form.is_zero is False or form.is_positive or form.is_negative:
                return True
            continue
        if form.is_positive or (not strict and form.is_nonnegative):
            return True
    if operator == "!=":
        return False
    if all(_has_sign(case, strict) for case in proof.covered(expression, symbols)):
        return True
    return _quadratic(expression, strict) or _convex(expression, symbols, strict)


def _has_sign(case: Any, strict: bool) -> bool:
    """Whether the sign of an expression is seen once it is one fraction."""
    form = sympy.factor(sympy.together(case))
    return bool(form.is_positive or (not strict and form.is_nonnegative))


def _forms(expression: Any, symbols: Symbols) -> list[Any]:
    """Ways to write it in which a sign may be seen."""
    forms = [expression, sympy.factor(expression), rewrite.apart(expression)]
    opened = proof.opened(expression, symbols)
    if opened != expression:
        forms.append(sympy.factor(sympy.together(opened)))
    roots = {
        symbol: sympy.Symbol(
            f"{symbol.name}^",
            **{key: True for key in ("positive", "nonnegative") if getattr(symbol, f"is_{key}")},
        )
        ** 2
        for symbol in expression.free_symbols
        if symbol.is_nonnegative and not symbol.is_integer
    }
    if roots:
        forms.append(sympy.factor(sympy.together(expression.subs(roots))))
    shifted = {
        symbol: sympy.Symbol(f"{symbol.name}-", integer=True, nonnegative=True)
        + _least(symbol, symbols)
        for symbol in expression.free_symbols
        if symbol.is_integer and _least(symbol, symbols) is not None
    }
    if shifted:
        forms.append(sympy.expand(sympy.together(expression.subs(shifted))))
        forms.append(sympy.factor(expression.subs(shifted)))
    return forms


def _least(symbol: Any, symbols: Symbols) -> Any:
    lower = symbols.domain(symbol.name).lower
    return (
        None if lower is None else sympy.ceiling(sympy.Rational(lower.numerator, lower.denominator))
    )


def _quadratic(expression: Any, strict: bool) -> bool:
    """A quadratic in some real symbol with a positive leading coefficient and no real root."""
    top, bottom = sympy.fraction(sympy.together(expression))
    if not bottom.is_positive:
        return False
    for symbol in sorted(top.free_symbols, key=str):
        if not symbol.is_real or not top.is_polynomial(symbol):
            continue
        polynomial = sympy.Poly(top, symbol)
        if polynomial.degree() != 2:
            continue
        lead, middle, last = (polynomial.coeff_monomial(symbol**k) for k in (2, 1, 0))
        rest = sympy.factor(4 * lead * last - middle**2)
        if lead.is_positive and (rest.is_positive or (not strict and rest.is_nonnegative)):
            return True
    return False


def _convex(expression: Any, symbols: Symbols, strict: bool) -> bool:
    """Convex in one of its symbols, with a lowest point that is known to lie in the domain."""
    for symbol in sorted(expression.free_symbols, key=str):
        if not symbol.is_real or symbol.is_integer or not smooth(expression):
            continue
        domain = symbols.domain(symbol.name)
        slope = expression.diff(symbol)
        bend = sympy.factor(slope.diff(symbol))
        opened = sympy.factor(sympy.together(proof.opened(bend, symbols)))
        if not (bend.is_nonnegative or opened.is_nonnegative):
            continue
        for place in sympy.solve(slope, symbol):
            if not (place.is_real and _inside(place, domain)):
                continue
            lowest = sympy.simplify(expression.subs(symbol, place))
            if lowest.is_positive or (not strict and lowest.is_nonnegative):
                return True
    return False


def smooth(expression: Any) -> bool:
    """Whether it has neither jumps nor corners nor poles for real values of its symbols."""
    if expression.has(sympy.Abs, sympy.Max, sympy.Min, sympy.sign, sympy.floor, sympy.Piecewise):
        return False
    for power in expression.atoms(sympy.Pow):
        base, exponent = power.as_base_exp()
        whole = exponent.is_integer and exponent.is_nonnegative
        if not (whole or base.is_positive or (exponent.is_integer and base.is_zero is False)):
            return False
    return all(item.args[0].is_positive for item in expression.atoms(sympy.log))


def _inside(place: Any, domain: Domain) -> bool:
    for bound, side in ((domain.lower, 1), (domain.upper, -1)):
        if bound is not None:
            edge = sympy.Rational(bound.numerator, bound.denominator)
            if not (side * (place - edge)).is_nonnegative:
                return False
    return True
