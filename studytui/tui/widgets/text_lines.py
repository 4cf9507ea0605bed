"""Fixed lines of styled text: the smallest widget there is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.layout_lines import NO_BREAK, Line, Segment, Span
from studytui.library.layout.safe import cells, clean
from studytui.library.layout.wrap import wrap
from studytui.tui.painting import paint
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

Styled = Sequence[tuple[str, str]]
"""A line as pairs of text and style names."""


class Lines(Painted, Widget):
    """Lines that wrap to the width of the widget. Text from outside is made harmless."""

    def __init__(self, lines: Sequence[Styled], palette: Palette, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="lines")
        self.palette = palette
        self.shown = [list(line) for line in lines]
        self._laid: tuple[int, list[Line]] = (0, [])

    def show(self, lines: Sequence[Styled]) -> None:
        """Show other lines."""
        self.shown = [list(line) for line in lines]
        self._laid = (0, [])
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Line]:
        if self._laid[0] != width:
            laid: list[Line] = []
            for line in self.shown:
                laid.extend(_wrapped([Span(clean(text), style) for text, style in line], width))
            self._laid = (width, laid)
        return self._laid[1]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The longest line, or all there is."""
        longest = max((line.width for line in self._lines(container.width)), default=0)
        return min(longest, container.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines once wrapped."""
        return len(self._lines(width))

    def look(self) -> object:
        """The lines, which are replaced and never changed, and the theme."""
        return self.shown, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One line."""
        lines = self._lines(self.size.width)
        line = lines[y] if y < len(lines) else Line()
        return paint(line, self.palette, self.size.width, y=y)


def _wrapped(spans: list[Span], width: int) -> list[Line]:
    """The spans in lines; what follows a column that ends in a hard space hangs beside it."""
    head, *rest = spans or [Span("")]
    hang = cells(head.text) if rest and head.text.endswith(NO_BREAK) else 0
    if not 0 < hang < width // 2:
        return wrap(spans, width)
    column = Segment(head.text.replace(NO_BREAK, " "), head.style)
    indent = Segment(" " * hang)
    return [
        Line(((column if not place else indent), *line.segments), hang, line.join)
        for place, line in enumerate(wrap(rest, width - hang))
    ]
