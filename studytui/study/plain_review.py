"""A sitting of review as a conversation in lines: for any terminal, a pipe, a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from studytui.cards.question import Answer, AnswerField, Question
from studytui.errors import StudyError
from studytui.library.layout.flow import lay_out
from studytui.library.parse.fragment import parse_fragment
from studytui.memory.rating import Rating
from studytui.store.errors import StaleCardError, StoreError
from studytui.study.answering import Assessment
from studytui.study.asking import answer, question_of, right_answer_of
from studytui.study.desk import Desk
from studytui.study.review import Graded, Mode, ReviewSession, Shown, Summary

_PICKED = (AnswerField.CHOICES, AnswerField.ORDERING)


@dataclass(frozen=True, slots=True)
class Terminal:
    """The other side of the conversation. ``ask`` raises EOFError when there is no more input."""

    ask: Callable[[str], str]
    say: Callable[[str], None]
    clock: Callable[[], datetime]
    width: int = 80


class _QuitError(Exception):
    """The reader wants to stop."""


def converse(
    desk: Desk, terminal: Terminal, *, track: str = "", mode: Mode = Mode.REVIEW, more: int = 0
) -> Summary:
    """Ask card after card until none is due or the reader quits; every grade is saved at once.

    ``more``: new cards beyond the day's limit.

    Raises:
        StudyError: No such track, or the journal cannot be used.
    """
    session = ReviewSession(desk.ledger, desk.records(), terminal.clock(), track=track, mode=mode)
    if session.warning:
        terminal.say(session.warning)
    if more:
        terminal.say(f"{session.more(more, terminal.clock())} further new cards today")
    try:
        shown = session.next(terminal.clock())
        while shown is not None:
            shown = _one(desk, terminal, session, shown)
    except (_QuitError, EOFError):
        terminal.say("")
    except KeyboardInterrupt:
        terminal.say(f"\n{in_words(session.summary())}")
        raise
    else:
        terminal.say(_finished(session, terminal.clock()))
    terminal.say(in_words(session.summary()))
    return session.summary()


def _one(desk: Desk, terminal: Terminal, session: ReviewSession, shown: Shown) -> Shown | None:
    """One card from question to grade; returns the next."""
    try:
        question = question_of(desk, shown.record.card)
        _say_question(terminal, question, shown)
        assessment = _answered(desk, terminal, question)
    except StoreError:
        raise
    except StudyError as error:
        # A broken card must not end the sitting: the reader is told, and grades or buries it.
        terminal.say(str(error))
        assessment = Assessment(None, None, "", "")
    while True:
        _say_keys(terminal, shown, assessment)
        word = terminal.ask("> ").strip().lower() or str(int(assessment.grade or 0) or "")
        try:
            return _done(terminal, session, shown, word)
        except StaleCardError as error:
            terminal.say(str(error))
            return session.next(terminal.clock())
        except StoreError:
            raise
        except StudyError as error:
            terminal.say(str(error))


def _done(terminal: Terminal, session: ReviewSession, shown: Shown, word: str) -> Shown | None:
    """Do what the reader typed under a shown answer; the next card to show."""
    now = terminal.clock()
    if word in ("1", "2", "3", "4"):
        terminal.say(_graded(session.grade(Rating(int(word)), now)))
    elif word == "u":
        return session.undo(now)
    elif word == "r":
        session.redo(now)
    elif word == "s":
        session.suspend(now)
        terminal.say(f"suspended: {shown.record.card}")
    elif word == "b":
        session.bury(now)
        terminal.say("buried until tomorrow")
    elif word == "q":
        raise _QuitError
    elif word.startswith("!"):
        session.report(word[1:].strip() or "reported without a word", now)
        terminal.say("reported; the card stays here")
        return shown
    else:
        raise StudyError(
            f"'{word}' is none of the keys" if word else "grade the card first",
            todo="1-4 grade, u undo, r redo, s suspend, b bury, ! and a word report, q quit",
        )
    return session.next(terminal.clock())


def _answered(desk: Desk, terminal: Terminal, question: Question) -> Assessment:
    """Let the reader answer, show the right answer, and propose a grade where one can be told."""
    if question.field is AnswerField.EXERCISE:
        return _written(desk, terminal, question)
    while True:
        typed = terminal.ask(_invitation(question)).strip()
        if typed == "q":
            raise _QuitError
        if not typed:
            assessment = Assessment(None, None, "", right_answer_of(desk, question))
            break
        try:
            given: Answer = typed
            if question.field in _PICKED:
                given = _picked(typed, len(question.options))
            assessment = answer(desk, question, given)
            terminal.say(assessment.says)
            break
        except StoreError:
            raise
        except StudyError as error:
            terminal.say(str(error))
    if question.field is AnswerField.DERIVATION:
        terminal.say(f"Work it line by line: studytui derive {question.card}")
    _say_markdown(terminal, assessment.answer)
    _say_markdown(terminal, question.why)
    return assessment


def _written(desk: Desk, terminal: Terminal, question: Question) -> Assessment:
    """Let the reader write an exercise from its open gap, as often as they like."""
    from studytui.run.side_by_side import lines_of
    from studytui.study.exercising import ExerciseBench

    block = desk.library.exercise(question.card)
    assert block is not None
    reps = desk.ledger.state(question.card).reps
    bench = ExerciseBench(desk, block, terminal.clock, fresh=True, seed=reps)
    _say_markdown(terminal, f"```python\n{bench.draft.rstrip()}\n```")
    while not bench.passed:
        text = _several_lines(terminal)
        if not text:
            bench.solution()
            break
        try:
            judged = bench.check(text)
        except StoreError:
            raise
        except StudyError as error:
            terminal.say(str(error))
            continue
        terminal.say(judged.says)
        if judged.line:
            terminal.say(f"in line {judged.line} of yours: {judged.text}")
        for line in lines_of(judged.mismatch, terminal.width) if judged.mismatch else ():
            terminal.say("".join(part for part, _ in line).rstrip())
    bench.record(0.0)  # its time stands with the grade
    _say_markdown(terminal, question.answer)
    return Assessment(bench.passed, bench.grade, "", question.answer)


def _several_lines(terminal: Terminal) -> str:
    """What is typed up to a line with nothing but a dot; empty when nothing is."""
    lines: list[str] = []
    line = terminal.ask("Write it, and end with a line of one dot (Enter: show): ")
    while line.strip() != "." and (line or lines):
        if line.strip() == "q" and not lines:
            raise _QuitError
        lines.append(line)
        line = terminal.ask("")
    return "\n".join(lines)


def _invitation(question: Question) -> str:
    match question.field:
        case AnswerField.CHOICES:
            return "Which? (numbers, Enter: show) "
        case AnswerField.ORDERING:
            return "Which order? (numbers, Enter: show) "
        case AnswerField.COMPARED | AnswerField.DERIVATION:
            return "(Enter: show the answer) "
        case AnswerField.LINE | AnswerField.MATHS | AnswerField.LINES | AnswerField.EXERCISE:
            return "Answer (Enter: show): "
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


def _say_question(terminal: Terminal, question: Question, shown: Shown) -> None:
    counts = shown.counts
    left = f"{counts.new} new, {counts.learning} learning, {counts.reviews} due"
    kind = "new" if shown.is_new else f"{shown.retrievability:.0%} likely recalled"
    terminal.say(f"\n── {shown.record.card} · {kind} · then {left}")
    _say_markdown(terminal, question.prompt)
    if question.code:
        _say_markdown(terminal, f"```python\n{question.code.rstrip()}\n```")
    for number, option in enumerate(question.options, 1):
        _say_markdown(terminal, f"{number}\\. {option}")


def _say_keys(terminal: Terminal, shown: Shown, assessment: Assessment) -> None:
    keys = [
        f"[{rating:d}] {rating.name.lower()} {wait}".rstrip()
        for rating, wait in zip(Rating, shown.intervals, strict=True)
    ]
    if assessment.grade:
        keys.append(f"(Enter: {assessment.grade.name.lower()})")
    terminal.say("  ".join(keys))


def _graded(graded: Graded) -> str:
    said = f"saved: {graded.card} {graded.grade.name.lower()}"
    if graded.wait:
        said += f", again in {graded.wait}"
    if graded.leech:
        said += "; forgotten so often that it needs another wording"
        said += ", suspended" if graded.suspended else ""
    return said


def _say_markdown(terminal: Terminal, text: str) -> None:
    if not text.strip():
        return
    blocks, _, _ = parse_fragment(text)
    for line in lay_out(blocks, terminal.width).lines:
        terminal.say(line.text.rstrip())


def _finished(session: ReviewSession, now: datetime) -> str:
    due = session.next_due()
    if due is None:
        return "Nothing more is due today."
    minutes = max(round((due / 1000 - now.timestamp()) / 60), 1)
    return f"Nothing is due now; a card being learnt comes back in {minutes} minutes."


def in_words(summary: Summary) -> str:
    """A summary in a sentence or two."""
    if not summary.answers:
        return "No card was graded."
    minutes, seconds = divmod(round(summary.seconds), 60)
    said = (
        f"{summary.answers} answers to {summary.cards} cards, {summary.new} of them new, in "
        f"{minutes} min {seconds} s."
    )
    if summary.retention is not None:
        said += (
            f" Recalled {summary.recalled} of {summary.reviewed} ({summary.retention:.0%}); "
            f"{summary.predicted:.0%} was predicted."
        )
    return said
