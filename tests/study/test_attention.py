"""Seconds go to what was looked at; pauses do not count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from studytui.library.activity import Activity
from studytui.study.attention import LONGEST_PAUSE, Attention, Subject

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PAGE = Subject(Activity.READ, "adam#idea")
CARD = Subject(Activity.ANSWER, "adam-mhat")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_time_before_a_key_goes_to_what_was_on_the_screen() -> None:
    attention = Attention()
    attention.look({PAGE: 1}, at(0))
    attention.look({PAGE: 1}, at(20))
    attention.look({CARD: 1}, at(27))
    assert (attention.seconds(PAGE), attention.seconds(CARD)) == (20, 7)


def test_a_pause_counts_for_so_long_at_most_and_a_clock_set_back_for_nothing() -> None:
    attention = Attention()
    for second in (0, 4000, 3000):
        attention.look({PAGE: 1}, at(second))
    assert attention.seconds(PAGE) == LONGEST_PAUSE


def test_what_stands_on_one_screen_shares_its_time_by_weight() -> None:
    other = Subject(Activity.READ, "adam#next")
    attention = Attention()
    attention.look({}, at(0))
    attention.look({PAGE: 30, other: 10}, at(40))
    assert (attention.seconds(PAGE), attention.seconds(other)) == (30, 10)


def test_what_is_taken_is_not_told_twice_and_trifles_are_not_told_at_all() -> None:
    attention = Attention()
    attention.look({}, at(0))
    attention.look({PAGE: 1}, at(30.04))
    attention.look({CARD: 1}, at(30.5))
    assert attention.take(PAGE) == 30.04
    assert attention.take_rest() == ()
    attention.look({CARD: 1}, at(40.5))
    (spent,) = attention.take_rest()
    assert (spent.subject, spent.activity, spent.seconds) == ("adam-mhat", "answer", 10.0)


def test_where_nothing_is_studied_no_time_counts() -> None:
    attention = Attention()
    attention.look({PAGE: 1}, at(0))
    attention.look({}, at(50))
    attention.look({PAGE: 1}, at(60))
    assert attention.seconds(PAGE) == 10
