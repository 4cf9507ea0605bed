"""``due``, ``review`` and ``replay``."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from studytui.cli.plainness import is_plain
from studytui.cli.progress import open_desk, stoppable
from studytui.cli.talking import terminal
from studytui.counting import many

app = typer.Typer()
Track = Annotated[str, typer.Option(help="Only this track")]
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read")]


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def due(
    track: Track = "",
    as_json: AsJson = False,
    suspended: Annotated[bool, typer.Option(help="List the cards that are put aside")] = False,
) -> None:
    """How many cards wait today, by track. Exits 1 when nothing does, so that scripts can ask."""
    from studytui.study.due import due_by_track

    with open_desk() as desk:
        if suspended:
            cards = desk.ledger.journal.states.suspended()
            typer.echo(json.dumps(cards) if as_json else "\n".join(cards or ["none"]))
            return
        desk.library.refresh()
        found = due_by_track(desk.ledger, desk.records(), _now(), track=track)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        for name, counts in found.tracks.items():
            if counts.total and is_plain():
                waits = f"{counts.new} new, {counts.learning} in learning, {counts.reviews} due"
                typer.echo(f"{name}: {waits}")
            elif counts.total:
                typer.echo(
                    f"{name:<24}{counts.new:>5} new{counts.learning:>5} learning"
                    f"{counts.reviews:>5} due"
                )
        waits = f"{many(found.total, 'card')} wait{'s' if found.total == 1 else ''} today"
        typer.echo(waits if found.total else "nothing is due")
    if not found.total:
        raise typer.Exit(1)


@app.command()
def review(
    track: Track = "",
    cram: Annotated[bool, typer.Option(help="All cards; the schedule stays as it is")] = False,
    ahead: Annotated[
        bool, typer.Option(help="Cards that are due later; the schedule stays as it is")
    ] = False,
    more: Annotated[
        int, typer.Option(min=0, max=9999, help="New cards beyond the limit of the day")
    ] = 0,
    unsuspend: Annotated[
        str, typer.Option(metavar="CARD", help="Only take a card back that was put aside")
    ] = "",
) -> None:
    """Review in lines of text: question, Enter, answer, grade 1-4; u undo, q quit.

    Every grade is saved before the next question: Ctrl+C loses nothing.
    """
    from studytui.errors import StudyError
    from studytui.study.due import take_back_card
    from studytui.study.plain.review import converse
    from studytui.study.review import Mode

    if cram and ahead:
        raise StudyError("--cram and --ahead are two things", todo="Choose one")
    mode = Mode.CRAM if cram else Mode.AHEAD if ahead else Mode.REVIEW
    with open_desk() as desk:
        if unsuspend:
            typer.echo(take_back_card(desk.ledger, unsuspend, _now()))
            return
        desk.library.refresh()
        converse(desk, terminal(), track=track, mode=mode, more=more)


@app.command()
def replay(
    file: Annotated[
        Path, typer.Argument(help="CSV or JSON lines of card_id, rating, review_time (ms UTC)")
    ],
    parameters: Annotated[
        str, typer.Option(help="The 21 of FSRS-6, with commas, or a JSON file that holds the list")
    ] = "",
    timezone: Annotated[str, typer.Option(help="IANA name; without: that of the settings")] = "",
    rollover: Annotated[
        int | None, typer.Option(min=0, max=23, help="Hour at which a study day begins")
    ] = None,
    retention: Annotated[float, typer.Option(min=0.5, max=0.999)] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Schedule a log of reviews: stability, difficulty and due study day of each card, no fuzz."""
    from studytui.memory.review_log import read_log, replay_log
    from studytui.memory.scheduler import Scheduler
    from studytui.paths import directories
    from studytui.settings import load_settings
    from studytui.study.due import days_of, parameters_of

    settings = load_settings(directories().settings)
    memory = settings.memory
    if parameters:
        memory = replace(memory, parameters=parameters_of(parameters))
    days = days_of(settings.days, timezone, rollover)
    with stoppable(lambda: "a replay has no result before its end"):
        cards = replay_log(read_log(file), Scheduler(memory), days, retention)
    if as_json:
        typer.echo(json.dumps([asdict(card) for card in cards], ensure_ascii=False))
        return
    for card in cards:
        if is_plain():
            memory_of = f"stability {card.stability:.4f} days, difficulty {card.difficulty:.4f}"
            typer.echo(f"{card.card_id}: {memory_of}, due {card.due_day}, {card.state}")
            continue
        typer.echo(
            f"{card.card_id!s:<32} S {card.stability:>12.4f} d  D {card.difficulty:>7.4f}"
            f"  due {card.due_day}  {card.state}"
        )
