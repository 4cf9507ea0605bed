"""Stability, difficulty, steps and intervals are those of the real Anki backend."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from studytui.memory.days import StudyDays, to_ms
from studytui.memory.fsrs6 import DEFAULT_PARAMETERS, Model
from studytui.memory.fuzz import bounds
from studytui.memory.rating import Rating
from studytui.memory.scheduler import Scheduler
from studytui.settings import MemorySettings
from studytui.store.states import NEW_CARD, CardState, Phase
from tests.memory.anki_backend import WIDE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="anki is installed on Linux only")

FITTED = (
    0.4, 1.1, 3.1, 12.0, 6.9, 0.61, 2.4, 0.02, 1.6, 0.12, 0.95, 1.9, 0.09, 0.31, 1.7, 0.4, 2.2,
    0.7, 0.2, 0.1, 0.21,
)  # fmt: skip
"""Parameters as fitting might give them."""


def ask_anki(zone: str, question: dict[str, Any]) -> dict[str, Any]:
    result = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("anki_backend.py"))],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": zone},
        check=True,
    )
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def histories(zone: str, now: datetime, count: int) -> list[list[tuple[datetime, int]]]:
    """Histories over a year and a half, through two summers: several reviews on one day, evenings
    that end after midnight. The hours next to the rollover are left out: there Anki, which counts
    back from today in steps of 24 hours, counts a day too many or too few in the other half of the
    year, and studytui goes by the calendar.
    """
    generator = random.Random(zone)
    wall_now = now.astimezone(ZoneInfo(zone))
    made = []
    for number in range(count):
        # A second of its own for each history: Anki's log knows a review by its instant.
        wall = wall_now.replace(second=number, microsecond=0) - timedelta(
            days=generator.randint(300, 560)
        )
        history = []
        for _ in range(generator.randint(1, 14)):
            hour = generator.choice([5, 9, 12, 18, 21, 22, 23, 24, 25])
            wall = wall.replace(hour=0, minute=generator.randrange(60)) + timedelta(hours=hour)
            for _ in range(generator.choice([1, 1, 1, 2, 3])):
                history.append((wall, generator.choice([1, 2, 3, 3, 3, 4])))
                wall += timedelta(minutes=generator.randint(1, 9))
            if wall.hour < 4:
                wall -= timedelta(days=1)
            wall += timedelta(days=generator.choice([1, 1, 2, 3, 7, 15, 40]))
            if wall > wall_now - timedelta(days=45):
                break
        made.append([(wall.astimezone(UTC), grade) for wall, grade in history])
    return made


@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Auckland"]
)
def test_memory_after_a_history(zone: str) -> None:
    now = datetime.now(UTC)
    days = StudyDays.of(zone, 4)
    made = histories(zone, now, 60)
    parameters = FITTED if zone == "Europe/Berlin" else DEFAULT_PARAMETERS
    answer = ask_anki(
        zone,
        {
            "parameters": parameters,
            "histories": [[(to_ms(instant), grade) for instant, grade in one] for one in made],
        },
    )
    scheduler = Scheduler(MemorySettings(parameters=parameters))
    for history, (stability, difficulty) in zip(made, answer["memory"], strict=True):
        state = NEW_CARD
        for instant, grade in history:
            state = scheduler.review(
                state, Rating(grade), day=days.day(instant), at_ms=to_ms(instant)
            )
        assert state.stability == pytest.approx(stability, rel=1e-4)
        assert state.difficulty == pytest.approx(difficulty, abs=1e-4)


def cards(count: int) -> list[tuple[CardState, int]]:
    """States of cards in all phases, and the days since their last review."""
    generator = random.Random(7)
    made = [(NEW_CARD, 0)]
    for _ in range(count):
        phase = generator.choice([1, 2, 2, 2, 3])
        state = CardState(
            phase=phase,
            step=generator.choice([0, 1]) if phase == Phase.LEARNING else 0,
            stability=round(10 ** generator.uniform(-1, 3), 4),
            difficulty=round(generator.uniform(1, 10), 3),
            interval=generator.choice([1, 2, 3, 10, 50, 300]) if phase > 1 else 0,
            reps=generator.randint(1, 20),
            last_day=700_000,
        )
        made.append((state, generator.choice([0, 0, 1, 2, 5, 20, 100, 400])))
    return made


@pytest.mark.parametrize(("parameters", "retention"), [(DEFAULT_PARAMETERS, 0.9), (FITTED, 0.85)])
def test_what_each_grade_leads_to(parameters: tuple[float, ...], retention: float) -> None:
    """Phase, wait, interval with fuzz, stability and difficulty of all four grades."""
    now_s = int(datetime.now(UTC).timestamp())
    made = cards(300)
    wanted = [
        {
            **{name: getattr(state, name) for name in ("phase", "step", "interval", "reps")},
            "stability": state.stability,
            "difficulty": state.difficulty,
            "days": days,
            "last_s": now_s - days * 86_400 - 1,
        }
        for state, days in made
    ]
    answer = ask_anki("UTC", {"parameters": parameters, "retention": retention, "cards": wanted})
    # Anki does not tell its fuzz factor, but what it makes of a wide interval: k of n places.
    lower, upper = bounds(WIDE, 1, 36500)
    places = 1 + upper - lower
    scheduler = Scheduler(MemorySettings(parameters=parameters))
    for (state, days), told in zip(made, answer["states"], strict=True):
        place = WIDE + told["fuzz"] - lower
        for grade, expected in enumerate(told["after"], 1):
            low, high = (
                scheduler.review(
                    state,
                    Rating(grade),
                    day=state.last_day + days,
                    at_ms=0,
                    retention=retention,
                    factor=factor,
                )
                for factor in ((place + 1e-6) / places, (place + 1 - 1e-6) / places)
            )
            assert low.phase == expected["phase"]
            assert low.stability == pytest.approx(expected["stability"], rel=1e-4)
            assert low.difficulty == pytest.approx(expected["difficulty"], abs=1e-4)
            assert low.due_ms == expected["seconds"] * 1000
            if low.phase == Phase.LEARNING:
                continue
            if _is_half(scheduler.model, low.stability, retention):
                assert abs(low.interval - expected["days"]) <= 1
            else:
                assert low.interval <= expected["days"] <= high.interval


def _is_half(model: Model, stability: float, retention: float) -> bool:
    """Whether single precision may round the interval to the other whole day."""
    exact = model.interval(stability, retention)
    return abs(exact % 1 - 0.5) < 1e-5 * exact
