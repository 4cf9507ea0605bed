"""Exact proof that an expression is zero, from cheap to dear; each way is sound by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from studytui.derive.evaluate.sampling import points
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.sympy_backend import rewrite
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.sympy_backend.sums_and_products import Folds

_CASED = (sympy.Abs, sympy.Max, sympy.Min, sympy.sign)
MOST_CASES = 4
MOST_COVERED = 8


def proves_zero(
    difference: Any,
    symbols: Symbols,
    nonzero: frozenset[Any] = frozenset(),
) -> bool:
    """Whether ``difference`` is shown to be zero for all values of the domains.

    ``nonzero`` are expressions that are told not to vanish.
    """
    folded = difference.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit)
    if not folded and _tried(_plainly, difference, symbols):
        return True
    try:
        expression = canonical(difference, symbols, nonzero)
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure proves nothing
        return False
    return any(_tried(way, expression, symbols) for way in (_WAYS if folded else _WAYS[1:]))


def _tried(way: Callable[[Any, Symbols], bool], difference: Any, symbols: Symbols) -> bool:
    try:
        return way(difference, symbols)
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure proves nothing
        return False


def _plainly(difference: Any, symbols: Symbols) -> bool:
    return rewrite.vanishes(difference)


def canonical(difference: Any, symbols: Symbols, nonzero: frozenset[Any] = frozenset()) -> Any:
    """Sums, products, integrals and limits done, or brought to one form."""
    if not difference.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit):
        return difference
    folds = Folds(nonzero | _not_zero(difference, symbols))
    result = folds.without(rewrite.done(rewrite.joined(folds.without(difference))))
    return with_constraints(result, symbols)


def with_constraints(expression: Any, symbols: Symbols) -> Any:
    """Conditions that the declared constraints decide, such as ``j <= n``, are decided."""
    if not expression.has(sympy.Piecewise):
        return expression
    builder = Builder(symbols)
    known = []
    for domain in symbols.domains.values():
        for node in domain.constraints:
            relation = builder.build(node)
            if isinstance(relation, sympy.Le | sympy.Lt | sympy.Ge | sympy.Gt):
                known.append(relation.gts - relation.lts)
    decided = {}
    for relation in expression.atoms(sympy.core.relational.Relational):
        if not isinstance(relation, sympy.Le | sympy.Ge):
            continue
        gap = relation.gts - relation.lts
        if gap.is_nonnegative or any((gap - other).is_nonnegative for other in known):
            decided[relation] = sympy.true
    return expression.xreplace(decided)


def opened(expression: Any, symbols: Symbols) -> Any:
    """``0 < p < 1`` becomes ``p = s / (1 + s)`` with s > 0, where both bounds are left out."""
    replaced = {}
    for symbol in expression.free_symbols:
        if isinstance(symbol, sympy.Symbol):
            domain = symbols.domain(symbol.name)
            openings = _openings(symbol, domain)
            if len(openings) == 1:
                replaced[symbol] = openings[0]
    return expression.subs(replaced) if replaced else expression


def _openings(symbol: Any, domain: Domain) -> list[Any]:
    """Ways that together cover the values of a bounded symbol by a symbol with a sign."""
    if (
        domain.whole
        or domain.kind != "real"
        or domain.shape
        or (domain.lower in (0, None) and domain.upper in (0, None))
    ):
        return []
    low, high = (
        None if bound is None else sympy.Rational(bound.numerator, bound.denominator)
        for bound in (domain.lower, domain.upper)
    )
    sign = (
        "positive"
        if (domain.lower_open if low is not None else domain.upper_open)
        else "nonnegative"
    )
    step = sympy.Symbol(f"{symbol.name}~", **{sign: True})
    if high is None:
        return [low + step]
    if low is None:
        return [high - step]
    inside = low + (high - low) * step / (1 + step)
    return [inside] if domain.upper_open else [inside, high]


def covered(expression: Any, symbols: Symbols) -> list[Any]:
    """Expressions in symbols with a sign that together have all values of one whose symbols are
    bounded; the expression itself where none is, or there would be too many."""
    cases = [expression]
    for symbol in sorted(expression.free_symbols, key=str):
        if not isinstance(symbol, sympy.Symbol):
            continue
        openings = _openings(symbol, symbols.domain(symbol.name))
        if openings:
            cases = [case.subs(symbol, opening) for case in cases for opening in openings]
        if len(cases) > MOST_COVERED:
            return [expression]
    return cases


def _openly(expression: Any, symbols: Symbols) -> bool:
    """Bounded domains opened; each way of covering them is proved apart."""
    cases = covered(expression, symbols)
    if cases == [expression]:
        return False
    return all(rewrite.vanishes(sympy.simplify(_resolved(case))) for case in cases)


def _not_zero(expression: Any, symbols: Symbols) -> frozenset[Any]:
    """``x - 1`` for each symbol whose domain leaves out one."""
    return frozenset(
        symbol - 1
        for symbol in expression.free_symbols
        if isinstance(symbol, sympy.Symbol)
        and not symbols.domain(symbol.name).contains(Fraction(1))
    )


def _exponentially(expression: Any, symbols: Symbols) -> bool:
    """Powers with a positive base as exponentials: ``x^log(y)`` is ``exp(log(y) log(x))``."""
    turned = expression.replace(
        lambda item: (
            isinstance(item, sympy.Pow) and item.base.is_positive and not item.exp.is_number
        ),
        lambda item: sympy.exp(sympy.expand(item.exp * sympy.expand_log(sympy.log(item.base)))),
    )
    return turned != expression and rewrite.vanishes(turned)


def _in_real_parts(expression: Any, symbols: Symbols) -> bool:
    """Complex symbols as ``x + i y``."""
    names = [item for item in expression.free_symbols if item.is_complex and not item.is_real]
    if not names or len(names) > 3:
        return False
    parts = {
        item: sympy.Symbol(f"{item.name}'", real=True)
        + sympy.I * sympy.Symbol(f"{item.name}''", real=True)
        for item in names
        if isinstance(item, sympy.Symbol)
    }
    whole = sympy.expand(expression.subs(parts), complex=True)
    return rewrite.vanishes(whole) or _plain_simplify(whole)


def _by_residues(expression: Any, symbols: Symbols) -> bool:
    """Floors of fractions of an integer: each remainder proved apart."""
    expression = expression.replace(sympy.ceiling, lambda item: -sympy.floor(-item))
    if rewrite.vanishes(expression):
        return True
    floors = expression.atoms(sympy.floor)
    for item in floors:
        for symbol in item.args[0].free_symbols:
            slope = item.args[0].diff(symbol)
            if symbol.is_integer and slope.is_Rational and 1 < slope.q <= 8:
                fresh = sympy.Symbol(f"{symbol.name}'", integer=True)
                return all(
                    rewrite.vanishes(expression.subs(symbol, int(slope.q) * fresh + rest))
                    for rest in range(int(slope.q))
                )
    return False


def _circularly(expression: Any, symbols: Symbols) -> bool:
    turned = rewrite.circular(expression)
    if turned == expression:
        return False
    return rewrite.vanishes(turned) or rewrite.vanishes(sympy.powsimp(rewrite.apart(turned)))


def _combinatorially(expression: Any, symbols: Symbols) -> bool:
    kinds = (sympy.factorial, sympy.binomial, sympy.gamma, sympy.beta, sympy.RisingFactorial)
    if not expression.has(*kinds):
        return False
    return bool(sympy.gammasimp(sympy.combsimp(expression).rewrite(sympy.gamma)) == 0)


def _by_cases(expression: Any, symbols: Symbols) -> bool:
    """Signs of real symbols and orders of pairs, each case proved apart."""
    if not expression.has(*_CASED, sympy.Piecewise, sympy.Heaviside):
        return False
    return all(rewrite.vanishes(case) or _plain_simplify(case) for case in _cases(expression, 0))


def _plain_simplify(expression: Any) -> bool:
    return bool(sympy.simplify(expression) == 0)


def _cases(expression: Any, depth: int) -> Iterator[Any]:
    """The expression for each sign of an argument on which it depends."""
    pivot = _pivot(expression)
    if pivot is None:
        yield expression
        return
    if depth >= MOST_CASES:
        raise ValueError("too many cases")
    symbol, root = pivot
    plus = sympy.Symbol(f"{symbol.name}+", positive=True)
    for value in (root + plus, root - plus, root):
        if not _possible(symbol, value):
            continue
        case = expression.subs(symbol, value, simultaneous=True)
        yield from _cases(_resolved(case), depth + 1)


def _resolved(case: Any) -> Any:
    """Largest and smallest of two whose difference has a known sign."""

    def largest(*items: Any) -> Any:
        return _extreme(sympy.Max, items)

    def smallest(*items: Any) -> Any:
        return _extreme(sympy.Min, items)

    case = case.replace(sympy.Max, largest).replace(sympy.Min, smallest)
    return case.replace(sympy.Abs, lambda item: sympy.Abs(sympy.factor(item)))


def _extreme(kind: Any, items: Any) -> Any:
    kept = list(items)
    for first in items:
        for second in items:
            if first is second or first not in kept or second not in kept:
                continue
            gap = first - second if kind is sympy.Max else second - first
            over = sympy.factor(gap).is_nonnegative or _exponent_gap(gap)
            if over:
                kept.remove(second)
    return kind(*kept)


def _exponent_gap(gap: Any) -> bool:
    """Whether it is ``exp(a) - 1`` with a >= 0, or ``1 - exp(a)`` with a <= 0."""
    for sign in (1, -1):
        exponential = sympy.expand(sign * gap) + sign
        if isinstance(exponential, sympy.exp):
            exponent = sign * exponential.args[0]
            return bool(exponent.is_nonnegative)
    return False


def _possible(symbol: Any, value: Any) -> bool:
    """Whether a symbol may have a value, as far as signs tell."""
    for fact in ("positive", "negative", "nonnegative", "nonpositive", "zero"):
        wanted = getattr(symbol, f"is_{fact}")
        if wanted is not None and getattr(value, f"is_{fact}") is (not wanted):
            return False
    return not (symbol.is_integer)


def _pivot(expression: Any) -> Any:
    """A symbol and the value at which some absolute value, maximum or condition changes."""
    arguments: list[Any] = []
    for item in sorted(expression.atoms(*_CASED), key=sympy.default_sort_key):
        if isinstance(item, sympy.Max | sympy.Min):
            arguments += [
                first - second
                for place, first in enumerate(item.args)
                for second in item.args[place + 1 :]
            ]
        else:
            arguments.append(item.args[0])
    for item in sorted(expression.atoms(sympy.Piecewise), key=sympy.default_sort_key):
        for _, condition in item.args:
            for relation in condition.atoms(sympy.core.relational.Relational):
                arguments.append(relation.lhs - relation.rhs)
    for argument in arguments:
        for symbol in sorted(argument.free_symbols, key=sympy.default_sort_key):
            if not symbol.is_real or symbol.is_integer:
                continue
            factors = sympy.Mul.make_args(sympy.factor(argument))
            for factor in factors:
                if not factor.has(symbol):
                    continue
                slope = factor.diff(symbol)
                if slope.is_number and slope != 0:
                    return symbol, sympy.expand(symbol - factor / slope)
    return None


def _algebraic(expression: Any, symbols: Symbols) -> bool:
    """An algebraic number is zero if and only if its minimal polynomial is x."""
    if not expression.is_number:
        return False
    if expression.is_zero:
        return True
    if expression.is_algebraic:
        x = sympy.Dummy("x")
        return bool(sympy.minimal_polynomial(expression, x) == x)
    return False


def _simply(expression: Any, symbols: Symbols) -> bool:
    return bool(sympy.simplify(expression.doit()) == 0)


_WAYS: tuple[Callable[[Any, Symbols], bool], ...] = (
    _plainly,
    _circularly,
    _combinatorially,
    _algebraic,
    _exponentially,
    _in_real_parts,
    _by_residues,
    _openly,
    _by_cases,
    _simply,
)


def seems_not_zero(difference: Any, symbols: Symbols) -> bool:
    """Whether a difference in closed form has a value that is not zero: no refutation, since a
    closed form need not hold everywhere, but a doubt."""
    try:
        reduced = canonical(difference, symbols)
        if reduced.atoms(sympy.Indexed, AppliedUndef):
            return False
        names = sorted(reduced.free_symbols, key=str)
        values: dict[Any, Any] = {}
        point = next(points([symbol.name for symbol in names], symbols))
        for symbol in names:
            number = point.numbers[symbol.name]
            if isinstance(number, tuple):
                return False
            values[symbol] = sympy.Rational(number.numerator, number.denominator)
        reduced = reduced.subs(values)
        if reduced.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit):
            return False
        value = reduced.evalf(60)
        return bool(value.is_number and value.is_finite and abs(value) > sympy.Float("1e-45"))
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure shows nothing
        return False


def certainly_not_zero(difference: Any, symbols: Symbols) -> bool:
    """Whether a difference is a number that is exactly not zero."""
    try:
        reduced = canonical(difference, symbols)
        if reduced.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit):
            return False
        reduced = rewrite.apart(reduced)
        if not reduced.is_number or not reduced.is_finite:
            return False
        return bool(abs(reduced.evalf(60)) > sympy.Float("1e-40"))
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure shows nothing
        return False
