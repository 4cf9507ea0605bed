"""Cards of the library as questions: posed, answered, graded where they stand, edited, trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.cards.card import Card, Tools
from studytui.cards.citation import Citation
from studytui.cards.question import Answer, AnswerField, Question
from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library.blocks import ExerciseBlock
from studytui.library.contents import Source
from studytui.memory.ledger import Outcome
from studytui.memory.queue import CardRecord
from studytui.memory.rating import Rating
from studytui.store.events import Practice, Trusted
from studytui.store.states import Phase
from studytui.study.desk import Desk, note_of
from studytui.study.grading import Assessment, assess, right_answer
from studytui.study.programs import program_output
from studytui.study.review import wait_in_words
from studytui.study.trusting import is_trusted


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the content."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class OpenAt:
    """A place to read at: a line of an article's source, or what a card of one's own cites."""

    article: str
    line: int = 0
    cites: Citation | None = None


@dataclass(frozen=True, slots=True)
class GradedInText:
    """What a grade in the text led to: ``wait`` in words, empty when it was practice only."""

    wait: str
    outcome: Outcome | None


def source_of(desk: Desk, card: str) -> Source:
    """What stands in the article under a scheduled id. Raises StudyError when nothing does."""
    library = desk.library
    found = library.source(card)
    if found is None:
        raise StudyError(
            f"the card {card} is in no article any more",
            todo="Its history is kept; it comes back when the card does.",
        )
    return found


def question_of(desk: Desk, card: str) -> Question:
    """The question that a scheduled card poses now: new numbers after every review."""
    source = source_of(desk, card)
    if isinstance(source, DerivationSource):
        prompt = f"**{source.title}**\n\nGiven `{source.given}`, reach `{source.goal}`."
        return Question(card, AnswerField.DERIVATION, prompt, digest=source.digest)
    if isinstance(source, ExerciseBlock):
        return _code_question(desk, source)
    return source.question(card, desk.ledger.state(card).reps)


def _code_question(desk: Desk, source: ExerciseBlock) -> Question:
    from studytui.run.signature import read_snippet

    exercise = read_snippet(desk.snippet_path(source.snippet)).exercise
    found = exercise.definition(source.function) if exercise else None
    return Question(
        source.id,
        AnswerField.EXERCISE,
        f"**{source.title}**\n\n{source.ask}",
        answer=f"```python\n{found.solved}\n```" if found else "",
        digest=source.digest,
    )


def place_of(desk: Desk, card: str) -> Place:
    """The file and line of a card's source."""
    source = source_of(desk, card)
    return Place(desk.library.entry(_article_of(desk, source)).path, source.line)


def _article_of(desk: Desk, source: Source) -> str:
    """The id of the article that holds it."""
    article = desk.library.article_with(source)
    if article is None:
        raise StudyError(f"{source.id} is in no article any more")
    if not desk.library.holds(source):
        raise StudyError(
            f"'{source.id}' stands in a file of no pack, and is not asked",
            todo="Make a pack with `studytui new pack NAME` and put the file into it",
        )
    return article


def shown_at(desk: Desk, card: str) -> OpenAt:
    """Where a card is read in its context: a card of the reader's own where it was made."""
    library = desk.library
    source = library.original(card) or source_of(desk, card)
    cites = source.cites if isinstance(source, Card) else None
    if cites is not None and any(entry.id == cites.article for entry in library.entries):
        return OpenAt(cites.article, cites=cites)
    return OpenAt(_article_of(desk, source), source.line)


def may_run(desk: Desk, question: Question) -> bool:
    """Whether the card's program may run: it came with studytui, or the reader trusts it."""
    if not question.code:
        return True
    source = source_of(desk, question.card)
    if desk.library.pack_of(_article_of(desk, source)).shipped:
        return True
    return is_trusted(desk, trust_subject(question), question.digest)


def trust(desk: Desk, question: Question, now: datetime) -> None:
    """Let the card's program run from now on, as long as the card is not changed."""
    desk.ledger.record(Trusted(trust_subject(question), question.digest), now)


def trust_subject(question: Question) -> str:
    """What the journal calls the program of a card."""
    return f"card:{question.card}"


def answer(desk: Desk, question: Question, given: Answer, *, hinted: bool = False) -> Assessment:
    """Judge an answer; blocks while the prover or the card's program works.

    Raises StudyError when the program may not run or fails, and when typed maths cannot be read.
    """

    tools = Tools(desk.prover, _program_of(desk, question))
    return assess(question, given, tools, hinted=hinted)


def right_answer_of(desk: Desk, question: Question) -> str:
    """The right answer as Markdown, for who does not type one; the prover is not needed.

    Raises StudyError when the card's program may not run or fails.
    """
    return right_answer(question, _program_of(desk, question))


def _program_of(desk: Desk, question: Question) -> Callable[[str], str]:
    def run(code: str) -> str:
        if not may_run(desk, question):
            raise StudyError(
                "this card's program did not come with studytui", todo="Read it, then trust it."
            )
        return program_output(code)

    return run


def record_of(desk: Desk, source: Source) -> tuple[CardRecord, ...]:
    """What scheduling knows of a card, derivation or exercise, one record each scheduled id."""
    track = desk.library.track_of(desk.library.entry(_article_of(desk, source)))
    if isinstance(source, DerivationSource | ExerciseBlock):
        return (CardRecord(source.id, source.id, track, source.digest, deep=True),)
    return tuple(
        CardRecord(name, note_of(name), track, source.digest) for name in source.scheduled_ids
    )


def grade_in_text(
    desk: Desk, record: CardRecord, grade: Rating, now: datetime, *, duration_ms: int = 0
) -> GradedInText:
    """Grade a card met in an article: as a review if it is new or due, else as practice."""
    ledger = desk.ledger
    state = ledger.state(record.card)
    day = ledger.days.day(now)
    waits = state.phase == Phase.REVIEW and state.due_day > day
    if state.suspended or waits:
        ledger.record(Practice(record.card, int(grade), duration_ms, record.content), now)
        return GradedInText("", None)
    retention = ledger.settings.retention_of(record.track, deep=record.deep)
    outcome = ledger.grade(
        record.card,
        grade,
        now,
        retention=retention,
        factor=ledger.factors(record.card, state, day, retention)[grade - 1],
        duration_ms=duration_ms,
        content=record.content,
        expect=state.last_event,
    )
    return GradedInText(wait_in_words(outcome.after), outcome)
