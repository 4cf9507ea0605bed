"""The three public functions, and what they do with TeX that cannot be set."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studytui import maths
from studytui.errors import StudyError


def test_importing_is_cheap() -> None:
    code = "import sys, studytui.maths; print('mathra' in sys.modules, 'wcwidth' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_display_gives_lines_and_their_baseline() -> None:
    formula = maths.display(r"x=\frac{a}{b}")
    assert isinstance(formula, maths.Formula)
    assert [line.rstrip() for line in formula.lines] == ["     a", "x = ───", "     b"]
    assert (formula.baseline, formula.width, formula.complete) == (1, 7, True)
    assert formula.problems == ()


def test_inline_and_speech() -> None:
    assert maths.inline(r"\frac{a}{b}") == "a/b"
    assert maths.speech(r"\frac{a}{b}") == "a over b"
    assert maths.speech(r"A^{\top} b") == "A transpose b"


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\frac{", "column"),
        (r"x + \unheardof", "unsupported command"),
        (r"\begin{unheardof}x\end{unheardof}", "unsupported environment"),
        (r"\left( x", "without"),
        ("{" * 70 + "x" + "}" * 70, "nesting deeper"),
        ("x" * 9_000, "too long"),
        (r"\ce{H2O} \chemfig{A-B}", "chemistry"),
        (r"\begin{matrix}" + r"a\\" * 500 + "&" * 500 + r"\end{matrix}", "too large"),
        (r"\begin{matrix}" + r"a\\" * 500 + r"\end{matrix}", "too large"),
        (r"\bordermatrix{a & b \cr c & d}", "cannot typeset"),
    ],
    ids=lambda one: one[:24],
)
def test_what_cannot_be_set_is_shown_as_it_is(tex: str, said: str) -> None:
    formula = maths.display(tex)
    assert not formula.complete
    assert said in formula.problems[0]
    assert formula.lines[0].startswith(tex[:20])
    if said != "too large":
        assert maths.inline(tex).startswith(tex[:20])


def test_nothing_that_a_terminal_obeys_comes_out() -> None:
    hostile = "x\x1b[2J\u202ey\u200b\x07z"
    assert maths.display(hostile).lines == ("x[2Jyz",)
    assert maths.inline(rf"\text{{{hostile}}}") == "x[2Jyz"
    assert "\x1b" not in maths.speech(rf"\frac{{\text{{{hostile}}}")


def test_an_empty_formula_is_empty() -> None:
    assert maths.display("").lines == ("",)
    assert maths.inline("  ") == ""


def test_a_character_without_a_glyph_in_the_parsers_font_is_set() -> None:
    assert maths.display("中 + x").lines == ("中 + x",)


def test_marks_are_not_piled_up() -> None:
    assert len(maths.inline("x" + "\u0302" * 1000)) <= 4


def test_an_svg_is_drawn_or_refused() -> None:
    assert maths.svg(r"\frac12").startswith("<svg")
    with pytest.raises(StudyError, match="nesting"):
        maths.svg("{" * 70)
