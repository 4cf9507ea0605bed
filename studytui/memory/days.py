"""Study days: the reader's calendar, in which a day begins at the rollover hour.

What is learnt at half past one at night belongs to the evening before. Days are counted as
proleptic ordinals (``date.fromordinal``), by the reader's time zone at the instant: summer time
and travel neither lengthen nor shorten an interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from studytui.store.events import Moment


@dataclass(frozen=True, slots=True)
class StudyDays:
    """The calendar. ``zone`` None is the computer's own, summer time included."""

    zone: tzinfo | None = None
    rollover_hour: int = 4

    @classmethod
    def of(cls, time_zone: str, rollover_hour: int) -> StudyDays:
        """By IANA name; an empty name is the computer's zone."""
        if not time_zone:
            return cls(None, rollover_hour)
        from zoneinfo import ZoneInfo

        return cls(ZoneInfo(time_zone), rollover_hour)

    def local(self, instant: datetime) -> datetime:
        """The wall clock of the reader at an instant."""
        return instant.astimezone(self.zone)

    def day(self, instant: datetime) -> int:
        """The study day of an instant."""
        wall = self.local(instant)
        return wall.toordinal() - (wall.hour < self.rollover_hour)

    def day_of_ms(self, instant_ms: int) -> int:
        """The study day of an instant in UTC milliseconds."""
        return self.day(from_ms(instant_ms))

    def moment(self, instant: datetime) -> Moment:
        """The instant as an event keeps it."""
        wall = self.local(instant)
        offset = wall.utcoffset() or timedelta()
        return Moment(
            instant_ms=to_ms(instant),
            offset_minutes=offset // timedelta(minutes=1),
            day=self.day(instant),
        )

    def begins(self, day: int) -> datetime:
        """The instant at which a study day begins, UTC."""
        wall = datetime.combine(date.fromordinal(day), time(self.rollover_hour))
        local = wall.replace(tzinfo=self.zone) if self.zone else wall
        return local.astimezone(UTC)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware datetime."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(instant_ms: int) -> datetime:
    """The aware datetime of milliseconds since 1970 UTC."""
    return _EPOCH + timedelta(milliseconds=instant_ms)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
