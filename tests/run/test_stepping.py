"""A number moved by a step."""

from __future__ import annotations

import doctest

import pytest

from studytui.run import comparison, stepping
from studytui.run.parameters import Parameter, check
from studytui.run.stepping import stepped

RATE = Parameter("lr", "number", "0.001", minimum=0.0, maximum=1.0)
COUNT = Parameter("n", "integer", "3", minimum=1, maximum=1000)
FREE = Parameter("x", "number", "0")


@pytest.mark.parametrize("module", [stepping, comparison])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parameter", "text", "by", "moved"),
    [
        (COUNT, "1", -1, "1"),
        (COUNT, "1000", 1, "1000"),
        (COUNT, "100", 1, "110"),
        (COUNT, "100", -1, "99"),
        (COUNT, "5000", -1, "1000"),
        (COUNT, "words", 1, "words"),
        (COUNT, "", 1, "4"),
        (RATE, "1", 1, "1"),
        (RATE, "0", 1, "0.0001"),
        (RATE, "0.0001", -1, "0"),
        (RATE, "nan", 1, "nan"),
        (RATE, "1e-3", 1, "0.0011"),
        (FREE, "-1", -1, "-1.1"),
        (FREE, "-1", 1, "-0.99"),
        (FREE, "1e300", 1, "1e300"),
    ],
)
def test_a_step(parameter: Parameter, text: str, by: int, moved: str) -> None:
    assert stepped(parameter, text, by) == moved


@pytest.mark.parametrize("parameter", [COUNT, RATE, FREE])
def test_however_far_it_is_moved_the_value_will_do(parameter: Parameter) -> None:
    for by in (1, -1):
        text = parameter.default or "0"
        for _ in range(400):
            text = stepped(parameter, text, by)
            assert check(parameter, text) == text
