"""The gamma function and its kin, and the error function."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from studytui.derive.functions.floats import of_reals
from studytui.derive.functions.spec import GROWING, NOWHERE, Function, Points, Scalar

MOST_FACTORIAL = 1000
MOST_CHOSEN = 10_000

_special = partial(Function, real="always", corners=(), cuts=lambda *arguments: ())
_smooth = partial(_special, is_never_flat=True)


def _factorial(x: float) -> float:
    if x < 0 or x != int(x) or x > MOST_FACTORIAL:
        return math.gamma(x + 1)
    return float(math.factorial(int(x)))


def _binomial(n: float, k: float) -> float:
    if k == int(k) and k < 0:
        return 0.0  # so that Pascal's rule holds everywhere
    if n == int(n) and k == int(k) and n >= 0:
        return float(math.comb(int(n), int(k)))
    return math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(n - k + 1))


def _loggamma(x: float) -> float:
    if x <= 0:
        raise ValueError("its logarithm is complex there, or there is none")
    return math.lgamma(x)


def _beta(a: float, b: float) -> float:
    if min(a, b) > 0:
        return math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    return math.gamma(a) * math.gamma(b) / math.gamma(a + b)


def _precise_binomial(mp: Any, n: Scalar, k: Scalar) -> Scalar:
    return mp.mpf(0) if mp.isint(k) and mp.re(k) < 0 else mp.binomial(n, k)


SPECIAL = (
    _smooth(
        name="factorial",
        spellings=("fact",),
        shown="n!",
        tex="(#1)!",
        number=of_reals(_factorial),
        precise="factorial",
        sympy="factorial",
        derivative="factorial(x)*digamma(x + 1)",
        undefined=Points(ladders=(("x", -1),)),
        never_zero=True,
        most_written=MOST_FACTORIAL,
        cost=20,
    ),
    _smooth(
        name="binomial",
        parameters="n k",
        spellings=("comb", "choose"),
        tex=r"\binom{#1}{#2}",
        number=of_reals(_binomial),
        precise=_precise_binomial,
        sympy="binomial",
        undefined=Points(ladders=(("n", -1),), unless_whole="k"),
        most_written=MOST_CHOSEN,
        cost=40,
    ),
    _smooth(
        name="gamma",
        spellings=("Gamma",),
        tex=r"\Gamma",
        number=of_reals(math.gamma),
        precise="gamma",
        sympy="gamma",
        derivative="gamma(x)*digamma(x)",
        undefined=Points(ladders=(("x", 0),)),
        never_zero=True,
        most_written=MOST_FACTORIAL,
        cost=30,
    ),
    _smooth(
        name="loggamma",
        spellings=("lgamma",),
        number=of_reals(_loggamma),
        precise="loggamma",
        sympy="loggamma",
        derivative="digamma(x)",
        undefined=Points(ladders=(("x", 0),)),
        real="positive",
        cuts=lambda x: (x,),
        cost=30,
    ),
    _smooth(
        name="digamma",
        spellings=("psi",),
        tex=r"\psi",
        precise="digamma",
        sympy="digamma",
        undefined=Points(ladders=(("x", 0),)),
        cost=40,
    ),
    _special(
        name="zeta",
        precise="zeta",
        sympy="zeta",
        undefined=Points(("x - 1",)),
    ),
    _smooth(
        name="betafunction",
        parameters="a b",
        spellings=("Beta",),
        shown="Beta(a, b)",
        tex=r"\operatorname{Beta}",
        number=of_reals(_beta),
        precise="beta",
        sympy="beta",
        undefined=Points(ladders=(("a", 0), ("b", 0))),
        cost=60,
    ),
    _special(
        name="erf",
        number=of_reals(math.erf),
        precise="erf",
        sympy="erf",
        derivative="2*exp(-x^2)/sqrt(pi)",
        undefined=NOWHERE,
        is_monotone=True,
        saturation=lambda size: size * size * 0.44,
        largest=GROWING,
        cost=20,
    ),
    _special(
        name="erfc",
        number=of_reals(math.erfc),
        precise="erfc",
        sympy="erfc",
        derivative="-2*exp(-x^2)/sqrt(pi)",
        undefined=NOWHERE,
        is_positive=True,
        saturation=lambda size: size * size * 0.44,
        largest=GROWING,
        cost=20,
    ),
)
