"""The reader's own in the text: marks in the margin, the list of them, versions of live blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from studytui.cards.citation import Citation
from studytui.errors import StudyError
from studytui.library.blocks import CardBlock, DerivationBlock, ExerciseBlock
from studytui.study.own import OwnItem, items
from studytui.study.questions import Place
from studytui.tui.document import Spot
from studytui.tui.editing import edit_source
from studytui.tui.guard import NOTHING, Things
from studytui.tui.messages import OwnChanged, OwnFound, WorkFailed
from studytui.tui.reading_watch import focused_live
from studytui.tui.taking import locate
from studytui.tui.typed_app import shell_of
from studytui.tui.versions import edit_version, leave_version
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.page import leave_sight

if TYPE_CHECKING:
    from textual.screen import Screen

    from studytui.library.blocks import Block
    from studytui.study.desk import Desk
    from studytui.tui.actions import Action
    from studytui.tui.document import Document
    from studytui.tui.history import Visit
    from studytui.tui.palette import Palette
    from studytui.tui.reading_watch import ReadingWatch
    from studytui.tui.widgets.page import Page

    class _Base(Screen[None]):
        """What the reader has."""

        desk: Desk
        palette: Palette
        wanted: tuple[str, str, int]

        def _focused_part(self) -> int: ...
        def focused_block(self) -> Block | None: ...
        def reopen(self) -> None: ...
        @property
        def visit(self) -> Visit: ...
else:
    _Base = object


class Owning(_Base):
    """Mix into the reader."""

    document: Document | None
    page: Page
    reading: ReadingWatch | None
    own_items: Sequence[OwnItem] = ()

    # Marks in the margin ---------------------------------------------------------------------

    def find_own(self) -> None:
        """Look for what belongs into this article, in a worker."""
        work = partial(self._find_own, self.wanted[0])
        self.run_worker(work, thread=True, exclusive=True, group="own")

    def _find_own(self, article: str) -> None:
        try:
            self.post_message(OwnFound(article, tuple(items(self.desk, article))))
        except StudyError as error:
            self.post_message(WorkFailed(error))

    def on_own_found(self, message: OwnFound) -> None:
        """Put the marks where they belong."""
        if self.document is None or message.article != self.document.article.id:
            return
        self.own_items = message.items
        spots = [locate(self.document, item.cites) for item in self.own_items]
        self.page.marks.noted = frozenset((spot.part, spot.block) for spot in spots)
        for number in {spot.part for spot in spots}:
            widget = self.page.widget_of(number)
            if isinstance(widget, LiveBlock):
                self.remark(widget, number)
        self.page.repaint()

    def remark(self, widget: LiveBlock, part: int) -> None:
        """Say at the head of a live block whose version it is, and that there is a note."""
        from studytui.study.own_versions import version_of

        block = self.document.parts[part].blocks[0] if self.document is not None else None
        told = ""
        if isinstance(block, CardBlock | DerivationBlock | ExerciseBlock):
            told = version_of(self.desk, _id_of(block)).told
        noted = (part, 0) in self.page.marks.noted
        widget.head.remark(" · ".join(filter(None, ("✎" if noted else "", told))))

    def on_own_changed(self, message: OwnChanged) -> None:
        """Something was written, changed or taken away."""
        document = self.document
        if document is not None and self.desk.directories.own in document.article.path.parents:
            self.reopen()
        self.find_own()

    def action_own(self) -> None:
        """The cards and notes of this article, from here on."""
        from studytui.tui.screens.own_here import OwnHereScreen

        if self.document is None:
            return
        if not self.own_items:
            self.notify("Nothing of your own here yet: a makes a card, A a note.", timeout=4)
            return
        document, here = self.document, self.page.spot
        placed = sorted(self.own_items, key=lambda item: _order(locate(document, item.cites)))
        above = [_order(locate(document, item.cites)) < (here.part, here.block) for item in placed]
        screen = OwnHereScreen(self.desk, self.palette, placed, sum(above))

        def closed(item: OwnItem | None) -> None:
            if item is not None:
                self.go_to_cited(item.cites)
            elif screen.changed:
                self.app.post_message(OwnChanged())

        self.app.push_screen(screen, closed)

    def go_to_cited(self, cites: Citation) -> None:
        """To the place that a card or a note was made of."""
        if self.document is not None:
            self.page.go_near(locate(self.document, cites))

    # What keys write about ------------------------------------------------------------

    def in_sight(self) -> Things:
        """The place and the live blocks on the screen; nothing before the page is laid out."""
        shown = [widget for widget, _, _ in self.page.on_screen()]
        if not shown:
            return NOTHING
        return frozenset((self.visit, *(each for each in shown if isinstance(each, LiveBlock))))

    def acts_on(self, item: Action | None) -> Things:
        """The focused block of what is edited; else the place at the top of the screen."""
        call = item.call if item is not None else ""
        if call == "go_on" and self._goes_further():
            return NOTHING
        block = focused_live(self.page)
        is_of_block = call in ("edit", "original") and block is not None
        return frozenset((block if is_of_block else self.visit,))

    def _goes_further(self) -> bool:
        """Whether going on would only turn the page."""
        reading = self.reading
        return reading is None or reading.goes_further(shell_of(self), self.page)

    # Versions --------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """Edit the focused card or derivation, or the file of an article of one's own."""
        block = self.focused_block()
        if isinstance(block, CardBlock | DerivationBlock | ExerciseBlock):
            if edit_version(self.app, self.desk, _id_of(block), self._version_changed):
                self._version_changed()
            return
        if self.document is None:
            return
        if self._is_shipped(self.document.article.id):
            self.notify(
                "What came with studytui stays as it is: A writes a note here, a makes a card; "
                "e upon a card or a derivation makes a version of your own.",
                timeout=6,
            )
            return
        line = self.document.source_of(self.page.spot)
        if edit_source(self.app, Place(self.document.article.path, line), self._edited):
            self._edited()

    def _edited(self) -> None:
        self.desk.library.refresh()
        self.reopen()

    def _is_shipped(self, article: str) -> bool:
        try:
            return self.desk.library.pack_of(article).shipped
        except StudyError:
            return False  # a file that was opened by its path

    def action_original(self) -> None:
        """Back to the original of the focused card or derivation."""
        block = self.focused_block()
        if isinstance(block, CardBlock | DerivationBlock | ExerciseBlock) and leave_version(
            self.app, self.desk, _id_of(block)
        ):
            self._version_changed()

    def _version_changed(self) -> None:
        part = self._focused_part()
        self.page.remake(part)
        self.app.post_message(OwnChanged())
        widget = self.page.widget_of(part)
        if widget is not None:
            widget.focus(scroll_visible=False)

    def on_screen_suspend(self) -> None:
        """What is proposed is taken; what lies over the article for a moment leaves it in sight."""
        if not self.app.screen.is_modal:
            leave_sight(self.page)


def _id_of(block: CardBlock | DerivationBlock | ExerciseBlock) -> str:
    if isinstance(block, CardBlock):
        return block.card.id
    return block.derivation.id if isinstance(block, DerivationBlock) else block.id


def _order(spot: Spot) -> tuple[int, int]:
    return spot.part, spot.block
