"""The line above the article: where one is."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.tui.painting import shortened
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.share_bar import share_bar

BETWEEN = " › "
LEAST_OF_TITLE = 14
"""Cells that the title keeps beside a long name of a section, with what stands between."""


class TitleBar(Painted, Widget):
    """Track, title and section at the left; origin and progress at the right."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="title")
        self.palette = palette
        self.left: tuple[str, ...] = ()
        self.right = ""
        self.share = 0.0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def show(self, left: tuple[str, ...], right: str, share: float) -> None:
        """Show another place."""
        if (left, right, share) != (self.left, self.right, self.share):
            self.left, self.right, self.share = left, right, share
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        return self.line(self.size.width)

    def line(self, width: int) -> Strip:
        """Where there is no room the title is cut before the section: it is known."""
        style = self.palette.style
        tail = Strip(
            [
                RichSegment(f"{self.right}  " if self.right else "", style("faint")),
                *share_bar(self.share, 8, self.palette),
                RichSegment(f" {round(self.share * 100):>3}% ", style("soft")),
            ]
        )
        room = max(0, width - tail.cell_length - 2)
        *above, here = self.left or ("",)
        section = self._shown(here, "title", max(room - LEAST_OF_TITLE * len(above), room // 2))
        head = [Strip([RichSegment(" ", style(""))])]
        for text in above:
            rest = room - section.cell_length - len(BETWEEN)
            head += [self._shown(text, "soft", rest), Strip([RichSegment(BETWEEN, style("faint"))])]
        left = Strip.join([*head, section]).adjust_cell_length(room + 2)
        return Strip.join([left, tail]).adjust_cell_length(width)

    def _shown(self, text: str, tone: str, room: int) -> Strip:
        strip = Strip([RichSegment(text, self.palette.style(tone))])
        return shortened(strip, room, self.palette)
