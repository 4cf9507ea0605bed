"""What is written obeys what is read: nothing that was acknowledged is refused elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from studytui.memory.days import StudyDays
from studytui.store import codec
from studytui.store.columns import Columns
from studytui.store.errors import EventError
from studytui.store.events import (
    Body,
    Event,
    Moment,
    Report,
    Review,
    SetDue,
    Trusted,
    Undo,
    new_id,
)
from studytui.store.journal import Journal
from studytui.store.validator import (
    CLASSES,
    LEAD_MS,
    LONGEST_TEXT,
    are_canonical,
    canonical,
    shape,
)

NOON = Moment(instant_ms=1_767_268_800_000, offset_minutes=60, day=739_617)
ID = "0123456789abcdef" * 2
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
    assert isinstance(event.body, Report)
    assert len(event.body.text) == min(len(text), LONGEST_TEXT)
    assert event.body.text.replace("\n", "").isprintable()


def test_an_id_that_no_device_would_take_is_refused_before_it_is_written(journal: Journal) -> None:
    with pytest.raises(EventError, match="subject is missing"):
        journal.append(Review("", 3), NOON)
    with pytest.raises(EventError, match="grade"):
        journal.append(Review("a", 5), NOON)
    assert journal.is_empty


def test_an_order_far_ahead_falls_back_and_does_not_spread(journal: Journal) -> None:
    far = Event(new_id(), new_id(), NOON, 2**53, Review("a", 3))
    journal.merge([far])
    (taken,) = journal.events()
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
    assert journal.merge([forged]).added == 0
    assert journal.last("trust", "evil:x") is None
    assert journal.segments.lines((1, journal.segments.last_place())) == []
    stolen = Event(given.id, new_id(), NOON, NOON.instant_ms, Review("a", 3))
    journal.merge([stolen])
    assert journal.last("trust", "pack:track/one", here=True) == given


def test_of_two_contents_the_same_is_kept_whichever_comes_first(tmp_path: Path) -> None:
    one, other = (Event(ID, ID, NOON, NOON.instant_ms, Review("a", grade)) for grade in (1, 4))
    kept = []
    for name, order in (("here", (one, other)), ("there", (other, one))):
        with Journal.open(tmp_path / f"{name}.db") as journal:
            settled = [journal.merge([event]).settled for event in order]
            assert list(map(len, settled)) == [0, 1]
            kept.append(list(journal.events()))
    assert kept == [[one], [one]]


ODD: tuple[Any, ...] = (
    *(None, True, 0, 5, -1, 10**9, 0.5, 7.0, -1.0, math.nan, math.inf, b"", [1]),
    *("", "a", "a\x07", "x" * (LONGEST_TEXT + 1), "f" * 32, "F" * 32, "f" * 31 + "g", "f" * 65),
)
SOUND = Event(ID, ID, NOON, NOON.instant_ms, Review("a", 3))


def sound_body(kind: str) -> Any:
    """A body of a kind, each field at its least."""
    (first, _), *rest = shape(kind)
    least = {int: 1, float: 0.5, str: ID, bool: True}
    bounds = {"due_day": 739_700, "stability": 1.0, "retention": 0.9}
    values = {name: bounds.get(name, least[types[0]]) for name, types in rest}
    return CLASSES[kind](**{first: "a", **values})


def odd_events() -> Iterator[Event]:
    """A sound event of every kind, and each with one odd thing in the place of each of its own."""
    for kind in CLASSES:
        body = sound_body(kind)
        yield SOUND._replace(body=body)
        for name, _ in shape(kind):
            yield from (SOUND._replace(body=replace(body, **{name: odd})) for odd in ODD)
    for odd in ODD:
        strange: dict[str, Any]
        for strange in ({name: odd} for name in ("id", "device", "order_ms")):
            yield SOUND._replace(**strange)
        for strange in ({name: odd} for name in NOON._fields):
            yield SOUND._replace(moment=NOON._replace(**strange))
    for days in (-3, -2, 1, 2):
        yield SOUND._replace(moment=NOON._replace(day=NOON.day + days))
    for lead in (-1, 0, LEAD_MS, LEAD_MS + 1):
        yield SOUND._replace(order_ms=NOON.instant_ms + lead)


def columns_of(events: Sequence[Event]) -> list[Columns]:
    """The events kind by kind."""
    kinds: dict[type[Body], list[Event]] = {}
    for event in events:
        kinds.setdefault(type(event.body), []).append(event)
    return list(map(Columns.of, kinds.values()))


def test_columns_are_of_the_events_that_they_were_made_of() -> None:
    for event in odd_events():
        # As it is written: what is no number equals nothing, itself neither.
        assert repr(Columns.of([event, event]).events()) == repr([event, event])


def test_what_passes_at_one_look_passes_event_by_event() -> None:
    passed = 0
    for event in odd_events():
        for events in ([event], [SOUND, event, SOUND]):
            if all(map(are_canonical, columns_of(events))):
                assert canonical(event) == event
                passed += 1
    assert passed > 2 * len(CLASSES)


def test_sound_events_of_every_kind_pass_at_one_look(journal: Journal) -> None:
    sound = [
        Event(ID, ID, NOON, NOON.instant_ms, body)
        for body in (
            Review("a", 3, 5, "", 0.9, 0.25),
            Review("b", 1, factor=None),
            Undo("a", ID),
            SetDue("a", 739_700),
            Report("a", "wrong"),
        )
    ]
    assert all(map(are_canonical, columns_of(sound)))
    early = sound[0]._replace(order_ms=NOON.instant_ms - 1)
    assert not are_canonical(Columns.of([*sound[:2], early]))
