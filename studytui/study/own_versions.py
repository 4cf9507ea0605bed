"""The reader's own versions of shipped cards, derivations, exercises and terms.

A version is a copy in the reader's own pack under the same id: it is asked in the place of the
original, with the same history. It remembers which original it was made of, so that a later change
of that one is told, and one can go back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from studytui.cards.term import TermCard
from studytui.errors import StudyError
from studytui.library.blocks import Term
from studytui.library.contents import Source, base_of
from studytui.library.entry import Entry
from studytui.library.writing import span_of_fence, term_rows, with_field
from studytui.study.desk import Desk
from studytui.study.own import Written, append, cut, file_about, put_aside
from studytui.study.own_files import read_lines, write_lines


class Version(Enum):
    """How a card of the reader's own stands to the one that came with studytui."""

    NONE = ""
    """It is not the reader's."""
    NEW = "own"
    """The reader's own; there is no other."""
    STANDS_IN = "version"
    """It stands in for the original."""
    OUTDATED = "outdated"
    """It stands in for an original that has changed since."""
    ORPHAN = "orphan"
    """It stood in for an original that is gone."""

    @property
    def told(self) -> str:
        """What a reader is told of it; empty where there is nothing to tell."""
        return _TOLD[self]


_TOLD = {
    Version.NONE: "",
    Version.NEW: "your own",
    Version.STANDS_IN: "your version",
    Version.OUTDATED: "your version; the original has changed since, O goes back to it",
    Version.ORPHAN: "your version; the original is gone",
}


def version_of(desk: Desk, card: str) -> Version:
    """Whether a card is the reader's own, and how it stands to the original."""
    library = desk.library
    own = library.own_version(card)
    if own is None:
        article = library.article_of(card)
        mine = article is not None and library.is_own(library.entry(article))
        return (
            (Version.ORPHAN if _replaces(library.source(card)) else Version.NEW)
            if mine
            else (Version.NONE)
        )
    original = library.original(card)
    if original is None:
        return Version.ORPHAN
    return Version.OUTDATED if own.replaces not in ("", original.digest) else Version.STANDS_IN


def _replaces(source: Source | None) -> str:
    return source.replaces if source is not None else ""


def editable(desk: Desk, card: str) -> Written:
    """The source of a card where the reader may edit it: a shipped one gets a copy of their own.

    Raises:
        StudyError: There is no such card, or the copy cannot be made.
    """
    library = desk.library
    source = library.source(card)
    if source is None:
        raise StudyError(f"the card {card} is in no article any more")
    entry = _holder(desk, source)
    if library.pack_of(entry.id).shipped:
        return _copied(desk, source, entry)
    lines = read_lines(entry.path)
    span = span_of_fence(lines, source.line)
    block = "\n".join(lines[slice(*span)]) if span else ""
    line = _term_line(lines, span, source) if isinstance(source, TermCard) and span else source.line
    return Written(source.id, entry.path, line, block)


def _holder(desk: Desk, source: Source) -> Entry:
    article = desk.library.article_with(source)
    if article is None:
        raise StudyError(f"{source.id} is in no article any more")
    return desk.library.entry(article)


def _copied(desk: Desk, source: Source, entry: Entry) -> Written:
    path = file_about(desk, entry.id)
    if isinstance(source, TermCard):
        return _copied_term(desk, source, entry, path)
    lines = entry.path.read_text("utf-8", errors="replace").split("\n")
    span = span_of_fence(lines, source.line)
    if span is None:
        raise StudyError("its source is not where it was", where=f"{entry.path}:{source.line}")
    block = with_field("\n".join(lines[slice(*span)]), "replaces", source.digest)
    return append(desk, path, source.id, block, entry.id)


def _copied_term(desk: Desk, source: TermCard, entry: Entry, path: Path) -> Written:
    """A term comes with both its directions; all of a file's stand in one block."""
    term = _term_of(desk, entry, source.id)
    rows = term_rows(term, source.digest)
    lines = read_lines(path)
    head = next((n for n, line in enumerate(lines, 1) if re.match(r"`{3,}\{terms\}", line)), 0)
    span = span_of_fence(lines, head) if head else None
    if span is None:
        block = f"```{{terms}} {entry.id}\n{rows}```\n"
        made = append(desk, path, source.id, block, entry.id)
        return Written(source.id, path, made.line + 1, rows, fresh=True)
    last = span[1] - 1
    write_lines(path, [*lines[:last], *rows.rstrip("\n").split("\n"), *lines[last:]])
    desk.library.refresh()
    return Written(source.id, path, last + 1, rows, fresh=True)


def _term_of(desk: Desk, entry: Entry, card: str) -> Term:
    name = card.split("/")[-2]
    found = next((t for t in desk.library.article(entry.id).terms if t.id == name), None)
    if found is None:
        raise StudyError(f"there is no term '{name}' any more", where=str(entry.path))
    return found


def _rows_of_term(lines: Sequence[str], span: tuple[int, int], card: str) -> tuple[int, int] | None:
    """The lines of a term inside its block."""
    name = re.escape(card.split("/")[-2])
    first = re.compile(rf"-\s*\{{?\s*id:\s*[\"']?{name}[\"']?\s*(,|\}}|$)")
    for number in range(span[0] + 1, span[1] - 1):
        if first.match(lines[number]):
            end = number + 1
            while end < span[1] - 1 and not lines[end].startswith("-"):
                end += 1
            return number, end
    return None


def _term_line(lines: Sequence[str], span: tuple[int, int], source: TermCard) -> int:
    rows = _rows_of_term(lines, span, source.id)
    return rows[0] + 1 if rows else source.line


def settle(desk: Desk, written: Written) -> bool:
    """After an edit: a copy that was made for it and not changed is taken away again.

    Returns whether anything is the reader's now.
    """
    if written.fresh:
        lines = read_lines(written.path)
        block = written.block.rstrip("\n").split("\n")
        start = written.line - 1
        if lines[start : start + len(block)] == block:
            cut(written.path, lines, (start, start + len(block)))
            desk.library.refresh()
            return False
    desk.library.refresh()
    return True


def go_back(desk: Desk, card: str) -> Path:
    """Go back to what the reader's version stands in for; returns where that was put aside.

    Raises:
        StudyError: There is no version of the reader's own, or no original.
    """
    library = desk.library
    own, base = library.own_version(card), base_of(card)
    if own is None or library.original(card) is None:
        raise StudyError(f"there is no version of your own of {base}", todo="e makes one")
    path = _holder(desk, own).path
    lines = read_lines(path)
    span = span_of_fence(lines, own.line)
    if span is not None and isinstance(own, TermCard):
        rows = _rows_of_term(lines, span, own.id)
        span = rows if rows and rows != (span[0] + 1, span[1] - 1) else span
    if span is None:
        raise StudyError("its source is not where it was", where=f"{path}:{own.line}")
    aside = put_aside(desk, lines[slice(*span)])
    cut(path, lines, span)
    library.refresh()
    return aside
