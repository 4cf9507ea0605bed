from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.derive.prover import Prover
from studytui.library.derivations import DerivationSource, StepSource
from studytui.study.benching import Bench

SOURCE = DerivationSource(
    id="sum",
    article="a",
    title="A sum",
    symbols=(("x", "real"),),
    given="y = x + x + x + x",
    goal="y = 4*x",
    steps=(
        StepSource("2*x + x + x", say="Two", hints=("Begin on the left.",)),
        StepSource("3*x + x", say="Three"),
        StepSource("4*x", say="Four"),
    ),
)


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover(seconds=10) as prover:
        yield prover


def test_a_derivation_worked_without_help_is_good(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert not bench.write("5x").accepted
    assert bench.write("3x + x").accepted
    assert not bench.done
    assert bench.write("4x").done
    assert (bench.done, bench.mistakes, bench.grade) == (True, 1, 3)


def test_hints_make_it_hard_and_shown_lines_again(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert bench.hint() == (1, "Begin on the left.")
    assert bench.hint()[0] == 2
    bench.write("4x")
    assert bench.grade == 2
    shown = Bench(SOURCE, prover)
    assert shown.give_next() == "2*x + x + x"
    shown.write("4x")
    assert (shown.done, shown.grade) == (True, 1)


def test_giving_every_line_ends_at_the_goal(prover: Prover) -> None:
    bench = Bench(SOURCE, prover)
    assert [bench.give_next() for _ in range(4)] == ["2*x + x + x", "3*x + x", "4*x", ""]
    assert bench.done


def test_every_other_time_it_is_asked_from_a_middle_line(prover: Prover) -> None:
    assert Bench(SOURCE, prover, asked=2).lines == []
    again = [Bench(SOURCE, prover, asked=3).lines for _ in range(2)]
    assert again[0] == again[1] == ["2*x + x + x"]
    bench = Bench(SOURCE, prover, asked=3)
    assert bench.undo() == ""
    bench.write("4x")
    assert bench.undo() == "4x"
    assert not bench.done
