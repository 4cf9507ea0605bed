"""A picture beside the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.tui.widgets.lines import Lines
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import Picture
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class PictureView(LiveBlock):
    """A picture with its caption."""

    MARK = "▦"

    def __init__(self, block: Picture, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(block.title or block.alternative or "Picture", "picture", palette)
        self.block = block

    def body(self) -> ComposeResult:
        """The words for the picture."""
        yield Lines([[(self.block.alternative, "soft")]], self.palette)
