"""The equations are those of the ``fsrs`` package, to 1e-9."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card
from fsrs import Rating as ReferenceRating
from fsrs import Scheduler as Reference
from fsrs.scheduler import (
    DEFAULT_PARAMETERS as REFERENCE_PARAMETERS,
)
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from studytui.memory.fsrs6 import BOUNDS, DEFAULT_PARAMETERS, LONGEST, Model
from studytui.memory.rating import Rating

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def parameter_sets() -> list[tuple[float, ...]]:
    generator = random.Random(1)
    bounds = list(zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True))
    drawn = [
        tuple(generator.uniform(low + 0.3 * (high - low), high) for low, high in bounds)
        for _ in range(4)
    ]
    return [DEFAULT_PARAMETERS, *drawn]


def test_the_bounds_are_those_of_the_package() -> None:
    assert tuple(zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)) == BOUNDS


def test_the_defaults_are_the_published_ones() -> None:
    assert DEFAULT_PARAMETERS == REFERENCE_PARAMETERS


@pytest.mark.parametrize("parameters", parameter_sets())
def test_stability_and_difficulty_equal_the_package_s(parameters: tuple[float, ...]) -> None:
    model, reference = Model(parameters), Reference(parameters, enable_fuzzing=False)
    generator = random.Random(2)
    for _ in range(60):
        card, now, state = Card(card_id=1), START, None
        for _ in range(12):
            grade = generator.choice([1, 2, 3, 3, 4])
            days = generator.choice([0, 0, 1, 2, 9, 60])
            now += timedelta(days=days if state else 0)
            card, _ = reference.review_card(card, ReferenceRating(grade), now)
            state = model.next(*state, days, Rating(grade)) if state else model.first(Rating(grade))
            assert card.stability is not None
            if card.stability > LONGEST:
                break  # The package knows no longest stability; Anki and studytui do.
            assert state == pytest.approx((card.stability, card.difficulty), rel=1e-9)
            later = now + timedelta(days=30)
            assert model.retrievability(state[0], 30) == pytest.approx(
                reference.get_card_retrievability(card, later), rel=1e-9
            )


@pytest.mark.parametrize("retention", [0.75, 0.9, 0.97])
def test_an_interval_ends_when_recall_has_fallen_to_the_retention(retention: float) -> None:
    model = Model()
    for stability in (0.01, 1.0, 50.0, 30_000.0):
        days = model.interval(stability, retention)
        assert model.retrievability(stability, days) == pytest.approx(retention, rel=1e-12)


def test_stability_is_bounded() -> None:
    model = Model()
    stability, difficulty = model.next(LONGEST, 1.0, 36_500, Rating.EASY)
    assert stability == LONGEST
    assert difficulty == 1.0
