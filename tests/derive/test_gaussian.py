"""Gaussian integrals in closed form against quadrature."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.nodes import Expectation, Integral, walk
from studytui.derive.field.gaussian import closed
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from tests.examples import examples

SMALL = st.integers(-3, 3)
PARTS = st.lists(SMALL, min_size=1, max_size=5)


@given(PARTS, st.integers(1, 4), SMALL, SMALL, PARTS)
@examples(3)  # 2 s of the processor each
def test_a_closed_form_has_the_value_of_the_integral(
    first: list[int], width: int, slope: int, off: int, second: list[int]
) -> None:
    symbols = declare({"a": "positive", "b": "real"})
    one, other = (
        " + ".join(f"({number})*x^{power}" for power, number in enumerate(part))
        for part in (first, second)
    )
    text = f"({one})*exp(-a*x^2/{width} + ({slope})*b*x + ({off})) - ({other})*exp(-(x - b)^2)/2"
    node = closed(parse(f"int({text}, x, -oo, oo)", symbols), symbols)
    assert not any(isinstance(part, Integral) for part in walk(node))
    values = {"a": mpmath.mpf(3) / 2, "b": mpmath.mpf(-2) / 3}
    found = PreciseEvaluation(dict(values)).number(node)

    def body(place: mpmath.mpf) -> mpmath.mpf:
        return PreciseEvaluation({**values, "x": place}).number(parse(text, inside))

    inside = declare({"a": "positive", "b": "real", "x": "real"})
    wanted = mpmath.quad(body, [-12, -4, 0, 4, 12], maxdegree=5)
    assert abs(found - wanted) < 1e-6 * (1 + abs(wanted))


@pytest.mark.parametrize(
    "text",
    [
        "int(exp(a*x^2), x, -oo, oo)",
        "int(exp(-b*x^2), x, -oo, oo)",
        "int(exp(-a*x^2), x, 0, oo)",
        "int(abs(x)*exp(-a*x^2), x, -oo, oo)",
        "int(exp(-a*x^2)/x, x, -oo, oo)",
        "int(exp(-a*x^4), x, -oo, oo)",
        "int(exp(-a*x^2) + 1, x, -oo, oo)",
        "int(sin(x)*exp(-a*x^2), x, -oo, oo)",
        "int(f(x)*exp(-a*x^2), x, -oo, oo)",
        "E[exp(a*Z^2)]",
        "E[exp(Z)*f(Z)]",
        "E[exp(Z)*U]",
    ],
)
def test_what_is_no_such_integral_is_left_alone(text: str) -> None:
    declared = {"a": "positive", "b": "real", "f": "function", "Z": "normal(0, 1)", "U": "random"}
    symbols = declare(declared)
    node = closed(parse(text, symbols), symbols)
    assert any(isinstance(part, Expectation | Integral) for part in walk(node))
