"""What holds for any TeX: rectangles, true widths, one line inline, no control characters."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from studytui.maths.formula import Formula, typeset
from studytui.maths.one_line import fold
from studytui.maths.words import speech
from tests.examples import examples
from tests.maths.golden import read_golden

_ATOMS = st.sampled_from(
    [
        "x", "1", "+", "-", "=", ",", r"\alpha", r"\sum", r"\int", r"\log", r"\max", r"\cdot",
        r"\text{if 损失 }", r"\mathbb{E}", "(", ")", "[", "|", r"\|", r"\mid", r"\to", r"\quad",
        r"\,", r"\!", "'", r"\ldots", r"\infty", "/", r"\pmod n", r"\bigoplus", "!",
    ]
)  # fmt: skip


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.lists(inner, max_size=4).map(" ".join),
        pair.map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        pair.map(lambda two: rf"\sqrt[{{{two[0]}}}]{{{two[1]}}}"),
        pair.map(lambda two: rf"{{{two[0]}}}^{{{two[1]}}}"),
        pair.map(lambda two: rf"{{{two[0]}}}_{{{two[1]}}}"),
        pair.map(lambda two: rf"\sum_{{{two[0]}}}^{{{two[1]}}}"),
        pair.map(lambda two: rf"\int_{{{two[0]}}}^{{{two[1]}}}"),
        pair.map(lambda two: rf"\underbrace{{{two[0]}}}_{{{two[1]}}}"),
        pair.map(lambda two: rf"\overset{{{two[0]}}}{{{two[1]}}}"),
        pair.map(lambda two: rf"\xrightarrow[{{{two[0]}}}]{{{two[1]}}}"),
        pair.map(lambda two: rf"\left\langle {two[0]} \middle| {two[1]} \right\rfloor"),
        pair.map(lambda two: rf"\begin{{pmatrix}} {two[0]} & 1 \\{{}} {two[1]} \end{{pmatrix}}"),
        pair.map(lambda two: rf"\begin{{cases}} {two[0]} & 1 \\{{}} {two[1]} \end{{cases}}"),
        pair.map(lambda two: rf"\begin{{aligned}} {two[0]} &= {two[1]} \\ &= 0 \end{{aligned}}"),
        pair.map(lambda two: rf"\begin{{array}}{{l|r}} {two[0]} & {two[1]} \end{{array}}"),
        inner.map(lambda one: rf"\widehat{{{one}}}"),
        inner.map(lambda one: rf"\vec{{{one}}}"),
        inner.map(lambda one: rf"\overline{{{one}}}"),
        inner.map(lambda one: rf"\boxed{{{one}}}"),
        inner.map(lambda one: rf"\cancel{{{one}}}"),
        inner.map(lambda one: rf"\Bigg( {one} \Bigg)"),
        inner.map(lambda one: rf"\phantom{{{one}}}"),
    )


FORMULAS = st.recursive(_ATOMS, _grown, max_leaves=12)
NOISE = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
FRAGMENTS = st.lists(
    st.sampled_from([*r"\{}^_&$%# x1(", r"\frac", r"\left", r"\right", r"\begin{pmatrix}",
                     r"\end{cases}", r"\\", r"\sqrt", "\x1b[2J", "\u202e", "\u200b", "\n"]),
    max_size=25,
).map("".join)  # fmt: skip


def _assert_harmless(text: str) -> None:
    assert not [one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def _assert_rectangle(formula: Formula) -> None:
    assert {wcswidth(line) for line in formula.lines} == {formula.width}
    assert 0 <= formula.baseline < len(formula.lines)
    _assert_harmless("".join(formula.lines))


@given(FORMULAS, st.none() | st.integers(5, 60))
@examples(300)
def test_formulas_are_rectangles(tex: str, width: int | None) -> None:
    formula = typeset(tex, width)
    assert formula.complete, formula.problems
    _assert_rectangle(formula)


@given(FORMULAS)
@examples(200)
def test_inline_is_one_line(tex: str) -> None:
    line = fold(tex)
    assert "\n" not in line
    _assert_harmless(line)


@given(NOISE | FRAGMENTS, st.none() | st.integers(5, 60))
@examples(300)
def test_anything_is_set_or_shown_as_it_is(tex: str, width: int | None) -> None:
    formula = typeset(tex, width)
    _assert_rectangle(formula)
    assert formula.complete or formula.problems
    line = fold(tex)
    assert "\n" not in line
    _assert_harmless(line + speech(tex))


@given(st.sampled_from([one.tex for one in read_golden()]), st.integers(10, 200))
@examples(150)
def test_breaking_never_widens_and_loses_nothing(tex: str, width: int) -> None:
    whole, broken = typeset(tex), typeset(tex, width)
    _assert_rectangle(broken)
    assert broken.width <= max(whole.width, width)
    if whole.width <= width:
        assert broken == whole
    assert _ink(broken) == _ink(whole)


def _ink(formula: Formula) -> list[str]:
    """The letters and digits drawn; brackets and bars may come in other sizes."""
    return sorted(one for one in "".join(formula.lines) if one.isalnum())
