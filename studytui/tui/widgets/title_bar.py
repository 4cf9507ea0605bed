"""The line above the article: where one is."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.share_bar import share_bar


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
        """The line; the left part is cut when there is no room."""
        style, width = self.palette.style, self.size.width
        tail = Strip(
            [
                RichSegment(f"{self.right}  " if self.right else "", style("faint")),
                *share_bar(self.share, 8, self.palette),
                RichSegment(f" {round(self.share * 100):>3}% ", style("soft")),
            ]
        )
        head: list[RichSegment] = [RichSegment(" ", style(""))]
        for number, text in enumerate(self.left):
            if number:
                head.append(RichSegment(" › ", style("faint")))
            last = number == len(self.left) - 1
            head.append(RichSegment(text, style("title" if last else "soft")))
        room = max(0, width - tail.cell_length - 1)
        left = Strip(head)
        if left.cell_length > room:
            left = Strip.join(
                [left.crop(0, max(0, room - 1)), Strip([RichSegment("…", style("faint"))])]
            )
        return Strip.join([left.adjust_cell_length(room + 1), tail]).adjust_cell_length(width)
