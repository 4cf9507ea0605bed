"""``cards``: the list of all cards, and what can be done to those chosen."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studytui.cli.plainness import is_plain
from studytui.cli.progress import open_desk
from studytui.counting import many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studytui.study.browsing import CardRow

app = typer.Typer()


@app.command()
def cards(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="Words of ids and titles, track:… tag:… is:due is:own …"),
    ] = None,
    suspend: Annotated[bool, typer.Option(help="Put them aside")] = False,
    unsuspend: Annotated[bool, typer.Option(help="Let them come again")] = False,
    bury: Annotated[bool, typer.Option(help="Not again today")] = False,
    reset: Annotated[bool, typer.Option(help="Make them new again; their history stays")] = False,
    due: Annotated[
        str, typer.Option(metavar="DATE", help="Due on a day, as 2026-03-02; their memory stays")
    ] = "",
    tag: Annotated[str, typer.Option(help="Put a tag on them")] = "",
    untag: Annotated[str, typer.Option(help="Take a tag off")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read")] = False,
) -> None:
    """Every card with its state, due day, stability and lapses; a query chooses among them.

    Of cards of your own it is told where they stand.
    """
    from studytui.study.browsing import Change, browse, change, last_grade
    from studytui.study.tagging import tag_of

    wanted = Change(
        suspend, unsuspend, bury, reset, _day(due), tag and tag_of(tag), untag and tag_of(untag)
    )
    changes = sum((suspend, unsuspend, bury, reset, bool(due), bool(tag), bool(untag)))
    _refuse_unclear(changes, query)
    now = datetime.now(UTC)
    with open_desk() as desk:
        desk.library.refresh()
        rows = browse(desk, " ".join(query or ()), now)
        if changes:
            count = len(change(desk, rows, wanted, now))
            typer.echo(f"{count} of {len(rows)} cards changed")
            return
        grades = {row.card: last_grade(desk, row.card) for row in rows} if as_json else {}
    if as_json:
        listed = [{**_fields(row), "last_grade": grades[row.card]} for row in rows]
        typer.echo(json.dumps(listed, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(_in_words(row) if is_plain() else _in_columns(row))
        if row.source:
            typer.echo(f"    {row.source}")
    typer.echo(many(len(rows), "card"))


def _refuse_unclear(changes: int, query: list[str] | None) -> None:
    """One change at a time, and of cards that are named."""
    from studytui.errors import StudyError

    if changes > 1:
        raise StudyError("these are several changes", todo="Choose one")
    if changes and not query:
        raise StudyError(
            "nothing says which cards", todo="Name them, as in: studytui cards is:leech --suspend"
        )


def _fields(row: CardRow) -> dict[str, Any]:
    return {**asdict(row), "standing": row.standing.value, "version": row.version.value}


def _in_columns(row: CardRow) -> str:
    stability = f"{row.stability:.1f} d" if row.reps else ""
    return "  ".join(
        (
            f"{row.card:<36} {row.standing.value:<9} {row.due:<10} {stability:>9}"
            f" {row.lapses:>3} {'lapse' if row.lapses == 1 else 'lapses'}",
            *_marks(row),
        )
    )


def _in_words(row: CardRow) -> str:
    told = [row.standing.value]
    if row.due:
        told.append(f"due {row.due}")
    if row.reps:
        told.append(f"stability {row.stability:.1f} days")
    return f"{row.card}: {', '.join((*told, many(row.lapses, 'lapse'), *_marks(row)))}"


def _marks(row: CardRow) -> Iterator[str]:
    """What is special about a card."""
    if row.leech:
        yield "leech"
    if row.reported:
        yield "reported"
    yield from (f"#{each}" for each in row.tags)
    if row.version.told:
        yield row.version.told


def _day(text: str) -> date | None:
    from studytui.errors import StudyError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise StudyError(f"'{text}' is no day", todo="As in 2026-03-02") from error


@app.command()
def notes(
    article: Annotated[str, typer.Argument(help="Only those beside this article")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read")] = False,
) -> None:
    """Your own notes, each with its place in an article and the file that it stands in.

    They are made in the interface: A beside a sentence, a formula or a card; a makes a card.
    The files are plain Markdown: edit them, keep them under git. Exits 1 where there are none.
    """
    from studytui.study import own

    with open_desk() as desk:
        desk.library.refresh()
        if article:
            desk.library.entry(article)
        found = own.notes(desk, article)
        problems = desk.own_problems
    for problem in problems:
        typer.echo(str(problem), err=True)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], ensure_ascii=False))
    else:
        for row in found:
            place = f"{row.article}#{row.anchor}" if row.anchor else row.article
            typer.echo(f"{place}  {row.quote}")
            typer.echo("".join(f"    {line}\n" for line in row.text.split("\n")).rstrip())
            typer.echo(f"    {row.path}:{row.line}\n")
        typer.echo(many(len(found), "note"))
    if not found:
        raise typer.Exit(1)
