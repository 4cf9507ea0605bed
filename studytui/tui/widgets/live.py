"""Which widget stands for which live block."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studytui.library.blocks import (
    Block,
    CardBlock,
    DerivationBlock,
    ExerciseBlock,
    Picture,
    SnippetBlock,
)

if TYPE_CHECKING:
    from textual.widget import Widget

    from studytui.library.article import Article
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


def maker(article: Article, desk: Desk, palette: Palette) -> Callable[[Block], Widget]:
    """What makes the widgets of an article's live blocks, each imported when needed."""

    def make(block: Block) -> Widget:
        if isinstance(block, SnippetBlock):
            from studytui.tui.widgets.snippet import SnippetPanel

            return SnippetPanel(block, article, desk, palette)
        if isinstance(block, DerivationBlock):
            from studytui.tui.widgets.derivation import DerivationBench

            return DerivationBench(block, article, desk, palette)
        if isinstance(block, ExerciseBlock):
            from studytui.tui.widgets.exercise import ExercisePanel

            return ExercisePanel(block, desk, palette)
        if isinstance(block, CardBlock):
            from studytui.tui.widgets.card import CardPanel

            return CardPanel(block, article, desk, palette)
        if isinstance(block, Picture):
            from studytui.tui.widgets.picture import PictureView

            return PictureView(block, article, desk, palette)
        raise TypeError(f"{type(block).__name__} is not a live block")

    return make
