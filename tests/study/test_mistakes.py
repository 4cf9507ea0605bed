"""Mistakes that were named: kept in the journal, counted, and asked for again soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from studytui.cards.card import Tools
from studytui.cards.expression import ExpressionCard
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.memory.rating import Rating
from studytui.store import codec
from studytui.store.events import Event, Mistaken, Moment, SetMemory
from studytui.study.derivation_session import Bench, record
from studytui.study.desk import Desk
from studytui.study.grading import assess
from studytui.study.mistakes import keep_mistakes, mistakes_made
from studytui.study.pages import statistics_page
from studytui.study.statistics import statistics
from tests.shared import on_shared_processes
from tests.study.test_desk import NOW, desk_in

SOURCE = DerivationSource(
    id="made-up",
    article="autograd",
    title="t",
    symbols=(("a", "positive"), ("b", "positive")),
    given="log(a*b) - log(a)",
    goal="log(b)",
    steps=(StepSource("log(a) + log(b) - log(a)", key=True), StepSource("log(b)")),
)
WRONG = "log(a)*log(b) - log(a)"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield on_shared_processes(desk)


def worked(desk: Desk) -> Bench:
    bench = Bench(SOURCE, desk.prover)
    assert not bench.write(WRONG).accepted
    assert bench.write(SOURCE.steps[0].to).accepted
    assert bench.write(SOURCE.goal).done
    return bench


def in_review(desk: Desk, days: int) -> None:
    day = desk.ledger.days.day(NOW)
    known: Any = SetMemory(SOURCE.id, 30.0, 5.0, days, day + days)
    desk.ledger.act(known, NOW)


def test_a_mistake_that_was_named_is_no_trifle_and_is_kept(desk: Desk) -> None:
    bench = worked(desk)
    assert bench.named == ["log-of-a-product"]
    assert bench.grade is Rating.HARD
    record(desk, bench, NOW)
    assert mistakes_made(desk.ledger.journal) == (("log-of-a-product", 1),)


def test_a_derivation_in_which_a_mistake_was_named_comes_again_tomorrow(desk: Desk) -> None:
    in_review(desk, 40)
    record(desk, worked(desk), NOW, in_review=False)
    after = desk.ledger.state(SOURCE.id)
    assert after.due_day == desk.ledger.days.day(NOW) + 1
    assert after.stability == 30.0


def test_in_a_review_its_grade_says_when_it_comes_again(desk: Desk) -> None:
    in_review(desk, 40)
    before = desk.ledger.state(SOURCE.id)
    record(desk, worked(desk), NOW)
    assert desk.ledger.state(SOURCE.id) == before


def test_mistakes_are_counted_and_shown_the_most_frequent_first(desk: Desk) -> None:
    keep_mistakes(desk, "a-card", ["sign-lost"], NOW)
    keep_mistakes(desk, "a-card", [], NOW)
    keep_mistakes(desk, "d", ["chain-rule-inner-lost", "sign-lost"], NOW + timedelta(days=1))
    keep_mistakes(desk, "d", ["of-a-newer-version"], NOW)
    found = statistics(desk, NOW)
    assert found.mistakes[0] == ("sign-lost", 2)
    page = "\n".join(statistics_page(found))
    assert "   2  A sign lost" in page
    assert "   1  The chain rule's inner factor lost" in page
    assert "of-a-newer-version" in page


def test_an_expression_card_names_the_mistake_in_a_wrong_answer(desk: Desk) -> None:
    card = ExpressionCard(
        id="e", article="a", ask="?", answer="log(x) + log(y)",
        symbols=(("x", "positive"), ("y", "positive")),
    )  # fmt: skip
    tools = Tools(desk.prover, lambda code: code)
    found = assess(card.question("e", 0), "log(x + y)", tools)
    assert found.right is False
    assert found.mistakes == ("sum-of-logs",)
    assert "A sum of logarithms is the log of a product" in found.says
    assert assess(card.question("e", 0), "log(x y)", tools).mistakes == ()


def test_the_event_goes_through_lines_and_rows_as_it_is() -> None:
    body = Mistaken("d", "sign-lost sign-lost")
    event = Event(
        "0" * 32, "1" * 32, Moment(1_780_000_000_000, 0, 739_600), 1_780_000_000_000, body
    )
    assert codec.from_row(codec.to_row(event)) == event
    line = codec.to_line(event)
    assert '"mistakes":"sign-lost sign-lost"' in line
