"""``export`` and ``import``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from studytui.cli.progress import open_desk
from studytui.study import exchanging

app = typer.Typer()


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="NAME.apkg (Anki), NAME.ipynb or NAME.jsonl")],
    only: Annotated[str, typer.Option(help="A track or an article")] = "",
) -> None:
    """Write cards with their history for Anki, an article as a notebook, or the whole journal."""
    with open_desk() as desk:
        done = exchanging.export(desk, file, datetime.now(UTC), only=only)
    typer.echo(f"{done.path}: {done.says}")


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="NAME.apkg, NAME.colpkg or NAME.jsonl")],
    scheduling: Annotated[
        bool | None,
        typer.Option(
            "--scheduling/--no-scheduling",
            help="Take an Anki deck with its history, or all its cards as new; without: asked",
        ),
    ] = None,
) -> None:
    """Take cards and history from Anki, or events from another journal."""

    def with_schedule(schedule: exchanging.Schedule) -> bool:
        if scheduling is not None:
            return scheduling
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return True
        what = f"The package holds {schedule.reviews} reviews, {schedule.cards} cards were studied."
        typer.echo(what, err=True)
        return typer.confirm("Take their schedule and history along?", default=True, err=True)

    with open_desk() as desk:
        taken = exchanging.take(desk, file, datetime.now(UTC), with_schedule)
    pictures = f", {taken.pictures} pictures" if taken.pictures else ""
    typer.echo(f"{taken.events} new events, {taken.known} known, {taken.notes} notes{pictures}")
    if taken.pack is not None:
        typer.echo(f"The cards stand in {taken.pack}")
    for problem in taken.problems:
        typer.echo(f"left out: {problem}", err=True)
