from __future__ import annotations

import pytest

from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.lines import declarations_of, line_to_tex
from studytui.derive.steps.source import DerivationSource, StepSource


@pytest.mark.parametrize(
    ("line", "goes_on", "tex"),
    [
        ("x/2", False, r"\frac{x}{2}"),
        ("x/2", True, r"= \frac{x}{2}"),
        ("x = 2", True, "x = 2"),
        ("= x^2", True, "= x^{2}"),
        ("≤ 3", False, r"\le 3"),
    ],
)
def test_a_line_may_begin_with_its_relation(line: str, goes_on: bool, tex: str) -> None:
    assert line_to_tex(line, {"x": "real"}, goes_on) == tex


def test_the_column_of_a_mistake_is_that_in_the_line() -> None:
    with pytest.raises(ExpressionError) as told:
        line_to_tex("= 3 q", {})
    assert told.value.column == 4


def test_names_that_a_line_defines_are_known() -> None:
    source = DerivationSource(
        id="d-one",
        article="one",
        title="One",
        symbols=(("x", "real"),),
        given="m = 2*x",
        goal="m/2 = x",
        steps=(StepSource(to="m/2 = x", say="Halve."),),
    )
    assert declarations_of(source) == {"x": "real", "m": "real"}
