"""How long a thing takes this reader: a first guess, moved by what the journal measured. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task
from studytui.study.fading import Rung, Stage

PRIORS: Mapping[str, float] = {
    "number": 60.0,
    "expression": 45.0,
    "output": 45.0,
    "order": 45.0,
    "basic": 20.0,
    "choice": 18.0,
    "cloze": 14.0,
    "term": 6.0,
}
"""Seconds to recall a card of a kind; those of other kinds take ``OTHER_CARD``."""
OTHER_CARD = 20.0
RUN = 240.0
"""To run a snippet, and to see what it shows."""
DERIVATION, LINE = 30.0, 45.0
"""To read what is given, and for every line that is missing."""
CODE: Mapping[Rung, float] = {
    Rung.WATCH: 120.0,
    Rung.LAST_LINE: 240.0,
    Rung.SKELETON: 420.0,
    Rung.EMPTY: 300.0,
}
"""To write as much of an exercise as a rung asks; by the empty page it is known."""
FIRST_CARD, FIRST_DERIVATION, FIRST_CODE = 1.3, 1.5, 1.5
"""How much longer a first meeting takes."""
FAILED = 1.6
"""How much longer it takes to see that one has forgotten."""
WEIGHT = 3
"""How many measurements the first guess counts for."""
EVERY = "everything"
"""What the reader's pace at all kinds together is kept under."""
LATEST = 30
"""How many measurements of a kind count: a reader changes."""
_LARGEST = 4.0
"""A measurement counts at most as so many times the guess, and at least as its inverse."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds by kind: the first guess times the reader's own ``factors``.

    ``repeats`` is how often more a new card is asked on its first day, by the learning steps.
    """

    factors: Mapping[str, float] = field(default_factory=dict)
    repeats: float = 0.0

    def of(self, kind: str, guess: float) -> float:
        """Seconds of a thing of a kind for which ``guess`` is the first guess."""
        return guess * self.factors.get(kind, self.factors.get(EVERY, 1.0))

    def section(self, section: Section) -> float:
        """To read a section."""
        return self.of(Activity.READ, float(section.seconds))

    def card(self, kind: str, *, first: bool = False) -> float:
        """To answer a card of a kind; for the first time with what its steps ask again."""
        return self.of(kind, card_guess(kind) * (FIRST_CARD + self.repeats if first else 1.0))

    def derivation(self, missing: int, *, first: bool = False) -> float:
        """To work a derivation of which so many lines are missing."""
        guess = derivation_guess(missing)
        return self.of(Activity.DERIVE, guess * (FIRST_DERIVATION if first else 1.0))

    def code(self, rung: Rung = Rung.EMPTY, *, first: bool = False) -> float:
        """To write an exercise on a rung."""
        return self.of(Activity.CODE, code_guess(rung) * (FIRST_CODE if first else 1.0))

    def run(self) -> float:
        """To run a snippet."""
        return self.of(Activity.RUN, RUN)

    def expected(self, task: Task, chance: float) -> float:
        """To recall what a task asks with some chance: what fails takes longer, and comes again."""
        fails = FAILED if task.activity is Activity.ANSWER else FAILED - 1.0
        return self.recall(task) * (1.0 + fails * (1.0 - chance))

    def recall(self, task: Task) -> float:
        """To recall what a task asks, once it was met; a snippet is not asked again."""
        match task.activity:
            case Activity.ANSWER:
                return self.card(task.kind)
            case Activity.DERIVE:
                return self.derivation(lines_of(task))
            case Activity.CODE:
                return self.code()
            case Activity.READ | Activity.RUN:
                return 0.0

    def first(self, task: Task) -> float:
        """To do a task for the first time; a card of several gaps takes each of them."""
        match task.activity:
            case Activity.ANSWER:
                return len(task.ids) * self.card(task.kind, first=True)
            case Activity.DERIVE:
                return self.derivation(1, first=True)
            case Activity.CODE:
                return self.code(Rung.LAST_LINE, first=True)
            case Activity.RUN:
                return self.run()
            case Activity.READ:
                return 0.0


def repeats_of(steps: int) -> float:
    """How often more a new card is asked on its first day, with so many learning steps.

    Simulated with the usual grades: 2.4 answers with two steps, 1.3 with one.
    """
    return 0.0 if not steps else 0.3 if steps == 1 else 1.4


def card_guess(kind: str) -> float:
    """Seconds to recall a card of a kind."""
    return PRIORS.get(kind, OTHER_CARD)


def derivation_guess(missing: int) -> float:
    """Seconds to work a derivation of which so many lines are missing."""
    return DERIVATION + LINE * missing


def code_guess(rung: Rung) -> float:
    """Seconds to write an exercise on a rung."""
    return CODE[rung]


def missing_lines(task: Task, stage: Stage) -> int:
    """How many lines of a derivation a stage asks for."""
    lines = lines_of(task)
    if stage is Stage.WATCH:
        return lines // 2  # to read a line takes half as long as to write it
    return lines if stage.is_scheduled else min(int(stage), lines)


def lines_of(task: Task) -> int:
    """The lines of a derivation, by the seconds that its outline gives it."""
    return max(1, round(task.seconds / LINE))


def factors_from(measured: Iterable[tuple[str, float, float]]) -> dict[str, float]:
    """The reader's factor of each kind.

    The mean of what was measured against its guess, in which the reader's pace at everything counts
    ``WEIGHT`` times: one odd evening moves little, and who reads slowly is expected to write
    slowly. It is the arithmetic one, for a day is a sum: with the
    geometric one, days of a slow reader were 12 % too long.

    Args:
        measured: Kind, seconds and the guess for each, the newest last.
    """
    ratios: dict[str, list[float]] = {}
    everything: list[float] = []
    for kind, seconds, guess in measured:
        if seconds > 0 and guess > 0:
            ratio = min(max(seconds / guess, 1 / _LARGEST), _LARGEST)
            ratios.setdefault(kind, []).append(ratio)
            everything.append(ratio)
    if not everything:
        return {}
    pace = _shrunk(everything, 1.0)
    return {EVERY: pace} | {kind: _shrunk(each, pace) for kind, each in ratios.items()}


def _shrunk(ratios: Sequence[float], guess: float) -> float:
    latest = ratios[-LATEST:]
    return (WEIGHT * guess + math.fsum(latest)) / (WEIGHT + len(latest))
