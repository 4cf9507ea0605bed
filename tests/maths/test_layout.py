"""Boxes, delimiters, spacing and breaking, each on its own."""

from __future__ import annotations

import pytest

from studytui.maths.box import NOTHING, Box, beside, cell_width, piled, text_box, widened
from studytui.maths.delimiters import delimiter
from studytui.maths.formula import typeset
from studytui.maths.letters import in_alphabet
from studytui.maths.nodes import Atom
from studytui.maths.scripts import as_subscript, as_superscript
from studytui.maths.spacing import gap, resolved


def test_boxes_stand_level_on_their_baselines() -> None:
    tall = Box(("a", "-", "b"), 1, 1)
    low = Box(("x", "y"), 0, 1)
    assert beside([tall, low]).lines == ("a ", "-x", "by")
    assert beside([tall, low]).baseline == 1
    assert beside([NOTHING, text_box("x")]).lines == ("x",)


def test_piles_are_as_wide_as_their_widest() -> None:
    assert piled([text_box("a"), text_box("bcd")]) == ((" a ", "bcd"), 3)
    assert widened(text_box("a"), 4, "r").lines == ("   a",)


def test_widths_are_those_of_a_terminal() -> None:
    assert cell_width("x̂") == 1
    assert cell_width("损失") == 4
    assert cell_width("𝔼") == 1


@pytest.mark.parametrize("symbol", list("()[]{}|‖⟨⟩⌊⌋⌈⌉/↑↓⟦⟧"))
@pytest.mark.parametrize(("above", "below"), [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (3, 4)])
def test_delimiters_reach_as_asked(symbol: str, above: int, below: int) -> None:
    box = delimiter(symbol, above, below)
    assert box.height == above + below + 1
    assert box.baseline == above
    assert {cell_width(line) for line in box.lines} == {box.width}


def test_a_brace_points_at_the_baseline() -> None:
    assert delimiter("{", 1, 3).lines == ("⎧", "⎨", "⎪", "⎪", "⎩")
    assert delimiter("}", 2, 1).lines == ("⎫", "⎪", "⎬", "⎭")


def test_signs_are_spaced_by_their_class() -> None:
    assert gap(Atom.ORDINARY, Atom.RELATION, script=False) == 1
    assert gap(Atom.ORDINARY, Atom.RELATION, script=True) == 0
    assert gap(Atom.OPEN, Atom.ORDINARY, script=False) == 0
    assert gap(Atom.ORDINARY, Atom.OPERATOR, script=True) == 1


def test_a_sign_with_nothing_to_join_is_ordinary() -> None:
    ordinary, binary, opening = ((atom, atom) for atom in (Atom.ORDINARY, Atom.BINARY, Atom.OPEN))
    assert resolved([binary, ordinary])[0] == ordinary
    assert resolved([opening, binary, ordinary])[1] == ordinary
    assert resolved([ordinary, binary, ordinary])[1] == binary
    assert resolved([ordinary, binary, binary, ordinary])[2] == ordinary


def test_scripts_are_whole_or_not_at_all() -> None:
    assert as_subscript("t+1") == "ₜ₊₁"
    assert as_subscript("tT") is None
    assert as_superscript("⊤") == "ᵀ"
    assert as_superscript("q") is None


def test_letters_older_than_the_mathematical_block() -> None:
    assert in_alphabet("R", "double-struck") == "ℝ"
    assert in_alphabet("L", "calligraphic") == "ℒ"
    assert in_alphabet("θ", "bold-italic") == "𝛉"
    assert in_alphabet("é", "bold") == "é"


def test_a_broken_formula_hangs_under_its_relation() -> None:
    lines = typeset("abc = def + ghi = jkl + mno", 20).lines
    assert lines[0].index("=") == lines[1].index("=")


def test_a_box_is_never_cut() -> None:
    wide = typeset(r"x = \frac{a+b+c+d+e+f+g+h}{2}", 10)
    assert wide.complete
    assert wide.width > 10
    assert len(wide.lines[wide.baseline].split("─")[0].strip()) <= 3
