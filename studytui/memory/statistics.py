"""What the history of reviews says: forecast, heat map, retention, calibration, mastery. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from studytui.memory.rating import Rating

MATURE_DAYS = 21
"""From this interval on a card counts as mature, as in Anki."""


@dataclass(frozen=True, slots=True)
class Recall:
    """One review of a card that had been learned before, on a later study day than the last.

    ``predicted`` is the probability of recall that the model gave, ``interval`` the days since
    the last review, ``grade`` how well it was recalled.
    """

    card: str
    day: date
    grade: Rating
    interval: int
    predicted: float

    @property
    def passed(self) -> bool:
        """Whether the card was recalled: any grade but Again."""
        return self.grade > Rating.AGAIN


class Age(StrEnum):
    """How long a card had rested before the review."""

    YOUNG = "young"
    MATURE = "mature"


@dataclass(frozen=True, slots=True)
class Share:
    """``passed`` of ``total``, with the 95 % interval of Wilson (1927)."""

    passed: int
    total: int

    @property
    def value(self) -> float:
        """The share, NaN without reviews."""
        return self.passed / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the share."""
        if not self.total:
            return (0.0, 1.0)
        z, n, p = 1.959964, self.total, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (max(0.0, middle - half), min(1.0, middle + half))


def forecast(due: Iterable[date], today: date, days: int) -> tuple[int, ...]:
    """Cards due today (with all that are overdue) and on each of the following days."""
    counts = Counter(max(0, (day - today).days) for day in due)
    return tuple(counts[offset] for offset in range(days))


def heat_map(reviewed: Mapping[date, int], today: date, weeks: int) -> tuple[tuple[int, ...], ...]:
    """Reviews a day, seven rows (Monday first) of ``weeks`` columns, the last with ``today``.

    Days that are still to come hold -1.
    """
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    return tuple(
        tuple(
            -1
            if (day := monday + timedelta(weeks=week, days=row)) > today
            else reviewed.get(day, 0)
            for week in range(weeks)
        )
        for row in range(7)
    )


def streak(reviewed: Mapping[date, int], today: date) -> int:
    """Days in a row with a review, up to today; a day that isn't over yet doesn't break it."""
    day = today if reviewed.get(today) else today - timedelta(days=1)
    length = 0
    while reviewed.get(day):
        length += 1
        day -= timedelta(days=1)
    return length


def true_retention(recalls: Iterable[Recall], since: date | None = None) -> dict[Age, Share]:
    """The share recalled among young and mature cards, first reviews of a day only."""
    passed: Counter[Age] = Counter()
    total: Counter[Age] = Counter()
    for recall in recalls:
        if since is not None and recall.day < since:
            continue
        age = Age.MATURE if recall.interval >= MATURE_DAYS else Age.YOUNG
        total[age] += 1
        passed[age] += recall.passed
    return {age: Share(passed[age], total[age]) for age in Age}


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Reviews whose predicted recall fell in one bin: the mean prediction and what came."""

    predicted: float
    share: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted against actual recall.

    ``log_loss`` is the mean binary cross-entropy in nats; ``error`` the root mean square
    difference of the bins, weighted by their reviews (RMSE (bins) of the FSRS benchmark).
    """

    bins: tuple[CalibrationBin, ...]
    log_loss: float
    error: float


def calibration(recalls: Iterable[Recall], bins: int = 10) -> Calibration | None:
    """Predicted against actual recall in ``bins`` of equal width; None without any recall."""
    groups: dict[int, list[Recall]] = {}
    for recall in recalls:
        place = min(bins - 1, max(0, int(recall.predicted * bins)))
        groups.setdefault(place, []).append(recall)
    if not groups:
        return None
    filled = tuple(
        CalibrationBin(
            predicted=math.fsum(recall.predicted for recall in group) / len(group),
            share=Share(sum(recall.passed for recall in group), len(group)),
        )
        for _, group in sorted(groups.items())
    )
    everything = [recall for group in groups.values() for recall in group]
    squares = math.fsum(
        each.share.total * (each.predicted - each.share.value) ** 2 for each in filled
    )
    return Calibration(
        bins=filled,
        log_loss=math.fsum(map(_surprise, everything)) / len(everything),
        error=math.sqrt(squares / len(everything)),
    )


def _surprise(recall: Recall) -> float:
    probability = min(1 - 1e-9, max(1e-9, recall.predicted))
    return -math.log(probability if recall.passed else 1 - probability)


@dataclass(frozen=True, slots=True)
class Mastery:
    """How well an article is known: the mean probability of recalling its cards now.

    A card never reviewed counts as 0 towards ``value``; ``seen`` of ``cards`` were reviewed.
    ``needs`` are the articles that it builds on.
    """

    article: str
    value: float
    seen: int
    cards: int
    needs: tuple[str, ...] = ()


def mastery(
    article: str, retrievability: Iterable[float | None], needs: tuple[str, ...] = ()
) -> Mastery:
    """Mastery from each card's retrievability (None: never reviewed)."""
    known = list(retrievability)
    seen = [value for value in known if value is not None]
    value = math.fsum(seen) / len(known) if known else 0.0
    return Mastery(article, value, len(seen), len(known), needs)
