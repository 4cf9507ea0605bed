"""Functions that go by cases."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from studytui.derive.functions.floats import of_reals
from studytui.derive.functions.spec import ANY_SIZE, NOWHERE, Function, Scalar

FINEST_STEP = 1e15
"""Whole parts beyond are not told apart."""


def _sign(mp: Any, x: Scalar) -> int:
    return int(mp.sign(x))


def _step(mp: Any, x: Scalar) -> int | None:
    return int(mp.floor(x)) if abs(x) < FINEST_STEP else None


_cased = partial(
    Function,
    undefined=NOWHERE,
    real="always",
    largest=ANY_SIZE,
    is_never_flat=True,
    cost=2,
)

PIECEWISE = (
    _cased(
        name="abs",
        spellings=("Abs",),
        tex=r"\left|#1\right|",
        number=abs,
        precise="fabs",
        sympy="Abs",
        corners=("x",),
        case=_sign,
        cuts=lambda x: (),
    ),
    _cased(
        name="sign",
        spellings=("sgn",),
        number=of_reals(lambda x: (x > 0) - (x < 0)),
        precise="sign",
        sympy="sign",
        corners=("x",),
        case=_sign,
        jump=lambda mp, x: x,
        cuts=lambda x: (),
        is_whole=True,
    ),
    _cased(
        name="floor",
        tex=r"\left\lfloor #1 \right\rfloor",
        number=of_reals(math.floor),
        precise="floor",
        sympy="floor",
        of_reals=True,
        corners=("sin(pi*x)",),
        case=_step,
        jump=lambda mp, x: x - mp.nint(x),
        is_whole=True,
    ),
    _cased(
        name="ceiling",
        spellings=("ceil",),
        tex=r"\left\lceil #1 \right\rceil",
        number=of_reals(math.ceil),
        precise="ceil",
        sympy="ceiling",
        definition="-floor(-x)",
        of_reals=True,
        corners=("sin(pi*x)",),
        case=lambda mp, x: _step(mp, -x),
        jump=lambda mp, x: x - mp.nint(x),
        is_whole=True,
    ),
    _cased(
        name="mod",
        parameters="a b",
        definition="a - b*floor(a/b)",
        undefined=None,
        case=lambda mp, a, b: _step(mp, a / b) if b else None,
    ),
    _cased(
        name="max",
        parameters="x",
        many=64,
        spellings=("Max",),
        shown="max(x, y, ...)",
        tex=r"\max",
        number=of_reals(max),
        precise=lambda mp, *values: max(values),
        sympy="Max",
        of_reals=True,
        corners=(),
        corners_between=True,
        case=lambda mp, *values: tuple(value == max(values) for value in values),
    ),
    _cased(
        name="min",
        parameters="x",
        many=64,
        spellings=("Min",),
        shown="min(x, y, ...)",
        tex=r"\min",
        number=of_reals(min),
        precise=lambda mp, *values: min(values),
        sympy="Min",
        of_reals=True,
        corners=(),
        corners_between=True,
        case=lambda mp, *values: tuple(value == min(values) for value in values),
    ),
    _cased(
        name="delta",
        parameters="i j",
        spellings=("KroneckerDelta",),
        number=lambda i, j: float(i == j),
        precise=lambda mp, i, j: mp.mpf(int(i == j)),
        sympy="KroneckerDelta",
        corners=(),
        corners_between=True,
        case=lambda mp, i, j: bool(i == j),
        jump=lambda mp, i, j: i - j,
        cuts=lambda i, j: (),
        is_whole=True,
    ),
    _cased(
        name="indicator",
        parameters="c",
        shown="indicator(x > 0)",
        sympy=lambda sympy, c: sympy.Piecewise((1, c), (0, True)),
        is_whole=True,
    ),
)
