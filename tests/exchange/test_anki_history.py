"""A package's history read as Anki reads it, and the same on every device."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.exchange.anki_history import History, sm2_memory
from studytui.memory.ledger import Ledger
from studytui.memory.rating import Rating
from studytui.memory.scheduler import Scheduler
from studytui.settings import DaySettings, Settings
from studytui.store.anki.records import (
    AnkiCard,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.events import Event, Practice, Review
from studytui.store.journal import Journal
from studytui.store.states import NEW_CARD, CardState, Phase
from tests.exchange.histories import events_of

CREATED = 1_700_000_000
DAY = 86_400_000
START = CREATED * 1000 + DAY


def package(card: AnkiCard, *reviews: AnkiReview) -> AnkiPackage:
    return AnkiPackage(created=CREATED, cards=(card,), reviews=reviews)


def events(package: AnkiPackage) -> list[Event]:
    return events_of(History(package, {card.id: "a" for card in package.cards}, {}))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Journal.open(tmp_path / "journal.db") as journal:
        yield Ledger(journal, Settings(days=DaySettings(time_zone="UTC")))


def state(ledger: Ledger, package: AnkiPackage) -> CardState:
    ledger.merge(events(package))
    return ledger.state("a")


def learnt(instant: int, grade: int = 3) -> AnkiReview:
    return AnkiReview(instant, 1, grade, 4, 0, 2500, 3000, ReviewKind.LEARNING)


def passed(instant: int, interval: int = 10, factor: int = 2500) -> AnkiReview:
    return AnkiReview(instant, 1, 3, interval, 4, factor, 3000, ReviewKind.REVIEW)


def forgotten(instant: int) -> AnkiReview:
    return AnkiReview(instant, 1, 0, 0, 0, 0, 0, ReviewKind.MANUAL)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_the_events_of_a_file_do_not_depend_on_the_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = package(AnkiCard(1, 1, 0, 1), learnt(START), passed(START + 40 * DAY))
    expected = events(told)
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        assert events(told) == expected
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_was_forgotten_begins_anew(ledger: Ledger) -> None:
    log = (learnt(START), passed(START + 4 * DAY), forgotten(START + 9 * DAY))
    card = AnkiCard(1, 1, 0, 1)
    assert state(ledger, package(card, *log)).phase == Phase.NEW
    after = state(ledger, package(card, *log, learnt(START + 10 * DAY)))
    fresh = Scheduler().review(NEW_CARD, Rating.GOOD, day=0, at_ms=0)
    assert (after.stability, after.reps) == (fresh.stability, 1)


def test_a_card_learnt_anew_without_a_word_counts_from_there(ledger: Ledger) -> None:
    log = (learnt(START), passed(START + 9 * DAY), learnt(START + 300 * DAY))
    assert state(ledger, package(AnkiCard(1, 1, 0, 1), *log)).reps == 1


def test_a_card_without_a_log_keeps_its_memory(ledger: Ledger) -> None:
    card = AnkiCard(
        *(1, 1, 0, 1), CardType.REVIEW, 2, due=120, interval=20, repetitions=5, lapses=1,
        stability=79.0, difficulty=4.5,
    )  # fmt: skip
    found = state(ledger, package(card))
    assert (found.phase, found.stability, found.difficulty) == (Phase.REVIEW, 79.0, 4.5)
    assert (found.interval, found.reps, found.lapses) == (20, 5, 1)
    assert found.due_day - found.last_day == 20


def test_a_review_in_a_filtered_deck_counts_only_where_it_reschedules(ledger: Ledger) -> None:
    card = AnkiCard(1, 1, 0, 1, CardType.LEARNING)
    crammed = AnkiReview(START + 20 * DAY, 1, 1, 0, 0, 0, 3000, ReviewKind.FILTERED)
    log = (learnt(START), passed(START + 4 * DAY), crammed)
    told = events(package(card, *log))
    assert [type(event.body) for event in told] == [Review, Review, Practice]
    before = state(ledger, package(card, *log[:2]))
    after = state(ledger, package(card, *log))
    assert (after.stability, after.due_day, after.lapses) == ((before.stability, before.due_day, 0))
    rescheduled = crammed._replace(factor=2500)
    assert [type(each.body) for each in events(package(card, *log[:2], rescheduled))] == [
        Review
    ] * 3


def test_sm2_s_memory_is_that_of_fsrs_rs() -> None:
    import fsrs_rs_python

    reference = fsrs_rs_python.FSRS(parameters=[])
    for ease, interval, retention in [(2.5, 10, 0.9), (2.5, 10, 0.8), (3.1, 1, 0.9), (1.3, 9, 0.9)]:
        known = sm2_memory(ease, interval, retention)
        other = reference.memory_state_from_sm2(ease, interval, retention)
        assert known.stability == pytest.approx(other.stability, rel=1e-5)
        assert known.difficulty == pytest.approx(other.difficulty, rel=1e-5)


def test_a_log_whose_beginning_is_missing_starts_from_sm2(ledger: Ledger) -> None:
    log = (passed(START, interval=30), passed(START + 30 * DAY, interval=75))
    found = state(ledger, package(AnkiCard(1, 1, 0, 1, CardType.REVIEW, interval=75), *log))
    first = sm2_memory(2.5, 30)
    model = Scheduler().model
    expected = model.next(first.stability, first.difficulty, 30, Rating.GOOD)
    assert (found.stability, found.difficulty) == pytest.approx(expected)


@pytest.mark.parametrize("instant", [-(10**13), 10**15, 10**17, 253402300799999])
def test_an_impossible_time_is_left_out_and_counted(instant: int) -> None:
    told = package(AnkiCard(1, 1, 0, 1), learnt(START), passed(instant))
    found = History(told, {1: "a"}, {})
    assert [event.body.kind for event in events_of(found)] == ["review"]
    assert (found.told, found.odd) == (1, 1)
