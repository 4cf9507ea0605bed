"""What the app keeps in the journal, and what it says when the journal cannot keep it.

Textual looks for its handlers on the app itself, and the rest changes the app's shelf: therefore a
mix-in, and no object that the app holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.tui.home_model import FILE
from studytui.tui.messages import BackedUp, JournalOpened, Replaying, WorkFailed

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App

    from studytui.store.events import Body
    from studytui.study.desk import Desk
    from studytui.tui.home_model import Shelf
    from studytui.tui.palette import Palette
    from studytui.tui.screens.review import ReviewScreen

    class _Base(App[None]):
        """What the app has."""

        palette: Palette

        def now(self) -> datetime: ...
        def must_wait_for_cards(self, go: Callable[[], None]) -> bool: ...
        def keep_events(self, *bodies: Body) -> None: ...
        def keep_at_once(self, *bodies: Body) -> None: ...
else:
    _Base = object

SECONDS_TO_READ = 12


class Keeping(_Base):
    """Mix into the app, which owns desk and shelf."""

    desk: Desk
    shelf: Shelf
    replayed: tuple[int, int] | None = None
    """Events replayed of how many; None when no replay is under way."""
    _review: ReviewScreen | None = None
    """The review that was begun last."""
    _wanted: Callable[[], None] | None = None

    @property
    def is_replaying(self) -> bool:
        """Whether the journal is being replayed, which may take long: keys go on meanwhile."""
        return self.replayed is not None

    def mind_the_journal(self) -> None:
        """Go on where the journal can only be read, and hear of a replay."""
        self.desk.may_only_read = True
        self.desk.on_replay = self._tell_replay

    def _tell_replay(self, done: int, total: int) -> None:
        """In the worker that opens the journal."""
        self.post_message(Replaying(done, total))

    def on_replaying(self, message: Replaying) -> None:
        """Show how far a replay of the journal is."""
        from studytui.tui.screens.home import HomeScreen

        over = message.done >= message.total
        self.replayed = None if over else (message.done, message.total)
        home = self.screen_stack[0]
        if isinstance(home, HomeScreen) and not over:
            home.show_replay(message.done, message.total)

    def must_wait(self, go: Callable[[], None]) -> bool:
        """Whether the journal is not open yet; then ``go`` is called as soon as it is.

        Opening it may take seconds, and is never done where keys are answered.
        """
        if self.desk.journal_is_open:
            return False
        self._wanted = go
        if self.replayed is not None:
            done, total = self.replayed
            told = f"The journal is being replayed: {done / total:.0%}. One moment, please."
            self.notify(told, timeout=3, markup=False)
        self.run_worker(self._open_journal, thread=True, exclusive=True, group="journal")
        return True

    def _open_journal(self) -> None:
        try:
            _ = self.desk.ledger
        except StudyError as error:
            self.post_message(WorkFailed(error))
        else:
            self.post_message(JournalOpened())

    def on_journal_opened(self, message: JournalOpened) -> None:
        """Do what was asked for last."""
        go, self._wanted = self._wanted, None
        if go is not None:
            go()

    def action_undo(self) -> None:
        """Take the last grade of all back, wherever it was given, and show its card.

        A sitting that was left goes on; one that waits under other screens comes back.
        """
        from studytui.study.undoing import last_grade
        from studytui.tui.screens.review import ReviewScreen

        if self.must_wait_for_cards(self.action_undo) or self.must_wait(self.action_undo):
            return
        left = self._review
        can_undo = left is not None and left.session.can_undo
        known = {record.card for record in self.desk.records()}
        if not can_undo and last_grade(self.desk.ledger, known) is None:
            self.notify("There is no grade to take back.", timeout=3)
            return
        if not self._leave_sheets():
            return
        if left is not None and left in self.screen_stack:
            while self.screen is not left:
                self.pop_screen()
            left.call_next(left.action_undo)
        else:
            review = ReviewScreen(self.desk, self.palette)
            if left is not None and can_undo:
                review = ReviewScreen(self.desk, self.palette, left.track, left.mode)
                review.session = left.session
            # Not once it is there: it would show its next card at the same time.
            review.begins_with_undo = True
            self._review = review
            self.push_screen(review)

    def _leave_sheets(self) -> bool:
        """Close what lies over the screen; False where something typed there would be lost."""
        while self.screen.is_modal:
            if getattr(self.screen, "holds_what_was_typed", False):
                told = "Save or leave what you write first; then this takes the last grade back."
                self.notify(told, timeout=4)
                return False
            self.screen.dismiss()
        return True

    def back_up_now(self) -> None:
        """Copy the journal, in a worker, and say where the copies are."""
        self.run_worker(self._back_up, thread=True, group="backup")

    def _back_up(self) -> None:
        from studytui.study.journal_maintenance import back_up_before

        try:
            back_up_before(self.desk.ledger, self.desk.directories, self.now())
        except StudyError as error:
            self.post_message(WorkFailed(error))
        else:
            self.post_message(BackedUp())

    def on_backed_up(self, message: BackedUp) -> None:
        """The newest copy is as the journal stands."""
        where = self.desk.directories.backups
        self.notify(f"The newest copy is in {where}", title="Backed up", markup=False)

    def tell_refusal(self) -> None:
        """Say once that nothing can be kept, why, and what to do."""
        refusal = self.shelf.refusal
        if refusal:
            self.notify(
                f"{refusal}\nReading, running and deriving work; grades, places, outputs and your "
                "copies of snippets are not kept.",
                title="Nothing can be kept",
                severity="warning",
                timeout=SECONDS_TO_READ,
                markup=False,
            )

    def keep_place(self, article: str, line: int, share: float) -> None:
        """Write down where one is in an article, in a worker."""
        from studytui.store.events import ReadingPlace

        if article.startswith(FILE):
            return  # no article of a pack: its path is nobody else's business
        place = ReadingPlace(article, line, share)
        if self.shelf.places.get(article) == place:
            return
        places = {**self.shelf.places}
        places.pop(article, None)
        self.shelf = replace(self.shelf, places={**places, article: place}, last=article)
        # That places are not kept was told at the beginning, and need not be told at every one.
        if not self.shelf.refusal:
            self.keep_events(place)

    def mark_place(self, article: str, line: int, words: str) -> None:
        """Set a bookmark, or take it away where one is; says which."""
        from studytui.study.bookmarks import Marked, toggle

        try:
            is_set = toggle(self.desk, Marked(article, line, words), self.now())
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            told = "Marked: ' lists your places" if is_set else "No longer marked"
            self.notify(told, timeout=3, markup=False)

    def keep_sections(self, article: str, sections: Sequence[str], *, whole: bool) -> None:
        """Write down which sections of an article were read now; ``whole``: with them all of it."""
        from studytui.store.events import ArticleRead, SectionRead

        done = [ArticleRead(article)] if whole and article not in self.shelf.read else []
        if done:
            self.shelf = replace(self.shelf, read=self.shelf.read | {article})
        if not self.shelf.refusal and (sections or done):
            self.keep_at_once(*map(SectionRead, sections), *done)
