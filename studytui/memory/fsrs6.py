"""FSRS-6: stability and difficulty of a memory, in closed form.

Equations as in the description of the algorithm (open-spaced-repetition, "The Algorithm", FSRS-6)
and as Anki's backend computes them: whole study days between reviews, a formula of its own for
reviews within one study day, stability held between 0.001 and 36,500 days.

The ``fsrs`` package computes the same from timestamps, a copied card at a time; here the state is
two numbers, so that grading and the replay of a million reviews are one piece of code. A test
holds the two equal to 1e-9.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from studytui.memory.rating import Rating

DEFAULT_PARAMETERS = (
    0.212,
    1.2931,
    2.3065,
    8.2956,
    6.4133,
    0.8334,
    3.0194,
    0.001,
    1.8722,
    0.1666,
    0.796,
    1.4835,
    0.0614,
    0.2629,
    1.6483,
    0.6014,
    1.8729,
    0.5425,
    0.0912,
    0.0658,
    0.1542,
)
"""The published defaults, w0 to w20."""

BOUNDS = (
    (0.001, 100.0), (0.001, 100.0), (0.001, 100.0), (0.001, 100.0),
    (1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5), (0.0, 0.8), (0.001, 3.5),
    (0.001, 5.0), (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0), (1.0, 6.0),
    (0.0, 2.0), (0.0, 2.0), (0.0, 0.8), (0.1, 0.8),
)  # fmt: skip
"""The least and the greatest value of each parameter, as the ``fsrs`` package has them."""

_AGAIN, _HARD, _GOOD, _EASY = Rating
SHORTEST, LONGEST = 0.001, 36500.0
"""Bounds of stability, days."""


def out_of_bounds(parameters: Sequence[float]) -> str:
    """What keeps numbers from being parameters of FSRS-6; empty when nothing does.

    >>> out_of_bounds((*DEFAULT_PARAMETERS[:20], 0.9))
    'w20 is 0.9, and goes from 0.1 to 0.8'
    """
    if len(parameters) != len(BOUNDS):
        return f"there are {len(parameters)}, and should be {len(BOUNDS)}"
    for place, (value, (least, most)) in enumerate(zip(parameters, BOUNDS, strict=True)):
        if not least <= value <= most:
            return f"w{place} is {value:g}, and goes from {least:g} to {most:g}"
    return ""


class Model:
    """The equations under one set of parameters. Grades are 1 again, 2 hard, 3 good, 4 easy."""

    __slots__ = (
        "_decay",
        "_easy_start",
        "_factor",
        "_firsts",
        "_grow",
        "_short",
        "_shorter",
        "parameters",
    )

    def __init__(self, parameters: Sequence[float] = ()) -> None:
        w = tuple(parameters) or DEFAULT_PARAMETERS
        self.parameters = w
        self._decay = -w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._grow = exp(w[8])
        self._shorter = exp(w[17] * w[18])
        self._short = tuple(exp(w[17] * (grade - 3 + w[18])) for grade in range(5))
        self._easy_start = self._start_difficulty(Rating.EASY)
        self._firsts = {grade: self._first(grade) for grade in Rating}

    def first(self, grade: Rating) -> tuple[float, float]:
        """Stability (days) and difficulty after the first review of a card."""
        return self._firsts[grade]

    def next(
        self, stability: float, difficulty: float, days: int, grade: Rating
    ) -> tuple[float, float]:
        """Stability and difficulty after a review ``days`` study days after the one before."""
        w = self.parameters
        moved = difficulty - w[6] * (grade - 3) * (10 - difficulty) / 9
        reverted = w[7] * self._easy_start + (1 - w[7]) * moved
        after = self.next_stability(stability, difficulty, days, grade)
        return after, min(max(reverted, 1.0), 10.0)

    def next_stability(
        self, stability: float, difficulty: float, days: int, grade: Rating
    ) -> float:
        """Stability alone: an interval asks for that of the lower grades as well."""
        w = self.parameters
        if days <= 0:
            change = self._short[grade] * stability ** -w[19]
            new = stability * (max(change, 1.0) if grade > _AGAIN else change)
        else:
            forgotten = 1 - (1 + self._factor * days / stability) ** self._decay
            if grade == _AGAIN:
                new = min(
                    w[11]
                    * difficulty ** -w[12]
                    * ((stability + 1) ** w[13] - 1)
                    * exp(forgotten * w[14]),
                    stability / self._shorter,
                )
            else:
                growth = (11 - difficulty) * self.growth(stability, 1 - forgotten)
                if grade == _HARD:
                    growth *= w[15]
                elif grade == _EASY:
                    growth *= w[16]
                new = stability * (1 + growth)
        return float(min(max(new, SHORTEST), LONGEST))

    def growth(self, stability: float, recalled: float) -> float:
        """By what share stability grows for each point that difficulty lies under 11."""
        w = self.parameters
        return float(self._grow * stability ** -w[9] * (exp((1 - recalled) * w[10]) - 1))

    def retrievability(self, stability: float, days: float) -> float:
        """Probability of recall ``days`` after the last review."""
        if stability <= 0:
            return 0.0
        return float((1 + self._factor * max(days, 0) / stability) ** self._decay)

    def interval(self, stability: float, retention: float) -> float:
        """Days after which the probability of recall has fallen to ``retention``."""
        return float(stability / self._factor * (retention ** (1 / self._decay) - 1))

    def _first(self, grade: Rating) -> tuple[float, float]:
        stability = min(max(self.parameters[grade - 1], SHORTEST), LONGEST)
        return stability, min(max(self._start_difficulty(grade), 1.0), 10.0)

    def _start_difficulty(self, grade: Rating) -> float:
        return self.parameters[4] - exp(self.parameters[5] * (grade - 1)) + 1
