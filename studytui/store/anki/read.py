"""``.apkg`` and ``.colpkg`` files, legacy and modern, as records. What is inside is hostile."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from studytui.errors import StudyError
from studytui.store.anki.modern import modern_decks, modern_note_types
from studytui.store.anki.records import (
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.anki.write import FIELD_SEPARATOR

LARGEST = 2 * 2**30
"""Bytes that a collection may unpack to: a larger one is taken for a zip bomb."""
COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")


def read_package(path: Path) -> AnkiPackage:
    """Read a package. Raises StudyError on a file that is none, is damaged or is too large."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            collection = Path(folder) / "collection.db"
            _unpack(path, collection)
            return _read_collection(collection)
    except (zipfile.BadZipFile, sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
        raise StudyError(
            f"not an Anki package that can be read: {error}",
            where=str(path),
            todo="Export it again from Anki: File, Export, 'Anki Deck Package (.apkg)'.",
        ) from error
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _unpack(path: Path, collection: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        name = next((name for name in COLLECTIONS if name in names), None)
        if name is None:
            raise ValueError("it holds no collection")
        if archive.getinfo(name).file_size > LARGEST:
            raise ValueError("the collection is over 2 GiB")
        with archive.open(name) as packed, collection.open("wb") as out:
            if name == "collection.anki21b":
                _decompress(packed, out)
            else:
                while piece := packed.read(2**20):
                    out.write(piece)


def _decompress(packed: Any, out: io.BufferedWriter) -> None:
    import zstandard

    written = 0
    try:
        with zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            while piece := stream.read(2**20):
                written += len(piece)
                if written > LARGEST:
                    raise ValueError("the collection is over 2 GiB")
                out.write(piece)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


def _unicase(left: str, right: str) -> int:
    a, b = left.casefold(), right.casefold()
    return (a > b) - (a < b)


def _read_collection(path: Path) -> AnkiPackage:
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        base.create_collation("unicase", _unicase)
        base.execute("PRAGMA trusted_schema = OFF")
        created, version = base.execute("SELECT crt, ver FROM col").fetchone()
        modern = version >= 15
        return AnkiPackage(
            created=int(created),
            note_types=modern_note_types(base) if modern else _note_types(base),
            decks=modern_decks(base) if modern else _decks(base),
            notes=tuple(_notes(base)),
            cards=tuple(_cards(base)),
            reviews=tuple(_reviews(base)),
        )
    finally:
        base.close()


def _note_types(base: sqlite3.Connection) -> tuple[AnkiNoteType, ...]:
    (models,) = base.execute("SELECT models FROM col").fetchone()
    return tuple(
        AnkiNoteType(
            id=int(key),
            name=str(model["name"]),
            fields=tuple(str(field["name"]) for field in model["flds"]),
            templates=tuple(
                (str(each["name"]), str(each["qfmt"]), str(each["afmt"])) for each in model["tmpls"]
            ),
            cloze=model.get("type") == 1,
            style=str(model.get("css", "")),
        )
        for key, model in json.loads(models).items()
    )


def _decks(base: sqlite3.Connection) -> dict[int, str]:
    (decks,) = base.execute("SELECT decks FROM col").fetchone()
    return {int(key): str(deck["name"]) for key, deck in json.loads(decks).items()}


def _notes(base: sqlite3.Connection) -> list[AnkiNote]:
    rows = base.execute("SELECT id, guid, mid, flds, tags, mod FROM notes ORDER BY id")
    return [
        AnkiNote(
            id=int(identifier),
            guid=str(guid),
            type=int(kind),
            fields=tuple(str(fields).split(FIELD_SEPARATOR)),
            tags=tuple(str(tags).split()),
            modified=int(modified),
        )
        for identifier, guid, kind, fields, tags, modified in rows
    ]


def _cards(base: sqlite3.Connection) -> list[AnkiCard]:
    rows = base.execute(
        "SELECT id, nid, ord, CASE odid WHEN 0 THEN did ELSE odid END, type, queue,"
        " CASE odid WHEN 0 THEN due ELSE odue END, ivl, reps, lapses, left, mod, data"
        " FROM cards ORDER BY id"
    )
    return [_card(row) for row in rows]


def _card(row: tuple[Any, ...]) -> AnkiCard:
    memory = json.loads(row[12]) if row[12] else {}
    if not isinstance(memory, dict):
        memory = {}
    return AnkiCard(
        id=int(row[0]),
        note=int(row[1]),
        ordinal=int(row[2]),
        deck=int(row[3]),
        type=CardType(row[4]),
        queue=int(row[5]),
        due=int(row[6]),
        interval=int(row[7]),
        repetitions=int(row[8]),
        lapses=int(row[9]),
        remaining=int(row[10]),
        modified=int(row[11]),
        stability=_number(memory.get("s")),
        difficulty=_number(memory.get("d")),
        desired_retention=_number(memory.get("dr")),
        last_review=int(memory["lrt"]) if "lrt" in memory else None,
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _reviews(base: sqlite3.Connection) -> list[AnkiReview]:
    rows = base.execute(
        "SELECT id, cid, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id"
    )
    return [
        AnkiReview(
            id=int(identifier),
            card=int(card),
            grade=int(grade),
            interval=int(interval),
            last_interval=int(last),
            factor=int(factor),
            milliseconds=int(milliseconds),
            kind=ReviewKind(kind),
        )
        for identifier, card, grade, interval, last, factor, milliseconds, kind in rows
    ]
