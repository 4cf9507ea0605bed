"""The verdicts of a check, never mixed up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What is known of a claim."""

    PROVED = "proved"
    """Exactly, for all values of the declared domains."""
    REFUTED = "refuted"
    """There are values that show it false."""
    AGREES = "agrees"
    """Agrees numerically at every tried point; not proved."""
    UNDECIDED = "undecided"
    """Neither shown; the limit was passed or no point could be evaluated."""
    ERROR = "error"
    """The input cannot be read."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values of the symbols at which the two sides differ, with both sides there."""

    values: tuple[tuple[str, str], ...]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and its reason, for a person.

    ``conditions`` are what the claim needs beyond the declared domains (``x != 0``); ``points``
    and ``digits`` tell how far a numeric agreement goes.
    """

    verdict: Verdict
    why: str
    counterexample: Counterexample | None = None
    conditions: tuple[str, ...] = ()
    points: int = 0
    digits: int = 0
    seconds: float = 0.0
