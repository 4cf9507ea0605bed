"""What waits today, and the options of the verbs that ask about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.errors import StudyError
from studytui.memory.days import StudyDays
from studytui.memory.ledger import Ledger
from studytui.memory.queue import CardRecord, Counts
from studytui.settings import DaySettings
from studytui.store.events import Unsuspend
from studytui.study.review import today


@dataclass(frozen=True, slots=True)
class Due:
    """Cards that wait today, after daily limits and siblings."""

    total: int
    new: int
    learning: int
    reviews: int
    tracks: dict[str, Counts]


def due_by_track(
    ledger: Ledger, records: Sequence[CardRecord], now: datetime, *, track: str = ""
) -> Due:
    """What a study day still brings, all together and by track.

    Raises:
        StudyError: There is no such track.
    """
    known = sorted({record.track for record in records})
    if track and track not in known:
        raise StudyError(f"there is no track {track}", todo=f"Tracks: {', '.join(known)}")
    chosen = [record for record in records if track in ("", record.track)]
    queue = today(ledger, chosen, ledger.days.day(now))
    track_of = {record.card: record.track for record in chosen}
    waiting = (queue.new, queue.learning, queue.reviews)
    tracks = {
        name: Counts(*(sum(track_of[card] == name for card in cards) for cards in waiting))
        for name in known
        if track in ("", name)
    }
    counts = queue.counts
    return Due(counts.total, counts.new, counts.learning, counts.reviews, tracks)


def take_back_card(ledger: Ledger, card: str, now: datetime) -> str:
    """Unsuspend a card; says so.

    Raises:
        StudyError: The card is not suspended.
    """
    if not ledger.state(card).suspended:
        raise StudyError(f"{card} is not put aside", todo="studytui due --suspended lists them")
    ledger.act(Unsuspend(card), now)
    return f"{card} comes again"


def days_of(settings: DaySettings, time_zone: str, rollover: int | None) -> StudyDays:
    """The calendar of the settings, with what the command line changes.

    Raises:
        StudyError: There is no such time zone.
    """
    hour = settings.rollover_hour if rollover is None else rollover
    try:
        return StudyDays.of(time_zone or settings.time_zone, hour)
    except (ValueError, OSError, KeyError) as error:
        raise StudyError(f"unknown time zone {time_zone!r}", todo="As in Asia/Tokyo") from error


def parameters_of(text: str) -> tuple[float, ...]:
    """The 21 parameters from a text with commas or spaces, or from a JSON file with the list.

    Raises:
        StudyError: They are not 21 numbers.
    """
    try:
        path = Path(text)
        if path.suffix == ".json":
            listed = path.read_text(encoding="utf-8")
        else:
            listed = "[" + ",".join(text.strip("[] ").replace(",", " ").split()) + "]"
        numbers = tuple(float(number) for number in json.loads(listed))
    except (OSError, ValueError, TypeError) as error:
        raise StudyError(f"these are not parameters: {error}", todo="21 numbers") from error
    if len(numbers) != 21:
        raise StudyError(f"{len(numbers)} parameters, where FSRS-6 has 21")
    return numbers
