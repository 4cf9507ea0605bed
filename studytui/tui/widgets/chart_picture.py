"""A figure drawn in characters, where the terminal has no graphics: its words stay legible."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color, ColorParseError
from rich.segment import Segment as RichSegment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.safe import clean
from studytui.run.chart import Row, chart
from studytui.run.events import Panel
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

_ROLES = {"title": "strong", "label": "soft", "axis": "faint"}
DARKEST, LIGHTEST = 110, 150
"""The lightness (0 to 255) that a colour has at least on a dark ground, at most on a light one."""
WIDEST = 120


class ChartPicture(Painted, Widget):
    """The panels of a figure at the width there is."""

    DEFAULT_CSS = "ChartPicture { height: auto; width: 1fr; margin-top: 1; }"

    def __init__(self, panels: Sequence[Panel], title: str, palette: Palette) -> None:
        super().__init__()
        self.panels = tuple(panels)
        self.title = title
        self.palette = palette
        self._drawn: tuple[int, list[Row]] = (0, [])

    def show(self, panels: Sequence[Panel], title: str) -> None:
        """Show another figure in the same place."""
        before = len(self.rows(self.size.width)) if self.size.width else 0
        self.panels, self.title, self._drawn = tuple(panels), title, (0, [])
        self.refresh(layout=len(self.rows(max(1, self.size.width))) != before)

    def rows(self, width: int) -> list[Row]:
        """The figure in ``width`` columns, its title first."""
        width = min(width, WIDEST)
        if self._drawn[0] != width:
            is_told = len(self.panels) == 1 and self.panels[0].title == self.title
            head: list[Row] = (
                [((clean(self.title), "title"),)] if self.title and not is_told else []
            )
            self._drawn = (width, [*head, *chart(self.panels, width)])
        return self._drawn[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at that width."""
        return len(self.rows(width))

    def look(self) -> object:
        """The figure and the theme."""
        return self.panels, self.title, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One row."""
        rows = self.rows(self.size.width)
        pieces = rows[y] if y < len(rows) else ()
        strip = Strip([RichSegment(text, self._style(role)) for text, role in pieces])
        return strip.adjust_cell_length(self.size.width)

    def _style(self, role: str) -> Style:
        if role in _ROLES or not self.palette.colour:
            return self.palette.style(_ROLES.get(role, ""))
        try:
            red, green, blue = Color.parse(role).get_truecolor()
        except ColorParseError:
            return self.palette.style("")
        return Style(color=Color.from_rgb(*legible((red, green, blue), dark=self.palette.dark)))


def legible(colour: tuple[int, int, int], *, dark: bool) -> tuple[int, int, int]:
    """A colour that was chosen for white paper, lighter or darker if the ground asks for it."""
    light = (2 * colour[0] + 5 * colour[1] + colour[2]) / 8
    if dark and light < DARKEST:
        share = (DARKEST - light) / (255 - light)
        return tuple(round(part + (255 - part) * share) for part in colour)  # type: ignore[return-value]
    if not dark and light > LIGHTEST:
        return tuple(round(part * LIGHTEST / light) for part in colour)  # type: ignore[return-value]
    return colour
