"""Lines are broken where they may be, and nothing gets lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.library.layout.layout_lines import NO_BREAK, Span
from studytui.library.layout.spans import spans
from studytui.library.layout.wrap import wrap
from studytui.library.parse.fragment import parse_inlines
from tests.examples import examples

WORDS = st.text(st.sampled_from("ab c\n,.（）「」，。梯度m\u0302-—"), max_size=120)


def texts(text: str, width: int) -> list[str]:
    return [line.text for line in wrap([Span(text)], width)]


@given(WORDS, st.integers(4, 40))
@examples(200)
def test_lines_fit_and_joined_give_the_text_back(text: str, width: int) -> None:
    lines = wrap([Span(text)], width)
    assert all(line.width <= width for line in lines)
    joined = "".join(line.text + line.join for line in lines)
    assert joined.split() == text.split()


def test_closing_punctuation_never_begins_a_line() -> None:
    for width in range(8, 30):
        for line in texts("我们（以及他们）说：「梯度」，然后下降。" * 3, width):
            assert line[:1] not in "，。）」：", (width, line)
            assert line[-1:] not in "（「", (width, line)


def test_what_may_not_be_broken_is_not() -> None:
    assert texts(f"then x{NO_BREAK}={NO_BREAK}1 holds", 9) == ["then", "x = 1", "holds"]


def test_styles_and_links_survive_the_break() -> None:
    lines = wrap([Span("see "), Span("the whole section", "link", "#there"), Span(" now")], 9)
    assert [line.text for line in lines] == ["see the", "whole", "section", "now"]
    assert [s.link for line in lines for s in line.segments if s.text.strip()] == [
        "",
        "#there",
        "#there",
        "#there",
        "",
    ]


def test_a_forced_break_is_kept_and_joined_by_one() -> None:
    lines = wrap([Span("one\ntwo")], 20)
    assert [(line.text, line.join) for line in lines] == [("one", "\n"), ("two", "\n")]


def test_a_megabyte_in_one_word_is_cut() -> None:
    assert len(texts("x" * 1_000_000, 80)) == 12_500
    assert len(texts("梯" * 200_000, 80)) == 5_000


OPERATORS = {
    r"\int_0^\infty e^{-x}\,dx": "∫₀^(∞)",
    r"\int_a^b e^{-x}\,dx": "∫ₐᵇ",
    r"\sum_{i=1}^{n} x_i": "∑ᵢ₌₁ⁿ",
    r"\prod_{k \in K} a_k": "∏_(k∈K)",
    r"\max_{\theta \in \Theta} L": "max_(θ∈Θ)",
    r"\mathbb{E}_{x \sim p}[f]": "𝔼_(x∼p)",
    r"J_f": "J_f",
}


@pytest.mark.parametrize("tex", OPERATORS)
@pytest.mark.parametrize("joint", [" + ", "", " = "])
def test_a_formula_is_never_broken_between_an_operator_and_its_limits(tex: str, joint: str) -> None:
    formula = joint.join([tex, "a b c d", tex, "y" * 7, tex, r"\alpha\beta\gamma", tex])
    for width in range(14, 81):
        lines = wrap(spans(parse_inlines(f"What follows is ${formula}$, and more.")), width)
        assert sum(line.text.count(OPERATORS[tex]) for line in lines) == 4, width
        assert all(line.width <= width for line in lines)


def test_a_long_formula_breaks_between_its_terms_before_a_sign_and_outside_of_brackets() -> None:
    tex = r"$\log(a + b + c + d) + \log(e + f + g + h) + \log(i + j + k + l)$"
    lines = [line.text for line in wrap(spans(parse_inlines(tex)), 48)]
    assert lines == ["log(a + b + c + d) + log(e + f + g + h)", "+ log(i + j + k + l)"]


def test_in_brackets_a_formula_is_broken_only_when_it_must_be() -> None:
    tex = r"$\log P(X = 1, Y = 2 \mid Z = 3) + \log P(X = 4 \mid Z) = c$"
    lines = [line.text for line in wrap(spans(parse_inlines(tex)), 40)]
    assert lines == ["log P(X = 1, Y = 2 | Z = 3)", "+ log P(X = 4 | Z) = c"]


def test_the_mark_of_a_lowered_letter_without_a_form_of_its_own_is_faint() -> None:
    parts = [(span.text, span.style) for span in spans(parse_inlines("$J_f x_i$"))]
    assert parts == [("J", "math"), ("_", "math low"), (f"f{NO_BREAK}xᵢ", "math")]
