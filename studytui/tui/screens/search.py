"""Full-text search over every article, card and term."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.segment import Segment as RichSegment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from studytui.errors import StudyError
from studytui.library.layout.safe import clean
from studytui.library.layout.title import titled
from studytui.tui.actions import bindings
from studytui.tui.messages import HitsFound, OpenArticle, WorkFailed
from studytui.tui.painting import shortened
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from studytui.library.search import Excerpt, Hit
    from studytui.study.desk import Desk

MOST = 60
_ROWS = 3


class Hits(Painted, ScrollView, can_focus=False):
    """What was found: title and place, the words, a blank line."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="hits")
        self.palette = palette
        self.hits: tuple[Hit, ...] = ()
        self.cursor = 0

    def show(self, hits: tuple[Hit, ...]) -> None:
        """Show other hits."""
        self.hits, self.cursor = hits, 0
        self.virtual_size = Size(self.size.width, _ROWS * len(hits))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.hits) - 1, self.cursor + by))
        region = Region(0, self.cursor * _ROWS, 1, _ROWS)
        self.scroll_to_region(region, animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of a hit."""
        number, row = divmod(y + self.scroll_offset.y, _ROWS)
        width = self.scrollable_content_region.width
        if number >= len(self.hits) or row == _ROWS - 1:
            return Strip.blank(width)
        hit = self.hits[number]
        chosen = number == self.cursor
        style = self.palette.style
        parts: list[RichSegment] = [RichSegment("▎ " if chosen else "  ", style("accent"))]
        if row == 0:
            parts.append(RichSegment(titled(hit.title), style("title")))
            if hit.heading:
                parts.append(RichSegment(" › ", style("faint")))
                parts.extend(self._pieces(hit.heading, "soft"))
            if hit.kind != "text":
                parts.append(RichSegment(f"  {hit.kind}", style("accent")))
        else:
            parts.extend(self._pieces(hit.excerpt, "soft"))
        strip = shortened(Strip(parts), width, self.palette)
        strip = strip.adjust_cell_length(width, style(""))
        return strip.apply_style(self.palette.highlight("chosen")) if chosen else strip

    def _pieces(self, excerpt: Excerpt, tone: str) -> list[RichSegment]:
        return [
            RichSegment(
                clean(text).replace("\n", " "), self.palette.style("accent strong" if hit else tone)
            )
            for text, hit in excerpt
        ]

    def on_click(self, event: events.Click) -> None:
        """Open what was clicked."""
        number = (event.y + self.scroll_offset.y) // _ROWS
        if number < len(self.hits):
            hit = self.hits[number]
            self.post_message(OpenArticle(hit.article, "", hit.line))


class SearchScreen(Screen[None]):
    """Type, and see what has all these words."""

    SCOPE = "search"
    CSS_PATH = "../styles/search.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.words = ""

    def compose(self) -> ComposeResult:
        """The words, the hits, the keys."""
        yield OneLine(placeholder="search every article, card and term", id="words", compact=True)
        yield Hits(self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other words."""
        self.words = event.value
        self.run_worker(
            partial(self._search, event.value), thread=True, exclusive=True, group="search"
        )

    def _search(self, words: str) -> None:
        try:
            self.post_message(HitsFound(words, self.desk.library.search(words, limit=MOST)))
        except StudyError as error:
            self.app.post_message(WorkFailed(error))

    def on_hits_found(self, message: HitsFound) -> None:
        """Show the hits, unless other words were typed since."""
        if message.words != self.words:
            return
        self.query_one(Hits).show(message.hits)
        count = len(message.hits)
        told = f"{count}{'+' if count == MOST else ''} found" if self.words.strip() else ""
        self.query_one(KeyBar).say(told)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the chosen hit."""
        self.action_open()

    def action_open(self) -> None:
        """Open the chosen hit."""
        hits = self.query_one(Hits)
        if hits.hits:
            hit = hits.hits[hits.cursor]
            self.post_message(OpenArticle(hit.article, "", hit.line))

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.query_one(Hits).move(by)

    def action_close(self) -> None:
        """Back."""
        self.dismiss()
