"""How help fades: the stage of a derivation follows from what was done, one step a day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studytui.store.events import Derived, Event, Moment, Review
from studytui.study.fading import Stage, stage_after

CLEAN = Derived("d", "4*x", done=True, stage=5)
FAILED = Derived("d", "4*x", done=True, shown=1, stage=1)


def on(day: int, body: Derived | Review) -> Event:
    return Event(f"{day:032x}", "0" * 32, Moment(day * 86_400_000, 0, day), day, body)


def test_over_reviews_a_derivation_fades_from_one_gap_to_the_title() -> None:
    stages = []
    events: list[Event] = []
    for day in range(1, 7):
        stages.append(stage_after(events))
        events.append(on(day, replace(CLEAN, stage=int(stages[-1]))))
    assert stages == [1, 2, 3, 4, 5, 5]
    assert stages[-1] is Stage.TITLE


def test_a_day_changes_one_stage_at_most() -> None:
    assert stage_after([on(1, CLEAN)] * 3) is Stage.TWO_KEYS
    assert stage_after([on(1, CLEAN), on(1, FAILED)]) is Stage.TWO_KEYS


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        (FAILED, Stage.LAST_KEY),
        (replace(CLEAN, done=False), Stage.LAST_KEY),
        (replace(CLEAN, mistakes=3), Stage.LAST_KEY),
        (replace(CLEAN, hints=1), Stage.TWO_KEYS),
        (replace(CLEAN, mistakes=2), Stage.TWO_KEYS),
        (replace(CLEAN, stage=1), Stage.TWO_KEYS),
        (replace(CLEAN, mistakes=1), Stage.SKELETON),
    ],
)
def test_only_unaided_success_at_what_was_asked_goes_up(body: Derived, stage: Stage) -> None:
    assert stage_after([on(1, CLEAN), on(2, body)]) is stage


def test_other_events_change_nothing() -> None:
    assert stage_after([on(1, Review("d", 3))]) is Stage.LAST_KEY
    assert [stage.is_scheduled for stage in Stage] == [False, False, True, True, True]
