"""A day keeps to its minutes, asks nothing before it was read, and owes nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task
from studytui.store.states import CardState, Phase
from studytui.study.fading import Stage
from studytui.study.planning.compose import Budget, Day, compose
from studytui.study.planning.history import History, Worked
from studytui.study.planning.syllabus import Course, Place, Syllabus

TODAY = 739_000
BUDGET = Budget(1500.0)


def course(name: str, *needs: str, sections: int = 4) -> Course:
    return Course(
        name,
        name.title(),
        "track",
        needs,
        tuple(
            Section(
                f"part-{n}",
                f"Part {n}",
                10 * n + 1,
                200,
                (
                    Task(Activity.ANSWER, (f"{name}-{n}",), "basic", 20, 10 * n + 5),
                    *(
                        (Task(Activity.DERIVE, (f"{name}-proof",), "derive", 135, 10 * n + 8),)
                        if n == 1
                        else ()
                    ),
                ),
            )
            for n in range(sections)
        ),
    )


def syllabus(*courses: Course) -> Syllabus:
    places = {
        name: Place(each.id, task) for each in courses for task in each.tasks for name in task.ids
    }
    return Syllabus(courses, places)


def known(due: int, last: int = 10) -> CardState:
    """A card in review, due so many days from now."""
    return CardState(
        phase=Phase.REVIEW,
        stability=10.0,
        difficulty=5.0,
        due_day=TODAY + due,
        last_day=TODAY - last,
        interval=last + due,
        reps=3,
        first_day=TODAY - 30,
    )


def recall(state: CardState, day: int) -> float:
    return 1 / (1 + (day - state.last_day) / 20)


def composed(
    plan: Syllabus,
    states: dict[str, CardState] | None = None,
    history: History | None = None,
    budget: Budget = BUDGET,
) -> Day:
    return compose(plan, states or {}, history or History(TODAY), budget, recall)


def many(count: int, due: int = 0) -> tuple[Syllabus, dict[str, CardState]]:
    """Articles that were read long ago, each with cards that are due."""
    courses = [course(f"old{n}", sections=count) for n in range(4)]
    plan = syllabus(*courses)
    return plan, {
        name: known(due, last=5 + n)
        for each in courses
        for n, task in enumerate(each.of(Activity.ANSWER))
        for name in task.ids
    }


def read_all(plan: Syllabus, **changes: object) -> History:
    whole = frozenset(each.id for each in plan.courses)
    work = {
        task.ids[0]: Worked(TODAY - 20, TODAY - 25, Stage.EMPTY)
        for each in plan.courses
        for task in each.of(Activity.DERIVE)
    }
    history = History(TODAY, articles=whole, worked=work, last_day=TODAY - 1, first_day=TODAY - 40)
    return replace(history, **changes)  # type: ignore[arg-type]


def test_a_first_day_reads_and_asks_only_what_it_reads() -> None:
    day = composed(syllabus(course("adam", sections=8), course("next", "adam")))
    assert day.opens
    assert {piece.article for piece in day.pieces} == {"adam"}
    assert 0.8 * 1500 <= day.seconds <= 1.2 * 1500
    read: set[str] = set()
    for piece in day.pieces:
        if piece.activity is Activity.READ:
            read.add(piece.anchor)
        else:
            assert piece.anchor in read


def test_a_day_is_as_long_as_its_budget_whatever_is_due() -> None:
    for count in (5, 20, 80):
        plan, states = many(count)
        for name in list(states)[::7]:
            states[name] = known(0, last=30)
        day = composed(plan, states, read_all(plan))
        if count >= 20:
            assert 0.8 * 1500 <= day.seconds <= 1.1 * 1500
        assert day.due >= 4 * count


def test_the_first_day_back_is_no_longer_and_opens_nothing() -> None:
    plan, states = many(60)
    history = read_all(plan, last_day=TODAY - 15)
    day = composed(syllabus(*plan.courses, course("new")), states, history)
    assert day.away == 14
    assert day.seconds <= 1.1 * 1500
    assert not any(piece.article == "new" for piece in day.pieces)


def test_no_two_cards_of_one_article_in_a_row_while_another_waits() -> None:
    plan, states = many(6)
    (piece, *_) = composed(plan, states, read_all(plan)).pieces
    articles = [plan.places[card].article for card in piece.cards]
    assert all(one != other for one, other in pairwise(articles))


def test_what_the_open_article_needs_is_recalled_first_then_what_fades() -> None:
    old, other = course("old"), course("other")
    plan = syllabus(old, other, course("new", "old"))
    states = {f"old-{n}": known(0, last=5) for n in range(4)}
    states |= {f"other-{n}": known(0, last=5 + 20 * n) for n in range(4)}
    history = read_all(plan, articles=frozenset(["old", "other"]), touched={"new": 1})
    (piece, *_) = composed(plan, states, history).pieces
    assert piece.cards[0] == "old-0"
    # What was forgotten long ago loses less by another day than what is fresh.
    assert next(card for card in piece.cards if card.startswith("other")) == "other-0"


def test_few_deep_things_a_day_and_the_weakest_first() -> None:
    plan, states = many(2, due=50)
    proofs = [f"old{n}-proof" for n in range(4)]
    for n, name in enumerate(proofs):
        states[name] = known(0, last=5 + n)
    whole = syllabus(*plan.courses, course("new"))
    history = read_all(whole, articles=frozenset(each.id for each in plan.courses))
    history = replace(history, touched={"new": 1})
    day = composed(whole, states, history)
    deep = [p for p in day.pieces if p.activity is Activity.DERIVE and not p.fresh]
    assert [p.cards[0] for p in deep[:2]] == ["old3-proof", "old2-proof"]
    new = next(place for place, p in enumerate(day.pieces) if p.article == "new")
    assert all(day.pieces.index(p) < new for p in deep[:2])


def test_an_article_waits_for_what_it_needs() -> None:
    plan = syllabus(course("next", "adam"), course("adam"))
    assert composed(plan).pieces[0].article == "adam"
    placed = History(TODAY, placed=frozenset(["adam"]))
    assert composed(plan, history=placed).pieces[0].article == "next"


def test_a_day_that_is_done_brings_nothing_and_ten_minutes_more_bring_more() -> None:
    plan = syllabus(course("adam"))
    done = History(TODAY, spent={Activity.READ: 1480.0})
    assert not composed(plan, history=done).pieces
    more = composed(plan, history=replace(done, extra=10))
    assert more.pieces
    assert more.seconds <= 10 * 60 * 1.5


def test_a_rehearsed_derivation_comes_on_the_next_day_not_on_the_same() -> None:
    plan = syllabus(course("adam"))
    for last, comes in ((TODAY, False), (TODAY - 1, True)):
        work = {"adam-proof": Worked(last, last, Stage.TWO_KEYS)}
        states = {f"adam-{n}": known(50) for n in range(4)}
        history = replace(read_all(plan), worked=work)
        day = composed(plan, states, history)
        assert any("adam-proof" in piece.cards for piece in day.pieces) is comes


def test_the_same_values_give_the_same_day() -> None:
    plan, states = many(30)
    shuffled = dict(sorted(states.items(), key=lambda item: item[0][::-1]))
    assert composed(plan, states, read_all(plan)) == composed(plan, shuffled, read_all(plan))
