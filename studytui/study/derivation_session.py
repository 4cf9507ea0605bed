"""A derivation worked line by line, without an interface: both front ends share it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.derive.expr.problems import ExpressionError
from studytui.derive.mistakes.explain import judge_and_explain
from studytui.derive.steps.feedback import judge_line, key_steps
from studytui.derive.steps.hints import STRENGTHS, hint, next_place
from studytui.derive.verdict import Verdict
from studytui.memory.rating import Rating
from studytui.store.events import Derived
from studytui.study.fading import TRIFLES, Stage
from studytui.study.mistakes import bring_back, keep_mistakes
from studytui.study.shown_induction import ShownInduction

if TYPE_CHECKING:
    from studytui.derive.process.prover import Prover
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.derive.steps.source import DerivationSource, StepSource
    from studytui.study.desk import Desk


@dataclass(frozen=True, slots=True)
class _Written:
    """A line that stands: ``own`` if the learner wrote it, else it was there or was given.

    ``at`` is the author's step that was asked for when it came, on a page with gaps.
    """

    text: str
    own: bool
    at: int


class Bench:
    """One derivation under way: the lines that stand, and how much help was taken.

    At a ``stage`` with gaps the author's lines around them stand already; at any stage the goal
    counts only once every line that carries the idea was written. ``leapt`` is the learner's goal
    while some of those are missing; ``named`` are the classical mistakes made, as often as each.
    """

    def __init__(
        self,
        source: DerivationSource,
        prover: Prover,
        syntax: str = "ascii",
        stage: Stage = Stage.EMPTY,
    ) -> None:
        self.source = source
        self.syntax = syntax
        self.asked = stage
        self.stage = stage
        self.done = False
        self.hints = 0
        self.shown = 0
        self.mistakes = 0
        self.named: list[str] = []
        self.leapt = ""
        self._least = stage
        self._prover = prover
        self._strength = 0
        self._written: list[_Written] = []
        self._at = 0
        self._hidden = _hidden(source, stage)
        self._induction = ShownInduction(source, syntax)
        self._fill()

    @property
    def asked_part(self) -> str:
        """The base or the step of an induction that is asked for; empty where none is."""
        return self._induction.question

    @property
    def lines(self) -> list[str]:
        """The lines that stand between the given and the next one, in order."""
        return [line.text for line in self._written]

    @property
    def below(self) -> list[str]:
        """The author's lines that stand behind the gap; None of them can be written as one's own.

        An empty text is a further gap. What is only watched shows no line before its time.
        """
        if self.done or self.stage.is_scheduled or self.stage is Stage.WATCH:
            return []
        steps = range(self._at + 1, len(self.source.steps))
        return ["" if step in self._hidden else self.source.steps[step].to for step in steps]

    @property
    def asked_step(self) -> StepSource | None:
        """The author's step of the gap that is asked for, on a page with gaps."""
        if self.done or self.stage.is_scheduled or self._at >= len(self.source.steps):
            return None
        return self.source.steps[self._at]

    @property
    def words_below(self) -> list[str]:
        """What is done in the steps ahead, where the stage says so and nothing else."""
        if self.done or self.stage is not Stage.SKELETON:
            return []
        return [step.say for step in self.source.steps[self._place :]]

    @property
    def begun(self) -> bool:
        """Whether there is a line of the learner's own."""
        return any(line.own for line in self._written)

    @property
    def grade(self) -> Rating:
        """The proposed grade: good without help, hard with a little, again after shown lines."""
        if not self.done or self.shown:
            return Rating.AGAIN
        slips = self.mistakes > TRIFLES or self.named
        aided = self.hints or slips or self._least < self.asked
        return Rating.HARD if aided else Rating.GOOD

    def write(self, text: str) -> LineJudgement:
        """Judge a line, and keep it if it may stand. Blocks no longer than the prover's limit.

        A line that the author shows by induction stands, and its base and its step are asked for
        before the work goes on.
        """
        if self._induction:
            judged = self._induction.write(self._prover, text)
            self.mistakes += judged.verdict is Verdict.REFUTED
            self.done = judged.done
            return judged
        judged = self._write(text)
        shown = self.leapt if self.done and self.leapt else text
        if not judged.accepted or judged.leap or shown not in self.lines:
            return judged
        self._induction.begin(shown, done=self.done)
        if not self._induction:
            return judged
        self.done = False
        message = f"Right, and now by induction. {self.asked_part}"
        return replace(judged, done=False, message=message)

    def _write(self, text: str) -> LineJudgement:
        judged, place = self._judged(text)
        if judged.verdict is Verdict.REFUTED:
            self.mistakes += 1
            self.named += judged.mistakes
        if not judged.accepted:
            return judged
        if not self.stage.is_scheduled:
            return self._kept_in_gap(text, judged)
        if judged.leap:
            self.leapt = text
            return judged
        self._written.insert(place, _Written(text, True, 0))
        self.done, self._strength = judged.done, 0
        if not self.leapt or judged.missing or judged.done:
            return judged
        self._written.append(_Written(self.leapt, True, 0))
        self.done = True
        message = f"{judged.message} With it the goal that you wrote is reached."
        return replace(judged, done=True, message=message)

    def _kept_in_gap(self, text: str, judged: LineJudgement) -> LineJudgement:
        """A right line on a page with gaps: it fills the gap, leads to it, or stands below it."""
        gap = self._at
        fills = gap not in judged.missing if gap in _keys(self.source) else judged.done
        if not fills and (judged.leap or judged.step > gap + 1):
            below = "Right, but this line stands below already: the one before it is asked for."
            message = judged.message if judged.leap else below
            return replace(judged, done=False, leap=True, message=message)
        self._written.append(_Written(text, True, gap))
        self._strength = 0
        if fills:
            self._at += 1
            self._fill()
        return replace(judged, done=self.done)

    def _judged(self, text: str) -> tuple[LineJudgement, int]:
        """What is said of a line, and where it stands.

        Once the goal was reached by a leap a line may have its place before the last one.
        """
        lines = self.lines
        judged = judge_and_explain(self._prover, self.source, lines, text, self.syntax)
        if judged.accepted or not self.leapt:
            return judged, len(lines)
        for place in reversed(range(len(lines))):
            earlier = judge_line(self._prover, self.source, lines[:place], text, self.syntax)
            if earlier.accepted:
                return earlier, place
        return judged, len(lines)

    def hint(self) -> tuple[int, str]:
        """The next hint for the present place: stronger each time, up to 3."""
        self._strength = min(STRENGTHS, self._strength + 1)
        self.hints += 1
        if self._induction:
            return self._strength, self._induction.parts[0].hint
        return self._strength, hint(self.source, self.lines, self._strength)

    def show_next(self) -> str:
        """The author's next line; empty at the goal. It is not written for the learner."""
        self.shown += 1
        if self._induction:
            return self._induction.parts[0].shown
        place = self._place
        return self.source.steps[place].to if place < len(self.source.steps) else ""

    def give_next(self) -> str:
        """The author's next line, written; empty at the goal."""
        if self._induction:
            line = self.show_next()
            self.done = self._induction.give()[1]
            return line
        line = "" if self.done else self._uncovered()
        if line:
            self._written.append(_Written(line, False, self._at))
            self._strength = 0
            self._at += 1
            self._fill()
            self.done = self._place >= len(self.source.steps)
        return line

    def _uncovered(self) -> str:
        """The author's next line; where it is only to be watched that is no help."""
        return self.source.steps[self._at].to if self.asked is Stage.WATCH else self.show_next()

    def turn(self, by: int) -> bool:
        """Begin anew with more lines shown (-1), fewer (+1) or as many (0).

        The help that was taken is not forgotten. False at the end of the scale.
        """
        wanted = self.stage + by
        if not Stage.WATCH <= wanted <= Stage.TITLE:
            return False
        self.stage = Stage(wanted)
        self._least = min(self._least, self.stage)
        self._hidden = _hidden(self.source, self.stage)
        self._written.clear()
        self._induction.end()
        self.done, self.leapt, self._strength, self._at = False, "", 0, 0
        self._fill()
        return True

    def undo(self) -> str:
        """Take the learner's last line back and return it; lines that were there before stay."""
        if not self.begun:
            return ""
        while not self._written[-1].own:
            self._written.pop()
        self.done, self.leapt, self._strength = False, "", 0
        self._induction.end()
        last = self._written.pop()
        self._at = last.at
        return last.text

    @property
    def _place(self) -> int:
        """The place of the author's step that comes next."""
        if self.stage.is_scheduled:
            return next_place(self.source, self.lines)
        return self._at

    def _fill(self) -> None:
        """Let the lines stand that the stage does not ask for, up to the next gap."""
        steps = self.source.steps
        if self.stage.is_scheduled:
            return
        while self._at < len(steps) and self._at not in self._hidden:
            self._written.append(_Written(steps[self._at].to, False, self._at))
            self._at += 1
        self.done = self._at >= len(steps)

    def record(self, seconds: float = 0.0) -> Derived:
        """What the journal keeps of the work."""
        return Derived(
            self.source.id,
            "\n".join(self.lines),
            self.done,
            self.hints,
            self.shown,
            self.mistakes,
            int(self._least),
            round(seconds, 1),
        )


def _hidden(source: DerivationSource, stage: Stage) -> frozenset[int]:
    """The author's steps that do not stand there at a stage."""
    steps = tuple(range(len(source.steps)))
    if stage.is_scheduled or stage is Stage.WATCH:
        return frozenset(steps)
    return frozenset((_keys(source) or steps[-1:])[-int(stage) :])


def _keys(source: DerivationSource) -> tuple[int, ...]:
    try:
        return key_steps(source)
    except ExpressionError:
        return ()  # its lines cannot be read, which the first line that is judged will tell


def is_graded(desk: Desk, bench: Bench) -> bool:
    """Whether the schedule counts this work: before the skeleton it comes again tomorrow."""
    return bench.asked.is_scheduled and desk.library.holds(bench.source)


def record(
    desk: Desk, bench: Bench, now: datetime, seconds: float = 0.0, *, in_review: bool = True
) -> None:
    """Keep the work in the journal, and the mistakes that were named in it.

    Nothing is kept of a derivation in a file that belongs to no pack. Outside of a review a
    derivation in which some were made comes again tomorrow at the latest.
    """
    if not desk.library.holds(bench.source):
        return
    desk.ledger.record(bench.record(seconds), now)
    keep_mistakes(desk, bench.source.id, bench.named, now)
    if bench.named and not in_review:
        bring_back(desk, bench.source.id, now)
