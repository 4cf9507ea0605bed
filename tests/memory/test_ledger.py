"""The journal and the states together: grades, undo, leeches, load, replay."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.memory.ledger import Ledger
from studytui.memory.rating import Rating
from studytui.settings import DaySettings, MemorySettings, Settings
from studytui.store.errors import StaleCardError
from studytui.store.events import Bury, Redo, Reset, Suspend, Undo, Unsuspend
from studytui.store.journal import Journal
from studytui.store.states import NEW_CARD, Phase

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
BERLIN = DaySettings(time_zone="Europe/Berlin")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as journal:
        yield journal


@pytest.fixture
def ledger(journal: Journal) -> Ledger:
    made = Ledger(journal, Settings(days=BERLIN))
    made.make_current()
    return made


def grade(ledger: Ledger, card: str, grade: int, now: datetime) -> None:
    ledger.grade(card, Rating(grade), now, retention=0.9, factor=0.5)


def test_undo_is_a_tombstone_and_redo_lifts_it(ledger: Ledger) -> None:
    grade(ledger, "a", 4, NOW)
    known = ledger.state("a")
    outcome = ledger.grade("a", Rating.AGAIN, NOW + timedelta(days=9), retention=0.9, factor=0.5)
    undone = ledger.take_back(outcome, NOW + timedelta(days=9, seconds=4))
    assert (undone.after.stability, undone.after.due_day) == (known.stability, known.due_day)
    again = ledger.put_back(outcome, NOW + timedelta(days=9, seconds=8))
    assert again.after.lapses == 1
    kinds = [type(event.body) for event in ledger.journal.history("a")]
    assert kinds[2:] == [Undo, Redo], "nothing was removed from the journal"


def test_a_grade_is_refused_when_the_card_changed_meanwhile(ledger: Ledger) -> None:
    seen = ledger.state("a").last_event
    grade(ledger, "a", 3, NOW)
    with pytest.raises(StaleCardError):
        ledger.grade("a", Rating.GOOD, NOW, retention=0.9, factor=None, expect=seen)
    assert ledger.journal.count() == 1


def test_suspend_bury_and_reset(ledger: Ledger) -> None:
    grade(ledger, "a", 4, NOW)
    assert ledger.act(Suspend("a"), NOW).after.suspended
    assert not ledger.act(Unsuspend("a"), NOW).after.suspended
    assert ledger.act(Bury("a"), NOW).after.buried_day == ledger.days.day(NOW)
    reset = ledger.act(Reset("a"), NOW).after
    assert (reset.phase, reset.reps, reset.stability) == (Phase.NEW, 0, 0)
    assert len(ledger.journal.history("a")) == 5


def lapse(ledger: Ledger, times: int) -> list[bool]:
    """Forget a card again and again; whether each lapse told of a leech."""
    now, told = NOW, []
    grade(ledger, "a", 4, now)
    for _ in range(times):
        now += timedelta(days=30)
        outcome = ledger.grade("a", Rating.AGAIN, now, retention=0.9, factor=None)
        told.append(ledger.is_new_leech(outcome.before, outcome.after))
        if outcome.after.suspended:
            break
        grade(ledger, "a", 3, now + timedelta(minutes=10))
    return told


def test_a_leech_is_told_at_the_threshold_and_every_half_of_it(journal: Journal) -> None:
    settings = Settings(memory=MemorySettings(leech_threshold=4))
    ledger = Ledger(journal, settings)
    assert lapse(ledger, 8) == [False, False, False, True, False, True, False, True]
    assert ledger.is_leech(ledger.state("a"))


def test_a_leech_can_be_suspended_in_the_same_step_and_undone_with_it(journal: Journal) -> None:
    settings = Settings(memory=MemorySettings(leech_threshold=2, leech_action="suspend"))
    ledger = Ledger(journal, settings)
    grade(ledger, "a", 4, NOW)
    grade(ledger, "a", 1, NOW + timedelta(days=30))
    grade(ledger, "a", 3, NOW + timedelta(days=30, minutes=10))
    before = ledger.state("a")
    outcome = ledger.grade("a", Rating.AGAIN, NOW + timedelta(days=60), retention=0.9, factor=None)
    assert outcome.after.suspended
    assert [event.body.kind for event in outcome.events] == ["review", "suspend"]
    undone = ledger.take_back(outcome, NOW + timedelta(days=60, seconds=3)).after
    assert not undone.suspended
    assert undone.due_day == before.due_day


def test_the_cache_is_what_a_replay_gives(ledger: Ledger) -> None:
    generator = random.Random(4)
    now = NOW
    for _ in range(400):
        now += timedelta(minutes=generator.choice([1, 15, 600, 4000]))
        card = f"card/{generator.randrange(12)}"
        state = ledger.state(card)
        factors = ledger.factors(card, state, ledger.days.day(now), 0.9)
        choice = generator.choice([1, 2, 3, 3, 4])
        outcome = ledger.grade(card, Rating(choice), now, retention=0.9, factor=factors[choice - 1])
        if generator.random() < 0.1:
            ledger.take_back(outcome, now)
        if generator.random() < 0.05:
            ledger.act(generator.choice([Suspend, Bury, Reset, Unsuspend])(card), now)
    grown = dict(ledger.journal.states.all())
    ledger.rebuild()
    assert dict(ledger.journal.states.all()) == grown


def test_many_events_at_once_leave_what_few_leave(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(4):
        for card in "abcde":
            grade(ledger, card, 1 + (day + ord(card)) % 4, NOW + timedelta(days=2**day))
    ledger.act(Suspend("b"), NOW)
    left = []
    for least in (1000, 1):
        monkeypatch.setattr("studytui.memory.ledger.MANY_CARDS", least)
        monkeypatch.setattr("studytui.store.merging._MANY", least)
        with Journal.open(tmp_path / f"{least}.db") as journal:
            other = Ledger(journal, Settings(days=BERLIN))
            grade(other, "z", 3, NOW)
            known = other.state("z")._replace(last_event="")
            merged = other.merge(list(ledger.journal.events()))
            assert (merged.added, merged.cards) == (21, set("abcde"))
            assert other.state("z")._replace(last_event="") == known
            states = {name: state for name, state in journal.states.all() if name != "z"}
            indexes = journal.query("SELECT name, sql FROM sqlite_master ORDER BY name")
            left.append((states, indexes))
    assert left[0] == left[1]
    assert left[0][0] == dict(ledger.journal.states.all())


def test_load_is_spread_over_the_fuzz_range(ledger: Ledger) -> None:
    """Two hundred cards learnt on one day with equal grades do not come back on one day."""
    day = ledger.days.day(NOW)
    now = NOW + timedelta(days=8)
    with ledger.journal.transaction():
        for number in range(200):
            card = f"card/{number}"
            grade(ledger, card, 4, NOW)
            factors = ledger.factors(card, ledger.state(card), ledger.days.day(now), 0.9)
            ledger.grade(card, Rating.GOOD, now, retention=0.9, factor=factors[2])
    due = Counter(state.due_day - day for _, state in ledger.journal.states.all())
    assert len(due) >= 5
    assert max(due.values()) < 2.2 * 200 / len(due)


def test_previewed_intervals_keep_their_order_under_load(ledger: Ledger) -> None:
    day = ledger.days.day(NOW)
    for number in range(60):
        card = f"card/{number}"
        grade(ledger, card, 4, NOW)
        state = ledger.state(card)
        later = day + 6 + number % 9
        factors = ledger.factors(card, state, later, 0.9)
        hard, good, easy = (
            ledger.scheduler.review(
                state, Rating(grade), day=later, at_ms=0, factor=factors[grade - 1]
            )
            for grade in (2, 3, 4)
        )
        assert hard.interval <= good.interval <= easy.interval


def test_without_fuzz_there_is_none(journal: Journal) -> None:
    ledger = Ledger(journal, Settings(memory=MemorySettings(fuzz=False)))
    assert ledger.factors("a", NEW_CARD, 739_000, 0.9) == (None,) * 4
    seeded = Ledger(journal, Settings(memory=MemorySettings(load_spread=False)))
    assert len(set(seeded.factors("a", NEW_CARD, 739_000, 0.9))) == 1


def test_a_clock_set_back_is_told(ledger: Ledger) -> None:
    grade(ledger, "a", 3, NOW)
    assert ledger.clock_warning(NOW + timedelta(seconds=5)) == ""
    assert "30 minutes before" in ledger.clock_warning(NOW - timedelta(minutes=30))
    assert "48 hours before" in ledger.clock_warning(NOW - timedelta(days=2))
    grade(ledger, "a", 3, NOW - timedelta(days=2))
    reps = ledger.state("a").reps
    ledger.rebuild()
    assert ledger.state("a").reps == reps == 2
