"""``doctor`` and ``sync``: the reader's memory, looked after."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.progress import replaying
from studytui.errors import StudyError
from studytui.paths import Directories, directories
from studytui.settings import load_settings, template

if TYPE_CHECKING:
    from studytui.study.own_sync import OwnSynced
    from studytui.study.syncing import Stranger

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
    from studytui.study import journal_maintenance

    where = directories()
    if explain_settings:
        typer.echo(f"# To be kept as {where.settings}\n{template()}", nl=False)
        return
    settings = load_settings(where.settings)
    if restore:
        typer.echo(journal_maintenance.put_back(where, restore, _now()))
    if repair:
        typer.echo(journal_maintenance.mend(where, settings, _now(), replaying()))
    found = journal_maintenance.examine(where, settings, _now(), replaying())
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
    accept: Annotated[
        bool, typer.Option("--accept", help="Devices that were never met before are mine")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read")] = False,
) -> None:
    """Leave this device's events in a shared folder and take those of the others.

    Your own cards, notes and versions travel with them; trust in programs does not.

    Events of a device that this one has never met are taken only if you say that they are yours.
    """
    from studytui.study.journal_maintenance import back_up_before, open_ledger
    from studytui.study.syncing import sync as sync_folder

    where = directories()
    ledger = open_ledger(where, load_settings(where.settings), replaying())
    try:
        back_up_before(ledger, where, _now())
        done = sync_folder(ledger, folder, _now(), (lambda _: True) if accept else _are_mine)
        with ledger.journal.reading():
            known = ledger.journal.segments.devices()
        own = _synced_own(where, folder, ledger.journal.device, known)
    finally:
        ledger.journal.close()
    for what in (*done.problems, *done.strangers):
        typer.echo(f"left out: {what}", err=True)
    for told in own.problems:
        typer.echo(f"your own pack: {told}", err=True)
    if done.strangers:
        typer.echo("If these devices are yours: studytui sync FOLDER --accept", err=True)
    if as_json:
        counts = {
            "written": done.written,
            "taken": done.taken,
            "problems": [str(problem) for problem in done.problems],
            "strangers": [asdict(stranger) for stranger in done.strangers],
            "own": own.taken,
            "own_problems": own.problems,
        }
        typer.echo(json.dumps(counts, ensure_ascii=False))
    else:
        typer.echo(f"{done.written} events written, {done.taken} taken")
        if own.taken:
            typer.echo(f"{own.taken} of your own cards and notes taken")


def _synced_own(where: Directories, folder: Path, device: str, known: Collection[str]) -> OwnSynced:
    """Events were synced whatever becomes of the own pack."""
    from studytui.study.own_sync import OwnSynced, sync_own

    try:
        return sync_own(where, folder, device, known)
    except StudyError as error:
        return OwnSynced(0, (str(error),))


def _are_mine(strangers: Sequence[Stranger]) -> bool:
    """Ask, where somebody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    typer.echo("The folder holds events of devices that this one has never met:", err=True)
    for stranger in strangers:
        typer.echo(f"  {stranger}", err=True)
    return typer.confirm("Are they all yours? They will become one history.", err=True)
