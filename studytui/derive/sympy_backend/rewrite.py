"""Sound rewrites to a form in which equal expressions look alike."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sympy
from sympy.polys.fields import sfield


def apart(expression: Any) -> Any:
    """Powers, exponentials and logarithms of sums and products taken apart, products out."""
    return sympy.expand(
        expression, power_exp=True, power_base=True, log=True, mul=True, multinomial=True,
        basic=False, complex=False, func=False, trig=False,
    )  # fmt: skip


def joined(expression: Any) -> Any:
    """Integrals with the same bounds as one: where their integrands cancel, nothing is left."""
    if not expression.has(sympy.Integral):
        return expression
    groups: dict[Any, Any] = {}
    rest = sympy.Integer(0)
    for term in sympy.Add.make_args(sympy.expand_mul(expression)):
        factors = sympy.Mul.make_args(term)
        integrals = [factor for factor in factors if isinstance(factor, sympy.Integral)]
        if len(integrals) != 1:
            rest += term
            continue
        outside = sympy.Mul(*[factor for factor in factors if factor is not integrals[0]])
        variables = {limit[0] for limit in integrals[0].limits}
        if variables & outside.free_symbols:
            return expression
        body = outside * integrals[0].function
        groups[integrals[0].limits] = groups.get(integrals[0].limits, 0) + body
    if all(vanishes(body) for body in groups.values()):
        return rest
    return expression


def done(expression: Any) -> Any:
    """Integrals and limits evaluated where sympy can; the innermost first."""
    if not expression.has(sympy.Integral, sympy.Limit):
        return expression
    if not expression.args:
        return expression
    inner = expression.func(*(done(argument) for argument in expression.args))
    if isinstance(inner, sympy.Integral):
        return _integrated(inner)
    if isinstance(inner, sympy.Limit):
        return _limit(inner)
    return inner


def _integrated(integral: Any) -> Any:
    """The value of an integral; a term at a time, and conditions kept as a Piecewise."""
    variable = integral.limits[0][0]
    body = apart(integral.function)
    if len(integral.limits) == 1 and isinstance(body, sympy.Add) and len(integral.limits[0]) == 3:
        parts = [sympy.Integral(term, *integral.limits).doit() for term in body.args]
        whole = sympy.Add(*parts)
        if not whole.has(sympy.Integral, sympy.oo, sympy.zoo, sympy.nan):
            return whole
    outside, inside = integral.function.as_independent(variable, as_Add=False)
    return outside * _unnested(sympy.Integral(inside, *integral.limits)).doit()


def _unnested(integral: Any) -> Any:
    """Over u = exp(c x) where an exponential of exp(c x) is integrated: a Gumbel density becomes
    an exponential one."""
    if len(integral.limits) != 1 or len(integral.limits[0]) != 3:
        return integral
    variable, lower, upper = integral.limits[0]
    for outer in integral.function.atoms(sympy.exp):
        for inner in outer.exp.atoms(sympy.exp):
            rate = inner.exp.diff(variable)
            if not (rate.is_Rational and rate != 0 and variable.is_real):
                continue
            u = sympy.Dummy("u", positive=True)
            body = integral.function.subs(variable, sympy.log(u) / rate) / (abs(rate) * u)
            ends = [sympy.exp(rate * end) for end in (lower, upper)]
            body = sympy.powsimp(sympy.expand(body, power_exp=False, power_base=False))
            return sympy.Integral(body, (u, *(ends if rate > 0 else ends[::-1])))
    return integral


def _limit(limit: Any) -> Any:
    body, variable, point, side = limit.args
    try:
        return sympy.limit(body, variable, point, dir=str(side))
    except (NotImplementedError, ValueError):
        return limit


def circular(expression: Any) -> Any:
    """Trigonometric and hyperbolic functions as exponentials."""
    kinds = (
        sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc,
        sympy.sinh, sympy.cosh, sympy.tanh,
    )  # fmt: skip
    if not expression.has(*kinds):
        return expression
    return expression.replace(
        lambda item: isinstance(item, kinds), lambda item: item.rewrite(sympy.exp)
    )


def vanishes(expression: Any) -> bool:
    """Whether an expression is zero once it stands over one denominator."""
    if expression == 0:
        return True
    plain = apart(expression)
    if plain == 0:
        return True
    if plain.is_Atom or plain.has(sympy.Piecewise, sympy.KroneckerDelta):
        return False
    with suppress(sympy.PolynomialError, NotImplementedError, ValueError, TypeError):
        # As a rational function of whatever is not one itself: quick, and right whenever it is 0.
        if not sfield(plain)[1]:
            return True
        if not _has_relations(plain):
            return False
    top = apart(sympy.fraction(sympy.together(plain))[0])
    return bool(top == 0 or sympy.powsimp(top) == 0)


def _has_relations(expression: Any) -> bool:
    """Whether its parts hang together in ways that rational functions do not see: roots, and
    powers with symbols above."""
    return any(not power.exp.is_Integer for power in expression.atoms(sympy.Pow))
