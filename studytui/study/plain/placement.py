"""The placement in lines: a few questions, and then the articles that need not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.cards.question import AnswerField
from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.study.placing import keep_placement, placement
from studytui.study.plain.questions import asked
from studytui.study.plain.terminal import QuitError
from studytui.study.planning.placement import MOST_QUESTIONS
from studytui.study.questions import question_of

if TYPE_CHECKING:
    from studytui.study.desk import Desk
    from studytui.study.plain.terminal import Terminal


def place(desk: Desk, terminal: Terminal) -> int:
    """Ask what is known, and keep it if the reader says so; how many articles are skipped.

    Raises StudyError when the journal cannot be used.
    """
    found, syllabus = placement(desk, terminal.clock())
    terminal.say(
        f"At most {MOST_QUESTIONS} questions about what you may know already. Enter: I do not know."
        " q: leave, and keep nothing."
    )
    try:
        while (card := found.next()) is not None:
            terminal.say("")
            terminal.say(f"Question {found.asked + 1}.")
            found.answer(_is_known(desk, terminal, card))
    except QuitError:
        return 0
    titles = [terminal.words(syllabus.by_id[name].title) for name in found.known]
    if not titles:
        keep_placement(desk, found, syllabus, terminal.clock())
        terminal.say("Everything is worth reading from its beginning.")
        return 0
    terminal.say(f"{len(titles)} of {len(syllabus.courses)} need not be read:")
    terminal.say_all([f"  {title}" for title in titles])
    word = terminal.ask("Enter: skip them. q: read them all the same. ").strip()
    if word == "q":
        return 0
    keep_placement(desk, found, syllabus, terminal.clock())
    terminal.say("What they ask comes within three weeks; what you miss then is read after all.")
    return len(titles)


def _is_known(desk: Desk, terminal: Terminal, card: str) -> bool:
    try:
        assessment = asked(desk, terminal, card)
    except StudyError as error:
        # A card that cannot be asked says nothing of the reader.
        terminal.say(str(error))
        return False
    if assessment is None:
        return False
    if assessment.right is not None:
        return assessment.right and assessment.grade is not Rating.HARD
    if question_of(desk, card).field is AnswerField.COMPARED:
        return terminal.ask("Did you know it? (y, Enter: no) ").strip().lower() in ("y", "yes")
    return False
