"""What a sitting of review shows and tells: values for any interface."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from studytui.memory.ledger import Factors
from studytui.memory.queue import CardRecord, Counts
from studytui.memory.rating import Rating
from studytui.store.states import CardState, Phase


class Mode(Enum):
    """What a sitting is for."""

    REVIEW = "review"
    CRAM = "cram"
    """Every card of the choice, as often as wanted; the schedule stays as it is."""
    AHEAD = "ahead"
    """Cards that would be due next; the schedule stays as it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card on the screen. ``intervals`` are words for the grade keys, as ``10m`` or ``4d``."""

    record: CardRecord
    state: CardState
    intervals: tuple[str, str, str, str]
    factors: Factors
    retrievability: float
    shown_ms: int
    counts: Counts
    leech: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the reader meets the card for the first time."""
        return self.state.reps == 0


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grade led to: ``wait`` in words; ``leech`` if the card just became one."""

    card: str
    grade: Rating
    wait: str
    leech: bool
    suspended: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A sitting in numbers. ``recalled`` of ``reviewed`` cards that were in review came back."""

    answers: int
    cards: int
    new: int
    reviewed: int
    recalled: int
    seconds: float
    grades: tuple[int, int, int, int]
    predicted: float

    @property
    def retention(self) -> float | None:
        """Share of reviews that were recalled; None without any."""
        return self.recalled / self.reviewed if self.reviewed else None


def wait_in_words(state: CardState) -> str:
    """How long a card waits after a grade: ``10m``, ``4d``, ``2.5mo``, ``1.2y``."""
    if state.phase != Phase.REVIEW:
        minutes = max((state.due_ms - state.last_ms) / 60_000, 1)
        return f"{minutes:.0f}m" if minutes < 60 else f"{minutes / 60:.3g}h"
    days = state.interval
    if days < 31:
        return f"{days}d"
    if days < 365:
        return f"{days / 30.4375:.2g}mo"
    return f"{days / 365.25:.3g}y"
