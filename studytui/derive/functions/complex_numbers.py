"""Parts of complex numbers."""

from __future__ import annotations

import cmath
from functools import partial

from studytui.derive.functions.spec import ANY_SIZE, NOWHERE, Function, Points

_part = partial(
    Function, largest=ANY_SIZE, is_never_flat=True, cost=2, real="always", cuts=lambda x: ()
)

COMPLEX_NUMBERS = (
    _part(
        name="re",
        spellings=("Re",),
        number=lambda x: complex(x).real,
        precise="re",
        sympy="re",
        definition="(x + conjugate(x))/2",
        undefined=NOWHERE,
        corners=(),
    ),
    _part(
        name="im",
        spellings=("Im",),
        number=lambda x: complex(x).imag,
        precise="im",
        sympy="im",
        definition="(x - conjugate(x))/(2*i)",
        undefined=NOWHERE,
        corners=(),
    ),
    _part(
        name="conjugate",
        spellings=("conj",),
        number=lambda x: x.conjugate(),
        precise="conj",
        sympy="conjugate",
        undefined=NOWHERE,
        corners=(),
    ),
    _part(
        name="arg",
        tex=r"\arg",
        number=lambda x: cmath.phase(complex(x)),
        precise=lambda mp, x: mp.arg(x) if x else mp.inf,
        sympy="arg",
        undefined=Points(("x",)),
        cuts=lambda x: (x,),
    ),
)
