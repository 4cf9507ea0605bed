"""``studytui exercise``: functions to be written from memory, in the shell."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.plainness import beside
from studytui.cli.progress import open_desk
from studytui.cli.talking import terminal
from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.library.blocks import ExerciseBlock
    from studytui.study.desk import Desk
    from studytui.study.exercising import ExerciseBench, Judged
    from studytui.study.plain.terminal import Terminal

app = typer.Typer()


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
    from studytui.study.plain.exercise import exercise_in_text, say_judged, say_task

    to = terminal()
    with open_desk() as desk:
        desk.library.refresh()
        if not name:
            _list(desk, to)
            return
        block = _found(name, desk)
        bench = ExerciseBench(desk, block, to.clock)
        if begin_again:
            bench.begin_again()
        if solution:
            typer.echo(bench.solution())
            bench.record()
            return
        if check is not None:
            say_judged(to, _checked(bench, bench.path if str(check) == "-" else check))
            if bench.tries:
                bench.record()
        elif sys.stdin.isatty():
            with suppress(EOFError):
                exercise_in_text(to, bench)
        else:
            say_task(to, bench)
            typer.echo(f"\nYour draft: {bench.save(bench.draft)}")
            return
        if not bench.passed:
            raise typer.Exit(1)


def _list(desk: Desk, to: Terminal) -> None:
    for entry in desk.library.entries:
        for identity in entry.exercise_ids:
            block = desk.library.exercise(identity)
            title = to.words(block.title) if block else ""
            typer.echo(beside(identity, title, "\t"))


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
