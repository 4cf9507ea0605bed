"""A picture beside the article."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.library.layout.title import titled
from studytui.tui.pictures import picture_widget
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import Picture
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class PictureView(LiveBlock):
    """A picture with its caption; where it cannot be shown, its words and why."""

    MARK = "▦"

    def __init__(self, block: Picture, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(block.title or block.alternative or "Picture", "picture", palette)
        self.block = block
        self.desk = desk
        self.path = picture_path(article.path, block.source)

    def body(self) -> ComposeResult:
        """The picture, or the words for it."""
        pixels = picture_size(self.path) if self.path else None
        if self.path is None or pixels is None:
            if self.block.title and self.block.alternative:
                yield Lines([[(titled(self.block.alternative), "soft")]], self.palette)
            told = f"{self.block.source} is no picture in the folder of this article."
            yield Lines([[(told, "faint")]], self.palette)
            return
        setting = self.desk.settings.interface.images
        yield picture_widget(self.path, pixels, self.block.alternative, setting)
        if self.block.title:
            yield Lines([[(titled(self.block.alternative), "soft")]], self.palette)


def picture_path(article: Path, source: str) -> Path | None:
    """The file of a picture; None when it would lie outside the article's track folder."""
    folder = article.parent.resolve()
    path = (folder / source).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def picture_size(path: Path) -> tuple[int, int] | None:
    """Pixels, wide and high, from the file's head; None when it is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            return image.size
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
        return None
