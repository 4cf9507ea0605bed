"""A piece of Markdown as a widget: the text of a card, a hint, an answer."""

from __future__ import annotations

from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.flow import Flow
from studytui.tui.painting import paint, selected_words
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted


class Fragment(Painted, Widget):
    """Markdown laid out to the width of the widget; empty text takes no room."""

    DEFAULT_CSS = "Fragment { height: auto; width: 1fr; }"

    def __init__(self, palette: Palette, markdown: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id, classes="fragment")
        self.palette = palette
        self.markdown = ""
        self._flow: Flow | None = None
        self.show(markdown)

    def show(self, markdown: str) -> None:
        """Show other text."""
        self.markdown = markdown
        self._flow = None
        self.display = bool(markdown.strip())
        self.refresh(layout=True)

    def flow(self, width: int) -> Flow:
        """The text laid out at a width."""
        if self._flow is None or self._flow.width != max(width, 10):
            from studytui.library.parse.fragment import parse_fragment

            blocks, _, _ = parse_fragment(self.markdown)
            self._flow = Flow(blocks, width)
            self._flow.ensure(0, 10_000)
        return self._flow

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines of the whole text."""
        return self.flow(width).height

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected words, without decoration."""
        return selected_words(self.flow(self.size.width), selection), "\n\n"

    def look(self) -> object:
        """The text and the theme."""
        return self.markdown, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One line."""
        flow = self.flow(self.size.width)
        return paint(flow.line(y), self.palette, self.size.width).apply_offsets(0, y)
