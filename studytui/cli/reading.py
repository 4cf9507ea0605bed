"""``read`` and ``search``: articles without the interface."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.plainness import beside, is_plain
from studytui.cli.progress import open_desk
from studytui.cli.talking import terminal

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.search import Excerpt, Hit
    from studytui.study.desk import Desk

app = typer.Typer()


@app.command()
def read(
    article: Annotated[str, typer.Argument(help="The article's id, or a Markdown file.")],
    width: Annotated[
        int | None, typer.Option(min=20, max=1000, help="Columns; by default the terminal's.")
    ] = None,
) -> None:
    """Print an article: styled in a terminal, plain when piped. Wide formulas stay in one piece."""
    from studytui.study.preview import drawn

    with open_desk() as desk:
        _print(drawn(_article(desk, article)), width)


def _print(article: Article, width: int | None = None) -> None:
    """An article as it is read here: in words for ears, styled in a terminal, else plain."""
    from shutil import get_terminal_size

    if is_plain():
        from studytui.library.linear.blocks import article_lines

        lines = article_lines(article, width or terminal().width)
    else:
        from studytui.library.layout.sheet import printed

        columns = width or min(92, get_terminal_size((80, 24)).columns)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        lines = printed(article, columns, colour=colour)
    for line in lines:
        print(line)


@app.command(name="open")
def open_file(
    file: Annotated[Path, typer.Argument(help="Any Markdown file.", exists=True, dir_okay=False)],
) -> None:
    """Read a Markdown file in the interface, formulas and all; in a pipe it is printed."""
    # In a terminal the interface has been opened before any verb is looked at.
    read(f"{file}", None)


@app.command()
def guide(
    chapter: Annotated[str, typer.Argument(help="A chapter, or the beginning of its name.")] = "",
) -> None:
    """The user's guide, in the interface; in a pipe its chapters are listed, or one is printed."""
    from studytui.library import guide as written
    from studytui.library.parse import parse_file

    if not chapter:
        for each in written.chapters():
            typer.echo(beside(each.name, each.title, " " * (16 - len(each.name))))
        return
    _print(parse_file(written.chapter(chapter).path).article)


def _article(desk: Desk, name: str) -> Article:
    """An article of the library, or the one in a file: what an author is just writing."""
    from studytui.library.parse import parse_file
    from studytui.library.source import check_is_text

    if not name.endswith(".md") and not Path(name).is_file():
        return desk.library.article(name)
    check_is_text(Path(name))
    return parse_file(Path(name)).article


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help='English or Chinese; "in quotes" a phrase.')],
    track: Annotated[str, typer.Option(help="Only in this track.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search articles, cards, derivations and terms. Exits 1 when nothing is found."""
    from studytui.authoring.problems import suggest
    from studytui.errors import StudyError

    with open_desk() as desk:
        desk.library.refresh()
        tracks = tuple(each.id for each in desk.library.tracks)
        if track and track not in tracks:
            raise StudyError(f"there is no track '{track}'", todo=suggest(track, tracks))
        hits = desk.library.search(_typed(words), track=track, limit=limit, spoken=is_plain())
        for hit in hits:
            print(
                _as_json(hit, str(desk.library.entry(hit.article).path)) if as_json else _text(hit)
            )
    if not hits:
        if not as_json:
            print("nothing found", file=sys.stderr)
        raise typer.Exit(1)


def _typed(words: list[str]) -> str:
    """The words as one text; what the shell kept together with quotes is a phrase again."""
    return " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)


def _text(hit: Hit) -> str:
    place = f"{hit.article}#{hit.anchor}" if hit.anchor else hit.article
    kind = "" if hit.kind == "text" else f"{hit.kind} {hit.id}"
    heading = _marked(hit.heading) or hit.title
    if is_plain():
        told = (f"{kind} in {place}" if kind else place, heading, _marked(hit.excerpt))
        return "\n".join(line for line in told if line.strip())
    kind = f"  [{kind}]" if kind else ""
    return f"{place}{kind}\n    {heading}\n    {_marked(hit.excerpt)}"


def _marked(excerpt: Excerpt) -> str:
    """What was found in bold, where a terminal shows it."""
    bold = sys.stdout.isatty()
    return "".join(f"\x1b[1m{text}\x1b[0m" if found and bold else text for text, found in excerpt)


def _as_json(hit: Hit, path: str) -> str:
    fields = {
        "article": hit.article,
        "title": hit.title,
        "track": hit.track,
        "kind": hit.kind,
        "id": hit.id,
        "anchor": hit.anchor,
        "path": path,
        "line": hit.line,
        "heading": "".join(text for text, _ in hit.heading),
        "excerpt": hit.snippet,
    }
    return json.dumps(fields, ensure_ascii=False)
