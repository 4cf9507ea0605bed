"""Lines are broken where they may be, and nothing gets lost."""

from hypothesis import given
from hypothesis import strategies as st

from studytui.library.layout.layout_lines import NO_BREAK, Span
from studytui.library.layout.wrap import wrap
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
