"""The text of a card with its pictures where they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual.app import ComposeResult
from textual.widget import Widget

from studytui.library.blocks import Picture
from studytui.tui.palette import Palette
from studytui.tui.pictures import picture_widget
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.picture import picture_path, picture_size


class CardText(Column):
    """One fragment where there is no picture; else fragments and pictures in turn."""

    DEFAULT_CSS = """
    CardText { height: auto; width: 1fr; }
    CardText > BlockPicture, CardText > Image { margin: 1 0; }
    """

    def __init__(self, palette: Palette, images: str, *, id: str) -> None:
        super().__init__(id=id)
        self.palette = palette
        self.images = images

    def compose(self) -> ComposeResult:
        """The fragment that stands first, and is all in most cards."""
        yield Fragment(self.palette)

    def show(self, markdown: str, article: Path | None = None) -> None:
        """Show other text, whose pictures lie beside ``article``."""
        self.display = bool(markdown.strip())
        first, *others = self._parts(markdown, article)
        assert isinstance(first, str)
        for old in list(self.children)[1:]:
            old.remove()
        self.query(Fragment).first().show(first)
        if others:
            self.mount(*map(self._widget, others))

    def _widget(self, part: str | tuple[Picture, Path]) -> Widget:
        if isinstance(part, str):
            return Fragment(self.palette, part)
        picture, path = part
        pixels = picture_size(path) or (1, 1)
        return picture_widget(path, pixels, picture.alternative, self.images)

    def _parts(self, markdown: str, article: Path | None) -> list[str | tuple[Picture, Path]]:
        """Text and pictures in turn, text first; what cannot be shown stays in the text."""
        if article is None or "![" not in markdown:
            return [markdown]
        lines = markdown.split("\n")
        parts: list[str | tuple[Picture, Path]] = []
        begun = 0
        for picture, path in _pictures(markdown, article):
            parts += ("\n".join(lines[begun : picture.line - 1]), (picture, path))
            begun = picture.line
        return [*parts, "\n".join(lines[begun:])]


def _pictures(markdown: str, article: Path) -> Iterator[tuple[Picture, Path]]:
    from studytui.library.parse.fragment import parse_fragment

    blocks, _, _ = parse_fragment(markdown)
    for block in blocks:
        if isinstance(block, Picture):
            path = picture_path(article, block.source)
            if path is not None and picture_size(path) is not None:
                yield block, path
