"""A log of reviews from anywhere: CSV or JSON lines with card, grade and instant."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from studytui.errors import StudyError
from studytui.memory.days import StudyDays
from studytui.memory.rating import Rating
from studytui.memory.scheduler import Scheduler
from studytui.store.states import NEW_CARD, CardState, Phase

FIELDS = ("card_id", "rating", "review_time")
_LAST_INSTANT = 4102444800000  # 2100-01-01

CardId = str | int


@dataclass(frozen=True, slots=True)
class LoggedReview:
    """One line: ``review_time`` in UTC milliseconds."""

    card_id: CardId
    rating: Rating
    review_time: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a card stands after its log. Days are ISO dates of study days."""

    card_id: CardId
    stability: float
    difficulty: float
    due_day: str
    state: str
    interval: int
    last_day: str
    reviews: int
    lapses: int


def read_log(path: Path) -> list[LoggedReview]:
    """The reviews of a file, in its order: JSON lines if its first character is ``{``, else CSV.

    Raises:
        StudyError: The file cannot be read, or a line is not a review; ``where`` is ``file:line``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"the log cannot be read: {error}", where=str(path)) from error
    records = _json_records(path, text) if text.lstrip()[:1] == "{" else _csv_records(path, text)
    return [_review(f"{path}:{line}", record) for line, record in records]


def replay_log(
    reviews: Iterable[LoggedReview], scheduler: Scheduler, days: StudyDays, retention: float
) -> list[Replayed]:
    """The cards after their reviews in time order, without fuzz; by first appearance."""
    states: dict[CardId, CardState] = {review.card_id: NEW_CARD for review in reviews}
    for review in sorted(reviews, key=lambda review: review.review_time):
        states[review.card_id] = scheduler.review(
            states[review.card_id],
            review.rating,
            day=days.day_of_ms(review.review_time),
            at_ms=review.review_time,
            retention=retention,
        )
    return [_replayed(card, state, days) for card, state in states.items()]


def _replayed(card: CardId, state: CardState, days: StudyDays) -> Replayed:
    due = state.due_day if state.phase == Phase.REVIEW else days.day_of_ms(state.due_ms)
    return Replayed(
        card,
        state.stability,
        state.difficulty,
        date.fromordinal(due).isoformat(),
        Phase(state.phase).name.lower(),
        state.interval,
        date.fromordinal(state.last_day).isoformat(),
        state.reps,
        state.lapses,
    )


def _csv_records(path: Path, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    reader = csv.reader(io.StringIO(text))
    try:
        head = [name.strip() for name in next(reader, [])]
        _require(path, 1, head)
        for row in reader:
            if row:
                yield reader.line_num, dict(zip(head, row, strict=False))
    except csv.Error as error:
        raise StudyError(f"not CSV: {error}", where=f"{path}:{reader.line_num}") from error


def _json_records(path: Path, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise StudyError(f"not JSON: {error}", where=f"{path}:{number}") from error
        if not isinstance(record, dict):
            raise StudyError("not a JSON object", where=f"{path}:{number}")
        _require(path, number, list(record))
        yield number, record


def _require(path: Path, line: int, names: Sequence[str]) -> None:
    missing = [name for name in FIELDS if name not in names]
    if missing:
        raise StudyError(
            f"{', '.join(missing)} missing",
            where=f"{path}:{line}",
            todo=f"Each review has {', '.join(FIELDS)} (milliseconds UTC)",
        )


def _review(where: str, record: dict[str, object]) -> LoggedReview:
    card = record["card_id"]
    if isinstance(card, bool) or not isinstance(card, str | int) or card == "":
        raise StudyError("card_id is neither text nor a whole number", where=where)
    if isinstance(card, str) and card.isdecimal() and card == str(int(card)):
        card = int(card)
    rating = _whole(where, record.get("rating"), "rating")
    if rating not in set(Rating):
        raise StudyError(
            f"rating {rating} is not a grade", where=where, todo="1 again, 2 hard, 3 good, 4 easy"
        )
    instant = _whole(where, record.get("review_time"), "review_time")
    if not 0 <= instant <= _LAST_INSTANT:
        raise StudyError("review_time is not in milliseconds since 1970", where=where)
    return LoggedReview(card, Rating(rating), instant)


def _whole(where: str, value: object, name: str) -> int:
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            number = float(value) if isinstance(value, float) else int(value)
            if number == int(number):
                return int(number)
    except (ValueError, OverflowError):
        pass
    raise StudyError(f"{name} is not a whole number: {str(value)[:40]!r}", where=where)
