"""A sitting of review: order, grades, the way back, other windows, other days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.memory.ledger import Ledger
from studytui.memory.queue import CardRecord
from studytui.memory.rating import Rating
from studytui.settings import MemorySettings, ReviewSettings, Settings
from studytui.store.errors import StaleCardError
from studytui.store.journal import Journal
from studytui.store.states import Phase
from studytui.study.review import Mode, ReviewSession, Shown, wait_in_words

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORDS = [
    CardRecord("adam/1", "adam/1", "optimisation", "v1"),
    CardRecord("adam/2", "adam/2", "optimisation", "v1"),
    CardRecord("text/c1", "text", "attention", "v1"),
    CardRecord("text/c2", "text", "attention", "v1"),
]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as journal:
        yield journal


def ledger_of(journal: Journal, settings: Settings | None = None) -> Ledger:
    ledger = Ledger(journal, settings or Settings())
    ledger.make_current()
    return ledger


@pytest.fixture
def ledger(journal: Journal) -> Ledger:
    return ledger_of(journal)


def shown(session: ReviewSession, now: datetime) -> Shown:
    card = session.next(now)
    assert card is not None
    return card


def learn_all(ledger: Ledger, now: datetime) -> None:
    """Meet every card and find it easy."""
    session = ReviewSession(ledger, RECORDS, now)
    while session.next(now):
        session.grade(Rating.EASY, now)


def test_new_cards_come_in_the_order_of_the_library_one_of_a_note(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    cards = []
    while (card := session.next(NOW)) is not None:
        cards.append(card.record.card)
        session.grade(Rating.EASY, NOW)
    assert cards == ["adam/1", "adam/2", "text/c1"]
    tomorrow = ReviewSession(ledger, RECORDS, NOW + timedelta(days=1))
    assert shown(tomorrow, NOW + timedelta(days=1)).record.card == "text/c2"


def test_a_grade_is_in_the_journal_before_the_next_card(ledger: Ledger, journal: Journal) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    card = shown(session, NOW)
    assert card.is_new
    assert card.intervals == ("1m", "6m", "10m", card.intervals[3])
    graded = session.grade(Rating.GOOD, NOW + timedelta(seconds=7))
    assert graded.wait == "10m"
    (event,) = journal.events()
    assert (event.body.grade, event.body.duration_ms) == (3, 7000)  # type: ignore[union-attr]
    assert event.body.content == "v1"  # type: ignore[union-attr]


def test_the_wait_that_was_shown_is_the_wait_that_comes(ledger: Ledger) -> None:
    learn_all(ledger, NOW)
    now = NOW + timedelta(days=40)
    session = ReviewSession(ledger, RECORDS, now)
    for grade in (2, 3, 4):
        card = shown(session, now)
        assert session.grade(Rating(grade), now).wait == card.intervals[grade - 1]


def test_time_is_capped(ledger: Ledger, journal: Journal) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    session.grade(Rating.GOOD, NOW + timedelta(hours=2))
    (event,) = journal.events()
    assert event.body.duration_ms == 60_000  # type: ignore[union-attr]


def test_a_learning_card_comes_back_after_its_minutes(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS[:2], NOW)
    shown(session, NOW)
    session.grade(Rating.AGAIN, NOW)
    shown(session, NOW)
    session.grade(Rating.GOOD, NOW)
    assert session.counts.learning == 2
    back = shown(session, NOW + timedelta(minutes=2))
    assert back.record.card == "adam/1"
    session.grade(Rating.GOOD, NOW + timedelta(minutes=2))
    assert shown(session, NOW + timedelta(minutes=3)).record.card == "adam/2", "a little ahead"


def test_undo_shows_the_card_again_and_redo_grades_it_again(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    session.grade(Rating.EASY, NOW)
    second = shown(session, NOW)
    again = session.undo(NOW)
    assert again.record.card == "adam/1"
    assert again.state.phase == Phase.NEW
    assert session.summary().answers == 0
    session.redo(NOW)
    assert ledger.state("adam/1").phase == Phase.REVIEW
    assert shown(session, NOW).record.card == second.record.card
    session.grade(Rating.GOOD, NOW)
    assert session.summary().cards == 2
    with pytest.raises(StudyError, match="nothing to redo"):
        session.redo(NOW)


def test_undo_after_again_takes_the_card_out_of_learning(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS[:1], NOW)
    shown(session, NOW)
    session.grade(Rating.AGAIN, NOW)
    session.undo(NOW)
    session.grade(Rating.EASY, NOW)
    assert session.next(NOW + timedelta(minutes=30)) is None


def test_nothing_to_undo_is_told(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    with pytest.raises(StudyError, match="nothing to undo"):
        session.undo(NOW)


def test_suspend_and_bury_can_be_undone(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    session.suspend(NOW)
    assert ledger.state("adam/1").suspended
    assert shown(session, NOW).record.card == "adam/2"
    session.bury(NOW)
    assert shown(session, NOW).record.card == "text/c1"
    assert session.undo(NOW).record.card == "adam/2"
    assert session.undo(NOW).record.card == "adam/1"
    assert not ledger.state("adam/1").suspended
    assert session.summary().answers == 0


def test_a_stale_window_cannot_grade_twice(ledger: Ledger, tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal.db") as other_journal:
        other = ReviewSession(Ledger(other_journal, Settings()), RECORDS, NOW)
        here = ReviewSession(ledger, RECORDS, NOW)
        shown(here, NOW)
        shown(other, NOW)
        other.grade(Rating.GOOD, NOW)
        with pytest.raises(StaleCardError):
            here.grade(Rating.GOOD, NOW)
        assert ledger.state("adam/1").reps == 1
        assert shown(here, NOW).record.card == "adam/2"


def test_a_card_graded_elsewhere_meanwhile_is_not_shown(ledger: Ledger, tmp_path: Path) -> None:
    learn_all(ledger, NOW)
    now = NOW + timedelta(days=40)
    here = ReviewSession(ledger, RECORDS[:2], now)
    with Journal.open(tmp_path / "journal.db") as other_journal:
        other = ReviewSession(Ledger(other_journal, Settings()), RECORDS[:2], now)
        while other.next(now):
            other.grade(Rating.GOOD, now)
    assert here.next(now) is None


def test_midnight_does_not_turn_the_day_but_four_does(journal: Journal) -> None:
    ledger = ledger_of(journal, Settings(review=ReviewSettings(new_per_day=1)))
    ledger.days = type(ledger.days).of("UTC", 4)
    late = NOW.replace(hour=23, minute=50)
    session = ReviewSession(ledger, RECORDS, late)
    shown(session, late)
    session.grade(Rating.EASY, late)
    assert session.next(late + timedelta(minutes=30)) is None
    assert shown(session, late + timedelta(hours=5)).record.card == "adam/2"


def test_one_track_alone(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW, track="attention")
    assert shown(session, NOW).record.card == "text/c1"
    with pytest.raises(StudyError, match="Tracks: attention, optimisation"):
        ReviewSession(ledger, RECORDS, NOW, track="atention")


def test_each_track_has_its_own_retention(journal: Journal) -> None:
    settings = Settings(memory=MemorySettings(retention={"attention": 0.97}, fuzz=False))
    ledger = ledger_of(journal, settings)
    learn_all(ledger, NOW)
    assert ledger.state("text/c1").interval < ledger.state("adam/1").interval


@pytest.mark.parametrize("mode", [Mode.CRAM, Mode.AHEAD])
def test_practice_leaves_the_schedule_alone(ledger: Ledger, journal: Journal, mode: Mode) -> None:
    learn_all(ledger, NOW)
    before = dict(journal.states.all())
    session = ReviewSession(ledger, RECORDS, NOW, mode=mode)
    first = shown(session, NOW)
    session.grade(Rating.AGAIN, NOW)
    rest = []
    while (card := session.next(NOW + timedelta(seconds=1))) is not None:
        rest.append(card.record.card)
        session.grade(Rating.GOOD, NOW + timedelta(seconds=1))
    assert rest[-1] == first.record.card, "a card that was not known comes again at the end"
    assert dict(journal.states.all()) == before
    assert [event.body.kind for event in journal.events()][-1] == "practice"
    ledger.rebuild()
    assert dict(journal.states.all()) == before


def test_the_summary_tells_retention_beside_what_was_predicted(ledger: Ledger) -> None:
    learn_all(ledger, NOW)
    now = NOW + timedelta(days=12)
    session = ReviewSession(ledger, RECORDS, now)
    grades = [1, 3, 3]
    for grade in grades:
        shown(session, now)
        now += timedelta(seconds=10)
        session.grade(Rating(grade), now)
    summary = session.summary()
    assert (summary.reviewed, summary.recalled) == (3, 2)
    assert summary.retention == pytest.approx(2 / 3)
    assert 0.7 < summary.predicted < 1
    assert summary.grades == (1, 0, 2, 0)
    assert summary.seconds == 30


def test_an_edited_source_goes_on_with_its_history(ledger: Ledger, journal: Journal) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    edited = [CardRecord(r.card, r.note, r.track, "v2") for r in RECORDS]
    again = session.reload(edited, NOW)
    assert again is not None
    assert again.record.content == "v2"
    session.grade(Rating.GOOD, NOW)
    (event,) = journal.events()
    assert event.body.content == "v2"  # type: ignore[union-attr]
    shown(session, NOW)
    gone = session.reload(edited[2:], NOW)
    assert gone is not None
    assert gone.record.card == "text/c1"


def test_a_report_is_kept_and_the_card_stays(ledger: Ledger, journal: Journal) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    session.report("sign is wrong", NOW)
    assert journal.latest("report")["adam/1"].body.text == "sign is wrong"  # type: ignore[union-attr]
    assert session.current is not None


def test_grading_needs_a_card(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    with pytest.raises(StudyError, match="no card is shown"):
        session.grade(Rating.GOOD, NOW)


def test_a_clock_set_back_is_told_at_the_start(ledger: Ledger) -> None:
    learn_all(ledger, NOW)
    assert "set back" in ReviewSession(ledger, RECORDS, NOW - timedelta(days=1)).warning


def test_waits_in_words(ledger: Ledger) -> None:
    learn_all(ledger, NOW)
    state = ledger.state("adam/1")
    words = {
        days: wait_in_words(type(state)(phase=Phase.REVIEW, interval=days))
        for days in (1, 30, 60, 400, 4000)
    }
    assert words == {1: "1d", 30: "30d", 60: "2mo", 400: "1.1y", 4000: "11y"}
    hours = type(state)(phase=Phase.LEARNING, due_ms=5_400_000)
    assert wait_in_words(hours) == "1.5h"


def test_a_card_is_counted_as_what_it_is_after_an_undo(ledger: Ledger) -> None:
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    before = session.counts
    session.grade(Rating.EASY, NOW)
    shown(session, NOW)
    assert session.undo(NOW).is_new
    assert session.counts == before
    session.redo(NOW)
    assert (session.counts.new, session.counts.reviews) == (before.new, 0)


def test_a_day_may_bring_more_new_cards_than_its_limit(journal: Journal) -> None:
    ledger = ledger_of(journal, Settings(review=ReviewSettings(new_per_day=1)))
    session = ReviewSession(ledger, RECORDS, NOW)
    shown(session, NOW)
    session.grade(Rating.EASY, NOW)
    assert session.next(NOW) is None
    assert session.more(1, NOW) == 1
    shown(session, NOW)
    session.grade(Rating.EASY, NOW)
    assert session.next(NOW) is None
    assert session.more(20, NOW) == 1  # the sibling of a gap waits for another day
    tomorrow = NOW + timedelta(days=1)
    learnt_today = ReviewSession(ledger, RECORDS, tomorrow)
    assert learnt_today.counts.new == 1


def test_a_track_brings_no_more_new_cards_than_its_own_limit(journal: Journal) -> None:
    ledger = ledger_of(journal, Settings(review=ReviewSettings(new_per_track={"optimisation": 1})))
    session = ReviewSession(ledger, RECORDS, NOW)
    assert session.counts.new == 2
    assert shown(session, NOW).record.card == "adam/1"
    session.grade(Rating.EASY, NOW)
    later = ReviewSession(ledger, RECORDS, NOW)
    assert shown(later, NOW).record.track == "attention"
    later.grade(Rating.EASY, NOW)
    assert later.next(NOW) is None
    assert later.more(20, NOW) == 1, "who asks for more gets them from a track with a limit too"
    assert ReviewSession(ledger, RECORDS, NOW + timedelta(days=1)).counts.new == 2


def test_a_card_that_is_not_ready_is_not_met_but_comes_back_once_it_was(ledger: Ledger) -> None:
    waiting = [CardRecord(r.card, r.note, r.track, r.content, ready=False) for r in RECORDS]
    assert ReviewSession(ledger, waiting, NOW).counts.total == 0
    learn_all(ledger, NOW)
    assert ReviewSession(ledger, waiting, NOW + timedelta(days=400)).counts.reviews > 0


def test_a_grade_of_an_earlier_sitting_is_taken_back_and_given_again(ledger: Ledger) -> None:
    first = ReviewSession(ledger, RECORDS, NOW)
    cards = []
    for _ in range(2):
        cards.append(shown(first, NOW).record.card)
        first.grade(Rating.GOOD, NOW)
    later = NOW + timedelta(days=3)
    session = ReviewSession(ledger, RECORDS, later)
    for card in reversed(cards):
        assert session.undo(later).record.card == card
        assert ledger.state(card).reps == 0
    with pytest.raises(StudyError, match="nothing to undo"):
        session.undo(later)
    for card in cards:
        session.redo(later)
        assert ledger.state(card).reps == 1
    assert session.summary().answers == 0, "they count where they were given"


def test_a_leech_put_aside_with_its_grade_comes_back_with_it(journal: Journal) -> None:
    """Undoing the grade of an earlier sitting must not leave the card suspended."""
    memory = MemorySettings(leech_threshold=1, leech_action="suspend")
    ledger = ledger_of(journal, Settings(memory=memory))
    learn_all(ledger, NOW)
    later = NOW + timedelta(days=400)
    session = ReviewSession(ledger, RECORDS, later)
    card = shown(session, later).record.card
    session.grade(Rating.AGAIN, later)
    assert ledger.state(card).suspended
    again = ReviewSession(ledger, RECORDS, later + timedelta(days=1))
    assert again.undo(later + timedelta(days=1)).record.card == card
    assert not ledger.state(card).suspended
    assert ledger.state(card).lapses == 0
