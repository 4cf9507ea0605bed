"""A typed answer judged: by the prover, by recomputing, by running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from studytui.derive.grammar import parse
from studytui.derive.numbers.evaluate import evaluate
from studytui.derive.verdict import Judgement, Verdict
from studytui.memory.answers import (
    close_numbers,
    close_words,
    first_misplaced,
    output_lines,
    same_output,
    same_words,
    split_unit,
    unit_factor,
)
from studytui.memory.questions import Question

AGAIN, HARD, GOOD = 1, 2, 3
Answer = str | tuple[int, ...]
"""What was typed, or the places of the options that were chosen or put in order."""


class Judge(Protocol):
    """Says whether two expressions are equal: the prover."""

    def equal(
        self, left: str, right: str, assumptions: dict[str, str], *, syntax: str = "ascii"
    ) -> Judgement:
        """The verdict on ``left = right`` under the assumptions."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What became of an answer.

    ``right`` and the proposed ``grade`` are None where only the reader can tell; ``says`` is one
    sentence; ``answer`` is the right answer, Markdown.
    """

    right: bool | None
    grade: int | None
    says: str
    answer: str


def right_answer(question: Question, run: Callable[[str], str]) -> str:
    """The right answer of a question as Markdown; numbers are computed, programs are run."""
    match question.kind:
        case "number":
            unit = f" {question.unit}" if question.unit else ""
            return f"**{number_text(expected_number(question))}{unit}**"
        case "expression":
            return f"`{question.expected[0]}`"
        case "output":
            return f"```\n{run(question.code).rstrip()}\n```"
    return question.answer


def assess(
    question: Question,
    answer: Answer,
    *,
    judge: Judge,
    run: Callable[[str], str],
    hinted: bool = False,
) -> Assessment:
    """Judge ``answer``. An empty one is an honest 'I do not know'; a hint taken lowers the grade.

    Raises ExpressionError when maths was typed that cannot be read: it is not an answer yet.
    """
    shown = right_answer(question, run)
    if not answer and question.kind != "basic":
        return Assessment(False, AGAIN, "No answer.", shown)
    right, says = _judged(question, answer, judge, shown)
    if right is None:
        return Assessment(None, None, says, shown)
    grade = (HARD if hinted else GOOD) if right else AGAIN
    return Assessment(right, grade, says, shown)


def _judged(
    question: Question, answer: Answer, judge: Judge, shown: str
) -> tuple[bool | None, str]:
    if isinstance(answer, tuple):
        if question.kind == "order":
            return _ordered(question, answer)
        right = set(answer) == set(question.right)
        return right, "Right." if right else "Not what was asked for."
    match question.kind:
        case "number":
            return _number(question, answer)
        case "expression":
            return _expression(question, answer, judge)
        case "output":
            return _output(answer, shown)
        case "cloze" | "term":
            return _words(question, answer)
    return None, "Compare, and grade yourself."


def _ordered(question: Question, answer: tuple[int, ...]) -> tuple[bool, str]:
    place = first_misplaced(answer, question.right)
    if place is None:
        return True, "Right."
    return False, f"It first goes wrong at line {place + 1}."


def _words(question: Question, typed: str) -> tuple[bool | None, str]:
    gaps = question.expected
    given = [part.strip() for part in typed.split("|")] if len(gaps) > 1 else [typed]
    if len(given) == len(gaps) and all(map(same_words, given, gaps)):
        return True, "Right."
    if len(given) == len(gaps) and all(map(close_words, given, gaps)):
        return True, "Right but for the spelling."
    # Words can be right in ways that no comparison sees.
    return None, "Not the same words. Compare, and grade yourself."


def expected_number(question: Question) -> float:
    """The right answer of a number card, computed from its expression and the drawn values."""
    values = {name: _drawn(value) for name, value in question.values}
    node = parse(question.expected[0], dict.fromkeys(values, "real"))
    return evaluate(node, values)


def _drawn(value: str) -> float:
    return float(value) if any(mark in value for mark in ".eE") else int(value)


def number_text(value: float) -> str:
    """A number as people write it: at most six significant digits, whole numbers whole."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:.6g}"


def _number(question: Question, typed: str) -> tuple[bool, str]:
    number, unit = split_unit(typed.replace("\u202f", ""))
    factor = unit_factor(unit, question.unit)
    if factor is None:
        wanted = f"in {question.unit}" if question.unit else "without a unit"
        return False, f"The answer is asked for {wanted}, not in {unit}."
    given = evaluate(parse(number, {}), {}) * factor
    expected = expected_number(question)
    if close_numbers(given, expected, question.tolerance):
        return True, "Right."
    if expected and given:
        return False, f"Yours is {number_text(given)}: {given / expected:.3g} times the answer."
    return False, f"Yours is {number_text(given)}."


def _expression(question: Question, typed: str, judge: Judge) -> tuple[bool | None, str]:
    found = judge.equal(typed, question.expected[0], dict(question.symbols))
    match found.verdict:
        case Verdict.PROVED:
            return True, "Proved equal."
        case Verdict.AGREES:
            return True, f"Agrees numerically at {found.points} points; not proved."
        case Verdict.REFUTED:
            return False, f"Not equal: {found.why}"
    return None, f"Not decided: {found.why}"


def _output(typed: str, shown: str) -> tuple[bool, str]:
    printed = shown.removeprefix("```\n").removesuffix("\n```")
    if same_output(typed, printed):
        return True, "Right."
    mine, theirs = output_lines(typed), output_lines(printed)
    for number, line in enumerate(theirs):
        if number >= len(mine) or mine[number] != line:
            return False, f"It first differs in line {number + 1}."
    return False, f"It prints {len(theirs)} lines, not {len(mine)}."
