"""What may be read in two ways or cannot be judged is asked back or refused, in plain words."""

from __future__ import annotations

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict

PROVED, REFUTED, ERROR = Verdict.PROVED, Verdict.REFUTED, Verdict.ERROR


@pytest.mark.parametrize(
    ("text", "declared", "syntax"),
    [
        (r"\sin^{-1} x", {"x": "0 < x < 1"}, "latex"),
        (r"\cos^{-1}(x)", {"x": "0 < x < 1"}, "latex"),
        (r"\tanh^{-1} x", {"x": "0 < x < 1"}, "latex"),
        ("sin^-1 x", {}, "ascii"),
        ("sin^(-1)(x)", {}, "ascii"),
        ("sin⁻¹(x)", {}, "ascii"),
        (r"\mathbb{E}(X)", {"X": "random"}, "latex"),
        (r"\mathbb{E} X", {}, "latex"),
        ("E(X)", {"X": "random"}, "ascii"),
        ("E X", {"X": "random"}, "ascii"),
        ("𝔼(X)", {"X": "random"}, "ascii"),
        ("A^{-1}A - I", {"A": "matrix 2x2"}, "latex"),
        ("A^(-1)*A - I", {"A": "matrix 2x2"}, "ascii"),
        ("|A|", {"A": "matrix 2x2"}, "latex"),
        ("|A|", {"A": "matrix 2x2"}, "ascii"),
    ],
)
def test_readings_that_differ_between_textbooks_are_asked_back(
    text: str, declared: dict[str, str], syntax: str, prover: Prover
) -> None:
    found = prover.equal(text, "1", declared, syntax)
    assert found.verdict is ERROR
    assert "Write " in found.why


@pytest.mark.parametrize("text", [r"alphabar_{t-1}", r"E_{z\sim q}[z]"])
def test_a_subscript_that_is_not_declared_is_told_without_internals(
    text: str, prover: Prover
) -> None:
    found = prover.equal(text, "1", {}, "latex")
    assert found.verdict is ERROR
    assert "*" not in found.why and "{...}" not in found.why


@pytest.mark.parametrize(
    "declared",
    [
        {"x": "integer, x > 0.5, x < 0.6"},
        {"x": "x > 1, x < 1"},
        {"x": "1 <= x <= 1, x != 1"},
        {"x": "normal(0, normal(0, 1))"},
    ],
)
def test_a_domain_without_values_and_a_random_parameter_are_refused(
    declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal("x", "x + 1", declared).verdict is ERROR


@pytest.mark.parametrize(
    ("a", "b", "declared"),
    [
        ("x^T*A*x", "x^T*A^T*x + x[1]", {"x": "vector 2", "A": "matrix 2x2"}),
        ("E[g]", "E[g[1]]", {"g": "random sequence"}),
        ("v*F", "F*v", {"v": "vector 2", "F": "matrix 2x2"}),
        ("sum(1/n, n, 1, oo)", "7", {}),
    ],
)
def test_no_message_shows_internals(
    a: str, b: str, declared: dict[str, str], prover: Prover
) -> None:
    why = prover.equal(a, b, declared).why
    assert "Error" not in why and "alike in form" not in why and "at 0 points" not in why


@pytest.mark.parametrize(
    ("text", "told", "meant"),
    [
        ("v*F", "v is 2x1, F is 2x2", "Did you mean v^T*F?"),
        ("A B x", "B is 2x3, x is 2x1", "Did you mean B^T*x?"),
        ("(A B) A", "B is 2x3, A is 2x2", "Did you mean B^T*A?"),
        ("x + v^T", "x is 2x1, v^T is 1x2: they cannot be added", "Did you mean v?"),
        ("A + 1", "A is 2x2, 1 is a number", ""),
        ("1/v", "v is 2x1: nothing is divided by a matrix", ""),
        ("exp(A)", "A is 2x2: exp is of numbers", ""),
        ("det(B)", "B is 2x3: det is of a square matrix", ""),
        ("B^2", "B is 2x3: only a square matrix has powers", ""),
        ("dot(x, A)", "x is 2x1, A is 2x2: they have no dot product", ""),
    ],
)
def test_shapes_that_do_not_fit_are_told_with_what_would(
    text: str, told: str, meant: str, prover: Prover
) -> None:
    declared = {"v": "vector 2", "x": "vector 2", "F": "matrix 2x2", "A": "matrix 2x2",
                "B": "matrix 2x3"}  # fmt: skip
    found = prover.equal(text, "x", declared)
    assert found.verdict is ERROR
    assert told in found.why and meant in found.why


def test_shapes_that_fit_are_compared(prover: Prover) -> None:
    declared = {"x": "vector 2", "A": "matrix 2x2"}
    quadratic = "x^T*A*x"
    assert prover.equal(quadratic, "x^T*A^T*x", declared).verdict is PROVED
    assert prover.equal(quadratic, "x^T*A^T*x + x[1]", declared).verdict is REFUTED
    assert prover.equal("Sum(A^k, (k, 0, 2))", "identity(2) + A + A^2", declared).verdict is PROVED


@pytest.mark.parametrize(
    ("text", "syntax"), [("f^(-1)(x)", "ascii"), ("f⁻¹(x)", "unicode"), ("f^{-1}(x)", "latex"),
                         ("f^2(x)", "ascii"), ("f²(x)", "unicode"), ("f^{2}(x)", "latex")],
)  # fmt: skip
def test_a_power_of_a_declared_function_is_asked_back_in_every_syntax(
    text: str, syntax: str, prover: Prover
) -> None:
    found = prover.equal(text, "x", {"f": "function"}, syntax)
    assert found.verdict is ERROR
    assert "a power of f is of its value" in found.why and "Write f(x)^2" in found.why


def test_a_word_that_latex_cuts_into_letters_is_told_whole(prover: Prover) -> None:
    found = prover.equal(r"alphabar_{t-1}", "1", {}, "latex")
    assert "Declare alphabar as a sequence" in found.why


def test_what_has_a_law_may_be_called_independent(prover: Prover) -> None:
    declared = {"Z": "independent normal(0, 1)", "W": "independent normal(0, 1)"}
    assert prover.equal("E[Z^2*W^2]", "1", declared).verdict is PROVED


def test_a_determinant_written_with_bars_is_asked_back(prover: Prover) -> None:
    found = prover.equal(r"\det A", "|A|", {"A": "matrix 2x2"}, "latex")
    assert found.verdict is ERROR and "Write det(A)" in found.why
