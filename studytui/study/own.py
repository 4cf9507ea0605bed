"""The reader's own cards, notes and versions: made, changed, found again, gone back from.

Nothing here writes anywhere but into the reader's own pack: what came with studytui is never
edited, for the next upgrade would take the edit away. An edited card is a copy that *stands in for*
the shipped one under the same id, so that its history goes on.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from studytui.cards.basic import BasicCard
from studytui.cards.card import Card
from studytui.cards.citation import Citation
from studytui.cards.cloze import ClozeCard
from studytui.errors import StudyError
from studytui.library.blocks import Annotation
from studytui.library.parse.front_matter import slug
from studytui.library.writing import (
    annotation_block,
    article_head,
    card_block,
    citing,
    span_of_fence,
)
from studytui.study.desk import Desk
from studytui.study.own_files import (
    OWN,
    TITLE,
    content_of,
    make_pack,
    put_aside_in,
    read_lines,
    write_lines,
)


class Form(Enum):
    """What a reader makes of a place."""

    CARD = "card"
    CLOZE = "cloze"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written: of a card ``front`` and ``back``, of a cloze its text and what stands
    behind the answer, of a note its text alone. All Markdown."""

    form: Form
    front: str
    back: str = ""
    tags: tuple[str, ...] = ()
    cites: Citation | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A block of the reader's own in its file, with its text; ``fresh``: made just now."""

    id: str
    path: Path
    line: int
    block: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of the reader's own, where it belongs and where it stands."""

    id: str
    article: str
    anchor: str
    quote: str
    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class OwnItem:
    """A card or a note of the reader's own with the place where it belongs; Markdown."""

    id: str
    cites: Citation
    text: str
    is_note: bool


# Making --------------------------------------------------------------------------------------


def add(desk: Desk, draft: Draft) -> Written:
    """Write a card or a note into the reader's own pack; on the disk when this returns.

    Raises:
        StudyError: Something is missing in it, or the pack cannot be written.
    """
    refuse_incomplete(draft)
    about = draft.cites.article if draft.cites else ""
    path = file_about(desk, about)
    identity = f"my-{secrets.token_hex(5)}"
    return append(desk, path, identity, written_block(identity, draft), about)


def refuse_incomplete(draft: Draft) -> None:
    """Raise what is missing in a draft, in words."""
    if draft.form is Form.NOTE and draft.cites is None:
        raise StudyError("a note belongs beside a place", todo="Make it while reading")
    if not draft.front.strip():
        what = {Form.CARD: "the question", Form.CLOZE: "the text", Form.NOTE: "the note"}
        raise StudyError(f"{what[draft.form]} is empty")
    if draft.form is Form.CARD and not draft.back.strip():
        raise StudyError("the answer is empty")
    if draft.form is Form.CLOZE:
        _refuse_without_gaps(draft.front)


def _refuse_without_gaps(text: str) -> None:
    numbers = {int(number) for number in re.findall(r"\{\{c([1-9]\d?)::\s*\S", text)}
    if not numbers:
        raise StudyError("there is no gap", todo="Select words and press F3: {{c1::hidden}}")
    if numbers != set(range(1, len(numbers) + 1)):
        raise StudyError("gaps are numbered c1, c2, c3 … without holes")


def written_block(identity: str, draft: Draft) -> str:
    """A draft as it stands in a file."""
    cites, tags = citing(draft.cites), {"tags": draft.tags}
    match draft.form:
        case Form.CARD:
            texts = {"ask": draft.front, "answer": draft.back}
            return card_block(identity, "basic", {**texts, **tags, **cites})
        case Form.CLOZE:
            texts = {"text": draft.front, "why": draft.back}
            return card_block(identity, "cloze", {**texts, **tags, **cites})
        case Form.NOTE:
            assert draft.cites is not None
            return annotation_block(Annotation(identity, draft.cites, draft.front))


def file_about(desk: Desk, article: str) -> Path:
    """The reader's own file on an article; of one that is their own it is its own file."""
    root = content_of(desk.directories.own) / OWN
    if not article:
        return root / f"{OWN}-cards.md"
    entry = desk.library.entry(article)
    if desk.library.is_own(entry):
        return entry.path
    return root / f"{own_id(article)}.md"


def own_id(article: str) -> str:
    """The id of the reader's own article about another."""
    wanted = f"{OWN}-{article}"
    return wanted if len(wanted) <= 80 else f"{wanted[:60].strip('-')}-{slug(wanted[60:])[:18]}"


def _head(desk: Desk, path: Path, about: str) -> list[str]:
    title = desk.library.entry(about).title if about else ""
    named = f"{TITLE}: {title}" if title else f"{TITLE} cards"
    needs = (about,) if about else ()
    return article_head(path.stem, named, OWN, needs).split("\n")[:-1]


def append(desk: Desk, path: Path, identity: str, block: str, about: str) -> Written:
    """Write a block at the end of one of the reader's own files. Raises StudyError."""
    make_pack(desk.directories.own)
    lines = read_lines(path)
    if not any(line.strip() for line in lines):
        lines = _head(desk, path, about)
    while lines and not lines[-1].strip():
        lines.pop()
    line = len(lines) + 2
    write_lines(path, [*lines, "", *block.rstrip("\n").split("\n"), ""])
    desk.library.refresh()
    return Written(identity, path, line, block, fresh=True)


# Changing --------------------------------------------------------------------------------------


def remove(desk: Desk, written: Written) -> Path:
    """Take a card or a note of the reader's own away; returns where it was put aside."""
    lines = read_lines(written.path)
    span = span_of_fence(lines, written.line)
    if span is None:
        raise StudyError("it is not where it was", where=f"{written.path}:{written.line}")
    aside = put_aside(desk, lines[slice(*span)])
    cut(written.path, lines, span)
    desk.library.refresh()
    return aside


def rewrite(desk: Desk, written: Written, draft: Draft) -> None:
    """Replace a card or a note by what it says now; its id stays. Raises StudyError."""
    refuse_incomplete(draft)
    lines = read_lines(written.path)
    span = span_of_fence(lines, written.line)
    if span is None or "\n".join(lines[slice(*span)]) != written.block.rstrip("\n"):
        raise StudyError(
            "its file was changed meanwhile",
            where=f"{written.path}:{written.line}",
            todo="Open it again; what you typed is still here",
        )
    block = written_block(written.id, draft).rstrip("\n").split("\n")
    write_lines(written.path, [*lines[: span[0]], *block, *lines[span[1] :]])
    desk.library.refresh()


def put_aside(desk: Desk, block: Sequence[str]) -> Path:
    """Keep lines that are taken away; returns where."""
    aside = put_aside_in(desk.directories.own)
    kept = read_lines(aside)
    while kept and not kept[-1].strip():
        kept.pop()
    write_lines(aside, [*kept, "", *block, ""])
    return aside


def cut(path: Path, lines: Sequence[str], span: tuple[int, int]) -> None:
    """Write a file without some of its lines, and without a doubled blank one."""
    before, after = list(lines[: span[0]]), list(lines[span[1] :])
    while before and after and not before[-1].strip() and not after[0].strip():
        after.pop(0)
    write_lines(path, [*before, *after])


# Finding -------------------------------------------------------------------------------------


def notes(desk: Desk, article: str = "") -> list[NoteRow]:
    """All notes of the reader's own, or those beside an article, in the order of their files."""
    return [row for row in _notes(desk) if article in ("", row.article)]


def _notes(desk: Desk) -> Iterator[NoteRow]:
    for entry in desk.library.entries:
        if desk.library.is_own(entry):
            for note in desk.library.article(entry.id).annotations:
                cites = note.cites
                yield NoteRow(
                    note.id,
                    cites.article,
                    cites.anchor,
                    cites.quote,
                    note.text,
                    str(entry.path),
                    note.line,
                )


def items(desk: Desk, article: str) -> list[OwnItem]:
    """The reader's own notes and cards that belong into an article, notes first."""
    own = [entry for entry in desk.library.entries if desk.library.is_own(entry)]
    read = [desk.library.article(entry.id) for entry in own]
    found = [OwnItem(note.id, note.cites, note.text, True) for a in read for note in a.annotations]
    found += [
        OwnItem(card.id, card.cites, "\n\n".join(card.shown()), False)
        for a in read
        for card in a.cards
        if card.cites
    ]
    return [item for item in found if item.cites.article == article]


def written_of(desk: Desk, id: str) -> Written:
    """A card or a note of the reader's own in its file.

    Raises:
        StudyError: There is none of this id, or it is not where it was.
    """
    for entry in desk.library.entries:
        if not desk.library.is_own(entry):
            continue
        read = desk.library.article(entry.id)
        places = {note.id: note.line for note in read.annotations}
        places |= {card.id: card.line for card in read.cards}
        lines = read_lines(entry.path) if id in places else []
        span = span_of_fence(lines, places.get(id, 0))
        if span is not None:
            return Written(id, entry.path, places[id], "\n".join(lines[slice(*span)]))
    raise StudyError(f"there is nothing of your own called {id}", todo="studytui notes lists notes")


def draft_of(desk: Desk, id: str) -> Draft | None:
    """What the form shows of a card or a note; None for kinds that it has no fields for."""
    for entry in desk.library.entries:
        if desk.library.is_own(entry):
            read = desk.library.article(entry.id)
            for note in read.annotations:
                if note.id == id:
                    return Draft(Form.NOTE, note.text, cites=note.cites)
            for card in read.cards:
                if card.id == id:
                    return _draft_of_card(card)
    return None


def _draft_of_card(card: Card) -> Draft | None:
    # What the form has no field for would be lost.
    if card.hint or card.probe or card.replaces or card.draws_numbers:
        return None
    match card:
        case BasicCard() if not card.why:
            return Draft(Form.CARD, card.ask, card.answer, card.tags, card.cites)
        case ClozeCard():
            return Draft(Form.CLOZE, card.text, card.why, card.tags, card.cites)
        case _:
            return None
