"""What is written obeys what is read: nothing that was acknowledged is refused elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.memory.days import StudyDays
from studytui.store import codec
from studytui.store.errors import EventError
from studytui.store.events import Event, Moment, Report, Review, Trusted, new_id
from studytui.store.journal import Journal
from studytui.store.validator import LEAD_MS, LONGEST_TEXT

NOON = Moment(instant_ms=1_767_268_800_000, offset_minutes=60, day=739_617)
DAYS = StudyDays.of("Europe/Berlin", 4)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as journal:
        yield journal


def elsewhere(journal: Journal) -> list[Event]:
    """The journal's events as another device reads them."""
    return [codec.from_line(codec.to_line(event)) for event in journal.events()]


@pytest.mark.parametrize("year", [1903, 1969, 1970, 2100, 2106, 9999])
def test_a_grade_of_any_year_is_read_again(journal: Journal, year: int) -> None:
    event = journal.append(Review("a", 3), DAYS.moment(datetime(year, 2, 7, tzinfo=UTC)))
    assert list(journal.events()) == [event] == elsewhere(journal)


@pytest.mark.parametrize(
    "text",
    ["a \x07 b", "caf\udce9", "x" * (LONGEST_TEXT + 1), "\n" * LONGEST_TEXT, "\x9b2J"],
    ids=["bell", "surrogate", "long", "newlines", "c1"],
)
def test_a_report_is_kept_in_a_form_that_can_be_read(journal: Journal, text: str) -> None:
    event = journal.append(Report("a", text), NOON)
    assert list(journal.events()) == [event] == elsewhere(journal)


def test_an_id_that_no_device_would_take_is_refused_before_it_is_written(journal: Journal) -> None:
    with pytest.raises(EventError, match="subject is missing"):
        journal.append(Review("", 3), NOON)
    with pytest.raises(EventError, match="grade"):
        journal.append(Review("a", 5), NOON)
    assert journal.is_empty


def test_an_order_far_ahead_falls_back_and_does_not_spread(journal: Journal) -> None:
    far = Event(new_id(), new_id(), NOON, 2**53, Review("a", 3))
    (taken,) = journal.merge([far]).added
    assert taken.order_ms == NOON.instant_ms
    ahead = Event(new_id(), new_id(), NOON, NOON.instant_ms + LEAD_MS, Review("b", 3))
    journal.merge([ahead])
    for _ in range(3):
        own = journal.append(Review("a", 3), NOON)
        assert NOON.instant_ms <= own.order_ms <= NOON.instant_ms + LEAD_MS
    assert list(journal.events()) == elsewhere(journal)


def test_an_instant_far_ahead_does_not_spread(journal: Journal) -> None:
    late = DAYS.moment(datetime(2106, 2, 7, tzinfo=UTC))
    journal.append(Review("a", 3), late)
    own = journal.append(Review("b", 3), NOON)
    assert own.order_ms == NOON.instant_ms


def test_trust_does_not_travel(journal: Journal) -> None:
    given = journal.append(Trusted("pack:track/one", "digest"), NOON)
    forged = Event(new_id(), journal.device, NOON, NOON.instant_ms, Trusted("evil:x", "digest"))
    assert journal.merge([forged]).added == []
    assert journal.last("trust", "evil:x") is None
    assert journal.segments.lines((1, journal.segments.last_place())) == []
    stolen = Event(given.id, new_id(), NOON, NOON.instant_ms, Review("a", 3))
    journal.merge([stolen])
    assert journal.last("trust", "pack:track/one", here=True) == given
