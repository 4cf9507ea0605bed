"""The four grades with the wait that each would give."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.tui.messages import GradeChosen
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

GRADES = (("Again", "bad"), ("Hard", "warn"), ("Good", "good"), ("Easy", "accent"))


class GradeBar(Painted, Widget):
    """One line. A click grades, as the digits do; the proposed grade stands out."""

    DEFAULT_CSS = "GradeBar { height: 1; width: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="grades")
        self.palette = palette
        self.waits: tuple[str, ...] = ()
        self.proposed = 0
        self._places: list[tuple[int, int, int]] = []

    def offer(self, waits: tuple[str, ...], proposed: int = 0) -> None:
        """Show the grades with their waits; ``proposed`` 0 stands for none."""
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
        for grade, ((name, tone), wait) in enumerate(zip(GRADES, self.waits, strict=False), 1):
            chosen = " chosen strong" if grade == self.proposed else ""
            cell = [
                RichSegment(f" {grade} ", style(f"key{chosen}")),
                RichSegment(f"{name} ", style(f"{tone}{chosen}")),
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
