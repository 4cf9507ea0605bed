"""The answers of cards, computed anew for the numbers that a reader can meet."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from studytui.authoring.problems import shown
from studytui.errors import StudyError
from studytui.library.cards import FreshValue, NumberCard, OutputCard
from studytui.memory.questions import Question, ask
from studytui.study.answering import expected_number, number_text
from studytui.study.programs import program_output

DRAWS = 5
"""Fresh draws of every card, beside the corners of what can be drawn."""
CORNERS = 64


def compute(card: NumberCard) -> str:
    """Compute the answer for the corners and some draws. StudyError where there is none."""
    values: list[str] = []
    for question in _questions(card, card.fresh):
        drawn = ", ".join(f"{name} = {value}" for name, value in question.values)
        try:
            value = expected_number(question)
        except StudyError as error:
            raise StudyError(f"at {drawn}: {error.what}") from error
        if not math.isfinite(value):
            raise StudyError(f"at {drawn} it is {value}")
        values.append(number_text(value))
    return f"{len(values)} × {', '.join(values[:3])}"


def run_program(card: OutputCard) -> str:
    """Run the program for some draws, twice each. StudyError when it fails or will not repeat."""
    outputs: list[str] = []
    for question in islice(_questions(card, card.fresh), DRAWS):
        first, second = program_output(question.code), program_output(question.code)
        if first != second:
            raise StudyError("it does not print the same twice")
        if not first.strip():
            raise StudyError("it prints nothing")
        outputs.append(" ".join(first.split()))
    return f"{len(outputs)} × {shown(outputs[0], 40)}"


def _questions(card: NumberCard | OutputCard, fresh: tuple[FreshValue, ...]) -> Iterator[Question]:
    if not fresh:
        yield ask(card, card.id, 0)
        return
    for draw in range(DRAWS):
        yield ask(card, card.id, draw)
    for corner in islice(product(*map(_ends, fresh)), CORNERS):
        fixed = tuple(
            replace(value, kind="choose", choices=(end,))
            for value, end in zip(fresh, corner, strict=True)
        )
        yield ask(replace(card, fresh=fixed), card.id, 0)


def _ends(value: FreshValue) -> tuple[str, ...]:
    match value.kind:
        case "integers":
            return str(int(value.low)), str(int(value.high))
        case "uniform":
            return f"{value.low:.{value.digits}f}", f"{value.high:.{value.digits}f}"
    return value.choices
