"""A question on the screen: its text, a place for the answer, the verdict, the answer."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, TextArea

from studytui.cards.question import Answer, AnswerField, Question
from studytui.errors import StudyError
from studytui.study import questions
from studytui.study.desk import Desk
from studytui.study.grading import Assessment
from studytui.study.mistakes import keep_mistakes
from studytui.tui.actions import bindings
from studytui.tui.messages import (
    AnswerGiven,
    AnswerRefused,
    Assessed,
    KeysChanged,
    Revealed,
    WorkFailed,
)
from studytui.tui.palette import Palette
from studytui.tui.widget_lifecycle import UntilGone
from studytui.tui.widgets.card_text import CardText
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.fields import AnswerLine, AnswerText
from studytui.tui.widgets.options import Choices, Options, Ordering
from studytui.tui.widgets.text_lines import Lines, Styled


class QuestionView(UntilGone, Column, can_focus=True, inherit_bindings=False):
    """Poses one question after another. Typed answers are judged in a worker."""

    SCOPE = "question"
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = """
    QuestionView { height: auto; width: 100%; max-width: 92; }
    QuestionView #answer-field { height: auto; margin: 1 0 0 2; }
    QuestionView Input, QuestionView TextArea { background: $raised; border: none; padding: 0 1; }
    QuestionView TextArea { height: 5; }
    QuestionView #preview { margin: 0 1; }
    QuestionView #verdict { margin: 1 0 0 2; }
    QuestionView #answer { margin: 1 0 0 0; }
    QuestionView #why { margin: 1 0 0 0; }
    """

    def __init__(self, palette: Palette, desk: Desk) -> None:
        super().__init__(classes="question")
        self.palette = palette
        self.desk = desk
        self.question: Question | None = None
        self.assessment: Assessment | None = None
        self.hinted = False

    def compose(self) -> ComposeResult:
        """Empty until a question is posed."""
        images = self.desk.settings.interface.images
        yield CardText(self.palette, images, id="prompt")
        yield Column(id="answer-field")
        yield Lines([], self.palette, id="verdict")
        yield CardText(self.palette, images, id="answer")
        yield CardText(self.palette, images, id="why")

    @property
    def is_open(self) -> bool:
        """Whether the answer is shown."""
        return self.assessment is not None

    @property
    def is_begun(self) -> bool:
        """Whether something was typed that would be lost."""
        if self.is_open:
            return True
        return bool(self._given() if not self.query(Options) else "")

    async def pose(self, question: Question, *, focus: bool = True) -> None:
        """Show another question and wait for its answer."""
        self.question = question
        self.assessment = None
        self.hinted = False
        listing = f"\n\n```python\n{question.code.rstrip()}\n```" if question.code else ""
        self._show("#prompt", question.prompt + listing)
        for name in ("#answer", "#why"):
            self._show(name, "")
        self.say([])
        place = self.query_one("#answer-field", Column)
        await place.remove_children()
        field = self._field(question)
        if field is not None:
            await place.mount(field)
        if question.field is AnswerField.MATHS:
            await place.mount(Lines([], self.palette, id="preview"))
        place.display = field is not None
        if focus:
            (field or self).focus()
        self.post_message(KeysChanged())

    def _show(self, place: str, markdown: str) -> None:
        """Show a text of the question; its pictures lie beside the card's article."""
        library = self.desk.library
        name = library.article_of(self.question.card) if self.question and markdown else ""
        path = library.entry(name).path if name else None
        self.query_one(place, CardText).show(markdown, path)

    def _field(self, question: Question) -> Widget | None:
        match question.field:
            case AnswerField.CHOICES:
                several = len(question.right) > 1
                return Choices(question.options, self.palette, several=several)
            case AnswerField.ORDERING:
                return Ordering(question.options, self.palette)
            case AnswerField.LINES:
                return AnswerText()
            case AnswerField.LINE | AnswerField.MATHS:
                return AnswerLine(question.invitation)
            case AnswerField.COMPARED | AnswerField.DERIVATION | AnswerField.EXERCISE:
                return None
            case _:
                assert_never(question.field)

    def say(self, lines: list[Styled]) -> None:
        """Say something under the field."""
        verdict = self.query_one("#verdict", Lines)
        verdict.show(lines)
        verdict.display = bool(lines)

    # Answering -------------------------------------------------------------------------------

    def _given(self) -> Answer:
        for options in self.query(Options):
            return options.answer
        for field in self.query(AnswerLine):
            return field.value.strip()
        for area in self.query(AnswerText):
            return area.text
        return ""

    def action_show(self) -> None:
        """Show the answer; what was typed so far is the answer given."""
        self.action_submit()

    def action_begin(self) -> None:
        """Go back to where the answer goes; without such a place show the answer."""
        if self.is_open:
            return
        for field in self.query("AnswerLine, AnswerText, Options").results():
            field.focus()
            return
        self.action_submit()

    def action_submit(self) -> None:
        """Have the answer judged."""
        if self.question is None or self.is_open:
            return
        self.say([[("checking …", "faint")]])
        work = partial(self._assess, self.question, self._given(), self.hinted)
        self.run_worker(work, thread=True, exclusive=True, group="assess")

    def _assess(self, question: Question, given: Answer, hinted: bool) -> None:
        try:
            found = questions.answer(self.desk, question, given, hinted=hinted)
        except StudyError as error:
            self.post_message(AnswerRefused(question, error))
        else:
            self.post_message(Assessed(question, found))

    def on_assessed(self, message: Assessed) -> None:
        """Open the answer."""
        message.stop()
        if message.question != self.question or self.is_open:
            return
        self.assessment = message.assessment
        self._keep_mistakes(message)
        tone = {True: "good strong", False: "bad strong", None: "soft"}[message.assessment.right]
        mark = {True: "✓ ", False: "✗ ", None: ""}[message.assessment.right]
        self.say([[(mark + message.assessment.says, tone)]])
        for options in self.query(Options):
            options.reveal(message.question.right)
        for field in self.query("AnswerLine, AnswerText, #preview"):
            field.disabled = True
        shown = "" if self.query(Choices) else message.assessment.answer
        self._show("#answer", shown)
        self._show("#why", message.question.why)
        self.focus(scroll_visible=False)
        self.post_message(Revealed(message.question, message.assessment))

    def _keep_mistakes(self, message: Assessed) -> None:
        """Record which mistakes were shown; a journal that cannot be written is told."""
        names = message.assessment.mistakes
        try:
            keep_mistakes(self.desk, message.question.card, names, self.app.now())  # type: ignore[attr-defined]
        except StudyError as error:
            self.app.post_message(WorkFailed(error))

    def on_answer_refused(self, message: AnswerRefused) -> None:
        """Say what cannot be read; nothing is graded."""
        message.stop()
        if message.question != self.question:
            return
        rows: list[Styled] = [[(message.error.what, "warn")]]
        if message.error.where:
            rows[0] = [(f"{message.error.where}: ", "faint"), (message.error.what, "warn")]
        if not questions.may_run(self.desk, message.question):
            rows.append([("f9", "key"), (" trust this program and go on", "soft")])
        elif message.error.todo:
            rows.append([(message.error.todo, "soft")])
        self.say(rows)

    def on_answer_given(self, message: AnswerGiven) -> None:
        """Options or a field were submitted."""
        message.stop()
        self.action_submit()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Other lines: what was said of the old ones goes."""
        event.stop()
        self._forget_verdict()

    def _forget_verdict(self) -> None:
        if not self.is_open:
            self.say([])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show typed maths as it will be read; what was said of the old goes."""
        event.stop()
        self._forget_verdict()
        if self.question is None or self.question.field is not AnswerField.MATHS:
            return
        from studytui.tui.preview import preview

        width = max(20, self.size.width - 4)
        typed = preview(event.value, dict(self.question.symbols), width)
        self.query_one("#preview", Lines).show(typed)

    def action_hint(self) -> None:
        """Show the hint."""
        if self.question is None or self.is_open:
            return
        self.hinted = bool(self.question.hint)
        self._show("#why", self.question.hint or "*This card has no hint.*")

    def action_trust(self) -> None:
        """Trust the card's program, and go on."""
        if self.question is None or questions.may_run(self.desk, self.question):
            return
        try:
            questions.trust(self.desk, self.question, self.app.now())  # type: ignore[attr-defined]
        except StudyError as error:
            self.say([[(row, "bad")] for row in str(error).splitlines()])
            return
        self.action_submit()

    def action_leave_field(self) -> None:
        """Give the keys back to the view."""
        if self.has_focus:
            self.screen.set_focus(None)
        else:
            self.focus(scroll_visible=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The key bar shows what can be done here."""
        self.post_message(KeysChanged())
