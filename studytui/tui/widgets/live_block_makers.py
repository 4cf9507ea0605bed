"""Which widget stands for which live block."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.library.blocks import (
    Block,
    CardBlock,
    DerivationBlock,
    ExerciseBlock,
    Picture,
    SnippetBlock,
)
from studytui.study.own_versions import version_of

if TYPE_CHECKING:
    from textual.widget import Widget

    from studytui.library.article import Article
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


def maker(article: Article, desk: Desk, palette: Palette) -> Callable[[Block], Widget]:
    """What makes the widgets of an article's live blocks, each imported when needed."""

    def make(block: Block) -> Widget:
        block, version = _in_force(block, desk)
        widget = widget_of(block)
        if version:
            widget.head.remark(version)  # type: ignore[attr-defined]
        return widget

    def widget_of(block: Block) -> Widget:
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


def _in_force(block: Block, desk: Desk) -> tuple[Block, str]:
    """A live block as it is in force, and whose version that is: the reader's own if any."""
    match block:
        case CardBlock():
            name = block.card.id
        case DerivationBlock():
            name = block.derivation.id
        case ExerciseBlock():
            name = block.id
        case _:
            return block, ""
    own = desk.library.own_version(name)
    if own is None:
        return block, ""
    told = version_of(desk, name).told
    match own:
        case Card():
            return CardBlock(own, line=block.line), told
        case DerivationSource():
            return DerivationBlock(own, line=block.line), told
        case ExerciseBlock():
            return own, told
        case _:
            assert_never(own)
