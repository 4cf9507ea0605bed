"""Which card comes next."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from studytui.memory.queue import CardRecord, Limits, Queue, build
from studytui.store.states import CardState, Phase, Tally

DAY = 739_000
PLENTY = Limits(20, 200)


def record(card: str, note: str = "") -> CardRecord:
    return CardRecord(card, note or card, "track")


def due(stability: float, **more: Any) -> CardState:
    return CardState(phase=Phase.REVIEW, stability=stability, due_day=DAY, **more)


def recall(state: CardState, day: int) -> float:
    return state.stability


def drain(queue: Queue, now_ms: int = 0, ahead_ms: int = 0) -> list[str]:
    cards = []
    while (card := queue.pop(now_ms, ahead_ms)) is not None:
        cards.append(card)
    return cards


def made(
    records: list[CardRecord],
    waiting: list[tuple[str, CardState]],
    *,
    seen: set[str] | None = None,
    answered: set[str] | None = None,
    limits: Limits = PLENTY,
    bury: bool = True,
) -> Queue:
    return build(
        records,
        waiting,
        seen=seen if seen is not None else {card for card, _ in waiting},
        answered=answered or set(),
        limits=limits,
        day=DAY,
        bury_siblings=bury,
        recall=recall,
    )


def test_reviews_come_by_falling_probability_of_recall() -> None:
    waiting = [("a", due(0.3)), ("b", due(0.9)), ("c", due(0.6))]
    assert drain(made([record(card) for card in "abc"], waiting)) == ["b", "c", "a"]


def test_new_cards_are_spread_among_the_reviews_in_their_own_order() -> None:
    waiting = [(f"r{number}", due(1 - number / 100)) for number in range(9)]
    records = [record(card) for card, _ in waiting] + [record(f"n{number}") for number in range(3)]
    cards = drain(made(records, waiting))
    places = [place for place, card in enumerate(cards) if card.startswith("n")]
    assert [cards[place] for place in places] == ["n0", "n1", "n2"]
    assert all(2 <= after - before <= 5 for before, after in pairwise(places))


def test_daily_limits_count_what_was_done() -> None:
    limits = Limits(3, 4).less(Tally(new=2, reviews=9), {})
    assert limits == Limits(1, 0)
    waiting = [("r", due(0.5))]
    queue = made([record(card) for card in ("r", "n1", "n2")], waiting, limits=limits)
    assert drain(queue) == ["n1"]


def test_a_track_has_a_limit_of_its_own_within_the_day_s() -> None:
    records = [replace(record(card), track=card[0]) for card in ("l1", "l2", "l3", "m1", "m2")]
    limits = Limits(4, 0, {"l": 3, "m": 1, "n": 0}).less(Tally(new=1, reviews=0), {"l": 1})
    assert limits == Limits(3, 0, {"l": 2, "m": 1, "n": 0})
    assert drain(made(records, [], limits=limits)) == ["l1", "l2", "m1"]
    assert drain(made(records, [], limits=Limits(9, 0, {"l": 0}))) == ["m1", "m2"]
    # A sibling that waits for another day uses up nothing of its track.
    twins = [replace(each, note="one") for each in records[:2]] + records[2:]
    assert drain(made(twins, [], limits=Limits(9, 0, {"l": 2, "m": 0}))) == ["l1", "l3"]


def test_one_card_of_a_note_a_day() -> None:
    records = [record("t/1", "t"), record("t/2", "t"), record("u/1", "u"), record("u/2", "u")]
    assert drain(made(records, [("t/1", due(0.5))], answered={"u/1"})) == ["t/1"]
    assert drain(made(records, [("t/1", due(0.5))], answered={"u/1"}, bury=False)) == [
        "t/1",
        "t/2",
        "u/1",
        "u/2",
    ]


def test_a_limit_of_one_note_does_not_use_up_the_day() -> None:
    records = [record("t/1", "t"), record("t/2", "t"), record("u/1", "u")]
    assert drain(made(records, [], limits=Limits(2, 0))) == ["t/1", "u/1"]


def test_learning_cards_come_when_their_minutes_are_over() -> None:
    learning = CardState(phase=Phase.LEARNING, due_ms=600)
    queue = made([record("l"), record("r")], [("l", learning), ("r", due(0.5))])
    assert queue.next_due() == 600
    assert queue.pop(0, 0) == "r"
    assert queue.pop(0, 0) is None
    assert queue.pop(0, 600) == "l", "nothing else is due: a little ahead is allowed"
    queue.learn(700, "l")
    assert queue.pop(700, 0) == "l"


def test_a_buried_or_unknown_card_does_not_come() -> None:
    waiting = [("a", due(0.5, buried_day=DAY)), ("gone", due(0.5)), ("b", due(0.4, buried_day=1))]
    assert drain(made([record("a"), record("b")], waiting)) == ["b"]


def test_a_card_can_be_put_first_and_forgotten() -> None:
    queue = Queue(["a", "b"], ["n"], [(5, "l")])
    queue.first("z", is_new=True)
    assert (queue.counts.new, queue.counts.reviews) == (2, 2)
    assert queue.pop(0, 0) == "z"
    queue.first("y", is_new=False)
    assert (queue.counts.new, queue.counts.reviews) == (1, 3)
    queue.forget("y")
    for card in ("a", "n", "l"):
        queue.forget(card)
    assert drain(queue, now_ms=10) == ["b"]
    assert queue.counts.total == 0
