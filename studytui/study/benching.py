"""A derivation worked line by line: verdicts, hints, the next line, the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from studytui.library.derivations import DerivationSource
from studytui.store.events import Derived
from studytui.study.desk import Desk

if TYPE_CHECKING:
    from studytui.derive.learner import LineJudgement

AGAIN, HARD, GOOD = 1, 2, 3


@dataclass(slots=True)
class Attempt:
    """One try at a derivation. ``lines`` are the accepted ones, ``shown`` those given away."""

    source: DerivationSource
    lines: list[str] = field(default_factory=list)
    start: int = 0
    hints: int = 0
    shown: int = 0
    mistakes: int = 0
    done: bool = False
    strength: int = 0

    @property
    def grade(self) -> int:
        """The proposed grade: good without help, hard with a little, again after shown lines."""
        if not self.done or self.shown:
            return AGAIN
        return GOOD if self.hints == 0 and self.mistakes <= 1 else HARD


def begin(source: DerivationSource, asked: int = 0) -> Attempt:
    """A new attempt: whole the first time, then, every other time, from a random middle line.

    ``asked`` counts the reviews so far; the same count gives the same start.
    """
    attempt = Attempt(source)
    steps = len(source.steps)
    if asked % 2 == 1 and steps > 2:
        attempt.start = Random(f"{source.id}\0{asked}").randint(1, steps - 2)
        attempt.lines = [step.to for step in source.steps[: attempt.start]]
    return attempt


def offer(desk: Desk, attempt: Attempt, line: str) -> LineJudgement:
    """Judge a typed line; an accepted one is kept. Blocks at most as long as the prover's limit."""
    found = desk.prover.line(attempt.source, attempt.lines, line)
    if found.accepted:
        attempt.lines.append(line)
        attempt.strength = 0
        attempt.done = found.done
    elif found.verdict == "refuted":
        attempt.mistakes += 1
    return found


def hint(attempt: Attempt) -> str:
    """The next stronger hint for the step that comes next."""
    from studytui.derive import hints

    attempt.strength = min(hints.STRENGTHS, attempt.strength + 1)
    attempt.hints += 1
    return hints.hint(attempt.source, attempt.lines, attempt.strength)


def show_line(attempt: Attempt) -> str:
    """Give the author's next line away; empty at the goal."""
    from studytui.derive import hints

    line = hints.next_line(attempt.source, attempt.lines)
    if line:
        attempt.lines.append(line)
        attempt.shown += 1
        attempt.strength = 0
        attempt.done = hints.next_step(attempt.source, attempt.lines) is None
    return line


def take_back(attempt: Attempt) -> str:
    """Take the last line back, and return it; lines given at the start stay."""
    if len(attempt.lines) <= attempt.start:
        return ""
    attempt.done = False
    return attempt.lines.pop()


def record(desk: Desk, attempt: Attempt, now: datetime) -> None:
    """Keep the lines in the journal."""
    body = Derived(attempt.source.id, "\n".join(attempt.lines), attempt.done, attempt.hints)
    desk.ledger.record(body, now)
