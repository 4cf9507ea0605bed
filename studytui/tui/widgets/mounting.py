"""Which parts of an article are mounted: those near the place, the others late."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.widget import Widget

from studytui.library.blocks import Block
from studytui.library.layout.flow import estimated_height
from studytui.tui.document import Document, Part, Spot
from studytui.tui.widgets.painting_ahead import paint_ahead
from studytui.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.containers import VerticalScroll
    from textual.timer import Timer

    from studytui.tui.highlights import Marks
    from studytui.tui.palette import Palette

    _Base = VerticalScroll
else:
    _Base = object

MakeLive = Callable[[Block], Widget]
MEASURE = 92
"""Cells of the widest column of text."""
MOST_WIDGETS = 40
GUESSED_LIVE = 6
"""Lines of a live block that was never shown."""
GONE = -1
"""The part of a widget that is about to be removed."""
_MARGIN = 0.5
"""Screens below the place that are mounted at once: parts may turn out lower than was guessed."""
_NEAR = 2.0, 1.0
"""Screens below and above the place in which Tab finds its next stop."""
_AHEAD, _BEHIND = 3.0, 1.0
"""Screens below and above the place that are mounted when there is time."""
_DEARER = 4
"""How many parts below count as much as one above."""
_TOGETHER = 3
"""Parts that are mounted at once when there is time."""
_REACH = 6
"""Screens below and above the place in which mounted prose is laid out."""
_SLICE = 0.004
"""Seconds that laying out ahead may take at once: a key waits no longer."""
_REST = 0.008
"""Seconds between two slices, and from a painted frame to the first."""


class Mounting(_Base):
    """The page's widgets, and how high the parts are that have none."""

    palette: Palette
    marks: Marks
    document: Document | None
    spot: Spot
    make_live: MakeLive | None
    mounted: dict[int, Widget]
    _known: dict[int, int]
    _tops: list[int]
    _guesses: tuple[int, list[int]]
    _ending: Widget | None
    _settling: Timer | None
    _painting: Timer | None
    arranged: Size
    """The room for the parts at the last layout: without padding and scroll bar."""

    def widget_of(self, part: int) -> Widget | None:
        """The widget of a part, if it is mounted."""
        return self.mounted.get(part)

    def prose(self, part: int) -> Prose | None:
        """The widget of a run of prose, mounted if it was not."""
        if self.document is None or not self.document.parts[part].is_prose:
            return None
        self._mount(range(part, part + 1))
        widget = self.mounted.get(part)
        return widget if isinstance(widget, Prose) else None

    def number_of(self, widget: Widget) -> int:
        """The part of a child; the ending comes after all parts, GONE is not to be shown."""
        return int(getattr(widget, "part_number", GONE))

    def near(self, reach: int) -> list[tuple[Widget, int, int]]:
        """The mounted parts up to ``reach`` lines off the screen, as in ``on_screen``."""
        return self._between(
            round(self.scroll_y) - reach, round(self.scroll_y) + self.size.height + reach
        )

    def on_screen(self) -> list[tuple[Widget, int, int]]:
        """The parts on the screen: widget, first and last (not in) of its visible lines."""
        return self._between(round(self.scroll_y), round(self.scroll_y) + self.size.height)

    def _between(self, top: int, bottom: int) -> list[tuple[Widget, int, int]]:
        found = []
        for number, widget in sorted(self.mounted.items()):
            begin = self._tops[number] if number < len(self._tops) - 1 else bottom
            # Not its `size`: while parts come and go, the screen looks for that in all it holds.
            end = begin + widget.outer_size.height
            if end > top and begin < bottom:
                found.append((widget, max(0, top - begin), min(end, bottom) - begin))
        return found

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

    def rearrange(self) -> None:
        """Place the parts anew: Textual asks a parent again only when a child has changed."""
        if self._ending is not None:
            self._ending.refresh(layout=True)

    # Mounting late ---------------------------------------------------------------------------

    def _fill(self) -> None:
        """Mount at once what is seen from the spot on; what is near it comes when there is time."""
        if self.document is None:
            return
        self._mount(self._around(_MARGIN, 0.0))
        self._prune(self._wanted())
        self._go_on()

    def mount_near(self) -> None:
        """Mount at once all that is near the spot."""
        if self.document is not None:
            self._mount(self._around(*_NEAR))

    @property
    def is_settled(self) -> bool:
        """Whether all that is near the spot is mounted, and nothing remains to be laid out."""
        return self._settling is None and all(n in self.mounted for n in self._wanted())

    def _wanted(self) -> list[int]:
        """The parts near the spot, as many as may be mounted, the nearest and those below first."""
        here = self.spot.part
        near = self._around(_AHEAD, _BEHIND)
        return sorted(near, key=lambda n: n - here if n >= here else _DEARER * (here - n))[
            :MOST_WIDGETS
        ]

    def _around(self, ahead: float, behind: float) -> range:
        """The parts on the screen and so many screens below and above."""
        height = self.size.height or 24
        heights = self.guesses(self.arranged if self.arranged.width else Size(80, 24))
        first = last = self.spot.part
        room = height * (1 + ahead) + max(0, self.spot.line)
        while room > 0 and last < len(heights):
            room -= heights[last] if last != self.spot.part else min(heights[last], height)
            last += 1
        room = height * behind + max(0, -self.spot.line)
        while room > 0 and first > 0:
            first -= 1
            room -= heights[first]
        return range(first, last)

    def _mount(self, numbers: range) -> None:
        assert self.document is not None
        for number in numbers:
            if number in self.mounted:
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
            later = [n for n in self.mounted if n > number]
            before = self.mounted[min(later)] if later else None
            self.mounted[number] = widget
            if before is not None:
                self.mount(widget, before=before)
            else:
                self.mount(widget, before=self._ending if self._ending in self.children else None)

    def _prune(self, near: list[int]) -> None:
        spare = len(self.mounted) - MOST_WIDGETS
        far = sorted(
            (n for n in self.mounted if n not in near), key=lambda n: -abs(n - self.spot.part)
        )
        for number in far:
            if spare <= 0:
                return
            widget = self.mounted[number]
            if getattr(widget, "is_busy", False) or widget.has_focus_within:
                continue
            del self.mounted[number]
            widget.remove()
            spare -= 1

    # Laying out ahead ------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Lay out further, but first let the frame be painted that may be due."""
        for timer in (self._settling, self._painting):
            if timer is not None:
                timer.stop()
        self.call_after_refresh(self._rest)

    def _rest(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_REST, self._settle)

    def _settle(self) -> None:
        """Do one short piece of what remains near the place, so that scrolling finds it done."""
        self._settling = None
        if self.document is None:
            return
        if self._lay_out_ahead() or self._mount_ahead():
            self._go_on()
        else:
            self._paint_on()

    def _paint_on(self) -> None:
        self._painting = self.set_timer(_REST, self._paint_ahead)

    def _paint_ahead(self) -> None:
        """Paint one short piece of what stands near the screen."""
        self._painting = None
        if paint_ahead(self):
            self._paint_on()

    def _lay_out_ahead(self) -> bool:
        """Lay out prose around the screen for some milliseconds. True if some remains."""
        end = perf_counter() + _SLICE
        reach = self.size.height * _REACH
        here = round(self.scroll_y)
        changed = remains = False
        for number, widget in list(self.mounted.items()):
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
                    remains = True
                    break
                height = flow.height
                flow.piece(index)
                changed = changed or flow.height != height
        if changed:
            self.rearrange()
        return remains

    def _mount_ahead(self) -> bool:
        """Mount what is nearest and missing, up to one live block. True if there was something."""
        assert self.document is not None
        wanted = self._wanted()
        missing = [number for number in wanted if number not in self.mounted]
        for number in missing[:_TOGETHER]:
            self._mount(range(number, number + 1))
            if not self.document.parts[number].is_prose:
                break
        self._prune(wanted)
        return bool(missing)
