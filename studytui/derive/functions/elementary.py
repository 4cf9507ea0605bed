"""Exponential, logarithm and roots."""

from __future__ import annotations

import cmath
import math

from studytui.derive.functions.floats import either, real
from studytui.derive.functions.spec import ANY_SIZE, GROWING, NOWHERE, Function, Points, Scalar


def _logarithm(value: Scalar, base: Scalar = None) -> Scalar:
    is_complex = isinstance(value, complex) or value < 0
    result = cmath.log(value) if is_complex else math.log(value)
    return result if base is None else result / math.log(real(base))


ELEMENTARY = (
    Function(
        name="exp",
        tex="e^{#1}",
        number=either(math.exp, cmath.exp),
        precise="exp",
        sympy="exp",
        derivative="exp(x)",
        undefined=NOWHERE,
        real="always",
        corners=(),
        cuts=lambda x: (),
        is_monotone=True,
        is_positive=True,
        never_zero=True,
        largest=GROWING,
        cost=2,
    ),
    Function(
        name="log",
        parameters="x b",
        fewest=1,
        spellings=("ln",),
        tex=r"\log",
        tex_of_all=r"\log_{#2}\left(#1\right)",
        number=_logarithm,
        precise="log",
        sympy="log",
        definition="log(x)/log(b)",
        derivative="1/x",
        undefined=Points(("x",)),
        real="positive",
        corners=(),
        cuts=lambda x, b=1: (x, b),
        is_monotone=True,
        is_never_flat=True,
        largest=ANY_SIZE,
        cost=2,
    ),
    Function(name="log2", is_shorthand=True, definition="log(x, 2)"),
    Function(name="log10", is_shorthand=True, definition="log(x, 10)"),
    Function(
        name="sqrt",
        tex=r"\sqrt{#1}",
        number=either(math.sqrt, cmath.sqrt, 0.0),
        precise="sqrt",
        sympy="sqrt",
        derivative="1/(2*sqrt(x))",
        undefined=NOWHERE,
        real="positive",
        corners=("x",),
        cuts=lambda x: (x,),
        is_monotone=True,
        is_never_flat=True,
        largest=ANY_SIZE,
        cost=2,
    ),
    Function(
        name="root",
        parameters="x n",
        tex=r"\sqrt[#2]{#1}",
        definition="x^(1/n)",
        real="positive",
        corners=("x",),
        cuts=lambda x, n: (x,),
        is_never_flat=True,
        largest=ANY_SIZE,
        cost=2,
    ),
    Function(name="cbrt", is_shorthand=True, definition="root(x, 3)"),
    Function(name="square", is_shorthand=True, definition="x^2"),
    Function(
        name="power",
        parameters="x y",
        spellings=("pow", "Pow"),
        is_shorthand=True,
        definition="x^y",
    ),
)
