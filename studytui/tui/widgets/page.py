"""The page: a scrolling column of prose and live blocks that keeps its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from time import perf_counter

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.layout import Layout
from textual.widget import Widget

from studytui.library.blocks import Block
from studytui.library.layout.flow import estimated_height
from studytui.tui.document import Document, Part, Spot
from studytui.tui.marks import Marks
from studytui.tui.messages import PlaceChanged
from studytui.tui.palette import Palette
from studytui.tui.widgets.page_layout import PageLayout
from studytui.tui.widgets.painted import Bare
from studytui.tui.widgets.prose import Prose

MEASURE = 92
"""Cells of the widest column of text."""
MOST_WIDGETS = 40
GUESSED_LIVE = 6
"""Lines of a live block that was never shown."""
GONE = -1
_AHEAD, _BEHIND = 2.0, 1.0
_SLICE = 0.006

MakeLive = Callable[[Block], Widget]


class Page(Bare, VerticalScroll, can_focus=True, inherit_bindings=False):
    """An article. ``spot`` is the place at its upper edge: resizing and late heights keep it."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="page")
        self.palette = palette
        self.make_live: MakeLive | None = None
        self.marks = Marks()
        self.document: Document | None = None
        self.spot = Spot()
        self._mounted: dict[int, Widget] = {}
        self._ending: Widget | None = None
        self._known: dict[int, int] = {}
        self._tops: list[int] = [0]
        self._guesses: tuple[int, list[int]] = (0, [])
        self._free = False
        self._settling = False
        self._layout_of_parts = PageLayout()

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
        self._mounted.clear()
        self._known.clear()
        self._guesses = (0, [])
        self._tops = [0]
        self.document = document
        self.make_live = make_live
        self._free = False
        self.marks.link = self.marks.item = self.marks.match = None
        self.marks.shift = 0
        self.spot = spot
        self._fill()
        ending.part_number = len(document.parts)  # type: ignore[attr-defined]
        self._ending = ending
        self.mount(ending)
        self._go_on()

    def go(self, spot: Spot) -> None:
        """Put a spot at the upper edge."""
        self.spot = spot
        self._free = False
        self._fill()
        self.refresh(layout=True)
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

    def near(self, reach: int) -> list[tuple[Widget, int, int]]:
        """The mounted parts up to ``reach`` lines off the screen, as in ``on_screen``."""
        return self._between(
            round(self.scroll_y) - reach, round(self.scroll_y) + self.size.height + reach
        )

    def widget_of(self, part: int) -> Widget | None:
        """The widget of a part, if it is mounted."""
        return self._mounted.get(part)

    def prose(self, part: int) -> Prose | None:
        """The widget of a run of prose, mounted if it was not."""
        if self.document is None or not self.document.parts[part].is_prose:
            return None
        self._mount(range(part, part + 1))
        widget = self._mounted.get(part)
        return widget if isinstance(widget, Prose) else None

    def on_screen(self) -> list[tuple[Widget, int, int]]:
        """The parts on the screen: widget, first and last (not in) of its visible lines."""
        return self._between(round(self.scroll_y), round(self.scroll_y) + self.size.height)

    def _between(self, top: int, bottom: int) -> list[tuple[Widget, int, int]]:
        found = []
        for number, widget in sorted(self._mounted.items()):
            begin = self._tops[number] if number < len(self._tops) - 1 else bottom
            end = begin + widget.size.height
            if end > top and begin < bottom:
                found.append((widget, max(0, top - begin), min(end, bottom) - begin))
        return found

    def repaint(self) -> None:
        """Paint all prose anew, after its marks changed."""
        for widget in self._mounted.values():
            if isinstance(widget, Prose):
                widget.refresh()

    # Where things stand ----------------------------------------------------------------------

    def number_of(self, widget: Widget) -> int:
        """The part of a child; the ending comes after all parts, GONE is not to be shown."""
        return int(getattr(widget, "part_number", GONE))

    def column(self, size: Size) -> int:
        """Cells of the column of text."""
        return min(size.width, MEASURE)

    def guesses(self, size: Size) -> list[int]:
        """The heights of all parts as far as they are known; a fresh list."""
        if self.document is None:
            return []
        width = self.column(size)
        if self._guesses[0] != width:
            parts = self.document.parts
            self._guesses = (width, [self._guess(part, width) for part in parts])
        heights = list(self._guesses[1])
        for number, height in self._known.items():
            heights[number] = height
        return heights

    def _guess(self, part: Part, width: int) -> int:
        return estimated_height(part.blocks, width) if part.is_prose else GUESSED_LIVE

    def prepare(self, size: Size) -> None:
        """Lay out what will be seen, before heights are asked for."""
        if self.document is None:
            return
        width, wanted = self.column(size), size.height + 2
        number, spot = self.spot.part, self.spot
        while wanted > 0 and number < len(self.document.parts):
            widget = self._mounted.get(number)
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
        self._tops = tops
        for number in self._mounted:
            if number + 1 < len(tops):
                self._known[number] = tops[number + 1] - tops[number]
        if self._free or self.document is None:
            return
        wanted = float(max(0, min(self._line_of(self.spot), furthest)))
        if wanted != self.scroll_y:
            self.set_reactive(Widget.scroll_y, wanted)
            self.set_reactive(Widget.scroll_target_y, wanted)
            self.vertical_scrollbar.position = wanted

    def _line_of(self, spot: Spot) -> int:
        top = self._tops[min(spot.part, len(self._tops) - 1)]
        widget = self._mounted.get(spot.part)
        if isinstance(widget, Prose):
            flow = widget.laid
            top += flow.tops[min(spot.block, len(flow.blocks))]
        return 0 if spot == Spot() else top + spot.line

    def spot_at(self, line: int) -> Spot:
        """The spot on a line of the page."""
        last = max(0, len(self._tops) - 2)
        number = max(0, min(last, bisect_right(self._tops, line) - 1))
        within = line - self._tops[number]
        widget = self._mounted.get(number)
        if not isinstance(widget, Prose):
            return Spot(number, 0, max(0, within))
        flow = widget.laid
        block = flow.index_at(within)
        return Spot(number, block, max(0, within - flow.tops[block]))

    # While the reader moves ------------------------------------------------------------------

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another place: remember it, lay out and mount what comes near."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value) or self.document is None:
            return
        self.spot = self.spot_at(round(new_value))
        self._fill()
        before = self._heights()
        self.prepare(self.size)
        if self._heights() != before:
            self.refresh(layout=True)
        self._tell()
        self._go_on()

    def _heights(self) -> list[int]:
        return [w.laid.height for w in self._mounted.values() if isinstance(w, Prose)]

    def _tell(self) -> None:
        if self.document is None:
            return
        room = max(1, self._tops[-1] - self.size.height)
        share = min(1.0, self._line_of(self.spot) / room)
        heading = self.document.heading_above(self.spot)
        self.post_message(PlaceChanged(heading, self.document.source_of(self.spot), share))

    # Mounting late ---------------------------------------------------------------------------

    def _fill(self) -> None:
        """Mount what is near the spot, and take away far prose when there are too many."""
        if self.document is None:
            return
        height = self.size.height or 24
        heights = self.guesses(self.size if self.size.width else Size(80, 24))
        first = last = self.spot.part
        room = height * (1 + _AHEAD) + max(0, self.spot.line)
        while room > 0 and last < len(heights):
            room -= heights[last] if last != self.spot.part else min(heights[last], height)
            last += 1
        room = height * _BEHIND
        while room > 0 and first > 0:
            first -= 1
            room -= heights[first]
        self._mount(range(first, last))
        self._prune(range(first, last))

    def _mount(self, numbers: range) -> None:
        assert self.document is not None
        for number in numbers:
            if number in self._mounted:
                continue
            part = self.document.parts[number]
            widget: Widget
            if part.is_prose:
                widget = Prose(part, self.palette, self.marks)
            else:
                assert self.make_live is not None
                widget = self.make_live(part.blocks[0])
                widget.add_class("part")
            widget.part_number = number  # type: ignore[attr-defined]
            later = [n for n in self._mounted if n > number]
            before = self._mounted[min(later)] if later else None
            self._mounted[number] = widget
            if before is not None:
                self.mount(widget, before=before)
            else:
                self.mount(widget, before=self._ending if self._ending in self.children else None)

    def _prune(self, near: range) -> None:
        spare = len(self._mounted) - MOST_WIDGETS
        far = sorted(
            (n for n in self._mounted if n not in near), key=lambda n: -abs(n - self.spot.part)
        )
        for number in far:
            if spare <= 0:
                return
            widget = self._mounted[number]
            if getattr(widget, "is_busy", False) or widget.has_focus_within:
                continue
            del self._mounted[number]
            widget.remove()
            spare -= 1

    # Laying out ahead ------------------------------------------------------------------------

    def _go_on(self) -> None:
        if not self._settling:
            self._settling = True
            self.set_timer(0.03, self._settle)

    def _settle(self) -> None:
        """Lay out what surrounds the place in short slices, so that scrolling finds it done."""
        self._settling = False
        if self.document is None:
            return
        end = perf_counter() + _SLICE
        changed = False
        reach = self.size.height * 6
        here = round(self.scroll_y)
        for number, widget in list(self._mounted.items()):
            if not isinstance(widget, Prose) or number + 1 >= len(self._tops):
                continue
            flow = widget.laid
            first = max(0, here - self._tops[number] - reach)
            last = here - self._tops[number] + reach
            if last < 0 or first > flow.height:
                continue
            for index in range(flow.index_at(first), flow.index_at(max(0, last)) + 1):
                if flow.is_laid(index):
                    continue
                if perf_counter() > end:
                    self._go_on()
                    break
                height = flow.height
                flow.piece(index)
                changed = changed or flow.height != height
        if changed:
            self.refresh(layout=True)
