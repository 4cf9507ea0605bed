"""How long the reader has looked at what: seconds between keys, without the pauses. Pure.

A plan that knows what an hour brought needs the time of everything, also of what was begun
and left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from studytui.library.activity import Activity

if TYPE_CHECKING:
    from studytui.store.events import Spent

LONGEST_PAUSE = 90.0
"""Seconds between two keys that count at most: who is away longer is not studying."""
SHORTEST = 1.0
"""Seconds below which nothing is written down."""


class Subject(NamedTuple):
    """What is looked at: the id of a section, card, derivation ..., and what is done with it."""

    activity: Activity
    id: str


Shares = Mapping[Subject, float]
"""What is on the screen, each with its weight: two short sections share the time."""


class Attention:
    """Adds up seconds by subject; ``look`` is told at every key, before it is acted on."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._seconds: dict[Subject, float] = {}

    def look(self, at: Shares, now: datetime) -> None:
        """The time since the last key went to what is on the screen ``now``."""
        last, self._last = self._last, now
        whole = sum(at.values())
        if last is None or whole <= 0:
            return
        pause = min(max((now - last).total_seconds(), 0.0), LONGEST_PAUSE)
        for subject, weight in at.items():
            self._seconds[subject] = self._seconds.get(subject, 0.0) + pause * weight / whole

    def seconds(self, subject: Subject) -> float:
        """What has been added up for a subject and not taken."""
        return self._seconds.get(subject, 0.0)

    def take(self, subject: Subject) -> float:
        """The seconds of a subject; they begin anew at none."""
        return self._seconds.pop(subject, 0.0)

    def take_rest(self) -> tuple[Spent, ...]:
        """All that no grade and no derivation has taken, as events for the journal."""
        from studytui.store.events import Spent

        rest, self._seconds = self._seconds, {}
        return tuple(
            Spent(subject.id, str(subject.activity), round(seconds, 1))
            for subject, seconds in rest.items()
            if seconds >= SHORTEST
        )
