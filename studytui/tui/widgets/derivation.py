"""A derivation that is worked line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.tui.actions import bindings
from studytui.tui.widgets.lines import Lines
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import DerivationBlock
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class DerivationBench(LiveBlock):
    """A derivation that is worked line by line."""

    SCOPE = "derivation"
    MARK = "∴"
    BINDINGS = bindings(SCOPE)

    def __init__(
        self, block: DerivationBlock, article: Article, desk: Desk, palette: Palette
    ) -> None:
        super().__init__(block.derivation.title, "derivation", palette)
        self.block = block
        self.article = article
        self.desk = desk

    def body(self) -> ComposeResult:
        """What it is about."""
        yield Lines(
            [[(f"{self.block.derivation.given}   →   {self.block.derivation.goal}", "soft")]],
            self.palette,
        )
