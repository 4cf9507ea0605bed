"""The list of articles on the home screen: tracks, titles, progress; one widget however long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.counting import many
from studytui.library.layout.safe import cells
from studytui.library.layout.title import titled
from studytui.study.planning.standing import Standing
from studytui.tui.home_model import Shelf
from studytui.tui.messages import OpenArticle
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.share_bar import share_bar

if TYPE_CHECKING:
    from studytui.library.entry import Entry
    from studytui.study.planning.mastery import Mastery

_BAR = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: an article, the title of a track, or nothing."""

    entry: Entry | None = None
    title: str = ""
    count: str = ""


class Catalogue(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """Articles under their tracks, with a cursor that stands on articles only."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="catalogue")
        self.palette = palette
        self.shelf = Shelf()
        self.rows: list[Row] = []
        self.cursor = 0
        self.words = ""

    @property
    def chosen(self) -> Entry | None:
        """The article under the cursor."""
        return self.rows[self.cursor].entry if self.cursor < len(self.rows) else None

    def show(self, shelf: Shelf, words: str | None = None) -> None:
        """Show a shelf, or what of it has some words; the cursor stays on its article."""
        chosen = self.chosen
        wanted = chosen.id if chosen is not None else shelf.last
        self.shelf = shelf
        self.words = self.words if words is None else words.casefold()
        self.rows = self._rows()
        self.cursor = next(
            (n for n, row in enumerate(self.rows) if row.entry and row.entry.id == wanted),
            next((n for n, row in enumerate(self.rows) if row.entry), 0),
        )
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._reveal()
        self.refresh()

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        read = self.shelf.read
        for title, entries in self.shelf.by_track():
            found = [
                entry
                for entry in entries
                if all(word in f"{entry.title} {title}".casefold() for word in self.words.split())
            ]
            if not found:
                continue
            done = sum(entry.id in read for entry in entries)
            rows.extend([Row()] if rows else [])
            rows.append(Row(title=title, count=f"{done} of {len(entries)} read" if done else ""))
            rows.extend(Row(entry) for entry in found)
        return rows

    def on_resize(self) -> None:
        """The list is as wide as there is room."""
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._reveal()

    def move(self, by: int) -> None:
        """Move the cursor over so many articles."""
        step = 1 if by > 0 else -1
        left = abs(by)
        at = self.cursor
        while left and 0 <= at + step < len(self.rows):
            at += step
            if self.rows[at].entry is not None:
                self.cursor = at
                left -= 1
        self._reveal()
        self.refresh()

    def move_track(self, by: int) -> None:
        """To the first article of the next or the previous track."""
        heads = [n + 1 for n, row in enumerate(self.rows) if row.title]
        later = [n for n in heads if n > self.cursor]
        here = max((n for n in heads if n <= self.cursor), default=0)
        earlier = [n for n in heads if n < here]
        if by > 0 and later:
            self.cursor = later[0]
        elif by < 0:
            self.cursor = here if self.cursor > here else (earlier[-1] if earlier else here)
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        if self.rows and self.size.height:
            # The title of the track is shown with its first article.
            top = (
                self.cursor - 1 if self.cursor and self.rows[self.cursor - 1].title else self.cursor
            )
            self.scroll_to_region(
                Region(0, top, 1, self.cursor - top + 1), animate=False, immediate=True
            )

    def render_line(self, y: int) -> Strip:
        """One row."""
        number = y + self.scroll_offset.y
        width = self.size.width
        style = self.palette.style
        if number >= len(self.rows):
            return Strip.blank(width)
        row = self.rows[number]
        if row.entry is None:
            head = [RichSegment(row.title, style("heading.2"))]
            if row.count:
                head.append(RichSegment(f"  {row.count}", style("faint")))
            return Strip(head).adjust_cell_length(width)
        strip = self._article(row.entry, width, number == self.cursor)
        if number == self.cursor:
            strip = strip.apply_style(self.palette.highlight("chosen"))
        return strip

    def _article(self, entry: Entry, width: int, chosen: bool) -> Strip:
        style = self.palette.style
        share = self.shelf.share(entry.id)
        started = entry.id in self.shelf.places
        cards = self.shelf.asked.get(entry.id, 0)
        legs = self.shelf.today.mastery.get(entry.id) if self.shelf.today else None
        tail: list[RichSegment] = []
        if legs is not None and legs.standing > Standing.NEW and width >= 70:
            return self._row(entry, legs_segments(legs, self.palette), width, chosen)
        if entry.id in self.shelf.read:
            tail.append(RichSegment("read ✓".rjust(_BAR + 5), style("good")))
        elif started:
            tail.extend(share_bar(max(share, 1 / _BAR), _BAR, self.palette))
            tail.append(RichSegment(f" {round(share * 100):>3}%", style("soft")))
        else:
            tail.append(RichSegment(_time(entry).rjust(15), style("faint")))
        if width >= 70:
            tail.append(
                RichSegment((many(cards, "card") if cards else "").rjust(11), style("faint"))
            )
        return self._row(entry, tail, width, chosen)

    def _row(self, entry: Entry, tail: list[RichSegment], width: int, chosen: bool) -> Strip:
        style = self.palette.style
        tail_strip = Strip([*tail, RichSegment(" ", style(""))])
        mark = "▸ " if chosen else "  "
        title = titled(entry.title)
        room = width - tail_strip.cell_length - 3
        while title and cells(title) > room:
            title = title[:-2].rstrip() + "…" if len(title) > 2 else ""
        head = Strip(
            [
                RichSegment(mark, style("accent")),
                RichSegment(title, style("title" if chosen else "")),
            ]
        )
        head = head.adjust_cell_length(width - tail_strip.cell_length)
        return Strip.join([head, tail_strip]).adjust_cell_length(width)

    def on_click(self, event: events.Click) -> None:
        """Open what was clicked, as in every list that only leads somewhere."""
        number = event.y + self.scroll_offset.y
        if number >= len(self.rows) or self.rows[number].entry is None:
            return
        entry = self.rows[number].entry
        self.cursor = number
        self.refresh()
        if entry is not None:
            self.post_message(OpenArticle(entry.id))


def legs_segments(legs: Mastery, palette: Palette) -> list[RichSegment]:
    """Read, recall, derive and code of an article, and where it stands."""
    style = palette.style
    tone = "good" if legs.standing is Standing.OWNED else "faint"
    read = "read ✓" if legs.read[0] >= legs.read[1] else f"read {legs.read[0]}/{legs.read[1]}"
    return [
        RichSegment(f"{read:>10}  ", style("soft")),
        *share_bar(legs.recall, 6, palette),
        RichSegment(f"  ∴ {legs.derive[0]}/{legs.derive[1]}", style("soft")),
        RichSegment(f"  ✎ {legs.code[0]}/{legs.code[1]}", style("soft")),
        RichSegment(f"{legs.standing.name.lower():>8}", style(tone)),
    ]


def _time(entry: Entry) -> str:
    """Minutes to read it, and those to work what is in it; empty while they are not known."""
    if not entry.reading:
        return ""
    reading, working = (max(1, round(each / 60)) for each in (entry.reading, entry.working))
    return f"{reading} + {working} min" if entry.working else f"{reading} min"
