"""What is typed, as it is read: names first, ambiguity asked back, errors with their column."""

from __future__ import annotations

import pytest

from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.expr.nodes import Call, Constant, Fold, Index, Multiply, Name, Power, Relation
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.process.node_codec import from_data, to_data
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.syntax.print_latex import to_tex
from tests.derive.pairs import corpus


@pytest.mark.parametrize(
    "name", ["N", "E", "S", "I", "Q", "beta", "lambda", "gamma", "pi", "e", "i"]
)
def test_a_declared_name_is_that_name_whatever_it_means_elsewhere(name: str) -> None:
    node = parse(f"{name} + 1", {name: "real"})
    assert Name(name) in node.terms  # type: ignore[attr-defined]


def test_undeclared_constants_are_constants() -> None:
    assert parse("pi") == Constant("pi")
    assert parse("e^x", {"x": "real"}) == Power(Constant("e"), Name("x"))


def test_xbar_is_one_name() -> None:
    assert parse("xbar", {"xbar": "real"}) == Name("xbar")
    assert parse(r"\bar{x}", {"xbar": "real"}, "latex") == Name("xbar")
    assert parse("x̄", {"xbar": "real"}) == Name("xbar")


def test_subscripts_name_declared_symbols_or_elements() -> None:
    assert parse("x₁", {"x_1": "real"}) == Name("x_1")
    assert parse("β₁", {"beta_1": "real"}) == Name("beta_1")
    assert parse("beta1", {"beta_1": "real"}) == Name("beta_1")
    assert parse("x_i", {"x": "sequence", "i": "integer"}) == Index("x", (Name("i"),))
    assert parse("x_{t-1}", {"x": "sequence", "t": "integer"}) == parse(
        "x[t-1]", {"x": "sequence", "t": "integer"}
    )


def test_implied_products_are_cut_at_declared_names() -> None:
    assert parse("2ab", {"a": "real", "b": "real"}) == parse("2*a*b", {"a": "real", "b": "real"})
    assert isinstance(parse("x(x+1)"), Multiply)
    assert isinstance(parse("f(x)", {"f": "function", "x": "real"}), Call)


@pytest.mark.parametrize(
    "text", ["1/2y", "a/b c", "1/2(x+1)", "e^2x", "sin x y", "sin^-1(x)", "√2x"]
)
def test_what_has_two_readings_is_asked_back(text: str) -> None:
    with pytest.raises(AmbiguousError) as caught:
        parse(text)
    assert caught.value.todo


def test_a_word_that_can_be_cut_in_two_ways_is_asked_back() -> None:
    with pytest.raises(AmbiguousError, match="can be read as"):
        parse("abc", {"a": "real", "bc": "real", "ab": "real", "c": "real"})


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("x + ", 4, "expected a number, a name or a bracket, found the end"),
        ("(x + 1", 6, r"expected '\)' to close the bracket"),
        ("x + y z w)", 9, "an operator or the end"),
        ("x @ y", 2, "not part of the grammar"),
        ("sum(i, i, 1)", 0, "wants an expression, a variable and two bounds"),
        ("sin()", 0, "sin takes 1 arguments, not 0"),
        ("2 3", 2, "a number cannot follow"),
        ("а + 1", 0, "CYRILLIC"),
    ],
)
def test_errors_point_at_the_column(text: str, column: int, part: str) -> None:
    with pytest.raises(ExpressionError, match=part) as caught:
        parse(text)
    assert caught.value.column == column


def test_an_unknown_name_is_told_with_a_near_one() -> None:
    with pytest.raises(ExpressionError, match="betta is not a declared name") as caught:
        parse("betta + 1", {"beta": "real"})
    assert "Did you mean beta?" in caught.value.todo


def test_both_forms_of_a_sum_are_one() -> None:
    names = {"n": "natural"}
    assert parse("Sum(i, (i, 1, n))", names) == parse("sum(i, i, 1, n)", names)
    assert isinstance(parse("∑_{i=1}^{n} i", names), Fold)


def test_chains_are_one_relation() -> None:
    node = parse("a = b <= c")
    assert isinstance(node, Relation)
    assert node.operators == ("=", "<=")


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9",
        "1000000!",
        "sum(i, i, 1, 10^9)",
        "1e99999",
        "x" + "/x" * 500,
        "(" * 60 + "x" + ")" * 60,
    ],
)
def test_sizes_are_bounded_before_anything_is_computed(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize("pair", corpus()[::5], ids=lambda pair: pair.name)
def test_what_is_read_can_be_written_read_and_sent_again(pair: object) -> None:
    symbols = declare(dict(pair.assumptions), open_names=True)  # type: ignore[attr-defined]
    node = parse(pair.a, symbols, pair.syntax)  # type: ignore[attr-defined]
    assert same_shape(parse(to_text(node), symbols), node)
    assert from_data(to_data(node)) == node
    assert to_tex(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1 - beta^t) g", 0.542),
        ("sum(i^2, i, 1, t)", 14),
        ("prod(i, i, 1, t)", 6),
        ("max(beta, g) - min(beta, g)", 1.1),
        ("floor(g) + t!", 8),
        ("binomial(t, 2) + erf(0)", 3),
        ("[1, 2]^T * [3, 4]", 11),
        ("piecewise((1, g > 1), (0, true))", 1),
        ("1/2^99", 2.0**-99),
    ],
)
def test_plain_values(text: str, value: float) -> None:
    names = {"beta": "0 < beta < 1", "t": "natural", "g": "real"}
    node = parse(text, names)
    assert evaluate(node, {"beta": 0.9, "t": 3, "g": 2.0}) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("(1 - beta^t) g", r"\left(1 - \beta^{t}\right) \, g"),
        ("sqrt(2 pi)", r"\sqrt{2 \, \pi}"),
        ("a/b", r"\frac{a}{b}"),
        ("m_hat", r"\hat{m}"),
        ("theta_1", r"\theta_{1}"),
    ],
)
def test_the_preview(text: str, tex: str) -> None:
    names = dict.fromkeys(("beta", "t", "g", "a", "b", "m_hat", "theta_1"), "real")
    assert to_tex(parse(text, names)) == tex
