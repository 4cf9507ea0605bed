"""The review: a card, its answer, a grade that is on the disk before the next card shows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from studytui.errors import StudyError
from studytui.library.layout.title import titled
from studytui.memory.rating import Rating
from studytui.store.errors import StaleCardError
from studytui.study import questions
from studytui.study.own_versions import version_of
from studytui.study.review import Mode, ReviewSession, Shown, has_more
from studytui.tui.actions import Action, bindings
from studytui.tui.guard import NOTHING, Things
from studytui.tui.messages import (
    DerivationDone,
    ExerciseDone,
    GradeChosen,
    KeysChanged,
    Revealed,
    ReviewChanged,
)
from studytui.tui.palette import Palette
from studytui.tui.scopes import scopes_of
from studytui.tui.screens.card_source import CardSource, ReportBar
from studytui.tui.screens.derivation_benches import bench_for, subject_of
from studytui.tui.screens.review_text import GO_ON, MORE_NEW, NOTHING_DUE, head_line, summary_lines
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.bars import bar_of
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from studytui.study.desk import Desk


MORE = 20
REFUSED = (
    "No card is asked: your grades could not be kept.\n\n{}\n\n"
    "Start studytui again then. Reading, running and deriving work meanwhile."
)


class ReviewScreen(CardSource, Screen[None]):
    """One card after another until nothing is due; or ``only`` some, as ``told`` by the plan."""

    SCOPE = "review"
    CSS_PATH = "../styles/review.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(
        self,
        desk: Desk,
        palette: Palette,
        track: str = "",
        mode: Mode = Mode.REVIEW,
        only: Sequence[str] = (),
        told: str = "",
    ) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.track, self.mode = track, mode
        self.only, self.told = tuple(only), told
        self.shown: Shown | None = None
        self.proposed: Rating | None = None
        self.rehearsed = self.has_more = False
        self.begins_with_undo = False
        self.seen_as: object = None
        """Stands for the card on the screen: another object for each."""

    @cached_property
    def session(self) -> ReviewSession:
        """The sitting. Raises StudyError when the journal cannot be read."""
        return ReviewSession(
            self.desk.ledger,
            self.desk.records(),
            self._now(),
            track=self.track,
            mode=self.mode,
            only=self.only,
        )

    def _now(self) -> datetime:
        return shell_of(self).now()

    @property
    def view(self) -> QuestionView:
        """The question on the screen."""
        return self.query_one(QuestionView)

    def compose(self) -> ComposeResult:
        """A head line, the question, the grades."""
        yield Lines([], self.palette, id="review-head")
        with VerticalScroll(id="review-page", can_focus=False):
            yield QuestionView(self.palette, self.desk)
            yield Lines([], self.palette, id="review-note")
        yield GradeBar(self.palette)
        yield KeyBar(self.palette, self.desk.settings.keys, (self.SCOPE, "everywhere"))

    async def on_mount(self) -> None:
        """The first card."""
        self.grades.offer(())
        try:
            refusal = self.desk.ledger.journal.refusal
            if refusal is not None:
                self._refuse(refusal)
                return
            if self.session.warning:
                self.app.notify(self.session.warning, severity="warning", markup=False)
            if self.begins_with_undo:
                await self.action_undo()
            if self.shown is None:
                await self._next()
        except StudyError as error:
            self._note(str(error), "warn")

    def _refuse(self, refusal: StudyError) -> None:
        """No card is asked whose grade would be lost."""
        self.view.display = False
        self.query_one("#review-head", Lines).show([[("Review", "heading.1")]])
        self._note(REFUSED.format(refusal), "warn")

    def in_sight(self) -> Things:
        """The card on the screen, and its bench."""
        return frozenset((self.seen_as, *self.query("#review-page > LiveBlock")))

    def acts_on(self, item: Action | None) -> Things:
        """The card; until its answer is seen, beginning only opens a field or the answer."""
        is_opened = item is not None and item.call == "begin" and self.proposed is None
        return NOTHING if is_opened or self.seen_as is None else frozenset((self.seen_as,))

    # Cards -----------------------------------------------------------------------------------

    async def _next(self) -> None:
        await self._show(self.session.next(self._now()))

    async def _show(self, shown: Shown | None) -> None:
        self.shown = shown
        self.seen_as = None if shown is None else object()
        self.proposed = None
        self.rehearsed = False
        self.grades.offer(())
        self._note("")
        await self._remove_bench()
        if shown is None:
            self._finish()
            return
        try:
            await self._pose(shown)
        except StudyError as error:
            # Content was edited meanwhile: the card waits, the review goes on.
            self.view.display = False
            self._note(str(error), "warn")
            self.grades.offer(shown.intervals)
        entry = self._title(shown)
        version = version_of(self.desk, shown.record.card)
        self.query_one("#review-head", Lines).show(
            head_line(shown, entry, self.mode, version, self.told)
        )
        self.query_one("#review-page").scroll_home(animate=False)

    async def _pose(self, shown: Shown) -> None:
        question = questions.question_of(self.desk, shown.record.card)
        bench = bench_for(question, self.desk, self.palette, shown.state.reps)
        self.view.display = bench is None
        if bench is None:
            await self.view.pose(question)
            return
        await self.query_one("#review-page").mount(bench, before="#review-note")
        bench.focus()

    async def _remove_bench(self) -> None:
        await self.query("#review-page > LiveBlock").remove()

    def _title(self, shown: Shown) -> str:
        library, name = self.desk.library, shown.record.card
        article = library.article_of(name)
        return titled(library.entry(article).title) if article else name

    def _finish(self) -> None:
        self.view.display = False
        done = self.session.summary()
        lines = summary_lines(done, self.session.next_due(), self._now())
        if self.mode is Mode.REVIEW:
            self.has_more = has_more(self.session)
            onward = GO_ON if self.told else MORE_NEW if self.has_more else []
            lines = [*(lines or ([] if self.told else NOTHING_DUE)), *onward]
        self.query_one("#review-head", Lines).show([[("Review", "heading.1")]])
        self.query_one("#review-note", Lines).show(lines)
        self.set_focus(None)
        self._show_keys()
        self.app.post_message(ReviewChanged())

    def _note(self, text: str, style: str = "soft") -> None:
        self.query_one("#review-note", Lines).show([[(row, style)] for row in text.splitlines()])

    def on_keys_changed(self, message: KeysChanged) -> None:
        """Another widget answers keys."""
        self._show_keys()

    def _show_keys(self) -> None:
        """What can be done; also while one types, the grade of the card before can be undone."""
        *nearest, everywhere = scopes_of(self)
        own = () if self.SCOPE in nearest else (self.SCOPE,)
        self.query_one(KeyBar).show((*nearest, *own, everywhere))

    # Grading ---------------------------------------------------------------------------------

    def on_revealed(self, message: Revealed) -> None:
        """The answer is open: offer the grades."""
        self._offer(message.assessment.grade)

    def on_derivation_done(self, message: DerivationDone) -> None:
        """A derivation was finished, or given up: offer the grades.

        Before the schedule counts it, it only waits for tomorrow.
        """
        self._rehearse_or_offer(message.grade)

    def on_exercise_done(self, message: ExerciseDone) -> None:
        """An exercise was solved or given up: the same."""
        self._rehearse_or_offer(message.grade)

    def _rehearse_or_offer(self, grade: Rating | None) -> None:
        self.rehearsed = grade is None and self.mode is Mode.REVIEW
        if not self.rehearsed:
            self._offer(grade)
            return
        self.set_focus(None)
        self._show_keys()
        self._note("space goes on; nothing is graded while most lines stand there")

    def _offer(self, proposed: Rating | None) -> None:
        if self.shown is None:
            return
        self.proposed = proposed or Rating.GOOD
        self.grades.offer(self.shown.intervals, proposed)
        self.set_focus(None)
        self._show_keys()
        self.query_one("#review-page").scroll_end(animate=False)

    async def on_grade_chosen(self, message: GradeChosen) -> None:
        """A grade was clicked."""
        await self.action_grade(message.grade)

    async def action_accept(self) -> None:
        """Go on answering, or take the proposed grade."""
        if self.shown is None:
            self.action_leave()
        elif self.rehearsed:
            await self.action_bury()
        elif self.proposed is None:
            self.view.action_begin()
        else:
            await self.action_grade(self.proposed)

    async def action_grade(self, grade: int) -> None:
        """Grade, and go on; the grade is on the disk before the next card shows."""
        if self.shown is None or self.proposed is None:
            return
        try:
            seconds = shell_of(self).attention.take(subject_of(self.shown.record))
            graded = self.session.grade(Rating(grade), self._now(), seconds)
        except StaleCardError as error:
            self.app.notify(str(error), severity="warning", markup=False)
        except StudyError as error:
            self._note(str(error), "bad")
            return
        else:
            if graded.leech:
                told = "It is suspended." if graded.suspended else "Rewrite it, or suspend it: s"
                self.app.notify(f"This card keeps being forgotten. {told}", markup=False)
        await self._next()

    async def action_more(self) -> None:
        """Go on with new cards beyond the limit of the day."""
        if self.shown is not None or self.mode is not Mode.REVIEW:
            return
        if not self.session.more(MORE, self._now()):
            self.app.notify("No new cards are left: begin another article", markup=False)
            return
        await self._next()

    def action_leave(self) -> None:
        """End; every grade is saved already."""
        if bar_of(self, ReportBar) is not None:
            self.query(ReportBar).remove()
            return
        shell_of(self).keep_rest()
        self.app.post_message(ReviewChanged())
        self.dismiss()
