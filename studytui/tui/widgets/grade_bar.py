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
        """Digits, names and waits; where there is no room, without the gaps, then the waits."""
        room = self.size.width
        gap, waits = 2, self.waits
        if self._cells(waits) + gap * (len(waits) - 1) > room:
            gap = 0
        if self._cells(waits) > room:
            waits = ("",) * len(waits)
        segments: list[RichSegment] = []
        self._places = []
        begin = 0
        for grade, wait in zip(Rating, waits, strict=False):
            cell = self._cell(grade, wait)
            width = sum(len(each.text) for each in cell)
            self._places.append((begin, begin + width, grade))
            segments += [*cell, RichSegment(" " * gap, self.palette.style(""))]
            begin += width + gap
        return Strip(segments).adjust_cell_length(room)

    def _cell(self, grade: Rating, wait: str) -> list[RichSegment]:
        style = self.palette.style
        chosen = " chosen strong" if grade is self.proposed else ""
        cell = [
            RichSegment(f" {grade:d} ", style(f"key{chosen}")),
            RichSegment(f"{grade.name.capitalize()} ", style(f"{TONES[grade]}{chosen}")),
        ]
        return [*cell, RichSegment(f"{wait} ", style(f"faint{chosen}"))] if wait else cell

    def _cells(self, waits: tuple[str, ...]) -> int:
        """How wide all of it is, without gaps."""
        cells = (self._cell(grade, wait) for grade, wait in zip(Rating, waits, strict=False))
        return sum(len(part.text) for cell in cells for part in cell)

    def on_click(self, event: events.Click) -> None:
        """Grade with what was clicked."""
        grade = self.grade_at(event.x)
        if grade is not None:
            self.post_message(GradeChosen(grade))

    def grade_at(self, x: int) -> Rating | None:
        """The grade that stands at a column, as it was painted last."""
        return next((grade for begin, end, grade in self._places if begin <= x < end), None)
