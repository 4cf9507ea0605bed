"""An exercise from draft to grade, with real runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from threading import Thread

import pytest

from studytui.cards.question import AnswerField
from studytui.errors import StudyError
from studytui.library.pack import load_pack
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.events import Exercised, Trusted
from studytui.study import questions
from studytui.study.desk import Desk
from studytui.study.editors import chosen_editor
from studytui.study.exercising import ExerciseBench, first_draft
from studytui.study.fading import Rung
from studytui.study.plain.review import converse
from studytui.study.plain.terminal import Terminal
from tests.asked import EVERY_CARD
from tests.shared import on_shared_processes

PACK = 'id = "lab"\ntitle = "A lab"\n\n[[tracks]]\nid = "things"\ntitle = "Things"\n'
ARTICLE = """---
id: twice
title: Twice
track: things
---

Twice two is four.

```{exercise} things/two:double
title: Twice a number
ask: Write `double(x)`, which gives $2x$.
hints:
  - What is $x + x$?
  - It is `x + x`.
```
"""
SNIPPET = dedent('''
    """Two exercises."""
    import typer

    FACTOR = 2

    def double(x):
        """Twice x."""
        # exercise: double x
        # solution
        return FACTOR * x
        # end

    def half(x):
        # exercise: halve x
        # solution
        return x / 2
        # end

    def check_double(seed=0):
        for n in (0, 1 + seed, 2):
            case = {"x": n}
            came = double(**case)
            should = 2 * n
            assert came == should, f"twice {n}"

    def check_half():
        assert half(3) == 1.5

    def main(n: int = 2):
        print(double(n))

    if __name__ == "__main__":
        typer.run(main)
''').lstrip()
ID = "things/two:double"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "lab"
    (root / "things").mkdir(parents=True)
    (root / "snippets" / "things").mkdir(parents=True)
    (root / "pack.toml").write_text(PACK)
    (root / "things" / "twice.md").write_text(ARTICLE)
    (root / "snippets" / "things" / "two.py").write_text(SNIPPET)
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(review=EVERY_CARD)) as desk:
        desk.packs = (replace(load_pack(root), shipped=True),)
        desk.library.refresh()
        yield on_shared_processes(desk)


def bench(desk: Desk, clock: Clock, **named: object) -> ExerciseBench:
    block = desk.library.exercise(ID)
    assert block is not None
    return ExerciseBench(desk, block, clock, **named)  # type: ignore[arg-type]


def test_the_draft_is_the_function_alone_with_its_gap_open(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    assert found.draft.startswith('def double(x):\n    """Twice x."""\n    # Your turn: double x')
    assert "FACTOR" not in found.draft
    assert "half" not in found.draft


def test_a_right_function_passes_and_is_good(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    judged = found.check("def double(x):\n    return x + x\n")
    assert (judged.passed, judged.mismatch) == (True, None)
    assert (found.tries, found.grade) == (1, 3)
    assert "FACTOR" in found.solution()
    assert (found.shown, found.grade) == (0, 3)
    found.record()
    event = desk.ledger.journal.last(Exercised.kind, ID)
    assert event is not None
    assert event.body == Exercised(ID, "def double(x):\n    return x + x\n", True, 1, rung=1)


def test_the_first_failing_case_is_told_and_the_draft_stays(desk: Desk, clock: Clock) -> None:
    text = "def double(x):\n    return x * x\n"
    judged = bench(desk, clock).check(text)
    assert not judged.passed
    assert judged.says == "twice 1"
    assert judged.mismatch is not None
    assert judged.mismatch.should[0].rows == ((("2", True),),)
    assert judged.line == 0
    assert bench(desk, clock).draft == text


def test_an_error_is_told_with_the_readers_own_line(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    judged = found.check("import math\n\ndef double(x):\n    y = x\n    return y + missing\n")
    assert (judged.line, judged.text) == (5, "return y + missing")
    assert judged.says == "NameError: name 'missing' is not defined"
    assert found.tries == 1


def test_what_is_not_python_has_its_line_and_is_no_try(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    judged = found.check("def double(x):\n    return (x +\n")
    assert not judged.passed
    assert "not Python" in judged.says
    assert judged.line == 2
    assert found.tries == 0


def test_what_is_printed_comes_with_the_verdict(desk: Desk, clock: Clock) -> None:
    judged = bench(desk, clock).check("def double(x):\n    print('x is', x)\n    return 2 * x\n")
    assert judged.printed[:2] == ("x is 0", "x is 1")


def test_a_function_that_does_not_end_is_stopped(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    verdicts = []
    text = "def double(x):\n    print('here', flush=True)\n    while True: pass\n"
    thread = Thread(target=lambda: verdicts.append(found.check(text)))
    thread.start()
    while thread.is_alive():
        found.stop()
        thread.join(0.1)
    assert not verdicts[0].passed
    assert "interrupted" in verdicts[0].says or "killed" in verdicts[0].says


def test_help_and_many_tries_lower_the_grade(desk: Desk, clock: Clock) -> None:
    right = "def double(x):\n    return x + x\n"
    hinted = bench(desk, clock)
    assert [hinted.hint() for _ in range(3)] == [
        (1, "What is $x + x$?"),
        (2, "It is `x + x`."),
        (2, "It is `x + x`."),
    ]
    hinted.check(right)
    assert hinted.grade == 2
    slow = bench(desk, clock)
    clock.now += timedelta(hours=1)
    slow.check(right)
    assert slow.grade == 2
    shown = bench(desk, clock)
    assert "return FACTOR * x" in shown.solution()
    assert "# solution" not in shown.solution()
    shown.check(right)
    assert shown.grade == 1
    failing = bench(desk, clock)
    failing.tries = 4
    failing.check(right)
    assert failing.grade == 2


def test_a_card_begins_from_the_open_gap_and_leaves_the_draft_alone(
    desk: Desk, clock: Clock
) -> None:
    written = bench(desk, clock)
    written.save("def double(x):\n    return 7\n")
    fresh = bench(desk, clock, fresh=True, seed=7)
    assert "Your turn" in fresh.draft
    assert not fresh.check("def double(x):\n    return 2 if x == 1 else 2 * x + (x == 2)\n").passed
    assert bench(desk, clock).draft == "def double(x):\n    return 7\n"
    assert written.begin_again() == fresh.definition.draft + "\n"
    assert written.path.with_suffix(".py.old").read_text() == "def double(x):\n    return 7\n"


def test_it_is_scheduled_like_a_card_and_found_by_searching(desk: Desk, clock: Clock) -> None:
    assert ID in [record.card for record in desk.records()]
    question = questions.question_of(desk, ID)
    assert question.field is AnswerField.EXERCISE
    assert "Write `double(x)`" in question.prompt
    assert "return FACTOR * x" in question.answer
    assert questions.place_of(desk, ID).line == 9
    (record,) = questions.record_of(desk, desk.library.exercise(ID))  # type: ignore[arg-type]
    assert questions.grade_in_text(desk, record, Rating.GOOD, clock()).wait
    assert desk.ledger.state(ID).reps == 1
    hits = desk.library.search("twice a number")
    assert ("exercise", ID) in [(hit.kind, hit.id) for hit in hits]


def test_code_that_was_not_trusted_is_not_run(desk: Desk, clock: Clock) -> None:
    (shipped,) = desk.packs
    desk.packs = (replace(shipped, shipped=False),)
    found = bench(desk, clock)
    with pytest.raises(StudyError, match="not trusted"):
        found.check("def double(x):\n    return x + x\n")
    seen = found.untrusted
    assert seen is not None
    found.trust(seen)
    assert desk.ledger.journal.last(Trusted.kind, "lab:things/two") is not None
    assert found.check("def double(x):\n    return x + x\n").passed


def test_a_gentle_editor_comes_before_vi() -> None:
    assert chosen_editor({}, lambda name: "/bin/nano" if name == "nano" else None) == "nano"
    assert chosen_editor({}, lambda name: None) in ("vi", "notepad")
    assert chosen_editor({"EDITOR": "hx"}, lambda name: "/bin/x") == "hx"


def test_it_fades_over_days_and_the_schedule_counts_from_the_signature_on(
    desk: Desk, clock: Clock
) -> None:
    right = "def double(x):\n    return x + x\n"
    rungs, drafts = [], []
    for _ in range(4):
        found = bench(desk, clock, fresh=True)
        rungs.append((found.rung, found.is_graded))
        drafts.append(found.draft)
        assert found.check(right).passed
        found.record()
        clock.now += timedelta(days=1)
    assert rungs == [(1, False), (2, True), (3, True), (3, True)]
    assert "Twice x." in drafts[1]
    assert drafts[2] == "# Your turn: def double(x)\n"


def test_who_looks_at_the_solution_reads_it_the_next_day(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock)
    found.solution()
    found.record()
    clock.now += timedelta(days=1)
    watched = bench(desk, clock)
    assert (watched.rung, watched.draft) == (0, first_draft(watched.definition, Rung.WATCH))
    watched.solution()
    assert watched.shown == 0  # it stands there anyway
    assert watched.check(watched.draft).passed
    watched.record()
    clock.now += timedelta(days=1)
    assert bench(desk, clock).rung == 1


def test_more_of_it_on_the_page_is_help_that_is_remembered(desk: Desk, clock: Clock) -> None:
    found = bench(desk, clock, rung=Rung.EMPTY)
    found.save("def double(x):\n    return 0\n")
    assert found.turn(-1)
    assert "Your turn: double x" in found.draft
    assert found.check("def double(x):\n    return x + x\n").passed
    assert found.grade is Rating.HARD
    found.record()
    event = desk.ledger.journal.last(Exercised.kind, ID)
    assert event is not None
    assert isinstance(event.body, Exercised)
    assert event.body.rung == 2
    assert bench(desk, clock, rung=Rung.EMPTY).draft == "def double(x):\n    return 0\n"


def test_the_plain_review_takes_it_line_by_line(desk: Desk, clock: Clock) -> None:
    desk.ledger.record(Exercised(ID, "", True, rung=1), clock.now - timedelta(days=1))
    words = iter(
        [
            "def double(x):",
            "    return x",
            ".",
            "def double(x):",
            "",
            "    return x + x",
            ".",
            "",
            "q",
        ]
    )
    said: list[str] = []

    def ask(prompt: str) -> str:
        try:
            return next(words)
        except StopIteration:
            raise EOFError from None

    converse(desk, Terminal(ask, said.append, clock))
    told = "\n".join(said)
    assert "Your turn: double x" in told
    assert "came    should be" in told
    assert "saved: things/two:double good" in told
    assert desk.ledger.state(ID).reps == 1


RIGHT = """def deep_copy(x, memo=None):
    memo = {} if memo is None else memo
    if not isinstance(x, list):
        return x
    if id(x) not in memo:
        memo[id(x)] = []
        memo[id(x)] += [deep_copy(item, memo) for item in x]
    return memo[id(x)]
"""
WRONG = "def deep_copy(x, memo=None):\n    return x\n"


@pytest.mark.parametrize(("draft", "code"), [(RIGHT, 0), (WRONG, 1)], ids=["right", "wrong"])
def test_the_shell_judges_a_file(tmp_path: Path, draft: str, code: int) -> None:
    path = tmp_path / "draft.py"
    path.write_text(draft)
    command = [sys.executable, "-m", "studytui", "exercise", "deep_copy", "--check", str(path)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "STUDYTUI_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == code, done.stderr
    assert ("Right: every property holds." in done.stdout) == (code == 0)
