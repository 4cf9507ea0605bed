"""How the parts of an article stand on the page: unmounted ones take their room too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset, Region, Size
from textual.layout import ArrangeResult, WidgetPlacement
from textual.layouts.vertical import VerticalLayout

from studytui.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.widget import Widget

    from studytui.tui.widgets.page import Page


MARGIN = 1
"""Blank lines above the article."""


class PageLayout(VerticalLayout):
    """Vertical, with gaps for what is not mounted; it holds the place when heights change."""

    name = "page"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Place the mounted parts, then let the page scroll to the spot that it holds."""
        page: Page = parent  # type: ignore[assignment]
        page.prepare(size)
        placements = [
            _at_its_height(each) for each in super().arrange(parent, children, size, greedy)
        ]
        placed: list[WidgetPlacement] = []
        heights = page.guesses(size)
        for placement in placements:
            number = page.number_of(placement.widget)
            if 0 <= number < len(heights):
                margin = placement.margin
                heights[number] = placement.region.height + margin.top + margin.bottom
        tops = [MARGIN]
        for height in heights:
            tops.append(tops[-1] + height)
        for placement in placements:
            number = page.number_of(placement.widget)
            if not 0 <= number < len(tops):
                # It is about to be removed.
                placed.append(placement._replace(region=Region(0, 0, 0, 0)))
                continue
            offset = Offset(placement.region.x, tops[number] + placement.margin.top)
            placed.append(placement._replace(region=placement.region.reset_offset + offset))
        bottom = max((each.region.bottom + each.margin.bottom for each in placed), default=0)
        page.hold(tops, max(0, bottom - size.height))
        return placed


def _at_its_height(placement: WidgetPlacement) -> WidgetPlacement:
    """Prose is as high as its flow is now: what Textual remembers may be an older guess."""
    widget, region = placement.widget, placement.region
    if not isinstance(widget, Prose):
        return placement
    height = widget.flow(region.width).height
    return placement._replace(region=Region(region.x, region.y, region.width, height))
