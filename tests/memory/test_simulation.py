from __future__ import annotations

from studytui.memory.scheduler import Scheduler
from studytui.memory.simulation import Item, simulate

CARD = Item(20.0, 26.0)


def test_a_higher_retention_costs_more_and_keeps_more() -> None:
    low, middle, high = simulate([CARD] * 150, Scheduler(), retentions=(0.75, 0.9, 0.97), days=200)
    assert low.reviews < middle.reviews < high.reviews
    assert low.minutes < middle.minutes < high.minutes
    assert low.remembered < middle.remembered < high.remembered <= 150


def test_the_same_seed_gives_the_same_year() -> None:
    years = [
        simulate([CARD] * 40, Scheduler(), retentions=(0.9,), days=90, seed=4) for _ in range(2)
    ]
    assert years[0] == years[1]


def test_new_cards_come_in_daily_portions() -> None:
    slow, fast = (
        simulate([CARD] * 60, Scheduler(), retentions=(0.9,), days=20, new_per_day=portion)[0]
        for portion in (1, 30)
    )
    assert slow.reviews < fast.reviews


def test_no_cards_cost_nothing() -> None:
    assert simulate([], Scheduler(), retentions=(0.9,))[0].reviews == 0


def test_the_hardest_week_is_told_and_is_harder_than_the_mean() -> None:
    (year,) = simulate([CARD] * 100, Scheduler(), retentions=(0.9,), new_per_day=10)
    assert year.peak > 3 * year.minutes
    assert year.peak_week in (1, 2)


def test_what_takes_twice_as_long_takes_twice_the_minutes() -> None:
    short, long = (
        simulate([Item(seconds, seconds)] * 50, Scheduler(), retentions=(0.9,), days=100)[0]
        for seconds in (20.0, 40.0)
    )
    assert long.minutes == 2 * short.minutes
    assert long.reviews == short.reviews
