"""A snippet that can be run where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.tui.actions import bindings
from studytui.tui.widgets.lines import Lines
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import SnippetBlock
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class SnippetPanel(LiveBlock):
    """A snippet that can be run where it stands."""

    SCOPE = "snippet"
    MARK = "▶"
    BINDINGS = bindings(SCOPE)

    def __init__(self, block: SnippetBlock, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(
            block.caption or block.name.rpartition("/")[2].replace("_", " "), "snippet", palette
        )
        self.block = block
        self.article = article
        self.desk = desk

    def body(self) -> ComposeResult:
        """What it is about."""
        yield Lines([[(f"studytui run {self.block.name}", "soft")]], self.palette)
