"""A card that can be answered where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.tui.actions import bindings
from studytui.tui.widgets.lines import Lines
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import CardBlock
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class CardPanel(LiveBlock):
    """A card that can be answered where it stands."""

    SCOPE = "card"
    MARK = "?"
    BINDINGS = bindings(SCOPE)

    def __init__(self, block: CardBlock, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(getattr(block.card, "ask", "") or "Fill the gaps", "card", palette)
        self.block = block
        self.article = article
        self.desk = desk

    def body(self) -> ComposeResult:
        """What it is about."""
        yield Lines(
            [[(getattr(self.block.card, "text", "") or self.block.card.id, "soft")]], self.palette
        )
