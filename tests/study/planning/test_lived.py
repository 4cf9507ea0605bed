"""A week lived through the real desk, plan and review session; `python -m benchmarks plan` lives
seventy days of five learners."""

from __future__ import annotations

from benchmarks.plan import MINUTES, lived
from studytui.library.activity import Activity


def test_a_week_keeps_to_its_minutes_and_asks_nothing_before_it_was_read() -> None:
    found = lived(7, lambda day: day != 3)
    assert not found.too_early
    assert found.kinds == set(Activity)
    assert found.minutes[3] == 0
    days = [minutes for minutes in found.minutes if minutes]
    assert max(days) <= 1.5 * MINUTES
    assert sum(0.8 * MINUTES <= minutes <= 1.2 * MINUTES for minutes in days) >= len(days) - 1
    assert found.last is not None
    assert found.last.day.pieces == ()
