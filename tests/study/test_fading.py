"""How help fades: the stage of a derivation follows from what was done, one step a day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studytui.store.events import Derived, Event, Exercised, Moment, Review
from studytui.study.fading import (
    Rung,
    Stage,
    first_rung,
    first_stage,
    rung_after,
    stage_after,
)

CLEAN = Derived("d", "4*x", done=True, stage=5)
FAILED = Derived("d", "4*x", done=True, shown=1, stage=1)
WATCHED = Derived("d", "4*x", done=True, stage=0)
WRITTEN = Exercised("x:f", "def f(): ...", passed=True, tries=1, rung=3)
SEEN = Exercised("x:f", "def f(): ...", passed=True, shown=1, rung=1)


def on(day: int, body: Derived | Exercised | Review) -> Event:
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
    assert [stage.is_scheduled for stage in Stage] == [False, False, False, True, True, True]
    assert [rung.is_scheduled for rung in Rung] == [False, False, True, True]


def test_who_fails_with_one_line_missing_watches_and_goes_on_from_there() -> None:
    failed = [on(1, FAILED)]
    assert stage_after(failed) is Stage.WATCH
    assert stage_after([*failed, on(2, WATCHED)]) is Stage.LAST_KEY
    assert stage_after([*failed, on(2, replace(WATCHED, hints=2))]) is Stage.LAST_KEY


def test_an_exercise_fades_from_one_line_to_the_empty_page() -> None:
    rungs = []
    events: list[Event] = []
    for day in range(1, 5):
        rungs.append(rung_after(events))
        events.append(on(day, replace(WRITTEN, rung=int(rungs[-1]))))
    assert rungs == [Rung.LAST_LINE, Rung.SKELETON, Rung.EMPTY, Rung.EMPTY]


@pytest.mark.parametrize(
    ("body", "rung"),
    [
        (SEEN, Rung.LAST_LINE),
        (replace(WRITTEN, passed=False), Rung.LAST_LINE),
        (replace(WRITTEN, hints=1), Rung.SKELETON),
        (replace(WRITTEN, tries=4), Rung.SKELETON),
        (replace(WRITTEN, rung=1), Rung.SKELETON),
        (WRITTEN, Rung.EMPTY),
    ],
)
def test_an_exercise_goes_up_by_unaided_success_and_down_by_failure(
    body: Exercised, rung: Rung
) -> None:
    assert rung_after([on(1, WRITTEN), on(2, body)]) is rung
    assert rung_after([on(1, WRITTEN), on(1, body)]) is Rung.SKELETON


def test_who_knew_the_article_begins_with_the_empty_page() -> None:
    assert stage_after([], first_stage(known=True)) is Stage.EMPTY
    assert rung_after([], first_rung(known=True)) is Rung.EMPTY
    assert rung_after([on(1, SEEN)], first_rung(known=True)) is Rung.SKELETON
