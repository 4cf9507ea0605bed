"""The plan in words, for the shell and for the interface. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby

from studytui.library.activity import Activity
from studytui.library.layout.safe import cells, cut
from studytui.study.planning.pieces import Piece
from studytui.study.planning.today import Today

WIDTH = 72
"""Columns of a line with a figure at its right end: it fits into 80."""


def minutes_of(seconds: float) -> str:
    """As ``3 min``; less than half a minute is one."""
    return f"{max(1, round(seconds / 60))} min"


def verb_of(piece: Piece) -> str:
    """What is done: cards that are met for the first time are answered, others recalled."""
    if piece.activity is Activity.ANSWER and not piece.fresh:
        return "recall"
    return str(piece.activity)


def words_of(piece: Piece, today: Today) -> str:
    """What is done with what, in a few words."""
    count = len(piece.cards)
    cards = f"{count} card" if count == 1 else f"{count} cards"
    match piece.activity:
        case Activity.READ:
            return piece.title
        case Activity.RUN:
            return f"{piece.cards[0].rpartition('/')[2]}, and look at what it shows"
        case Activity.ANSWER:
            if piece.articles > 1:
                return f"{cards} of {piece.articles} articles"
            return f"{cards} of {piece.title or 'one article'}"
        case Activity.DERIVE:
            return f"{today.titles.get(piece.cards[0], piece.cards[0])}{stage_words(piece)}"
        case Activity.CODE:
            return today.titles.get(piece.cards[0], piece.cards[0])


def stage_words(piece: Piece) -> str:
    """How much of a derivation is asked, behind its title; nothing of other pieces."""
    if piece.stage is None or piece.activity is not Activity.DERIVE:
        return ""
    return f": {piece.stage.words}"


def listed(pieces: Sequence[Piece]) -> list[tuple[Piece, float]]:
    """The pieces with their seconds; sections that follow one another are one line."""
    found = []
    for _, group in groupby(
        enumerate(pieces),
        lambda each: (
            (each[1].activity, each[1].article) if each[1].activity is Activity.READ else each[0]
        ),
    ):
        run = [piece for _, piece in group]
        found.append((run[0], sum(piece.seconds for piece in run)))
    return found


def row(left: str, right: str, width: int = WIDTH, *, kept: str = "") -> str:
    """A line with something at its right end; what is too long is cut, before what is ``kept``."""
    room = width - cells(right) - 2
    if cells(left) > room:
        begin = left.removesuffix(kept)
        left = f"{begin[: cut(begin, max(0, room - cells(kept) - 1))]}…{kept}"
    return f"{left}{' ' * (room - cells(left))}  {right}"


def end_words(today: Today) -> str:
    """By when the goal will have been worked, at these minutes."""
    found = today.forecast
    if not found.articles:
        return "all are worked"
    if not found.ends:
        return "the end is more than two years away"
    return f"all worked by {day_words(today.history.day + found.days)}"


def day_words(day: int) -> str:
    """A study day as people say it: ``19 Jan 2027``."""
    return f"{date.fromordinal(day):%-d %b %Y}"


def tomorrow_words(today: Today) -> str:
    """What is due tomorrow."""
    first = today.history.day + 1
    due = [
        card
        for card, state in today.states.items()
        if card in today.syllabus.places and not state.suspended and 0 < state.due_day <= first
    ]
    deep = [
        card for card in due if today.syllabus.places[card].task.activity is not Activity.ANSWER
    ]
    cards = len(due) - len(deep)
    told = "1 card" if cards == 1 else f"{cards} cards"
    worked = f", {len(deep)} to derive or write" if deep else ""
    return f"Tomorrow about {today.minutes - today.history.extra} min: {told} to recall{worked}."


def plan_page(today: Today) -> Iterator[str]:
    """The day and the way to the goal, line by line, with the minutes in a column."""
    yield from _plan(
        today,
        lambda piece, seconds: row(
            f"  {verb_of(piece):<8}{words_of(piece, today)}",
            minutes_of(seconds),
            kept=stage_words(piece),
        ),
    )


def plan_words(today: Today) -> Iterator[str]:
    """The same for ears: nothing is cut, and nothing stands in columns."""
    yield from _plan(
        today,
        lambda piece, seconds: f"{verb_of(piece)}: {words_of(piece, today)}, {minutes_of(seconds)}",
    )


def _plan(today: Today, line: Callable[[Piece, float], str]) -> Iterator[str]:
    begun = today.history.first_day or today.history.day
    day = today.history.day - begun + 1
    yield f"Day {day}: {today.day.done / 60:.0f} of {today.minutes} min"
    for piece, seconds in listed(today.day.pieces):
        yield line(piece, seconds)
    if not today.day.pieces:
        yield tomorrow_words(today)
    yield f"{today.owned} of {len(today.mastery)} owned; {end_words(today)}"
