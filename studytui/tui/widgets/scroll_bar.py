"""Textual's scroll bar, painted without a detour: it is repainted with every line one moves."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from studytui.tui.widgets.painted import Sized


class PageScrollBar(Sized, ScrollBar):
    """A vertical scroll bar that looks and answers as Textual's own."""

    def __init__(self, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._known: dict[tuple[RichSegment, Style], Strip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """One strip for each kind of line: above, on and below the thumb, and its two ends."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        style = self.app.console.get_style(bar.style)
        assert style.color is not None and style.bgcolor is not None
        glyphs = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=bar.thickness,
            vertical=True,
            back_color=style.bgcolor,
            bar_color=style.color,
        ).segments
        ground = self.visual_style.rich_style
        strips: list[Strip] = []
        before: RichSegment | None = None
        for glyph in list(glyphs)[crop.y : crop.bottom]:
            if glyph is before:
                strips.append(strips[-1])
            else:
                strips.append(self._strip(glyph, ground).crop(crop.x, crop.right))
            before = glyph
        return strips

    def _strip(self, glyph: RichSegment, ground: Style) -> Strip:
        strip = self._known.get((glyph, ground))
        if strip is None:
            strip = Strip([glyph], self.thickness).apply_style(ground)
            for line_filter in self.get_line_filters():
                strip = strip.apply_filter(line_filter, self.background_colors[1])
            self._known[glyph, ground] = strip
        return strip
