from __future__ import annotations

import threading

import pytest

from studytui.study.verifying.estimate import Estimate, in_words
from studytui.study.verifying.pool import Began, Done, Pool


def test_two_work_at_once() -> None:
    both = threading.Barrier(2, timeout=60)

    def work(task: int) -> int:
        both.wait()
        return task * task

    events = list(Pool(lambda: work, 2).run([2, 3]))
    assert sorted(event.number for event in events if isinstance(event, Began)) == [0, 1]
    assert {event.number: event.result for event in events if isinstance(event, Done)} == {
        0: 4,
        1: 9,
    }


def test_nothing_to_do() -> None:
    assert list(Pool(lambda: str, 2).run([])) == []


def test_what_a_worker_raises_is_raised_where_it_is_waited_for() -> None:
    def work(task: int) -> int:
        raise OverflowError(task)

    with pytest.raises(OverflowError):
        list(Pool(lambda: work, 2).run([1, 2, 3]))


def test_a_worker_that_cannot_be_made() -> None:
    def make() -> object:
        raise OverflowError

    with pytest.raises(OverflowError):
        list(Pool(make, 2).run([1]))  # type: ignore[arg-type]


def test_who_stops_gets_no_more_begun() -> None:
    pool: Pool[int, int] = Pool(lambda: abs, 1)
    events = pool.run(range(1000))
    next(events)
    pool.stop()
    # What was under way may still be told; the rest never begins.
    assert pool.stopped.is_set()


def test_estimates() -> None:
    estimate = Estimate([1, 3, 4])
    assert estimate.left(10) is None
    estimate.finished(2)
    assert estimate.left(10) == 10
    estimate.finished(1)
    assert estimate.left(14) == 2
    assert (in_words(0.2), in_words(89), in_words(150)) == (
        "about 1 s left",
        "about 89 s left",
        "about 2 min left",
    )
