"""How much longer it will take, guessed from how long it took so far."""

from __future__ import annotations

from collections.abc import Sequence


class Estimate:
    """``weights`` say about how long each thing takes, in whatever unit."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self._total = sum(weights)
        self._done = 0.0

    def finished(self, number: int) -> None:
        """The thing with that number is done."""
        self._done += self._weights[number]

    def left(self, spent: float) -> float | None:
        """Seconds that are left after so many; None when nothing can be said yet."""
        if not self._done:
            return None
        return spent * (self._total - self._done) / self._done


def in_words(seconds: float) -> str:
    """``about 2 min left``."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"
