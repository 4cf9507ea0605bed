from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.study.derivation_session import Bench
from studytui.study.fading import Stage

SOURCE = DerivationSource(
    id="sum",
    article="a",
    title="A sum",
    symbols=(("x", "real"),),
    given="y = x + x + x + x",
    goal="y = 4*x",
    steps=(
        StepSource("2*x + x + x", say="Two", hints=("Begin on the left.",), key=True),
        StepSource("3*x + x", say="Three", key=True),
        StepSource("4*x", say="Four"),
    ),
)
LIMIT = DerivationSource(
    id="limit",
    article="a",
    title="A limit",
    symbols=(("n", "positive integer"), ("x", "real")),
    given="x * (1 + 1/n)",
    goal="x",
    steps=(StepSource("x + x/n"), StepSource("x", by="limit n oo")),
)


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover(seconds=10) as prover:
        yield prover


def test_a_derivation_worked_without_help_is_good(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert not bench.write("4x^2 + 1").accepted
    assert bench.write("x + x + 2x").accepted
    assert bench.write("3x + x").accepted
    assert not bench.done
    assert bench.write("4x").done
    assert (bench.done, bench.mistakes, bench.grade) == (True, 1, 3)


def test_the_goal_alone_is_right_and_does_not_finish_it(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    for _ in range(2):
        judged = bench.write("4x")
        assert (judged.accepted, judged.leap, judged.done) == (True, True, False)
        assert "this is the goal. Show how: 2 lines between are missing." in judged.message
    assert bench.lines == []
    assert not bench.done
    # Lines may come by any route and in any order; with the last of them it is finished.
    assert not bench.write("3x + x").done
    judged = bench.write("2x + x + x")
    assert judged.done
    assert "the goal that you wrote is reached" in judged.message
    assert (bench.done, bench.grade) == (True, 3)


def test_the_goal_in_another_spelling_or_in_a_chain_is_no_key_line(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    for text in ("x*4", "4x + 0", "= 2 * 2x", "y = x + x + x + x = 4x"):
        assert bench.write(text).leap, text
    assert bench.write("y = x + x + 2x = 3x + x = 4x").done


def test_lines_of_another_route_stand_for_those_they_are_made_like(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert bench.write("x + 2x + x").accepted
    assert not bench.write("x + 3x").missing


def test_a_key_line_is_judged_in_its_place_after_a_leap_that_is_one_way(prover: Prover) -> None:
    bench = Bench(LIMIT, prover)
    bench.write("x + x/n")
    assert bench.write("x").done
    other = Bench(LIMIT, prover)
    assert not other.write("x").done
    assert other.write("x + x/n").accepted
    assert other.done or other.write("x").done


def test_where_no_line_is_marked_the_last_before_the_goal_counts(prover: Prover) -> None:
    steps = tuple(replace(step, key=False) for step in SOURCE.steps)
    bench = Bench(replace(SOURCE, steps=steps), prover)
    assert "one line between is missing" in bench.write("4x").message
    assert bench.write("3x + x").done
    # A last line that only spells the goal in another way carries no idea.
    spelt = (*steps[:2], StepSource("x*4"), steps[2])
    bench = Bench(replace(SOURCE, steps=spelt), prover)
    assert bench.write("4x").leap
    assert bench.write("3x + x").done


def test_hints_make_it_hard_and_shown_lines_again(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert bench.hint() == (1, "Begin on the left.")
    assert bench.hint()[0] == 2
    for line in ("2x + x + x", "3x + x", "4x"):
        bench.write(line)
    assert (bench.done, bench.grade) == (True, 2)
    shown = Bench(SOURCE, prover)
    assert shown.give_next() == "2*x + x + x"
    shown.write("3x + x")
    shown.write("4x")
    assert (shown.done, shown.grade) == (True, 1)


def test_giving_every_line_ends_at_the_goal(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert [bench.give_next() for _ in range(4)] == ["2*x + x + x", "3*x + x", "4*x", ""]
    assert bench.done


def test_a_line_that_is_taken_back_takes_what_followed_by_itself(prover: Prover) -> None:
    bench = Bench(SOURCE, prover, stage=Stage.TWO_KEYS)
    bench.write("2x + x + x")
    bench.write("3x + x")
    assert bench.done
    assert bench.undo() == "3x + x"
    assert (bench.done, bench.lines) == (False, ["2x + x + x"])
    assert bench.undo() == "2x + x + x"
    assert bench.undo() == ""


def test_at_first_all_lines_stand_there_but_the_last_that_carries_the_idea(prover: Prover) -> None:
    bench = Bench(SOURCE, prover, stage=Stage.LAST_KEY)
    assert (bench.lines, bench.below) == (["2*x + x + x"], ["4*x"])
    assert not bench.begun
    judged = bench.write("4x")
    assert judged.leap
    assert not bench.done
    assert bench.write("3x + x").done
    assert bench.lines == ["2*x + x + x", "3x + x", "4*x"]
    assert bench.grade == 3
    assert bench.record().stage == 1


def test_a_line_that_stands_below_the_gap_does_not_fill_it(prover: Prover) -> None:
    steps = (replace(SOURCE.steps[0], key=False), SOURCE.steps[1], StepSource("2*(2*x)/1"))
    source = replace(SOURCE, steps=(*steps, StepSource("x + x + 2*x"), SOURCE.steps[2]))
    bench = Bench(source, prover, stage=Stage.LAST_KEY)
    judged = bench.write("x + x + 2x")
    assert judged.leap
    assert "stands below" in judged.message
    assert bench.write("3x + x").done


def test_help_fades_to_the_title_and_what_was_given_away_is_remembered(prover: Prover) -> None:
    bench = Bench(SOURCE, prover, stage=Stage.EMPTY)
    assert (bench.lines, bench.below, bench.words_below) == ([], [], [])
    assert bench.turn(-1)
    assert bench.words_below == ["Two", "Three", "Four"]
    assert bench.turn(-1)
    assert (bench.lines, bench.below) == ([], ["", "4*x"])
    assert bench.turn(-1)
    assert bench.turn(+1)
    bench.write("2x + x + x")
    bench.write("3x + x")
    assert (bench.done, bench.grade, bench.record().stage) == (True, 2, 1)


def test_what_is_watched_is_uncovered_line_by_line_and_counts_as_no_help(prover: Prover) -> None:
    bench = Bench(SOURCE, prover, stage=Stage.WATCH)
    assert (bench.lines, bench.below, bench.turn(-1)) == ([], [], False)
    while not bench.done:
        assert bench.give_next()
    assert bench.lines == [step.to for step in SOURCE.steps]
    assert (bench.shown, bench.asked.is_scheduled) == (0, False)
    assert bench.record().stage == 0
    asked = Bench(SOURCE, prover, stage=Stage.EMPTY)
    while asked.stage is not Stage.WATCH:
        assert asked.turn(-1)
    while asked.give_next():
        pass
    assert asked.grade == 1


def test_a_derivation_that_cannot_be_read_is_told_with_the_first_line(prover: Prover) -> None:
    source = replace(SOURCE, steps=(StepSource("2*("), SOURCE.steps[2]))
    bench = Bench(source, prover, stage=Stage.LAST_KEY)
    assert "Cannot be read" in bench.write("4x").message


@pytest.mark.parametrize(
    ("wrong", "named"), [("y = 2*x^2 + 5*x", []), ("y = 2*x^2 + 2*x", ["middle-term-wrong"])]
)
def test_what_is_defined_by_a_term_is_no_equation_to_move_terms_in(
    wrong: str, named: list[str], prover: Prover
) -> None:
    steps = (StepSource("y = 2*x^2 + 4*x", key=True), StepSource("y = 2*x*(x + 2)"))
    square = replace(SOURCE, given="y = 2*(x + 1)^2 - 2", goal="y = 2*x*(x + 2)", steps=steps)
    bench = Bench(square, prover)
    bench.write(wrong)
    assert bench.named == named
