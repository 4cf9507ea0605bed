"""One card in lines: posed, answered, with the right answer; the same in a review and in a text."""

from __future__ import annotations

from typing import assert_never

from studytui.cards.question import Answer, AnswerField, Question
from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.store.errors import StoreError
from studytui.study.desk import Desk
from studytui.study.grading import Assessment
from studytui.study.mistakes import keep_mistakes
from studytui.study.plain.terminal import QuitError, Terminal
from studytui.study.questions import answer, may_run, question_of, right_answer_of, trust

_PICKED = (AnswerField.CHOICES, AnswerField.ORDERING)


def asked(desk: Desk, terminal: Terminal, card: str) -> Assessment | None:
    """A card from its question to its right answer, with a grade where one can be proposed.

    None: a derivation or an exercise was rehearsed with more on the page than the schedule counts.

    Raises:
        QuitError: The reader wants to stop.
        StudyError: The card cannot be asked.
    """
    question = question_of(desk, card)
    _say_question(terminal, question)
    match question.field:
        case AnswerField.EXERCISE:
            from studytui.study.plain.exercise import written_from_the_gap

            return written_from_the_gap(desk, terminal, question)
        case AnswerField.DERIVATION:
            return _derived(desk, terminal, question)
        case (
            AnswerField.COMPARED
            | AnswerField.LINE
            | AnswerField.MATHS
            | AnswerField.LINES
            | AnswerField.CHOICES
            | AnswerField.ORDERING
        ):
            return _answered(desk, terminal, question)


def _say_question(terminal: Terminal, question: Question) -> None:
    terminal.say_markdown(question.prompt)
    if question.code:
        terminal.say_markdown(f"```python\n{question.code.rstrip()}\n```")
    for number, option in enumerate(question.options, 1):
        terminal.say_markdown(f"{number}\\. {option}")


def _answered(desk: Desk, terminal: Terminal, question: Question) -> Assessment:
    hinted = False
    while True:
        typed = terminal.ask(_invitation(question)).strip()
        if typed == "q":
            raise QuitError
        if typed == "?":
            hinted = bool(question.hint)
            terminal.say_markdown(question.hint or "This card has no hint.")
            continue
        try:
            assessment = _assessed(desk, terminal, question, typed, hinted=hinted)
            break
        except StoreError:
            raise
        except StudyError as error:
            if not may_run(desk, question):
                if not _trusted(desk, terminal, question, error):
                    raise
            elif typed:
                terminal.say(str(error))
            else:
                raise
    terminal.say_markdown(assessment.answer)
    terminal.say_markdown(question.why)
    return assessment


def _assessed(
    desk: Desk, terminal: Terminal, question: Question, typed: str, *, hinted: bool
) -> Assessment:
    if not typed:
        return Assessment(None, None, "", right_answer_of(desk, question))
    given: Answer = typed
    if question.field in _PICKED:
        given = _picked(typed, len(question.options))
    assessment = answer(desk, question, given, hinted=hinted)
    keep_mistakes(desk, question.card, assessment.mistakes, terminal.clock())
    terminal.say(assessment.says)
    return assessment


def _trusted(desk: Desk, terminal: Terminal, question: Question, error: StudyError) -> bool:
    terminal.say(str(error))
    word = terminal.ask("1: trust this program, and run it. Enter: go on without: ").strip()
    if word == "q":
        raise QuitError
    if word != "1":
        return False
    trust(desk, question, terminal.clock())
    return True


def _derived(desk: Desk, terminal: Terminal, question: Question) -> Assessment | None:
    from studytui.study.plain.derivation import work_and_keep

    source = desk.library.derivation(question.card)
    assert source is not None
    word = terminal.ask("Enter: work it line by line. s: show the lines. ").strip()
    if word == "q":
        raise QuitError
    if word != "s":
        bench, counts = work_and_keep(desk, terminal, source)
        if bench.done:
            return Assessment(bench.grade > Rating.AGAIN, bench.grade, "", "") if counts else None
    terminal.say_markdown(right_answer_of(desk, question))
    return Assessment(False, Rating.AGAIN, "", "")


def _invitation(question: Question) -> str:
    match question.field:
        case AnswerField.CHOICES:
            return "Which? (numbers, Enter: show) "
        case AnswerField.ORDERING:
            return "Which order? (numbers, Enter: show) "
        case AnswerField.COMPARED:
            return "(Enter: show the answer) "
        case AnswerField.LINE | AnswerField.MATHS | AnswerField.LINES:
            return "Answer (Enter: show): "
        case AnswerField.DERIVATION | AnswerField.EXERCISE:
            raise AssertionError("worked, not answered in a line")
        case _:
            assert_never(question.field)


def _picked(typed: str, count: int) -> tuple[int, ...]:
    """Places from numbers as people type them: ``1 3``, ``1,3`` or, up to nine options, ``13``."""
    words = typed.replace(",", " ").split()
    if len(words) == 1 and count < 10:
        words = list(words[0])
    places = [int(word) - 1 if word.isdecimal() else -1 for word in words]
    if any(not 0 <= place < count for place in places):
        raise StudyError(f"answer with numbers from 1 to {count}")
    return tuple(places)


def keys_words(waits: tuple[str, ...], proposed: Rating | None) -> str:
    """The grades with how long the card would wait, and what Enter takes."""
    keys = [
        f"[{rating:d}] {rating.name.lower()} {wait}".rstrip()
        for rating, wait in zip(Rating, waits, strict=True)
    ]
    if proposed:
        keys.append(f"(Enter: {proposed.name.lower()})")
    return ", ".join(keys)
