"""Where one has been: bookmarks, and the articles that were read last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment as RichSegment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.errors import StudyError
from studytui.library.layout.safe import clean
from studytui.library.layout.title import titled
from studytui.study.bookmarks import Marked, bookmarks, toggle
from studytui.tui.actions import Action, bindings
from studytui.tui.guard import Things
from studytui.tui.messages import OpenArticle
from studytui.tui.painting import shortened
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk

MOST_RECENT = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the list: where, and whether it was marked or only read."""

    article: str
    line: int
    title: str
    told: str
    is_marked: bool


class PlaceList(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """Places under one another; one has the cursor."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="places")
        self.palette = palette
        self.places: tuple[Place, ...] = ()
        self.cursor = 0

    def show(self, places: tuple[Place, ...]) -> None:
        """Show other places; the cursor stays as far as there are lines."""
        self.places = places
        self.cursor = max(0, min(self.cursor, len(places) - 1))
        self.virtual_size = Size(self.size.width, len(places))
        self.refresh()

    @property
    def chosen(self) -> Place | None:
        """The place under the cursor."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    @property
    def shown(self) -> tuple[Place, ...]:
        """The places on the screen."""
        top = self.scroll_offset.y
        return self.places[top : top + self.size.height]

    def move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.places) - 1, self.cursor + by))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to what was clicked."""
        number = event.y + self.scroll_offset.y
        if number < len(self.places):
            place = self.places[number]
            self.post_message(OpenArticle(place.article, "", place.line))

    def render_line(self, y: int) -> Strip:
        """A place."""
        number, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        style = self.palette.style
        if number >= len(self.places):
            return Strip.blank(width)
        place = self.places[number]
        chosen = number == self.cursor
        parts = [
            RichSegment("▸ " if chosen else "  ", style("accent")),
            RichSegment("◆ " if place.is_marked else "  ", style("warn")),
            RichSegment(place.title, style("title" if chosen else "")),
            RichSegment(f"  {place.told}", style("soft")),
        ]
        strip = shortened(Strip(parts), width, self.palette)
        strip = strip.adjust_cell_length(width)
        return strip.apply_style(self.palette.highlight("chosen")) if chosen else strip


class PlacesScreen(Screen[None]):
    """The bookmarks first, then what was read last."""

    SCOPE = "places"
    CSS_PATH = "../styles/search.tcss"
    BINDINGS = bindings(SCOPE)
    AUTO_FOCUS = "#places"

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette

    def compose(self) -> ComposeResult:
        """The title, the places, the keys."""
        yield Lines([], self.palette, id="places-head")
        yield PlaceList(self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """Read them."""
        self._show()

    def in_sight(self) -> Things:
        """The places on the screen."""
        return frozenset(self.list.shown)

    def acts_on(self, item: Action | None) -> Things:
        """The place under the cursor."""
        return frozenset((self.list.chosen,) if self.list.chosen else ())

    @property
    def list(self) -> PlaceList:
        """The list."""
        return self.query_one(PlaceList)

    def _show(self) -> None:
        try:
            marked = bookmarks(self.desk)
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
            marked = ()
        places = (*(self._marked(each) for each in marked), *self._recent())
        key, said = ("m", "key"), (" in an article marks a place", "soft")
        head: Styled = [("Places  ", "heading.1"), key, said]
        self.query_one("#places-head", Lines).show([head])
        self.list.show(places)

    def _title(self, article: str) -> str:
        entry = shell_of(self).shelf.entry(article)
        return titled(entry.title if entry else article)

    def _marked(self, mark: Marked) -> Place:
        words = clean(mark.words).replace("\n", " ")
        return Place(mark.article, mark.line, self._title(mark.article), words, True)

    def _recent(self) -> tuple[Place, ...]:
        shelf = shell_of(self).shelf
        recent = [name for name in reversed(list(shelf.places)) if shelf.entry(name)][:MOST_RECENT]
        return tuple(
            Place(
                name,
                shelf.places[name].line,
                self._title(name),
                "read ✓" if name in shelf.read else f"{round(shelf.share(name) * 100)} %",
                False,
            )
            for name in recent
        )

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.move(by)

    def action_open(self) -> None:
        """Open the article at the place."""
        place = self.list.chosen
        if place is not None:
            self.post_message(OpenArticle(place.article, "", place.line))

    def action_remove(self) -> None:
        """Take the bookmark under the cursor away."""
        place = self.list.chosen
        if place is None or not place.is_marked:
            self.notify("That is no bookmark: it is where you read.", timeout=2)
            return
        try:
            mark = Marked(place.article, place.line, place.told)
            toggle(self.desk, mark, shell_of(self).now())
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
        self._show()

    def action_close(self) -> None:
        """Back."""
        self.dismiss()
