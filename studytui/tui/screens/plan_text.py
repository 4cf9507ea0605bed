"""What the plan says: the list of a day, its end, the way back after an absence, the first look.

Pure: from values to styled lines. Blanks that must not fold are hard ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from studytui.counting import many
from studytui.library.layout.title import titled
from studytui.study.planning.forecast import TEN_WEEKS, Forecast
from studytui.study.planning.pieces import Piece
from studytui.study.planning.today import Today
from studytui.study.planning.words import (
    WIDTH,
    day_words,
    end_words,
    listed,
    minutes_of,
    row,
    stage_words,
    tomorrow_words,
    verb_of,
    words_of,
)
from studytui.tui.widgets.text_lines import Styled

HARD = "\N{NO-BREAK SPACE}"
SHOWN = 5
"""Pieces that are listed; the rest is counted."""


def hard_row(left: str, right: str, width: int, *, kept: str = "") -> str:
    """A row whose blanks do not fold."""
    return row(left, right, width, kept=kept).replace(" ", HARD)


def head_line(today: Today, width: int = WIDTH) -> Styled:
    """The day and how much of it is done."""
    begun = today.history.first_day or today.history.day
    done = f"day {today.history.day - begun + 1}   {today.day.done / 60:.0f} of {today.minutes} min"
    return [("studytui", "heading.1"), (hard_row("", done, width - 8), "soft")]


def today_lines(today: Today, width: int = WIDTH, most: int = SHOWN) -> list[Styled]:
    """The list of what is left of the day, for home: ``most`` pieces in lines of ``width``."""
    day = today.day
    if not day.pieces:
        return [[("That was today. ", "strong"), (tomorrow_words(today), "soft")]]
    lines: list[Styled] = []
    rows = listed(day.pieces)
    for place, (piece, seconds) in enumerate(rows[:most]):
        mark = "▸ " if place == 0 else "  "
        text = hard_row(
            f"{verb_of(piece):<8}{titled(words_of(piece, today))}",
            minutes_of(seconds),
            width - 2,
            kept=stage_words(piece),
        )
        lines.append([(mark.replace(" ", HARD), "accent"), (text, "strong" if not place else "")])
    if len(rows) > most:
        rest = rows[most:]
        told = minutes_of(sum(seconds for _, seconds in rest))
        lines.append([(hard_row(f"  and {len(rest)} more", told, width), "faint")])
    return lines


def end_line(today: Today) -> Styled:
    """How many are owned, by when all are worked, and what changes that."""
    return [
        (f"{today.owned} of {len(today.syllabus.courses)} owned · {end_words(today)}   ", "soft"),
        ("+", "key"),
        (" today   ", "soft"),
        ("P", "key"),
        (" plan", "soft"),
    ]


def summary_lines(today: Today) -> list[Styled]:
    """The end of a day: what was done, what is now owned, what tomorrow holds."""
    done = today.done
    lines: list[Styled] = [
        [(f"{today.day.done / 60:.0f} minutes. That was today.", "strong")],
        [("", "")],
    ]
    if done.reviewed:
        told = f"recalled {done.recalled} of {done.reviewed}"
        lines.append([(told, ""), (f" (expected {done.expected:.1f})", "faint")])
    parts = [
        many(done.sections, "section") + " read" if done.sections else "",
        many(done.fresh, "card") + " met" if done.fresh else "",
        many(done.derived, "derivation") + " worked" if done.derived else "",
        many(done.coded, "exercise") + " written" if done.coded else "",
    ]
    if any(parts):
        lines.append([("new: " + ", ".join(filter(None, parts)), "")])
    if done.again:
        lines.append([("again tomorrow: " + ", ".join(done.again[:4]), "soft")])
    after_all = " is read after all: a question of it failed."
    lines += [[(title, "strong"), (after_all, "soft")] for title in today.returned]
    lines += [[("", "")], *_legs(today), [("", "")]]
    lines.append([(tomorrow_words(today), "")])
    lines.append([(f"{today.owned} of {len(today.mastery)} owned · {end_words(today)}.", "soft")])
    return lines


def _legs(today: Today) -> Iterator[Styled]:
    """The three legs of the articles that were worked on of late."""
    touched = sorted(today.history.touched.items(), key=lambda item: -item[1])
    for article, _ in touched[:3]:
        course, legs = today.syllabus.by_id.get(article), today.mastery.get(article)
        if course is None or legs is None:
            continue
        yield [(titled(course.title), "strong")]
        yield [
            (f"  read {legs.read[0]} of {legs.read[1]}", "soft"),
            (f" · recall in a month {legs.recall:.0%}", "soft"),
            (f" · derive {legs.derive[0]}/{legs.derive[1]}", "soft"),
            (f" · code {legs.code[0]}/{legs.code[1]}", "soft"),
            (f" · {legs.standing.name.lower()}", "accent"),
        ]


def return_lines(today: Today) -> list[Styled]:
    """After an absence: what is still known, and that nothing is owed."""
    day, places = today.day, today.syllabus.places
    known = [state for card, state in today.states.items() if state.reps and card in places]
    due = sum(0 < state.due_day <= today.history.day for state in known)
    lines: list[Styled] = [
        [(f"Back after {many(day.away, 'day')}. Nothing is lost.", "strong")],
        [("", "")],
        [(f"{due} of the {len(known)} things you have met are due.", "")],
        [
            (
                f"The plan: recall first, {today.minutes} min a day as before; a new article opens"
                " when what is due fits into a day again.",
                "",
            )
        ],
        [(f"{end_words(today).capitalize()}.", "soft")],
    ]
    if today.history.plan is not None and today.history.plan.why:
        lines.append([(f"“{today.history.plan.why}”", "accent")])
    return lines


def carry_lines(found: Forecast, minutes: int, needed: int, day: int) -> list[Styled]:
    """What the minutes carry and by when, and what would change that."""
    if not minutes:
        return [[("No plan: home lists the articles, and r brings what is due.", "soft")]]
    lines: list[Styled] = [
        [
            (f"{many(minutes, 'minute')} a day carry about ", ""),
            (f"{found.per_week:.1f} articles a week", "strong"),
            (" to the end: read, run, derived, coded, and still known a month later.", ""),
        ]
    ]
    early, late = found.between
    whole = f"all {found.articles}"
    if found.ends:
        weeks = f"about {many(max(1, round(found.days / 7)), 'week')}"
        between = f"({day_words(day + early)} to {day_words(day + late)})"
        lines.append([(f"  {whole:<22}{weeks}  {between}".replace(" ", HARD), "soft")])
    else:
        lines.append([(f"  {whole:<22}more than two years".replace(" ", HARD), "warn")])
    reached = f"{found.by(TEN_WEEKS)} articles"
    lines.append([(f"  {'in ten weeks':<22}{reached}".replace(" ", HARD), "soft")])
    faster = f"{needed} min a day" if needed else "more than four hours a day"
    lines.append([(f"  {'all in ten weeks':<22}{faster}".replace(" ", HARD), "soft")])
    keeps = f"about {max(1, round(found.upkeep))} min a day keep it"
    lines.append([(f"  {'after the end':<22}{keeps}".replace(" ", HARD), "soft")])
    return lines


def progress_line(today: Today, piece: Piece) -> str:
    """What one is at: ``derive · words only · 11 of 25 min``."""
    stage = f" · {piece.stage.words}" if piece.stage else ""
    left = len(listed(today.day.pieces))
    pieces = "last piece" if left == 1 else f"{left} pieces left"
    return f"{verb_of(piece)}{stage} · {pieces} · {today.day.done / 60:.0f} of {today.minutes} min"
