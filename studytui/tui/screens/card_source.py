"""What a reader does in the middle of a review with a card besides grading it.

Nearly all of it is actions and handlers, which Textual looks for on the review itself: therefore a
mix-in, and no object that the review holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widgets import Input

from studytui.cards.citation import Citation
from studytui.errors import StudyError
from studytui.study import questions
from studytui.study.own import Form
from studytui.tui.capturing import write_draft
from studytui.tui.messages import open_at
from studytui.tui.screens.derivation_benches import subject_of
from studytui.tui.taking import Taken, head_of_source
from studytui.tui.typed_app import shell_of
from studytui.tui.versions import edit_version, leave_version
from studytui.tui.widgets.bars import open_bar
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from studytui.memory.rating import Rating
    from studytui.study.attention import Shares
    from studytui.study.desk import Desk
    from studytui.study.review import ReviewSession, Shown
    from studytui.tui.actions import Action
    from studytui.tui.palette import Palette

    class _Review(Screen[None]):
        """What the review has."""

        desk: Desk
        palette: Palette
        has_more: bool
        shown: Shown | None
        proposed: Rating | None

        @property
        def session(self) -> ReviewSession: ...
        def _now(self) -> Any: ...
        def _note(self, text: str, style: str = "soft") -> None: ...
        async def _show(self, shown: Shown | None) -> None: ...
        async def _next(self) -> None: ...
        async def action_accept(self) -> None: ...
else:
    _Review = object


class ReportBar(OneLine):
    """Where one says what is wrong with a card."""

    def __init__(self) -> None:
        super().__init__(placeholder="what is wrong with this card?", compact=True)


class CardSource(_Review):
    """Mix into the review, which holds the sitting and the card on the screen."""

    @property
    def grades(self) -> GradeBar:
        """The grades of what is asked. A bench in it has a bar of its own, for articles."""
        return self.query_one("ReviewScreen > GradeBar", GradeBar)

    def label_of(self, item: Action) -> str:
        """What the key bar calls an action: nothing, where its key would do nothing."""
        match item.call:
            case "accept" if self.proposed is not None:
                return self.proposed.name.capitalize()
            case "accept" | "edit" if self.shown is None:
                return ""
            case "more" if self.shown is not None or not self.has_more:
                return ""
            case _:
                return item.label

    def _recorded(self, act: Callable[[datetime], None]) -> bool:
        """Do something that is kept in the journal; whether it was."""
        try:
            act(self._now())
        except StudyError as error:
            self._note(str(error), "bad")
            return False
        return True

    def looked_at(self) -> Shares:
        """The card on the screen."""
        return {subject_of(self.shown.record): 1.0} if self.shown is not None else {}

    async def action_edit(self) -> None:
        """Edit the source, or a copy of a shipped one, and go on with what it says then."""
        if self.shown is None:
            return
        if edit_version(self.app, self.desk, self.shown.record.card, self._show_anew):
            await self._show_anew()

    async def action_original(self) -> None:
        """Go back from the reader's own version to the original."""
        if self.shown and leave_version(self.app, self.desk, self.shown.record.card):
            await self._show_anew()

    async def _show_anew(self) -> None:
        await self._show(self.session.reload(self.desk.records(), self._now()))

    def action_card(self) -> None:
        """A card of the reader's own, made of this one."""
        self._make(Form.CARD)

    def action_note(self) -> None:
        """A note beside this card."""
        self._make(Form.NOTE)

    def _make(self, form: Form) -> None:
        if self.shown is None:
            return
        card = self.shown.record.card
        try:
            source = questions.source_of(self.desk, card)
            place = questions.shown_at(self.desk, card)
            question = questions.question_of(self.desk, card)
        except StudyError as error:
            self._note(str(error), "warn")
            return
        cites = place.cites or Citation(place.article, quote=head_of_source(source))
        # What is not shown yet is not given away by the form.
        answer = question.answer if self.proposed is not None else ""
        found = Taken(answer, cites, question.prompt)
        write_draft(self, self.desk, self.palette, found, form)

    def action_article(self) -> None:
        """Read the article at this card; the review waits under it."""
        if self.shown is not None:
            self.app.post_message(open_at(questions.shown_at(self.desk, self.shown.record.card)))

    def action_report(self) -> None:
        """Ask what is wrong with the card."""
        if self.shown is not None:
            open_bar(self, ReportBar, ReportBar, before=self.grades)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the report in the journal."""
        if isinstance(event.input, ReportBar):
            event.stop()
            if event.value.strip() and self.shown is not None:
                report = partial(self._report, event.value.strip())
                if not self._recorded(report):
                    return
                self.app.notify("Noted in your journal", markup=False)
            event.input.remove()
            self.set_focus(None)

    def _report(self, text: str, now: datetime) -> None:
        self.session.report(text, now)

    async def action_go_on(self) -> None:
        """The next thing of today; a card is answered first, deep ones wait."""
        if self.shown is None:
            shell_of(self).plan.go_on()
        elif self.proposed is None and self.shown.record.deep:
            await self.action_bury()
        else:
            await self.action_accept()

    async def action_bury(self) -> None:
        """Leave the card for another day."""
        if self.shown is not None and self._recorded(self.session.bury):
            await self._next()

    async def action_suspend(self) -> None:
        """Put the card aside."""
        if self.shown is not None and self._recorded(self.session.suspend):
            self.app.notify("Suspended; u takes it back", markup=False)
            await self._next()

    async def action_undo(self) -> None:
        """Take the last thing back and show its card."""
        self.session.undone_earlier = None
        try:
            await self._show(self.session.undo(self._now()))
        except StudyError as error:
            self.app.notify(str(error), markup=False)
            return
        earlier = self.session.undone_earlier
        if earlier is not None:
            given = datetime.fromtimestamp(earlier.moment.instant_ms / 1000).astimezone()
            told = f"Taken back: the grade of {given:%Y-%m-%d %H:%M}. U gives it again."
            self.app.notify(told, timeout=6, markup=False)

    async def action_redo(self) -> None:
        """Do it again."""
        try:
            self.session.redo(self._now())
        except StudyError as error:
            self.app.notify(str(error), markup=False)
            return
        await self._next()
