from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.memory.rating import Rating
from studytui.memory.statistics import (
    Age,
    Recall,
    Share,
    calibration,
    forecast,
    heat_map,
    mastery,
    streak,
    true_retention,
)

TODAY = date(2026, 3, 29)  # a Sunday, and a change of clocks in Europe


def recall(predicted: float, grade: int, interval: int = 5, day: date = TODAY) -> Recall:
    return Recall("card", day, Rating(grade), interval, predicted)


def test_a_forecast_puts_what_is_overdue_on_today() -> None:
    due = [TODAY - timedelta(days=40), TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=9)]
    assert forecast(due, TODAY, 4) == (2, 0, 1, 0)


def test_a_heat_map_ends_with_this_week() -> None:
    rows = heat_map({TODAY: 3, TODAY - timedelta(days=7): 2}, TODAY, 3)
    assert rows[6] == (0, 2, 3)
    monday = TODAY + timedelta(days=1)
    assert [row[2] for row in heat_map({}, monday, 3)] == [0, -1, -1, -1, -1, -1, -1]


def test_a_streak_is_not_broken_by_a_day_that_is_not_over() -> None:
    days = {TODAY - timedelta(days=offset): 1 for offset in (1, 2, 3, 5)}
    assert streak(days, TODAY) == 3
    assert streak(days | {TODAY: 4}, TODAY) == 4
    assert streak({}, TODAY) == 0


def test_true_retention_tells_young_from_mature() -> None:
    shares = true_retention(
        [recall(0.9, 3, 20), recall(0.9, 1, 20), recall(0.9, 2, 21), recall(0.9, 4, 400)]
    )
    assert shares == {Age.YOUNG: Share(1, 2), Age.MATURE: Share(2, 2)}
    assert true_retention([recall(0.9, 3)], since=TODAY + timedelta(days=1))[Age.YOUNG].total == 0


@given(total=st.integers(1, 500), data=st.data())
def test_wilsons_interval_holds_the_share(total: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, total)), total)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1


def test_wilsons_interval_of_a_known_case() -> None:
    # 8 of 10: Wilson's 95 % interval is (0.490, 0.943).
    assert Share(8, 10).interval == pytest.approx((0.490, 0.943), abs=5e-4)


def test_calibration_compares_predicted_with_what_came() -> None:
    recalls = [recall(0.95, 3)] * 9 + [recall(0.95, 1)] + [recall(0.55, 3), recall(0.55, 1)]
    found = calibration(recalls)
    assert found is not None
    assert [each.predicted for each in found.bins] == pytest.approx([0.55, 0.95])
    assert [each.share.value for each in found.bins] == [0.5, 0.9]
    loss = -(9 * math.log(0.95) + math.log(0.05) + math.log(0.55) + math.log(0.45)) / 12
    assert found.log_loss == pytest.approx(loss)
    assert found.error == pytest.approx(0.05)
    assert calibration([]) is None


def test_a_certain_prediction_that_failed_is_not_infinite() -> None:
    found = calibration([recall(1.0, 1)])
    assert found is not None
    assert math.isfinite(found.log_loss)


def test_mastery_counts_what_was_never_seen_as_unknown() -> None:
    assert mastery("adam", [0.8, None, 0.4, None]).value == pytest.approx(0.3)
    assert mastery("adam", []).value == 0.0
