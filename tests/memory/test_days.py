"""Study days: the rollover hour, time zones, and the two odd nights of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.memory.days import StudyDays, from_ms, to_ms
from tests.examples import examples

BERLIN = ZoneInfo("Europe/Berlin")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-05-01T23:59", "2026-05-01"),
        ("2026-05-02T03:59", "2026-05-01"),
        ("2026-05-02T04:00", "2026-05-02"),
        # Clocks go forward at 2:00 on 29 March: that night is an hour short.
        ("2026-03-29T01:30", "2026-03-28"),
        ("2026-03-29T03:30", "2026-03-28"),
        ("2026-03-29T04:00", "2026-03-29"),
        # And back at 3:00 on 25 October.
        ("2026-10-25T02:30", "2026-10-24"),
        ("2026-10-25T04:00", "2026-10-25"),
    ],
)
def test_the_evening_goes_on_until_four(wall: str, expected: str) -> None:
    instant = datetime.fromisoformat(wall).replace(tzinfo=BERLIN)
    assert StudyDays(BERLIN).day(instant.astimezone(UTC)) == day(expected)


def test_the_rollover_hour_can_be_set() -> None:
    instant = datetime(2026, 5, 2, 1, tzinfo=BERLIN)
    assert StudyDays(BERLIN, 0).day(instant) == day("2026-05-02")
    assert StudyDays(BERLIN, 2).day(instant) == day("2026-05-01")


def test_one_instant_is_two_days_in_two_zones() -> None:
    instant = datetime(2026, 5, 1, 20, tzinfo=UTC)
    assert StudyDays.of("Pacific/Auckland", 4).day(instant) == day("2026-05-02")
    assert StudyDays.of("America/Los_Angeles", 4).day(instant) == day("2026-05-01")


def test_a_moment_keeps_offset_and_day() -> None:
    moment = StudyDays.of("Asia/Kathmandu", 4).moment(datetime(2026, 5, 1, 22, 0, tzinfo=UTC))
    assert moment.offset_minutes == 345
    assert moment.day == day("2026-05-01")
    assert from_ms(moment.instant_ms) == datetime(2026, 5, 1, 22, 0, tzinfo=UTC)


@examples(200)
@given(
    st.integers(946_684_800_000, 2_840_140_800_000).map(from_ms),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]),
    st.integers(0, 23),
)
def test_days_follow_each_other(instant: datetime, zone: str, rollover: int) -> None:
    days = StudyDays.of(zone, rollover)
    today = days.day(instant)
    assert days.begins(today) <= instant + timedelta(hours=1)
    assert instant < days.begins(today + 1) + timedelta(hours=1)
    assert days.day(instant + timedelta(hours=26)) - today in (1, 2)
    assert to_ms(from_ms(to_ms(instant))) == to_ms(instant)
