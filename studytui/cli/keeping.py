"""``doctor`` and ``sync``: the reader's memory, looked after."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from studytui.cli.progress import replaying
from studytui.paths import directories
from studytui.settings import load_settings, template

app = typer.Typer()


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Save what a damaged file holds")
    ] = False,
    restore: Annotated[str, typer.Option(help="latest, or the name of a backup")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read")] = False,
    explain_settings: Annotated[
        bool, typer.Option("--settings", help="Print a settings file with every key explained")
    ] = False,
) -> None:
    """Check the journal, its backups and states; repair it, or go back to a backup.

    Exits 1 if something is wrong. Close other windows of studytui before a repair.
    """
    from studytui.study import keeping

    where = directories()
    if explain_settings:
        typer.echo(f"# To be kept as {where.settings}\n{template()}", nl=False)
        return
    settings = load_settings(where.settings)
    if restore:
        typer.echo(keeping.put_back(where, restore, _now()))
    if repair:
        typer.echo(keeping.mend(where, settings, _now(), replaying()))
    found = keeping.examine(where, settings, _now(), replaying())
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "journal": str(found.journal),
                    "events": found.events,
                    "cards": found.cards,
                    "wrong": found.wrong,
                    "notes": found.notes,
                    "advice": found.advice,
                    "backups": [str(backup.path) for backup in found.backups],
                },
                ensure_ascii=False,
            )
        )
    else:
        typer.echo(f"{found.journal}: {found.events} events, {found.cards} cards")
        for backup in found.backups:
            typer.echo(f"backup {backup.path.name}")
        for line in (*found.wrong, *found.notes, found.advice):
            if line:
                typer.echo(line)
        typer.echo("something is wrong" if found.wrong else "all is well")
    if found.wrong:
        raise typer.Exit(1)


@app.command()
def sync(
    folder: Annotated[Path, typer.Argument(help="A folder that your devices share")],
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read")] = False,
) -> None:
    """Leave this device's events in a shared folder and take those of the others."""
    from studytui.study.keeping import back_up_before, open_ledger
    from studytui.study.syncing import sync as sync_folder

    where = directories()
    ledger = open_ledger(where, load_settings(where.settings), replaying())
    try:
        back_up_before(ledger, where, _now())
        done = sync_folder(ledger, folder, _now())
    finally:
        ledger.journal.close()
    for problem in done.problems:
        typer.echo(f"left out: {problem}", err=True)
    if as_json:
        problems = [str(problem) for problem in done.problems]
        typer.echo(
            json.dumps(
                {"written": done.written, "taken": done.taken, "problems": problems},
                ensure_ascii=False,
            )
        )
    else:
        typer.echo(f"{done.written} events written, {done.taken} taken")
