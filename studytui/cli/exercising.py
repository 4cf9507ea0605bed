"""``studytui exercise``: functions to be written from memory, in the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.progress import open_desk
from studytui.cli.run_text import mismatch_text
from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.library.blocks import ExerciseBlock
    from studytui.study.desk import Desk
    from studytui.study.exercising import ExerciseBench, Judged

app = typer.Typer()
KEYS = "Enter writes it in your editor and checks, ? a hint, ! the solution, q leaves."


@app.command()
def exercise(
    name: Annotated[
        str, typer.Argument(help="track/snippet:function, the function, or an article")
    ] = "",
    check: Annotated[
        Path | None, typer.Option(help="Judge the function in this file; - is your draft.")
    ] = None,
    solution: Annotated[bool, typer.Option("--solution", help="Show the author's.")] = False,
    begin_again: Annotated[
        bool, typer.Option("--again", help="Open the gap again; your draft is put aside.")
    ] = False,
) -> None:
    """Write a function from memory; its check tells the first case that fails.

    Without a name the exercises are listed. In a terminal your editor opens upon the draft; in a
    pipe the task and the file of the draft are told. Exits 1 while the check does not pass.
    """
    from studytui.study.exercising import ExerciseBench

    with open_desk() as desk:
        desk.library.refresh()
        if not name:
            _list(desk)
            return
        bench = ExerciseBench(desk, _found(name, desk), lambda: datetime.now(UTC))
        if begin_again:
            bench.begin_again()
        if solution:
            typer.echo(bench.solution())
            bench.record()
            return
        if check is not None:
            _say(_checked(bench, bench.path if str(check) == "-" else check))
        elif sys.stdin.isatty():
            _talk(bench)
        else:
            _say_task(bench)
            typer.echo(f"\nYour draft: {bench.save(bench.draft)}")
            return
        if bench.tries or bench.shown:
            bench.record()
        if not bench.passed:
            raise typer.Exit(1)


def _list(desk: Desk) -> None:
    for entry in desk.library.entries:
        for identity in entry.exercise_ids:
            block = desk.library.exercise(identity)
            typer.echo(f"{identity}\t{block.title if block else ''}")


def _found(name: str, desk: Desk) -> ExerciseBlock:
    """By its id, its function, its snippet, or the article it stands in."""
    found = [
        identity
        for entry in desk.library.entries
        for identity in entry.exercise_ids
        if name in (identity, entry.id, *identity.split(":"), identity.rpartition("/")[2])
    ]
    if len(found) > 1:
        raise StudyError(f"'{name}' has {len(found)} exercises", todo="\n".join(["", *found]))
    block = desk.library.exercise(found[0]) if found else None
    if block is None:
        raise StudyError(f"there is no exercise '{name}'", todo="studytui exercise lists them")
    return block


def _say_task(bench: ExerciseBench) -> None:
    _say_markdown(f"**{bench.block.title}**\n\n{bench.block.ask}")


def _say_markdown(text: str) -> None:
    from studytui.library.layout.flow import lay_out
    from studytui.library.parse.fragment import parse_fragment

    blocks, _, _ = parse_fragment(text)
    for line in lay_out(blocks, min(shutil.get_terminal_size((80, 24)).columns, 92)).lines:
        typer.echo(line.text.rstrip())


def _talk(bench: ExerciseBench) -> None:
    _say_task(bench)
    typer.echo(f"\n{KEYS}")
    while not bench.passed:
        try:
            word = input("> ").strip()
        except EOFError:
            return
        if word in ("q", "quit"):
            return
        try:
            if word == "?":
                number, text = bench.hint()
                _say_markdown(f"Hint {number}: {text}")
            elif word == "!":
                typer.echo(bench.solution())
            else:
                _edit(bench.save(bench.draft))
                _say(_checked(bench, bench.path))
        except StudyError as error:
            typer.echo(str(error), err=True)


def _edit(path: Path) -> None:
    from studytui.study.editors import editor_command

    try:
        subprocess.run(editor_command(path, 1, os.environ), check=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"the editor cannot be started: {error}", todo="Set EDITOR") from error


def _checked(bench: ExerciseBench, path: Path) -> Judged:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        if path == bench.path:
            text = bench.draft
        else:
            raise StudyError("there is no such file", where=str(path)) from error
    except OSError as error:
        raise StudyError(f"it cannot be read: {error.strerror}", where=str(path)) from error
    return bench.check(text)


def _say(judged: Judged) -> None:
    for line in judged.printed:
        typer.echo(f"  {line}")
    if judged.mismatch is not None:
        typer.echo(mismatch_text(judged.mismatch))
    else:
        typer.echo(judged.says)
    if judged.line:
        typer.echo(f"in line {judged.line} of yours: {judged.text}")
