"""A derivation worked line by line, without an interface: both front ends share it."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from studytui.derive.hints import STRENGTHS, hint, next_line, next_step
from studytui.derive.verdict import Verdict
from studytui.store.events import Derived

if TYPE_CHECKING:
    from studytui.derive.learner import LineJudgement
    from studytui.derive.prover import Prover
    from studytui.library.derivations import DerivationSource
    from studytui.study.desk import Desk

AGAIN, HARD, GOOD = 1, 2, 3


class Bench:
    """One derivation under way: the accepted lines, and how much help was taken.

    ``asked`` counts the reviews so far: the derivation is asked whole the first time, and every
    other time from a random middle line, the same one for the same count.
    """

    def __init__(
        self, source: DerivationSource, prover: Prover, syntax: str = "ascii", asked: int = 0
    ) -> None:
        self.source = source
        self.syntax = syntax
        self.start = _start(source, asked)
        self.lines = [step.to for step in source.steps[: self.start]]
        self.done = False
        self.hints = 0
        self.shown = 0
        self.mistakes = 0
        self._prover = prover
        self._strength = 0

    @property
    def begun(self) -> bool:
        """Whether there is a line of the learner's own."""
        return len(self.lines) > self.start

    @property
    def grade(self) -> int:
        """The proposed grade: good without help, hard with a little, again after shown lines."""
        if not self.done or self.shown:
            return AGAIN
        return GOOD if self.hints == 0 and self.mistakes <= 1 else HARD

    def write(self, text: str) -> LineJudgement:
        """Judge a line, and keep it if it may stand. Blocks no longer than the prover's limit."""
        judged = self._prover.line(self.source, self.lines, text, self.syntax)
        if judged.accepted:
            self._keep(text, done=judged.done)
        elif judged.verdict is Verdict.REFUTED:
            self.mistakes += 1
        return judged

    def hint(self) -> tuple[int, str]:
        """The next hint for the present place: stronger each time, up to 3."""
        self._strength = min(STRENGTHS, self._strength + 1)
        self.hints += 1
        return self._strength, hint(self.source, self.lines, self._strength)

    def show_next(self) -> str:
        """The author's next line; empty at the goal. It is not written for the learner."""
        self.shown += 1
        return next_line(self.source, self.lines)

    def give_next(self) -> str:
        """The author's next line, written; empty at the goal."""
        line = "" if self.done else self.show_next()
        if line:
            self._keep(line, done=next_step(self.source, [*self.lines, line]) is None)
        return line

    def undo(self) -> str:
        """Take the last line back and return it; lines that were given at the start stay."""
        if not self.begun:
            return ""
        self.done = False
        self._strength = 0
        return self.lines.pop()

    def _keep(self, line: str, *, done: bool) -> None:
        self.lines.append(line)
        self.done = done
        self._strength = 0


def _start(source: DerivationSource, asked: int) -> int:
    steps = len(source.steps)
    if asked % 2 == 0 or steps < 3:
        return 0
    return Random(f"{source.id}\0{asked}").randint(1, steps - 2)


def record(desk: Desk, bench: Bench, now: datetime) -> None:
    """Keep the lines in the journal."""
    body = Derived(bench.source.id, "\n".join(bench.lines), bench.done, bench.hints)
    desk.ledger.record(body, now)
