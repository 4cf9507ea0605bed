"""Functions of vectors and matrices.

``evaluate/matrix_functions.py`` computes them, from numbers of any kind.
"""

from __future__ import annotations

from functools import partial

from studytui.derive.functions.spec import NOWHERE, Function

_of_matrices = partial(Function, parameters="A", of_matrices=True, cost=2)

MATRICES = (
    _of_matrices(
        name="det",
        tex=r"\det",
        sympy=lambda sympy, table: sympy.Matrix(table).det(),
        undefined=NOWHERE,
        corners=(),
    ),
    _of_matrices(
        name="trace",
        spellings=("tr",),
        sympy=lambda sympy, table: sympy.Matrix(table).trace(),
        undefined=NOWHERE,
        corners=(),
    ),
    _of_matrices(
        name="inverse",
        spellings=("inv",),
        tex="(#1)^{-1}",
        definition="A^(-1)",
        sympy=lambda sympy, table: sympy.Matrix(table).inv(),
    ),
    _of_matrices(
        name="identity",
        parameters="n",
        spellings=("eye", "Identity"),
        sympy=lambda sympy, size: sympy.eye(int(size)),
        undefined=NOWHERE,
    ),
    _of_matrices(
        name="norm",
        tex=r"\left\|#1\right\|",
        sympy=lambda sympy, table: sympy.sqrt(sum((item**2 for item in table), sympy.Integer(0))),
        undefined=NOWHERE,
    ),
    _of_matrices(
        name="dot",
        parameters="u v",
        sympy=lambda sympy, left, right: sum(
            (a * b for a, b in zip(left, right, strict=True)), sympy.Integer(0)
        ),
        undefined=NOWHERE,
        corners=(),
    ),
    _of_matrices(
        name="diag",
        parameters="v",
        sympy=lambda sympy, table: sympy.diag(*list(table)),
        undefined=NOWHERE,
    ),
)
