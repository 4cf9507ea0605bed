"""Functions of deep learning."""

from __future__ import annotations

import math
from functools import partial

from studytui.derive.functions.floats import of_reals
from studytui.derive.functions.spec import ANY_SIZE, GROWING, NOWHERE, Function, Points, Scalar


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1 + grown)


_soft = partial(
    Function,
    undefined=NOWHERE,
    real="always",
    corners=(),
    cuts=lambda x: (),
    is_monotone=True,
    is_positive=True,
    saturation=lambda size: size * 0.44,
    largest=GROWING,
)
"""Smooth steps and ramps: for real numbers, that is, for which ``exp(x) + 1`` is never zero."""


def _relu_case(_: object, x: Scalar) -> int:
    return int(x > 0) - int(x < 0)


NEURAL = (
    _soft(
        name="sigmoid",
        spellings=("logistic", "sigma"),
        tex=r"\sigma",
        number=of_reals(_sigmoid),
        precise=lambda mp, x: 1 / (1 + mp.exp(-x)),
        sympy=lambda sympy, x: 1 / (1 + sympy.exp(-x)),
        definition="exp(x)/(exp(x) + 1)",
        derivative="sigmoid(x)*(1 - sigmoid(x))",
        cost=3,
    ),
    _soft(
        name="softplus",
        number=of_reals(lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x)))),
        definition="log(exp(x) + 1)",
        derivative="sigmoid(x)",
        cost=4,
    ),
    Function(
        name="relu",
        spellings=("ReLU",),
        definition="max(x, 0)",
        undefined=NOWHERE,
        real="always",
        of_reals=True,
        corners=("x",),
        case=_relu_case,
        is_never_flat=True,
        largest=ANY_SIZE,
        cost=2,
    ),
    Function(
        name="logit",
        definition="log(x/(1 - x))",
        derivative="1/(x*(1 - x))",
        undefined=Points(("x", "1 - x")),
        corners=(),
        cuts=lambda x: (x,),
        is_monotone=True,
        is_never_flat=True,
        largest=ANY_SIZE,
        cost=2,
    ),
    Function(
        name="normalpdf",
        parameters="x mu sigma",
        is_shorthand=True,
        definition="exp(-((x - mu)/sigma)^2/2)/(sigma*sqrt(2*pi))",
    ),
    # It has the value of its argument, but no derivative: differences of values would give one.
    Function(name="sg", derivative="0"),
)
