"""The placement: a few questions, and then the articles that need not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from studytui.errors import StudyError
from studytui.study import questions
from studytui.study.planning.placement import MOST_QUESTIONS
from studytui.tui.actions import Action, bindings
from studytui.tui.guard import Things
from studytui.tui.messages import KeysChanged, Revealed
from studytui.tui.palette import Palette
from studytui.tui.scopes import scopes_of
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk
    from studytui.study.planning.placement import Placement
    from studytui.study.planning.syllabus import Syllabus


class PlaceScreen(Screen[None]):
    """One question after another; nothing is kept before the reader says so at the end."""

    SCOPE = "place"
    CSS_PATH = "../styles/review.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.found: Placement | None = None
        self.syllabus: Syllabus | None = None
        self.right: bool | None = None
        self.is_open = False
        self.is_over = False
        self.seen_as = object()
        """Stands for what is on the screen: another object for each question."""

    def in_sight(self) -> Things:
        """The question."""
        return frozenset((self.seen_as,))

    def acts_on(self, item: Action | None) -> Things:
        """The question."""
        return frozenset((self.seen_as,))

    def compose(self) -> ComposeResult:
        """How far it is, the question, what to do."""
        yield Lines([], self.palette, id="review-head")
        with VerticalScroll(id="review-page", can_focus=False):
            yield QuestionView(self.palette, self.desk)
            yield Lines([], self.palette, id="review-note")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    async def on_mount(self) -> None:
        """The first question."""
        from studytui.study.placing import placement

        try:
            self.found, self.syllabus = placement(self.desk, shell_of(self).now())
            await self._next()
        except StudyError as error:
            self._note([[(str(error), "warn")]])

    async def _next(self) -> None:
        assert self.found is not None
        card = self.found.next()
        self.is_open, self.right = False, None
        self.seen_as = object()
        if card is None:
            self._end()
            return
        number = self.found.asked + 1
        told = f"question {number} of {MOST_QUESTIONS} at most"
        self.query_one("#review-head", Lines).show(
            [[("What you know already", "heading.1"), (f"   {told}", "soft")]]
        )
        self._note([[("Enter alone: I do not know. Nothing is kept before the end.", "faint")]])
        await self.query_one(QuestionView).pose(questions.question_of(self.desk, card))
        self.query_one("#review-page").scroll_home(animate=False)

    def on_revealed(self, message: Revealed) -> None:
        """The answer is open: what could be judged is judged."""
        message.stop()
        view = self.query_one(QuestionView)
        self.is_open, self.right = True, message.assessment.right
        if view.hinted:
            self.right = False
        if self.right is None:
            self._note([[("Did you know it?  ", ""), ("y", "key"), (" or ", "soft"), ("n", "key")]])
        else:
            self._note([[("space", "key"), (" goes on", "soft")]])
        self.set_focus(None)
        self._show_keys()
        self.query_one("#review-page").scroll_end(animate=False)

    async def action_next(self) -> None:
        """Go on; at the end keep what was found."""
        if self.is_over:
            self._keep()
        elif self.is_open and self.right is not None:
            await self._take(self.right)
        elif not self.is_open:
            self.query_one(QuestionView).action_begin()

    async def action_known(self, right: bool) -> None:
        """The reader's own word, where only they can tell."""
        if self.is_open and not self.is_over:
            await self._take(right)

    async def _take(self, right: bool) -> None:
        assert self.found is not None
        self.found.answer(right)
        try:
            await self._next()
        except StudyError as error:
            self._note([[(str(error), "warn")]])

    def _end(self) -> None:
        assert self.found is not None
        assert self.syllabus is not None
        self.is_over = True
        self.query_one(QuestionView).display = False
        self.query_one("#review-head", Lines).show([[("What you know already", "heading.1")]])
        known = self.found.known
        if not known:
            lines: list[Styled] = [[("Everything is worth reading from its beginning.", "")]]
            lines.append([("space", "key"), (" goes on", "soft")])
        else:
            titles = [self.syllabus.by_id[name].title for name in known]
            lines = [[(f"{len(titles)} of {len(self.syllabus.courses)} need not be read:", "")]]
            lines += [[(f"  {title}", "strong")] for title in titles]
            told = "What they ask comes within three weeks; what you miss then is read after all."
            lines += [[(told, "soft")], [("", "")]]
            keep = [("space", "key"), (" skip them   ", "soft")]
            lines.append([*keep, ("q", "key"), (" read them all the same", "soft")])
        self._note(lines)
        self.set_focus(None)
        self._show_keys()

    def _keep(self) -> None:
        from studytui.study.placing import keep_placement

        assert self.found is not None
        assert self.syllabus is not None
        try:
            keep_placement(self.desk, self.found, self.syllabus, shell_of(self).now())
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.action_leave()

    def action_leave(self) -> None:
        """Nothing is kept."""
        self.app.pop_screen()
        shell_of(self).read_shelf()

    def _note(self, lines: list[Styled]) -> None:
        self.query_one("#review-note", Lines).show(lines)

    def on_keys_changed(self, message: KeysChanged) -> None:
        """Another widget answers keys."""
        self._show_keys()

    def _show_keys(self) -> None:
        self.query_one(KeyBar).show(scopes_of(self))
