"""The lines of a derivation, set in two dimensions, each with its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment as RichSegment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.safe import clean
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

LEAD = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A line: a word at the left, the maths as typed, a remark, and their styles.

    Without maths the remark stands in its place.
    """

    lead: str
    text: str
    note: str = ""
    tone: str = "math"
    lead_tone: str = "faint"
    first: bool = False


class Worked(Painted, Widget):
    """Rows under each other. Maths that cannot be set is shown as it was typed."""

    DEFAULT_CSS = "Worked { height: auto; width: 1fr; }"

    def __init__(self, palette: Palette, symbols: Mapping[str, str]) -> None:
        super().__init__()
        self.palette = palette
        # Facts may speak of every i, j or k.
        self.symbols = dict.fromkeys("ijk", "integer") | dict(symbols)
        self.rows: tuple[Row, ...] = ()
        self._laid: tuple[object, list[Strip]] = (None, [])

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.rows = tuple(rows)
        self._laid = (None, [])
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines of all rows."""
        return len(self._strips(width))

    def look(self) -> object:
        """The rows and the theme."""
        return self.rows, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One line."""
        strips = self._strips(self.size.width)
        strip = strips[y] if y < len(strips) else Strip([])
        return strip.adjust_cell_length(self.size.width)

    def _strips(self, width: int) -> list[Strip]:
        key = width, self.palette.generation
        if self._laid[0] != key:
            # Formulas of several lines need air around them.
            rows = [strip for row in self.rows for strip in (Strip([]), *self._row(row, width))]
            self._laid = key, rows
        return self._laid[1]

    def _row(self, row: Row, width: int) -> list[Strip]:
        from studytui.library.layout.layout_lines import Span
        from studytui.library.layout.wrap import wrap

        style = self.palette.style
        if not row.text:
            wrapped = wrap([Span(clean(row.note), "soft")], max(20, width - LEAD))
            leads = [row.lead, *[""] * (len(wrapped) - 1)]
            return [
                Strip(
                    [
                        RichSegment(f"{lead:<{LEAD}}", style(row.lead_tone)),
                        RichSegment(line.text, style("soft")),
                    ]
                )
                for lead, line in zip(leads, wrapped, strict=True)
            ]
        lines, baseline = set_line(row.text, self.symbols, max(20, width - LEAD), row.first)
        strips = []
        for number, line in enumerate(lines):
            lead = row.lead if number == baseline else ""
            segments = [
                RichSegment(f"{lead:<{LEAD}}", style(row.lead_tone)),
                RichSegment(line, style(row.tone)),
            ]
            strips.append(Strip(segments))
        if row.note:
            at = strips[baseline]
            if at.cell_length + len(row.note) + 3 <= width:
                note = Strip([RichSegment(f"   {clean(row.note)}", style("faint"))])
                strips[baseline] = Strip.join([at, note])
            else:
                room = max(20, width - LEAD)
                strips += [
                    Strip([RichSegment(" " * LEAD + wrapped.text, style("faint"))])
                    for wrapped in wrap([Span(clean(row.note), "faint")], room)
                ]
        return strips


def set_line(
    text: str, symbols: Mapping[str, str], width: int, first: bool
) -> tuple[tuple[str, ...], int]:
    """The lines of a formula and its baseline; a further expression begins with ``=``."""
    from studytui.derive.expr.problems import ExpressionError
    from studytui.derive.steps.lines import line_to_tex
    from studytui.maths import display

    try:
        formula = display(line_to_tex(text, symbols, goes_on=not first), width)
    except ExpressionError:
        return (clean(text),), 0
    return formula.lines, formula.baseline
