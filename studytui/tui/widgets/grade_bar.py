"""The four grades with the wait that each would give."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.memory.rating import Rating
from studytui.tui.messages import GradeChosen
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

TONES = {
    Rating.AGAIN: "bad",
    Rating.HARD: "warn",
    Rating.GOOD: "good",
    Rating.EASY: "accent",
}


class GradeBar(Painted, Widget):
    """One line. A click grades, as the digits do; the proposed grade stands out."""

    DEFAULT_CSS = "GradeBar { height: 1; width: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.waits: tuple[str, ...] = ()
        self.proposed: Rating | None = None
        self._places: list[tuple[int, int, Rating]] = []

    def offer(self, waits: tuple[str, ...], proposed: Rating | None = None) -> None:
        """Show the grades with their waits."""
        self.waits = waits
        self.proposed = proposed
        self.display = bool(waits)
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def render_line(self, y: int) -> Strip:
        """Digits, names and waits."""
        style = self.palette.style
        segments: list[RichSegment] = []
        self._places = []
        begin = 0
        for grade, wait in zip(Rating, self.waits, strict=False):
            chosen = " chosen strong" if grade is self.proposed else ""
            name = grade.name.capitalize()
            cell = [
                RichSegment(f" {grade:d} ", style(f"key{chosen}")),
                RichSegment(f"{name} ", style(f"{TONES[grade]}{chosen}")),
                RichSegment(f"{wait} ", style(f"faint{chosen}")),
            ]
            width = sum(len(each.text) for each in cell)
            self._places.append((begin, begin + width, grade))
            segments += [*cell, RichSegment("  ", style(""))]
            begin += width + 2
        return Strip(segments).adjust_cell_length(self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Grade with what was clicked."""
        for begin, end, grade in self._places:
            if begin <= event.x < end:
                self.post_message(GradeChosen(grade))
                return
