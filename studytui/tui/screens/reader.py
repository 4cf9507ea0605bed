"""The reader: one article, its table of contents, links, find and copying."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer

from studytui.errors import StudyError
from studytui.library.blocks import Origin
from studytui.library.layout.title import titled
from studytui.tui.actions import bindings
from studytui.tui.document import TOP, Document, Spot, cut
from studytui.tui.history import Visit
from studytui.tui.messages import (
    ArticleRead,
    ContentsClosed,
    GoToHeading,
    KeysChanged,
    WorkFailed,
)
from studytui.tui.opening import as_named, open_article
from studytui.tui.palette import Palette
from studytui.tui.reading_watch import ReadingWatch, is_file
from studytui.tui.scopes import scopes_of
from studytui.tui.screens.finding import Finding
from studytui.tui.screens.making import Taking
from studytui.tui.screens.moving import Moving
from studytui.tui.screens.owning import Owning
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.contents import Contents
from studytui.tui.widgets.ending import Ending
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.live_block_makers import maker
from studytui.tui.widgets.page import Page, mind_sight
from studytui.tui.widgets.painted import Bare
from studytui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from studytui.cards.citation import Citation
    from studytui.library.article import Article
    from studytui.study.desk import Desk

SIDE_BY_SIDE = 110
"""From so many columns on the table of contents stands beside the text."""
PLACE_AFTER = 1.0
"""Seconds of rest before the place is written down."""


class ReaderScreen(Owning, Taking, Moving, Finding, Bare, Screen[None]):
    """Shows articles, one at a time."""

    SCOPE = "reader"
    CSS_PATH = "../styles/reader.tcss"
    BINDINGS = bindings(SCOPE)
    AUTO_FOCUS = "#page"

    def __init__(
        self,
        desk: Desk,
        palette: Palette,
        article: str,
        anchor: str = "",
        line: int = 0,
        cites: Citation | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.wanted = (article, anchor, line)
        self._cites = cites
        self.document: Document | None = None
        self.reading: ReadingWatch | None = None
        self.page = Page(palette, self.follow)
        self.labels: dict[str, str] = {}
        self.share = 0.0
        self.heading = -1
        self._is_whole = False
        self._contents_wanted: bool | None = None
        self._place_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, page, contents, keys."""
        yield TitleBar(self.palette)
        yield Contents(self.palette)
        yield self.page
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """Open the article that was asked for."""
        self._settle_contents()
        self.open(*self.wanted, self._cites)

    @property
    def visit(self) -> Visit:
        """Where one is."""
        line = self.document.source_of(self.page.spot) if self.document else 0
        return Visit(self.wanted[0], line)

    # Opening ---------------------------------------------------------------------------------

    def open(
        self, article: str, anchor: str = "", line: int = 0, cites: Citation | None = None
    ) -> bool:
        """Show an article from a place on; whether it can be opened: else what was shown stays."""
        self._keep_place()
        if self.document is not None and self.document.article.id == article:
            if cites is not None:
                self.go_to_cited(cites)
            else:
                self._go_to(anchor, line)
            return True
        shell_of(self).keep_rest()
        try:
            path = shell_of(self).path_of(article)
            opened = open_article(path, 1 if anchor or cites else line, article)
        except StudyError as error:
            self.notify(str(error), title="This cannot be opened", severity="error", markup=False)
            return False
        self.wanted = (article, anchor, line)
        self.reading = None if is_file(article) else ReadingWatch(self.desk, article)
        self._is_whole = opened.rest is None
        self._show(opened.article, anchor, line)
        if cites is not None:
            self.go_to_cited(cites)
        if opened.rest is not None:
            # Only once the first part is on the screen: a busy thread would slow its painting.
            self.call_after_refresh(self._read_rest, opened.article, opened.rest)
        return True

    def reopen(self) -> None:
        """Show the article anew, from its file as it is now."""
        if self.document is None:
            return
        try:
            article = self.desk.library.article(self.document.article.id)
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._show(article, "", 0, self.page.spot)

    def _read_rest(self, head: Article, data: bytes) -> None:
        work = partial(self._parse_rest, head, data)
        self.run_worker(work, thread=True, exclusive=True, group="parse")

    def _parse_rest(self, head: Article, data: bytes) -> None:
        from studytui.library.parse import parse_file

        try:
            whole = as_named(parse_file(head.path, data).article, head.id)
            self.post_message(ArticleRead(whole, True))
        except StudyError as error:
            self.post_message(WorkFailed(error))

    def on_article_read(self, message: ArticleRead) -> None:
        """The whole of a long article has been parsed: it replaces its first part."""
        if self.document is None or message.article.path != self.document.article.path:
            return
        self._is_whole = True
        self._show(message.article, "", 0, self.page.spot)

    def _show(self, article: Article, anchor: str, line: int, spot: Spot | None = None) -> None:
        self.end_picking()
        self.document, self.drawn = cut(article), None
        if spot is None:
            spot = self._spot(anchor, line)
        self.page.marks.noted = frozenset()
        make = maker(article, self.desk, self.palette)
        ending = Ending(self._next(), self.palette)
        self.page.show(self.document, spot, make, ending)
        self.query_one(Contents).show(self.document.contents)
        self._tell_place()
        self.call_after_refresh(self.find_own)

    def _next(self) -> tuple[str, str]:
        read = {*shell_of(self).shelf.read, self.wanted[0]}
        following = self.desk.library.next_to_read(read)
        return (following[0].id, titled(following[0].title)) if following else ("", "")

    def _spot(self, anchor: str, line: int) -> Spot:
        assert self.document is not None
        if anchor:
            spot = self.document.at_anchor(anchor)
            if spot is not None:
                return spot
            self.notify(f"There is no heading #{anchor} here.", severity="warning", markup=False)
        return self.document.at_source(line) if line else TOP

    def _go_to(self, anchor: str, line: int) -> None:
        self.page.go(self._spot(anchor, line))

    # The place -------------------------------------------------------------------------------

    def follow(self, heading: int, share: float) -> None:
        """Title and contents go with the page, in one frame; after a rest the journal does."""
        self.share, self.heading = share, heading
        self._tell_place()
        if self.reading is not None and self._is_whole:
            self.reading.keep(shell_of(self), self.page)
        if self._place_timer is not None:
            self._place_timer.stop()
        self._place_timer = self.set_timer(PLACE_AFTER, self._keep_place)

    def _tell_place(self) -> None:
        if self.document is None:
            return
        article = self.document.article
        section = ""
        if 0 < self.heading < len(self.document.contents):
            section = self.document.contents[self.heading].text
        origin = self.document.origin_at(self.page.spot) if self.document.parts else Origin.WRITTEN
        told = ""
        if article.translated_from and self.size.width >= 70:
            ours = "written for studytui" if self.size.width >= SIDE_BY_SIDE else "our words"
            told = ours if origin is Origin.WRITTEN else "translated"
        title = titled(article.title)
        left = (title, section) if section else (title,)
        self.query_one(TitleBar).show(left, told, self.share)
        self.query_one(Contents).follow(self.heading)

    def _keep_place(self) -> None:
        """Write down where one is."""
        if self.document is not None:
            visit = self.visit
            shell_of(self).keep_place(self.document.article.id, visit.line, self.share)

    def on_unmount(self) -> None:
        """The last place counts too, and the time that nothing has taken."""
        self._keep_place()
        shell_of(self).keep_rest()

    # Contents, links, history ----------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Beside the text where there is room, over it where there is not."""
        self._settle_contents()

    def _settle_contents(self) -> None:
        contents = self.query_one(Contents)
        wide = self.size.width >= SIDE_BY_SIDE
        shown = wide if self._contents_wanted is None else self._contents_wanted
        contents.styles.height = max(1, self.size.height - 2)
        contents.set_class(not wide, "over")
        contents.set_class(shown, "shown")

    def action_contents(self) -> None:
        """Show or hide the table of contents."""
        contents = self.query_one(Contents)
        self._contents_wanted = not contents.has_class("shown")
        self._settle_contents()
        if self._contents_wanted:
            contents.focus()

    def on_contents_closed(self, message: ContentsClosed) -> None:
        """Back to the text; an overlay goes away."""
        if self.query_one(Contents).has_class("over"):
            self._contents_wanted = False
            self._settle_contents()
        self.page.focus(scroll_visible=False)

    def on_go_to_heading(self, message: GoToHeading) -> None:
        """To a heading of the table of contents."""
        if self.document is not None:
            shell_of(self).visits.leave(self.visit)
            self.page.go(self.document.contents[message.heading].spot)
            self.on_contents_closed(ContentsClosed())

    def action_next_article(self) -> None:
        """The article that is best read next."""
        following, _ = self._next()
        if following:
            shell_of(self).open_article(following)

    def action_mark(self) -> None:
        """Mark the block at the top of the screen, or take its mark away."""
        if self.document is not None:
            heading = self.document.contents[max(0, self.heading)].text
            shell_of(self).mark_place(self.wanted[0], self.visit.line, heading)

    def action_leave(self) -> None:
        """Back home."""
        self._keep_place()
        self.app.pop_screen()
        shell_of(self).read_shelf()

    def on_screen_resume(self) -> None:
        """What was graded here may have been taken back on another screen."""
        mind_sight(self.page)
        for block in self.page.query(LiveBlock):
            block.look_again(self.desk)

    # Keys ------------------------------------------------------------------------------------

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Other keys answer now."""
        self.query_one(KeyBar).show(scopes_of(self))

    def on_keys_changed(self, message: KeysChanged) -> None:
        """Other keys answer now."""
        self.query_one(KeyBar).show(scopes_of(self))
