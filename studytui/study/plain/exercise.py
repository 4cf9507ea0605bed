"""A function written in lines, or in the reader's editor, and judged by its properties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studytui.cards.question import Question
from studytui.errors import StudyError
from studytui.store.errors import StoreError
from studytui.study.exercising import ExerciseBench, Judged
from studytui.study.grading import Assessment
from studytui.study.plain.terminal import QuitError, Terminal

if TYPE_CHECKING:
    from studytui.run.events import Mismatch, Value
    from studytui.study.desk import Desk

END = "."
"""A line of it ends what is written."""


def written_from_the_gap(desk: Desk, terminal: Terminal, question: Question) -> Assessment | None:
    """A card of code: from its open gap, as often as the reader likes.

    None: it was rehearsed on a rung that the schedule does not count.
    """
    block = desk.library.exercise(question.card)
    assert block is not None
    reps = desk.ledger.state(question.card).reps
    bench = ExerciseBench(desk, block, terminal.clock, fresh=True, seed=reps)
    if not work(terminal, bench):
        raise QuitError
    bench.record(0.0)  # its time stands with the grade
    terminal.say_markdown(question.answer)
    if not bench.is_graded:
        return None
    return Assessment(bench.passed, bench.grade, "", question.answer)


def exercise_in_text(terminal: Terminal, bench: ExerciseBench) -> None:
    """An exercise upon the reader's own draft; the work is kept however it ends."""
    say_task(terminal, bench)
    try:
        work(terminal, bench)
    finally:
        if bench.tries or bench.shown:
            bench.record()


def say_task(terminal: Terminal, bench: ExerciseBench) -> None:
    """Say what is to be written."""
    terminal.say_markdown(f"**{bench.block.title}**\n\n{bench.block.ask}")
    terminal.say(f"This time: {bench.rung.words}.")


def work(terminal: Terminal, bench: ExerciseBench) -> bool:
    """Write and check until it passes, or the solution is shown; False when the reader leaves.

    Raises EOFError at the end of the input; what was typed by then is in a file, which is told.
    """
    say_listing(terminal, bench.draft)
    while not bench.passed:
        typed = _typed(terminal, bench)
        try:
            match typed:
                case "q":
                    return False
                case "?":
                    number, text = bench.hint()
                    terminal.say_markdown(f"Hint {number}: {text}")
                case "!":
                    say_listing(terminal, bench.solution())
                    return True
                case "":
                    assert terminal.edit is not None
                    terminal.edit(bench.save(bench.draft))
                    _check(terminal, bench, bench.draft)
                case _:
                    _check(terminal, bench, typed)
        except StoreError:
            raise
        except StudyError as error:
            terminal.say(str(error))
    return True


def _check(terminal: Terminal, bench: ExerciseBench, text: str) -> None:
    if _may_run(terminal, bench):
        say_judged(terminal, bench.check(text))


def say_listing(terminal: Terminal, code: str) -> None:
    """Say code, all of it."""
    terminal.say_markdown(f"```python\n{code.rstrip()}\n```")


def _typed(terminal: Terminal, bench: ExerciseBench) -> str:
    """What is typed up to a line with nothing but a dot, or one of the keys.

    Empty stands for the editor; where there is none, Enter shows the solution.
    """
    edits = terminal.edit is not None
    enter = "Enter: your editor; !" if edits else "Enter"
    line = terminal.ask(
        "Write it, and end with a line of one dot"
        f" ({enter}: show the solution; ?: hint; q: leave): "
    ).rstrip("\r\n")
    key = line.strip()
    if key in ("", "q", "?", "!"):
        return "!" if key == "" and not edits else key
    lines: list[str] = []
    try:
        while line.strip() != END:
            lines.append(line)
            line = terminal.ask("").rstrip("\r\n")
    except (EOFError, KeyboardInterrupt):
        terminal.say(f"What you typed is kept: {bench.keep_unfinished(_joined(lines))}")
        raise
    return _joined(lines)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _may_run(terminal: Terminal, bench: ExerciseBench) -> bool:
    """Whether the check may run: code of others is shown first, and trusted or not."""
    seen = bench.untrusted
    if seen is None:
        return True
    say_listing(terminal, seen.listing())
    word = terminal.ask("This code did not come with studytui. 1: trust it. Enter: do not: ")
    if word.strip() != "1":
        return False
    bench.trust(seen)
    return True


def say_judged(terminal: Terminal, judged: Judged) -> None:
    """Say what the check says: the first failing case, what came and what should have come."""
    for line in judged.printed:
        terminal.say(f"  {line}")
    terminal.say(judged.says)
    if judged.line:
        terminal.say(f"in line {judged.line} of yours: {judged.text}")
    if judged.mismatch is not None:
        terminal.say_all(mismatch_lines(terminal, judged.mismatch))


def mismatch_lines(terminal: Terminal, told: Mismatch) -> list[str]:
    """A failing case as lines: in two columns where they are seen, else one after the other."""
    if terminal.linear:
        return mismatch_words(told)
    from studytui.run.side_by_side import lines_of

    lines = lines_of(told, terminal.width or 80)
    return ["".join(part for part, _ in line).rstrip() for line in lines]


def mismatch_words(told: Mismatch) -> list[str]:
    """A failing case in words: ``For x: 3. Came: 4, which differs. Should be: 9.``."""
    return [
        *(f"For {_value_words(value)}" for value in told.case),
        *(f"Came: {_value_words(value)}" for value in told.came),
        *(f"Should be: {_value_words(value)}" for value in told.should),
    ]


def _value_words(value: Value) -> str:
    rows = [
        ", ".join(f"{cell} (differs)" if differs else cell for cell, differs in row)
        for row in value.rows
    ]
    if len(rows) > 1:
        rows = [f"row {number}: {row}" for number, row in enumerate(rows, 1)]
    name = f"{value.name}: " if value.name else ""
    note = f" ({value.note})" if value.note else ""
    return f"{name}{'; '.join(rows)}{note}"
