"""The page: a scrolling column of prose and live blocks that keeps its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.layout import Layout
from textual.scrollbar import ScrollBar
from textual.timer import Timer
from textual.widget import Widget

from studytui.tui.document import TOP, Document, Spot, shares_above
from studytui.tui.highlights import Marks
from studytui.tui.palette import Palette
from studytui.tui.widget_lifecycle import is_gone
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.mounting import GONE, MakeLive, Mounting
from studytui.tui.widgets.page_layout import PageLayout
from studytui.tui.widgets.painted import Bare, Sized
from studytui.tui.widgets.prose import Prose
from studytui.tui.widgets.scroll_bar import PageScrollBar

Follow = Callable[[int, float], None]
"""Told at once where the reader is: the heading (-1: before the first), the share that was read."""
MOST_BEFORE_THE_END = 0.99


class Page(Mounting, Sized, Bare, VerticalScroll, can_focus=True, inherit_bindings=False):
    """An article. ``spot`` is the place at its upper edge: resizing and late heights keep it."""

    def __init__(self, palette: Palette, follow: Follow) -> None:
        super().__init__(id="page")
        self.palette = palette
        self.follow = follow
        self.make_live: MakeLive | None = None
        self.marks = Marks()
        self.document: Document | None = None
        self._shares: dict[tuple[int, int], float] | None = None
        self.spot = TOP
        self.mounted: dict[int, Widget] = {}
        self._ending: Widget | None = None
        self._known: dict[int, int] = {}
        self._tops: list[int] = [0]
        self._guesses: tuple[int, list[int]] = (0, [])
        self._free = False
        self._settling: Timer | None = None
        self._painting: Timer | None = None
        self.arranged = Size(0, 0)
        self._layout_of_parts = PageLayout()

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """A scroll bar that is painted quickly."""
        if self._vertical_scrollbar is None:
            bar = PageScrollBar(self.scrollbar_size_vertical)
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    @property
    def layout(self) -> Layout:
        """The layout that knows of unmounted parts."""
        return self._layout_of_parts

    # What is shown ---------------------------------------------------------------------------

    def show(self, document: Document, spot: Spot, make_live: MakeLive, ending: Widget) -> None:
        """Show an article from a spot on; ``ending`` stands after its last part."""
        for child in self.children:
            child.part_number = GONE  # type: ignore[attr-defined]
        self.remove_children()
        self.mounted.clear()
        self._known.clear()
        self._guesses = (0, [])
        self._tops = [0]
        self.document, self._shares = document, None
        self.make_live = make_live
        self._free = False
        self.marks.link = self.marks.item = self.marks.match = None
        self.marks.shift = 0
        self.spot = spot
        self._fill()
        ending.part_number = len(document.parts)  # type: ignore[attr-defined]
        self._ending = ending
        self.mount(ending)

    def remake(self, number: int) -> None:
        """Make the widget of a part anew."""
        widget = self.mounted.pop(number, None)
        if widget is not None:
            widget.part_number = GONE  # type: ignore[attr-defined]
            widget.remove()
            self._known.pop(number, None)
            self._fill()

    def exchange(self, document: Document) -> None:
        """Show the same parts with other words in them; the live blocks stay as they are."""
        self.document = document
        for number, widget in self.mounted.items():
            if isinstance(widget, Prose):
                widget.take(document.parts[number])
        self._known.clear()
        self._guesses = (0, [])
        self.marks.link = self.marks.item = self.marks.match = None
        # The block keeps its place; its lines are others now.
        self.go(Spot(self.spot.part, self.spot.block, min(0, self.spot.line)))

    def go(self, spot: Spot) -> None:
        """Put a spot at the upper edge."""
        self.spot = spot
        self._free = False
        self._fill()
        # At once as far as heights are known, so that a key that follows starts from here.
        self._put(max(0, min(self._line_of(spot), round(self.max_scroll_y))))
        self.rearrange()
        self._tell()

    def go_to_end(self) -> None:
        """Put the last line at the lower edge."""
        if self.document is None or not self.document.parts:
            return
        last = self.document.parts[-1]
        self.go(Spot(last.number, max(0, len(last.blocks) - 1), 10_000))

    def go_near(self, spot: Spot) -> None:
        """Bring a spot to the upper third of the screen."""
        self.go(Spot(spot.part, spot.block, spot.line - self.size.height // 4))

    def reveal(self, part: int, line: int) -> None:
        """Scroll only if a line of a part is not on the screen."""
        for widget, first, last in self.on_screen():
            if self.number_of(widget) == part and first + 1 <= line < last - 1:
                return
        prose = self.prose(part)
        block = prose.laid.index_at(line) if prose is not None else 0
        within = line - prose.laid.tops[block] if prose is not None else line
        self.go_near(Spot(part, block, within))

    def repaint(self) -> None:
        """Paint all prose anew, after its marks changed."""
        for widget in self.mounted.values():
            if isinstance(widget, Prose):
                widget.refresh()

    # Where things stand ----------------------------------------------------------------------

    def prepare(self, size: Size) -> None:
        """Lay out what will be seen, before heights are asked for."""
        self.arranged = size
        if self.document is None:
            return
        width, wanted = self.column(size), size.height + 2
        number, spot = self.spot.part, self.spot
        while wanted > 0 and number < len(self.document.parts):
            widget = self.mounted.get(number)
            if isinstance(widget, Prose):
                flow = widget.flow(width)
                first = flow.tops[min(spot.block, len(flow.blocks))] + spot.line
                flow.ensure(first, min(first, flow.height) + wanted)
                wanted -= max(0, flow.height - first)
            else:
                wanted -= self._known.get(number, 1)
            number, spot = number + 1, Spot(number + 1)

    def hold(self, tops: list[int], furthest: int) -> None:
        """Called by the layout: scroll so that the spot is at the upper edge."""
        if tops != self._tops and self.document is not None:
            # The share that was read changes with the heights, and what has room on the screen.
            self.call_later(self._tell)
            self.call_later(self._fill)
        self._tops = tops
        for number in self.mounted:
            if number + 1 < len(tops):
                self._known[number] = tops[number + 1] - tops[number]
        if self._free or self.document is None:
            return
        wanted = float(max(0, min(self._line_of(self.spot), furthest)))
        if wanted != self.scroll_y:
            self._put(wanted)

    def _put(self, line: float) -> None:
        """Scroll without asking where that is: the spot is known."""
        self.set_reactive(Widget.scroll_y, float(line))
        self.set_reactive(Widget.scroll_target_y, float(line))
        self.vertical_scrollbar.position = line

    def _line_of(self, spot: Spot) -> int:
        top = self._tops[min(spot.part, len(self._tops) - 1)]
        widget = self.mounted.get(spot.part)
        if isinstance(widget, Prose):
            flow = widget.laid
            top += flow.tops[min(spot.block, len(flow.blocks))]
        return top + spot.line

    def spot_at(self, line: int) -> Spot:
        """The spot on a line of the page."""
        last = max(0, len(self._tops) - 2)
        number = max(0, min(last, bisect_right(self._tops, line) - 1))
        within = line - self._tops[number]
        widget = self.mounted.get(number)
        if not isinstance(widget, Prose):
            return Spot(number, 0, max(0, within))
        flow = widget.laid
        block = flow.index_at(within)
        return Spot(number, block, within - flow.tops[block])

    # While the reader moves ------------------------------------------------------------------

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another place: remember it, lay out and mount what comes near."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value) or self.document is None:
            return
        self.spot = self.spot_at(round(new_value))
        self._fill()
        before = self._heights()
        self.prepare(self.arranged)
        if self._heights() != before:
            self.rearrange()
        self._tell()

    def _heights(self) -> list[int]:
        return [w.laid.height for w in self.mounted.values() if isinstance(w, Prose)]

    def release_hidden_focus(self) -> None:
        """Take the focus from a block that has left the screen: keys act on what is seen."""
        focused = self.screen.focused
        if focused is None or focused is self or not self.is_attached:
            return
        for number, widget in self.mounted.items():
            if widget in focused.ancestors_with_self:
                top = self._tops[number] if number < len(self._tops) - 1 else None
                if top is None:
                    return  # it has just come, and has no place yet
                line, first = top + max(0, focused.region.y - widget.region.y), round(self.scroll_y)
                if line >= first + self.size.height or line + max(1, focused.size.height) <= first:
                    self.screen.set_focus(self, scroll_visible=False)
                return

    def on_resize(self) -> None:
        """A lower screen shows less."""
        mind_sight(self)

    def _share_above(self) -> float:
        if self._shares is None and self.document is not None:
            self._shares = shares_above(self.document)
        return (self._shares or {}).get((self.spot.part, self.spot.block), 0.0)

    def _tell(self) -> None:
        if self.document is None or is_gone(self):
            return
        self.release_hidden_focus()
        mind_sight(self)
        room = self._tops[-1] - self.size.height
        is_at_end = self._line_of(self.spot) >= room
        share = 1.0 if is_at_end else min(MOST_BEFORE_THE_END, self._share_above())
        heading = self.document.heading_above(self.spot)
        self.follow(heading, share)


def mind_sight(page: Page) -> None:
    """Tell each live block that has left the screen so, and keep which are there."""
    shown = {widget for widget, _, _ in page.on_screen()}
    for widget in tuple(page.mounted.values()):
        if isinstance(widget, LiveBlock):
            if widget not in shown:
                widget.leave_sight()
            widget.is_seen = widget in shown


def leave_sight(page: Page) -> None:
    """Another screen comes over the page, or the page goes."""
    for block in page.query(LiveBlock):
        block.leave_sight()
