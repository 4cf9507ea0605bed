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
    """Neither shown; or the limit passed before it was, whatever was known by then."""
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
    """A verdict and its reason, for a person: final, and the same on every machine.

    ``conditions`` are what the claim needs beyond the declared domains (``x != 0``); ``points``
    and ``digits`` tell how far a numeric agreement goes; ``seconds`` is the processor time of the
    prover, which a machine that is busy does not change.
    """

    verdict: Verdict
    why: str
    counterexample: Counterexample | None = None
    conditions: tuple[str, ...] = ()
    points: int = 0
    digits: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Provisional:
    """What is known on the way to a judgement: at how many points, and to how many digits, both
    sides agree so far. It is no verdict: a doubt may still come, and more points only make it
    stronger.
    """

    points: int = 0
    digits: int = 0

    def ended(self, reason: str, seconds: float) -> Judgement:
        """The judgement where no more was done, and why.

        >>> Provisional(184, 17).ended("the limit of 2 s passed", 2.0).why
        'the limit of 2 s passed; agrees at 184 points so far'
        """
        known = f"; agrees at {self.points} points so far" if self.points else ""
        told = known or " before anything was shown"
        return Judgement(
            Verdict.UNDECIDED,
            f"{reason}{told}",
            points=self.points,
            digits=self.digits,
            seconds=seconds,
        )
