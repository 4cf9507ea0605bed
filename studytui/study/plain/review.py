"""A sitting of review as a conversation in lines."""

from __future__ import annotations

from datetime import datetime

from studytui.counting import many
from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.store.errors import StaleCardError, StoreError
from studytui.study.desk import Desk
from studytui.study.grading import Assessment
from studytui.study.plain.questions import asked, keys_words
from studytui.study.plain.terminal import QuitError, Terminal
from studytui.study.review import Graded, Mode, ReviewSession, Shown, Summary

KEYS = (
    "At a question: ? hint, q quit. Under an answer: 1 to 4 grade it, u undo, r redo, s suspend,"
    " b bury until tomorrow, ! and a word report it, q quit."
)


def converse(
    desk: Desk, terminal: Terminal, *, track: str = "", mode: Mode = Mode.REVIEW, more: int = 0
) -> Summary:
    """Ask card after card until none is due or the reader quits; every grade is saved at once.

    ``more``: new cards beyond the day's limit.

    Raises:
        StudyError: No such track, or the journal cannot be used.
    """
    session = ReviewSession(desk.ledger, desk.records(), terminal.clock(), track=track, mode=mode)
    if terminal.linear:
        terminal.say(KEYS)
    if session.warning:
        terminal.say(session.warning)
    if more:
        terminal.say(f"{session.more(more, terminal.clock())} further new cards today")
    try:
        shown = session.next(terminal.clock())
        while shown is not None:
            shown = _one(desk, terminal, session, shown)
    except (QuitError, EOFError):
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
    assessment: Assessment | None
    try:
        _say_head(terminal, shown)
        assessment = asked(desk, terminal, shown.record.card)
    except StoreError:
        raise
    except StudyError as error:
        # A broken card must not end the sitting: the reader is told, and grades or buries it.
        terminal.say(str(error))
        assessment = Assessment(None, None, "", "")
    if assessment is None:
        terminal.say("Nothing is graded while most lines stand there; it comes again tomorrow.")
        if session.mode is Mode.REVIEW:
            session.bury(terminal.clock())
            return session.next(terminal.clock())
        assessment = Assessment(None, Rating.GOOD, "", "")
    while True:
        terminal.say(keys_words(shown.intervals, assessment.grade))
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
        raise QuitError
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


def _say_head(terminal: Terminal, shown: Shown) -> None:
    counts = shown.counts
    left = f"{counts.new} new, {counts.learning} learning, {counts.reviews} due"
    kind = "new" if shown.is_new else f"{shown.retrievability:.0%} likely recalled"
    terminal.say(f"\nCard {shown.record.card}, {kind}. Then {left}.")


def _graded(graded: Graded) -> str:
    said = f"saved: {graded.card} {graded.grade.name.lower()}"
    if graded.wait:
        said += f", again in {graded.wait}"
    if graded.leech:
        said += "; forgotten so often that it needs another wording"
        said += ", suspended" if graded.suspended else ""
    return said


def _finished(session: ReviewSession, now: datetime) -> str:
    due = session.next_due()
    if due is None:
        return "Nothing more is due today."
    minutes = max(round((due / 1000 - now.timestamp()) / 60), 1)
    return f"Nothing is due now; a card being learnt comes back in {many(minutes, 'minute')}."


def in_words(summary: Summary) -> str:
    """A summary in a sentence or two."""
    if not summary.answers:
        return "No card was graded."
    minutes, seconds = divmod(round(summary.seconds), 60)
    answers, cards = many(summary.answers, "answer"), many(summary.cards, "card")
    said = f"{answers} to {cards}, {summary.new} of them new, in {minutes} min {seconds} s."
    if summary.retention is not None:
        said += (
            f" Recalled {summary.recalled} of {summary.reviewed} ({summary.retention:.0%}); "
            f"{summary.predicted:.0%} was predicted."
        )
    return said
