"""``plan``, ``next`` and ``place``."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.authoring.problems import suggest
from studytui.cli.plainness import is_plain
from studytui.cli.progress import open_desk
from studytui.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studytui.library.entry import Entry
    from studytui.study.planning.today import Today

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read")]


@app.command()
def plan(
    minutes: Annotated[
        int | None, typer.Option(min=0, max=600, help="Minutes a day from now on; 0: no plan")
    ] = None,
    goal: Annotated[
        str | None, typer.Option(help="Tracks and articles by id, with blanks between; all: all")
    ] = None,
    more: Annotated[int, typer.Option(min=0, max=600, help="Minutes more, today only")] = 0,
    as_json: AsJson = False,
) -> None:
    """What today brings within your minutes, and by when all of the goal is worked."""
    from studytui.study.planning.today import more_today, plan_today, set_plan
    from studytui.study.planning.words import plan_page, plan_words

    now = datetime.now(UTC)
    with open_desk() as desk:
        desk.library.refresh()
        if minutes is not None or goal is not None:
            _refuse_unknown(goal, desk.library.by_hand[0])
            set_plan(desk, now, minutes=minutes, goal="" if goal == "all" else goal)
        if more:
            more_today(desk, now, more)
        found = plan_today(desk, now)
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    elif found is None:
        typer.echo("no plan: studytui plan --minutes 25")
    else:
        for line in (plan_words if is_plain() else plan_page)(found):
            typer.echo(line)


@app.command("next")
def next_thing(as_json: AsJson = False) -> None:
    """The next thing of today. Exits 1 when there is none, so that scripts can ask."""
    from studytui.study.planning.today import plan_today
    from studytui.study.planning.words import verb_of, words_of

    with open_desk() as desk:
        desk.library.refresh()
        found = plan_today(desk, datetime.now(UTC))
    piece = found.day.pieces[0] if found and found.day.pieces else None
    if as_json:
        typer.echo(json.dumps(asdict(piece) if piece else None, ensure_ascii=False))
    elif piece is None or found is None:
        typer.echo("nothing is left today")
    else:
        typer.echo(f"{verb_of(piece)}: {words_of(piece, found)}")
    if piece is None:
        raise typer.Exit(1)


@app.command()
def place() -> None:
    """A few questions that skip what you know already; nothing is kept before you say so."""
    from studytui.cli.talking import terminal
    from studytui.study.plain.placement import place as converse

    with open_desk() as desk:
        desk.library.refresh()
        with suppress(EOFError):
            converse(desk, terminal())


def _refuse_unknown(goal: str | None, entries: Sequence[Entry]) -> None:
    """Raise StudyError for what is neither a track nor an article."""
    if not goal or goal == "all":
        return
    known = {name for entry in entries for name in (entry.id, entry.track)}
    for name in goal.split():
        if name not in known:
            raise StudyError(
                f"there is no track or article '{name}'", todo=suggest(name, sorted(known))
            )


def _as_json(found: Today | None) -> object:
    if found is None:
        return None
    return {
        "minutes": found.minutes,
        "done_seconds": round(found.day.done),
        "pieces": [asdict(piece) for piece in found.day.pieces],
        "due": found.day.due,
        "away": found.day.away,
        "articles": {name: asdict(legs) for name, legs in found.mastery.items()},
        "forecast": {
            "days": found.forecast.days if found.forecast.ends else None,
            "articles_a_week": round(found.forecast.per_week, 2),
            "minutes_after": round(found.forecast.upkeep, 1),
        },
    }
