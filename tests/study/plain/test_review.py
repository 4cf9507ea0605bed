"""The review in lines of text, as a person and a script use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.journal import Journal
from studytui.study.desk import Desk
from studytui.study.plain.review import converse
from studytui.study.plain.terminal import Terminal
from studytui.study.review import Mode, Summary
from tests.asked import EVERY_CARD
from tests.shared import on_shared_processes, refreshed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ARTICLE = """---
id: sums
title: Sums
track: sums
---
# Sums

Adding is repeated counting.

```{card} s-basic
kind: basic
ask: What is *adding*?
answer: Counting on.
```
```{card} s-choice
kind: choice
ask: Which are even?
right: ["2", "4"]
wrong: ["3"]
```
```{card} s-number
kind: number
ask: How much is 2 + 3?
answer: "2 + 3"
```
```{card} s-cloze
kind: cloze
text: One and {{c1::one}} is {{c2::two}}.
```
```{card} s-output
kind: output
ask: What is printed?
code: print(1 + 1)
```
```{card} s-order
kind: order
ask: From small to large.
lines: ["1", "2", "3"]
```
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pack = tmp_path / "pack"
    (pack / "sums").mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'id = "sums"\ntitle = "Sums"\n[[tracks]]\nid = "sums"\ntitle = "Sums"\n'
    )
    (pack / "sums" / "sums.md").write_text(ARTICLE)
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(packs=(str(pack),), review=EVERY_CARD)) as desk:
        yield refreshed(on_shared_processes(desk))


class Reader:
    """Someone at the terminal: types lines, one every five seconds, and sees what is said."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.seen: list[str] = []
        self.now = NOW

    def ask(self, invitation: str) -> str:
        self.seen.append(invitation)
        self.now += timedelta(seconds=5)
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    @property
    def text(self) -> str:
        return "\n".join(self.seen)

    def review(self, desk: Desk, mode: Mode = Mode.REVIEW) -> Summary:
        terminal = Terminal(self.ask, self.seen.append, lambda: self.now)
        return converse(desk, terminal, track="sums", mode=mode)


def test_question_answer_grade(desk: Desk) -> None:
    reader = Reader("", "3")
    summary = reader.review(desk)
    assert summary.answers == 1
    assert "What is adding?" in reader.text
    assert "Counting on." in reader.text
    assert "[1] again 1m, [2] hard 6m, [3] good 10m" in reader.text
    assert "saved: s-basic good, again in 10m" in reader.text
    assert "1 answer to 1 card, 1 of them new, in 0 min 10 s." in reader.text
    assert desk.ledger.state("s-basic").reps == 1


def test_typed_answers_propose_a_grade_that_enter_takes(desk: Desk) -> None:
    reader = Reader("", "4", "", "4", "5", "", "one", "")
    assert reader.review(desk).grades == (0, 0, 2, 2)
    assert reader.text.count("(Enter: good)") == 2
    assert desk.ledger.state("s-cloze/c1").reps == 1


def test_a_wrong_number_proposes_again_and_shows_the_right_one(desk: Desk) -> None:
    reader = Reader("", "4", "", "4", "6", "")
    assert reader.review(desk).grades == (1, 0, 0, 2)
    assert "(Enter: again)" in reader.text
    assert desk.ledger.state("s-number").reps == 1


def test_choices_are_picked_by_number(desk: Desk) -> None:
    reader = Reader("", "4", "9", "1 2 3", "")
    reader.review(desk)
    assert "answer with numbers from 1 to 3" in reader.text
    assert desk.ledger.state("s-choice").reps == 1


def test_an_output_card_runs_its_program_only_when_it_is_trusted(desk: Desk) -> None:
    """The pack did not come with studytui."""
    reader = Reader(*["", "4"] * 4, "", "q")
    reader.review(desk)
    assert "print(1 + 1)" in reader.text
    assert "did not come with studytui" in reader.text


def test_undo_and_the_other_keys(desk: Desk) -> None:
    reader = Reader(
        "", "4", "", "u", "", "", "nonsense", "3", "", "b", "", "s", "", "! wrong sign", "q"
    )
    summary = reader.review(desk)
    assert "grade the card first" in reader.text
    assert "'nonsense' is none of the keys" in reader.text
    assert "buried until tomorrow" in reader.text
    assert "suspended: s-number" in reader.text
    assert summary.grades == (0, 0, 1, 0)
    with desk.ledger.journal.reading():
        report = desk.ledger.journal.latest("report")
    assert [event.body.text for event in report.values()] == ["wrong sign"]  # type: ignore[union-attr]


def test_quitting_at_the_question_is_possible(desk: Desk) -> None:
    reader = Reader("q")
    assert reader.review(desk).answers == 0
    assert reader.text.endswith("No card was graded.")


def test_the_end_says_when_the_next_card_comes(desk: Desk) -> None:
    desk.settings = replace(desk.settings, review=replace(EVERY_CARD, learn_ahead=0))
    reader = Reader("", "3", *["", "4"] * 9)
    reader.review(desk)
    assert reader.text.count("saved:") == 6, "one of the two gaps waits for tomorrow"
    assert "a card being learnt comes back in 9 minutes" in reader.text
    later = Reader("", "4")
    later.now = reader.now + timedelta(minutes=10)
    later.review(desk)
    assert "Nothing more is due today." in later.text


def test_cramming_changes_nothing(desk: Desk) -> None:
    reader = Reader(*["", "3"] * 3, "q")
    assert reader.review(desk, Mode.CRAM).answers == 3
    assert desk.ledger.state("s-basic").reps == 0


def test_a_card_graded_in_another_window_is_told_and_passed_over(
    desk: Desk, tmp_path: Path
) -> None:
    class Interrupted(Reader):
        def ask(self, invitation: str) -> str:
            if invitation == "> " and not desk.ledger.state("s-basic").reps:
                with Journal.open(tmp_path / "data" / "journal.db") as other:
                    from studytui.memory.ledger import Ledger

                    Ledger(other, Settings()).grade(
                        "s-basic", Rating.GOOD, NOW, retention=0.9, factor=None
                    )
            return super().ask(invitation)

    reader = Interrupted("", "3", "q")
    assert reader.review(desk).answers == 0
    assert "graded elsewhere" in reader.text
    assert desk.ledger.state("s-basic").reps == 1
