"""LaTeX to two-dimensional character boxes. Pure.

The parser is a compiled library; neither it nor the layout is imported before the first formula.

``tree.py`` is the one place that knows the parser: it makes :mod:`~studytui.maths.nodes`. A room
for each family of nodes (``fractions.py``, ``tables.py``, ``integrals.py`` ...) lays them out as
boxes of cells with a baseline (``box.py``), after TeX's own rules: classes and the space between
them (``row.py``, ``spacing.py``), scripts, delimiters that grow. What is wider than the screen is
broken where TeX would break it (``breaking.py``). ``one_line.py`` folds the same tree into one
line of Unicode, and ``words.py`` says it aloud.

Whatever is typed comes out: as a box, or, where the grammar does not know it, as the TeX that it
is (``plain.py``). No text raises from here, and none can steer a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.maths.formula import Formula

__all__ = ["Formula", "display", "inline", "speech", "svg"]


def display(tex: str, width: int | None = None) -> Formula:
    """A formula in two dimensions. Never raises; see Formula for what could not be set.

    With ``width``, in cells, one that is wider is broken before its relations and signs where
    it can be; where it can't, it keeps its full width, to be scrolled.
    """
    from studytui.maths.formula import display

    return display(tex, width)


def inline(tex: str) -> str:
    """A formula on one line, scripts and fractions folded into it. Never raises."""
    from studytui.maths.one_line import inline

    return inline(tex)


def speech(tex: str) -> str:
    """A formula in English words, for screen readers. Never raises."""
    from studytui.maths.words import speech

    return speech(tex)


def svg(tex: str) -> str:
    """A formula as a picture in SVG. Raises StudyError for TeX that is not understood."""
    from studytui.maths.tree import picture

    return picture(tex)


def __getattr__(name: str) -> object:
    if name == "Formula":
        from studytui.maths.formula import Formula

        return Formula
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
