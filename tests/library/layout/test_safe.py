"""Hostile text is harmless, and widths are cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.library.layout.safe import cells, clean, cut
from tests.examples import examples

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x07\x1b\x9b\x7f\u202e\u2066\u200b\u200d\ufeff\u0301\U000e0041\ud800"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\u202eb\u2066c", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a\tb", "a    b"),
        ("one\ntwo\rthree", "one\ntwo three"),
        ("half \ud800 a pair", "half \N{REPLACEMENT CHARACTER} a pair"),
        ("\x85\x9b1m", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}1m"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("plain", "plain"),
        ("梯度", "梯度"),
    ],
)
def test_clean(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


@given(HOSTILE)
@examples(200)
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = clean(text)
    assert not any(character < " " and character != "\n" for character in shown)
    assert not set(shown) & set("\x7f\x9b\u202a\u202e\u2066\u200b\ufeff")
    shown.encode("utf-8")
    assert clean(shown) == shown


def test_cells_and_cut() -> None:
    assert cells("abc") == 3
    assert cells("梯度") == 4
    assert cells("m\u0302") == 1
    assert cut("梯度下降", 5) == 2
    assert cut("abc", 10) == 3
    assert cut("梯", 1) == 1
