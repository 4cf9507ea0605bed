"""Notation of papers: what it stands for, what is asked back, and the laws behind it, perturbed."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.nodes import Call, Fold, Logic, Matrix, Node
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.field import identical
from studytui.derive.field.index_extremes import taken_out
from studytui.derive.process.prover import Prover
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Verdict

DECLARED = {
    "x": "sequence", "n": "positive integer", "v": "vector 3", "A": "matrix 2x2", "u": "vector 2",
    "X": "normal(0, 1)", "Y": "random", "p": "positive function", "alphabar_{t-1}": "positive",
    "a": "real", "b": "positive",
}  # fmt: skip
SAME = [
    ("max_{i=1}^{n} x[i]", "∑", r"\max_{i=1}^{n} x_i"),
    ("argmin_i v[i]", "argmin_i v_i", r"\arg\min_i v_i"),
    ("1[a > 0]", "𝟙[a > 0]", r"\mathbb{1}[a > 0]"),
    ("softmax(v)[2]", "softmax(v)₂", r"\operatorname{softmax}(v)_2"),
    ("sg[a]", "sg[a]", r"\operatorname{sg}[a]"),
    ("norm_F(A)", "‖A‖_F", r"\|A\|_F"),
    ("dot(u, u)", "⟨u, u⟩", r"\langle u, u \rangle"),
    ("grad(dot(u, u), u)", "∇_u dot(u, u)", r"\nabla_u \langle u, u \rangle"),
    ("E_{z~normal(0, b)}[z]", "𝔼_{z∼normal(0, b)}[z]",
     r"\mathbb{E}_{z \sim \mathcal{N}(0, b^2)}[z]"),
    ("KL(normal(a, b), normal(0, 1))", "KL(normal(a, b) ‖ normal(0, 1))",
     r"D_{\mathrm{KL}}(\mathcal{N}(a, b^2) \| \mathcal{N}(0, 1))"),
    ("a = +/-b", "a = ±b", r"a = \pm b"),
    ("alphabar_{t-1}", "ᾱₜ₋₁", r"\bar\alpha_{t-1}"),
]  # fmt: skip


@pytest.mark.parametrize(("ascii_text", "unicode_text", "latex"), SAME)
def test_each_notation_is_the_same_in_every_syntax(
    ascii_text: str, unicode_text: str, latex: str
) -> None:
    symbols = declare(DECLARED)
    first = parse(ascii_text, symbols)
    if unicode_text != "∑":
        assert parse(unicode_text, symbols) == first
    assert parse(latex, symbols, "latex") == first


ASKED = [
    ("max_i x[i]", "what i runs through"),
    ("softmax(x)[2]", "how many elements of x"),
    (r"latex:\|A\|_2", "2-norm of a matrix"),
    (r"latex:\nabla \langle u, u \rangle", "by what the gradient"),
    ("grad(A*u, u)", "laid out in two ways"),
    (r"latex:\mathbb{E}_{z \sim \mathcal{N}(0, b)}[z]", "variance or the deviation"),
    ("a ± b", "two expressions of one"),
]
REFUSED = [
    ("softmax(v)[4]", "no entry 4"),
    ("E_{z~normal(0, 1)}[z*X]", "X is random too"),
    ("E_{z~normal(z, 1)}[z]", "not a declared name"),
    ("E_{z~cauchy}[z]", "not a law"),
    ("KL(normal(0, 1), exponential(1))", "not compared"),
    ("1[a + 1]", "of a condition"),
    ("norm_3(u)", "not part of the grammar"),
    ("diff(dot(u, u), u, 2)", "no order"),
]


@pytest.mark.parametrize(("text", "what"), ASKED)
def test_what_says_two_things_is_asked_back(text: str, what: str) -> None:
    syntax = "latex" if text.startswith("latex:") else "ascii"
    with pytest.raises(AmbiguousError, match=what):
        parse(text.removeprefix("latex:"), declare(DECLARED), syntax)


@pytest.mark.parametrize(("text", "what"), REFUSED)
def test_what_has_no_meaning_is_refused(text: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=what):
        parse(text, declare(DECLARED))


@pytest.mark.parametrize("text", ["norm_F(B)", "argmax_i*y", "softmax_2", "trace_1 + 1"])
def test_an_operator_with_a_subscript_is_never_a_free_number(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text + " + det_1", declare({}, open_names=True))


def test_plus_minus_is_two_alternatives_or_two_claims(prover: Prover) -> None:
    alternatives, claims = parse("x = 1 ± y"), parse("(x ± y)^2 = x^2 ± 2*x*y + y^2")
    assert isinstance(alternatives, Logic) and alternatives.kind == "or"
    assert isinstance(claims, Logic) and claims.kind == "and"
    assert prover.equal("x^2 = y^2", "x = ±y").verdict is Verdict.PROVED
    assert prover.equal("x^2 = y^2", "x = ±2*y").verdict is Verdict.REFUTED


def test_the_gradient_has_the_shape_of_what_it_is_taken_by() -> None:
    symbols = declare(DECLARED)
    for text, shape in (("grad(dot(v, v), v)", (3, 1)), ("diff(trace(A*A), A)", (2, 2))):
        node = parse(text, symbols)
        assert isinstance(node, Matrix)
        assert (len(node.rows), len(node.rows[0])) == shape


BODIES = ("x[i]", "x[i] + c", "x[i] - c", "c*x[i]", "b*x[i]", "x[i]/b", "-x[i]", "exp(x[i])",
          "exp(b*x[i])", "exp(-x[i])", "log(w[i])", "-log(w[i])", "b*w[i] + c*b", "(x[i] + c)/b",
          "x[i]^2", "c - b*x[i]", "exp(x[i] - c)*b", "log(w[i]*b)", "x[i]*c + w[i]")  # fmt: skip
VALUES = st.lists(st.fractions(-3, 3, max_denominator=8), min_size=3, max_size=3, unique=True)


def value(node: Node, numbers: dict[str, object]) -> object:
    with mpmath.workdps(30):
        try:
            return PreciseEvaluation(dict(numbers)).value(node)
        except UndefinedValueError:
            return None


@given(
    st.sampled_from(("max", "min", "argmax", "argmin")),
    st.sampled_from(BODIES),
    VALUES,
    st.fractions(-2, 2, max_denominator=5),
    st.fractions("1/5", 2, max_denominator=5),
)
@settings(max_examples=300, deadline=None)
def test_what_is_taken_out_of_an_extreme_changes_no_value(
    kind: str, body: str, values: list[Fraction], c: Fraction, b: Fraction
) -> None:
    symbols = declare({"x": "sequence", "w": "positive sequence", "n": "positive integer",
                       "c": "real", "b": "positive"})  # fmt: skip
    node = parse(f"{kind}_{{i=1}}^{{n}} ({body})", symbols)
    assert isinstance(node, Fold)
    exact = [mpmath.mpf(number.numerator) / number.denominator for number in values]
    numbers: dict[str, object] = {
        "n": mpmath.mpf(3), "x": lambda place: exact[int(place) - 1],
        "w": lambda place: abs(exact[int(place) - 1]) + mpmath.mpf(int(place)) / 7,
        "c": mpmath.mpf(c.numerator) / c.denominator, "b": mpmath.mpf(b.numerator) / b.denominator,
    }  # fmt: skip
    first, other = value(node, numbers), value(taken_out(node, symbols), numbers)
    assert (first is None) == (other is None)
    if first is not None:
        assert abs(first - other) < mpmath.mpf(10) ** -20  # type: ignore[operator]


def test_an_extreme_of_few_elements_is_that_of_those() -> None:
    symbols = declare(DECLARED)
    assert isinstance(taken_out(parse("max_i v[i]", symbols), symbols), Call)


def test_a_positive_divisor_may_leave_a_logarithm_and_no_other() -> None:
    """``sqrt(u/d)^2`` is u/d; ``log(u/d)`` is parted where the divisor d is positive."""
    symbols = declare({"t": "positive", "r": "real", "s": "real"})
    for left, right, true in (
        ("sqrt(1 - exp(-t))^2", "1 - exp(-t)", True),
        ("log(1 - exp(-t))", "log(exp(t) - 1) - t", True),
        ("log((r - s)/t)", "log(r - s) - log(t)", True),
        ("log((r - s)/r)", "log(r - s) - log(r)", False),
        ("sqrt(r*s/t)", "sqrt(r)*sqrt(s)/sqrt(t)", False),
        ("log((r - s)/t)", "log(s - r) - log(t)", False),
    ):
        assert identical(parse(left, symbols), parse(right, symbols), symbols) is true, left
