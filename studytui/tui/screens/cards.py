"""Every card with how it stands: chosen by a query, and changed many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.segment import Segment as RichSegment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from studytui.counting import many
from studytui.errors import StudyError
from studytui.study import questions
from studytui.study.browsing import (
    CardRow,
    Change,
    Standing,
    browse,
    change,
    last_grade,
    take_back,
)
from studytui.study.tagging import tag_of
from studytui.tui.actions import Action, bindings
from studytui.tui.guard import Things
from studytui.tui.messages import ReviewChanged, open_at
from studytui.tui.painting import shortened
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.versions import edit_version, leave_version
from studytui.tui.widgets.bars import open_bar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from studytui.memory.ledger import Outcome
    from studytui.study.desk import Desk

TONES = {
    Standing.NEW: "accent",
    Standing.LEARNING: "warn",
    Standing.REVIEW: "good",
    Standing.SUSPENDED: "faint",
}


WIDE = 64
"""Cells from which on there is room for stability and lapses beside an id that can be read."""


def cut_id(card: str, room: int) -> str:
    """The id of a card in so many cells: what is cut is marked, and its last part stays."""
    if len(card) <= room:
        return card
    last = card[card.rfind("/") :] if "/" in card else ""
    kept = last if len(last) < room // 2 else ""
    return f"{card[: room - 1 - len(kept)]}…{kept}"


class TagBar(OneLine):
    """Where tags are typed."""

    def __init__(self) -> None:
        super().__init__(placeholder="tags to put on; with - before it to take off")


class CardList(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """A line for each card; one has the cursor, some are marked."""

    class Reached(Message):
        """Another card is under the cursor, or none."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="cards")
        self.palette = palette
        self.rows: Sequence[CardRow] = ()
        self.marked: set[str] = set()
        self.cursor = 0

    def show(self, rows: Sequence[CardRow]) -> None:
        """Show other cards; the cursor stays in its place as far as there are lines."""
        self.rows = rows
        self.marked &= {row.card for row in rows}
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        self.virtual_size = Size(self.size.width, len(rows))
        self.post_message(self.Reached())
        self.refresh()

    @property
    def chosen(self) -> list[CardRow]:
        """The marked cards, or the one under the cursor."""
        if self.marked:
            return [row for row in self.rows if row.card in self.marked]
        return list(self.rows[self.cursor : self.cursor + 1])

    @property
    def shown(self) -> Sequence[CardRow]:
        """The cards on the screen."""
        top = self.scroll_offset.y
        return self.rows[top : top + self.size.height]

    def move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.rows) - 1, self.cursor + by))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self.post_message(self.Reached())
        self.refresh()

    def mark(self) -> None:
        """Mark the card under the cursor, or no more, and go on to the next."""
        if self.rows:
            self.marked ^= {self.rows[self.cursor].card}
            self.move(1)

    def mark_all(self) -> None:
        """Mark all; none if all are marked."""
        every = {row.card for row in self.rows}
        self.marked = set() if self.marked == every else every
        self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; a second click does what enter does."""
        number = event.y + self.scroll_offset.y
        if number == self.cursor and number < len(self.rows):
            await self.run_action("screen.open")
        elif number < len(self.rows):
            self.move(number - self.cursor)

    def render_line(self, y: int) -> Strip:
        """A card."""
        number, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if number >= len(self.rows):
            return Strip.blank(width)
        row, at_cursor = self.rows[number], number == self.cursor
        style = self.palette.style
        told = [name for name, holds in (("leech", row.leech), ("reported", row.reported)) if holds]
        told += [f"#{tag}" for tag in row.tags]
        told += [word for word in (row.version.value,) if word]
        memory = []
        if width >= WIDE:
            stability = f"{row.stability:.1f} d" if row.reps else ""
            memory = [
                RichSegment(f"{stability:>9}", style("faint")),
                RichSegment(f"{row.lapses or '':>4}", style("warn")),
            ]
        head = max(12, min(40, width - (42 if width >= WIDE else 27)))
        name = cut_id(row.card, head)
        parts = [
            RichSegment("▎" if at_cursor else " ", style("accent")),
            RichSegment("● " if row.card in self.marked else "  ", style("accent")),
            RichSegment(f"{name:<{head}} ", style("title" if at_cursor else "soft")),
            RichSegment(f"{row.standing.value:<10}", style(TONES[row.standing])),
            RichSegment(f"{row.due:<11}", style("strong" if row.is_due else "faint")),
            *memory,
            RichSegment("".join(f"  {each}" for each in told), style("warn")),
        ]
        strip = shortened(Strip(parts), width, self.palette).adjust_cell_length(width, style(""))
        return strip.apply_style(self.palette.highlight("chosen")) if at_cursor else strip


class CardsScreen(Screen[None]):
    """The list, the query above it, and what can be done."""

    SCOPE = "cards"
    CSS_PATH = "../styles/search.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self._done: list[tuple[Outcome, ...]] = []

    def compose(self) -> ComposeResult:
        """The query, what it found, the cards, the keys."""
        yield OneLine(placeholder="words, track:… tag:… is:due is:own", id="words", compact=True)
        yield Lines([], self.palette, id="cards-told")
        yield CardList(self.palette)
        yield Lines([], self.palette, id="cards-here")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def in_sight(self) -> Things:
        """The cards on the screen, and the marked ones, whose number is told."""
        return frozenset((self, *self.list.marked, *(row.card for row in self.list.shown)))

    def acts_on(self, item: Action | None) -> Things:
        """The chosen cards; what is taken back was chosen before."""
        if item is not None and item.call == "undo":
            return frozenset((self,))
        return frozenset(row.card for row in self.list.chosen)

    @property
    def list(self) -> CardList:
        """The list."""
        return self.query_one(CardList)

    def on_mount(self) -> None:
        """All cards."""
        self._choose()
        self.list.focus()

    def _now(self) -> Any:
        return self.app.now()  # type: ignore[attr-defined]

    def _choose(self, told: str = "") -> None:
        try:
            rows = browse(self.desk, self.query_one("#words", Input).value, self._now())
        except StudyError as error:
            self._tell(str(error), "warn")
            return
        self.list.show(rows)
        self._tell(told or many(len(rows), "card"))

    def _tell(self, text: str, tone: str = "faint") -> None:
        line = " ".join(text.split())
        self.query_one("#cards-told", Lines).show([[(line, tone)]])

    def on_card_list_reached(self) -> None:
        """Say of the card under the cursor what its line has no room for."""
        parts: list[str] = []
        for row in self.list.rows[self.list.cursor : self.list.cursor + 1]:
            grade = last_grade(self.desk, row.card)
            where = row.source or f"{row.title} · {row.track}"
            parts = [f"last {grade}" if grade else "", row.reported, where]
        self.query_one("#cards-here", Lines).show([[(" · ".join(filter(None, parts)), "faint")]])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another query."""
        if event.input.id == "words":
            self._choose()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back to the list; tags that were typed are put on."""
        if isinstance(event.input, TagBar):
            event.stop()
            self.list.focus()
            event.input.remove()
            self._tag(event.value)
            return
        self.list.focus()

    def action_query(self) -> None:
        """Type a query."""
        self.query_one("#words", Input).focus()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a screen."""
        self.list.move(by * max(1, self.list.size.height - 1))

    def action_mark(self) -> None:
        """Mark a card."""
        self.list.mark()

    def action_mark_all(self) -> None:
        """Mark all cards."""
        self.list.mark_all()

    def action_suspend(self) -> None:
        """Put the chosen cards aside; let them come again if all are aside."""
        aside = all(row.standing is Standing.SUSPENDED for row in self.list.chosen)
        self._change(Change(unsuspend=True) if aside else Change(suspend=True))

    def action_bury(self) -> None:
        """Leave the chosen cards for another day."""
        self._change(Change(bury=True))

    def action_reset(self) -> None:
        """Make the chosen cards new again."""
        self._change(Change(reset=True))

    def action_due(self) -> None:
        """Make the chosen cards due today."""
        days = self.desk.ledger.days
        self._change(Change(due=days.local(days.begins(days.day(self._now()))).date()))

    def _change(self, wanted: Change) -> None:
        chosen = self.list.chosen
        try:
            done = change(self.desk, chosen, wanted, self._now())
        except StudyError as error:
            self._tell(str(error), "bad")
            return
        if done:
            self._done.append(done)
        self._choose(
            f"{len(done)} of {many(len(chosen), 'card')} changed" + ("; u undoes" if done else "")
        )

    def action_tag(self) -> None:
        """Type tags to put on the chosen cards, or to take off."""
        if self.list.chosen:
            open_bar(self, TagBar, TagBar)

    def _tag(self, text: str) -> None:
        chosen = {row.card for row in self.list.chosen}
        done: tuple[Outcome, ...] = ()
        try:
            for each in [_tagging(word) for word in text.split()]:
                # The query may not choose them any more once their tags have changed.
                every = browse(self.desk, "", self._now())
                rows = [row for row in every if row.card in chosen]
                done += change(self.desk, rows, each, self._now())
        except StudyError as error:
            self._tell(str(error), "bad")
            return
        if done:
            self._done.append(done)
        self._choose(f"{many(len(done), 'change')} of tags" + ("; u undoes" if done else ""))

    def action_edit(self) -> None:
        """Edit the card under the cursor, or a copy of a shipped one."""
        rows = self.list.rows
        if rows and edit_version(self.app, self.desk, rows[self.list.cursor].card, self._choose):
            self._choose()

    def action_original(self) -> None:
        """Go back from a version of one's own to the original."""
        rows = self.list.rows
        if rows and leave_version(self.app, self.desk, rows[self.list.cursor].card):
            self._choose()

    def action_undo(self) -> None:
        """Take the last change back."""
        if not self._done:
            self._tell("nothing to undo")
            return
        done = self._done.pop()
        try:
            take_back(self.desk, done, self._now())
        except StudyError as error:
            self._tell(str(error), "bad")
            return
        self._choose(f"taken back: {many(len(done), 'card')}")

    def action_open(self) -> None:
        """Read the article at the card under the cursor."""
        if self.list.rows:
            row = self.list.rows[self.list.cursor]
            place = questions.shown_at(self.desk, row.card)
            self.dismiss()
            self.app.post_message(open_at(place))

    def action_leave(self) -> None:
        """Leave the field, or the screen."""
        if isinstance(self.focused, Input):
            self.list.focus()
            self.query(TagBar).remove()
            return
        self.app.post_message(ReviewChanged())
        self.dismiss()


def _tagging(word: str) -> Change:
    return Change(untag=tag_of(word[1:])) if word[:1] == "-" else Change(tag=tag_of(word))
