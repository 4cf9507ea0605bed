"""The bench: a derivation worked line by line, each line judged by the prover."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Input

from studytui.derive.steps.lines import declarations_of
from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.library.layout.spans import plain
from studytui.library.parse.fragment import parse_inlines
from studytui.memory.rating import Rating
from studytui.study.attention import Subject
from studytui.study.derivation_session import Bench, is_graded, record
from studytui.study.fading import Stage, stage_of
from studytui.tui.actions import bindings
from studytui.tui.messages import (
    AnswerGiven,
    DerivationDone,
    KeysChanged,
    LineJudged,
    LinesWait,
    WorkFailed,
)
from studytui.tui.widgets.derivation_lines import Worked
from studytui.tui.widgets.derivation_messages import intro, verdict_lines, worked_rows
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.graded_block import GradedBlock
from studytui.tui.widgets.step_field import StepField
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource
    from studytui.library.article import Article
    from studytui.library.blocks import DerivationBlock
    from studytui.study.desk import Desk
    from studytui.tui.actions import Action
    from studytui.tui.palette import Palette


_WORK = ("begin", "hint", "show_line")
"""What is done to a derivation until its goal is reached."""


class DerivationBench(GradedBlock):
    """Given, the learner's lines, the goal, and a field for the next line.

    In an article it is graded here; in a review (``in_text`` False) it only says that it is done.
    """

    SCOPE = "derivation"
    MARK = "∴"
    BINDINGS = bindings(SCOPE)

    def __init__(
        self,
        block: DerivationBlock,
        article: Article,
        desk: Desk,
        palette: Palette,
        *,
        in_text: bool = True,
    ) -> None:
        source = block.derivation
        super().__init__(plain(parse_inlines(source.title)), "derivation", palette)
        self.subject = Subject(Activity.DERIVE, source.id)
        self.source = source
        self.symbols = declarations_of(source)
        self.desk = desk
        self.in_text = in_text
        self.bench = Bench(source, desk.prover)
        self.history: list[str] = []
        self.notes: dict[str, str] = {}
        self.waiting = False

    @property
    def scheduled(self) -> DerivationSource:
        """The derivation."""
        return self.source

    def label_of(self, item: Action) -> str:
        """Once the goal is reached there is nothing to work, and no hint."""
        grades = item.call == "begin" and self.proposed is not None
        if self.bench.done and item.call in _WORK and not grades:
            return ""
        return super().label_of(item)

    @property
    def is_busy(self) -> bool:
        """Whether something was worked that would be lost."""
        return self.bench.begun or bool(self.history)

    @property
    def is_judging(self) -> bool:
        """Whether a line is being judged: the next one is typed after it."""
        return self.waiting and self._works()

    def body(self) -> ComposeResult:
        """The symbols, the lines, the field."""
        yield Lines(intro(self.source), self.palette, id="bench-intro")
        yield Worked(self.palette, self.symbols)
        yield StepField()
        yield Lines([], self.palette, id="bench-preview")
        yield Lines([], self.palette, id="bench-verdict")
        yield GradeBar(self.palette)

    async def begin(self) -> None:
        """Show the lines that are there; the prover's process starts meanwhile."""
        self.query_one(GradeBar).offer(())
        self.bench = Bench(self.source, self.desk.prover, stage=self._stage())
        self._show()
        self.run_worker(self.desk.prover.warm, thread=True, group="prover")

    def _stage(self) -> Stage:
        try:
            return stage_of(self.desk, self.source.id)
        except StudyError:
            return Stage.EMPTY  # what was worked cannot be read, and nothing can be kept

    def _show(self) -> None:
        self.head.say(f"derivation · {self.bench.stage.words}")
        self.query_one(Worked).show(worked_rows(self.bench, self.notes))
        self.query_one(StepField).display = not self.bench.done

    def tell(self, *lines: Styled) -> None:
        """Say something under the field."""
        self.say(list(lines))

    def say(self, lines: list[Styled]) -> None:
        """Say something under the field."""
        self.query_one("#bench-verdict", Lines).show(lines)
        self._follow()

    def _follow(self) -> None:
        """What grows while one types stays on the screen: the field before all."""
        if self.has_focus_within:
            self.keep_in_sight("StepField", "#bench-preview", "#bench-verdict", "GradeBar")

    # Lines -----------------------------------------------------------------------------------

    def action_begin(self) -> None:
        """Put the focus into the field; or take the proposed grade."""
        if self.proposed is not None:
            self.action_grade(self.proposed)
        elif not self.bench.done:
            self.query_one(StepField).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the line as it will be read."""
        event.stop()
        from studytui.tui.preview import preview

        width = max(20, self.size.width - 4)
        shown = preview(event.value, self.symbols, width)
        self.query_one("#bench-preview", Lines).show(shown)
        self._follow()

    def on_answer_given(self, message: AnswerGiven) -> None:
        """Check the typed line."""
        message.stop()
        field = self.query_one(StepField)
        line = field.value.strip()
        if not line or self.waiting or self.bench.done:
            return
        self.history.append(line)
        field.past = tuple(self.history)
        self.waiting = True
        self.say([[("checking …", "faint")]])
        self.run_worker(partial(self._judge, line), thread=True, group="prover")

    def _judge(self, line: str) -> None:
        try:
            found = self.bench.write(line)
        except StudyError as error:
            self.waiting = False
            self.app.post_message(WorkFailed(error))
        else:
            self.post_message(LineJudged(line, found))

    def on_line_judged(self, message: LineJudged) -> None:
        """Keep the line, or say what is wrong with it."""
        message.stop()
        self.waiting = False
        found = message.judgement
        self.say(verdict_lines(found))
        if found.accepted:
            self.notes[message.line] = str(found.verdict)
            self.query_one("#bench-preview", Lines).show([])
            self.query_one(StepField).follow()
            self._show()
        if self.bench.done:
            self._finish()

    def on_lines_wait(self, message: LinesWait) -> None:
        """Several lines were pasted: say how they come."""
        message.stop()
        self.say(
            [
                [
                    (f"{message.count} more pasted: ", "soft"),
                    ("enter", "key"),
                    (" checks this line, the next one follows; ", "soft"),
                    ("esc", "key"),
                    (" drops them", "soft"),
                ]
            ]
        )

    def action_hint(self) -> None:
        """A hint, stronger each time."""
        if not self.bench.done:
            strength, text = self.bench.hint()
            self.say([[(f"hint {strength}  ", "accent"), (plain(parse_inlines(text)), "")]])

    def action_show_line(self) -> None:
        """Give the next line away."""
        line = self.bench.give_next()
        if line:
            if self.bench.asked is not Stage.WATCH:
                self.notes[line] = "shown"
            self.say([])
            self._show()
            if self.bench.done:
                self._finish()

    def action_take_back(self) -> None:
        """Take the grade back, or else the last line into the field; or what is around does."""
        line = "" if self.outcome is not None else self.bench.undo()
        if not line:
            self.action_undo()
            return
        self.proposed = None
        self.query_one(GradeBar).offer(())
        self.say([])
        self._show()
        self.query_one(StepField).value = line

    def action_restart(self) -> None:
        """Begin again."""
        self.action_turn(0)

    def action_turn(self, by: int) -> None:
        """Begin again with more lines shown (-1), or with fewer (1)."""
        if self.waiting or self.proposed is not None or not self.bench.turn(by):
            return
        self.begin_anew()
        self.notes.clear()
        self.query_one(StepField).waiting = ()
        self.say([])
        self._show()

    def action_give_up(self) -> None:
        """Show every line that is missing."""
        while line := self.bench.give_next():
            self.notes[line] = "shown"
        self._show()
        self._finish()

    def action_leave_field(self) -> None:
        """Letters are keys again; pasted lines that wait are dropped."""
        self.query_one(StepField).waiting = ()
        self.focus()
        self.post_message(KeysChanged())

    # The end ---------------------------------------------------------------------------------

    def _finish(self) -> None:
        grade: Rating | None = self.bench.grade
        try:
            if not is_graded(self.desk, self.bench):
                grade = None
            in_review = not self.in_text
            seconds = self.take_seconds()
            record(self.desk, self.bench, self._now(), seconds, in_review=in_review)
        except StudyError as error:
            self.say([[(row, "bad")] for row in str(error).splitlines()])
        if not self.bench.shown:
            self.say([[("The goal is reached.", "good strong"), (self._next_words(grade), "soft")]])
        self.focus()
        self.post_message(KeysChanged())
        if not self.in_text:
            self.post_message(DerivationDone(self.source.id, grade, self.bench.hints))
        elif grade is not None:
            self.propose(grade)

    def _next_words(self, grade: Rating | None) -> str:
        """What tomorrow asks, where the schedule does not count yet."""
        if grade is not None or not self.desk.library.holds(self.source):
            return ""
        return f"  It comes again tomorrow: {self._stage().words}."
