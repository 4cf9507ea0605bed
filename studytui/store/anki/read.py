"""``.apkg`` and ``.colpkg`` files, legacy and modern, as records. What is inside is hostile."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

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
from studytui.store.outside import plain_file

Record = TypeVar("Record")
Row = tuple[Any, ...]

_tuple: Callable[..., Any] = tuple.__new__
_ODD = (TypeError, ValueError, ArithmeticError, LookupError)
"""What reading a value of another type may raise."""
_ROWS_AT_ONCE = 1000

LARGEST_ARCHIVE = 8 * 2**30
LARGEST = 2 * 2**30
"""Bytes that a collection may unpack to: a larger one is taken for a zip bomb."""
_TABLES = ("col", "notes", "cards", "revlog")
_MODERN = 15
"""The schema from which note types and decks have tables of their own."""
_STEPS_PER_BYTE = 100
_STEPS_AT_LEAST = 20_000_000
_STEPS_AT_ONCE = 100_000
_LARGEST_INTEGER = 2**53
COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")


def read_package(path: Path) -> AnkiPackage:
    """Read a package. Raises StudyError on a file that is none, is damaged or is too large."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            collection = Path(folder) / "collection.db"
            _unpack(path, collection)
            return _read_collection(collection)
    except StudyError:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        sqlite3.Error,
        ArithmeticError,
        AttributeError,
        LookupError,
        NotImplementedError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        # Whatever stands in a file of others may be missing, odd, or of another type.
        raise StudyError(
            f"not an Anki package that can be read: {error}",
            where=str(path),
            todo="Export it again from Anki: File, Export, 'Anki Deck Package (.apkg)'.",
        ) from error
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _unpack(path: Path, collection: Path) -> None:
    with plain_file(path, LARGEST_ARCHIVE) as file, zipfile.ZipFile(file) as archive:
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
                _copy(packed, out)


def _copy(stream: Any, out: io.BufferedWriter) -> None:
    written = 0
    while piece := stream.read(2**20):
        written += len(piece)
        if written > LARGEST:
            raise ValueError("the collection is over 2 GiB")
        out.write(piece)


def _decompress(packed: Any, out: io.BufferedWriter) -> None:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            _copy(stream, out)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


def _unicase(left: str, right: str) -> int:
    a, b = left.casefold(), right.casefold()
    return (a > b) - (a < b)


def _read_collection(path: Path) -> AnkiPackage:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        base.create_collation("unicase", _unicase)
        base.execute("PRAGMA trusted_schema = OFF")
        base.text_factory = _mended
        limit_work(base, path.stat().st_size)
        _refuse_views(base)
        created, version = base.execute("SELECT crt, ver FROM col").fetchone()
        modern = version >= _MODERN
        odd: Counter[str] = Counter()
        return AnkiPackage(
            created=_integer(created),
            note_types=modern_note_types(base) if modern else _note_types(base, odd),
            decks=modern_decks(base) if modern else _decks(base),
            notes=_rows(base, _NOTES, _notes, odd, "notes"),
            cards=_rows(base, _CARDS, _cards, odd, "cards"),
            reviews=_rows(base, _REVIEWS, _reviews, odd, "reviews"),
            west_minutes=_west_minutes(base, modern),
            odd=dict(odd),
        )


def limit_work(base: sqlite3.Connection, size: int) -> None:
    """End whatever takes more steps than tables of this size can: a count of work, not of time."""
    left = max(_STEPS_AT_LEAST, _STEPS_PER_BYTE * size) // _STEPS_AT_ONCE

    def spend() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    base.set_progress_handler(spend, _STEPS_AT_ONCE)


def _refuse_views(base: sqlite3.Connection) -> None:
    """A view in the place of a table is a program that may never end."""
    rows = base.execute("SELECT name, type, sql FROM sqlite_master WHERE type <> 'index'")
    kinds = {name: (kind, str(sql)) for name, kind, sql in rows}
    for name in _TABLES:
        kind, sql = kinds.get(name, ("missing", ""))
        if kind != "table" or "virtual" in sql.casefold().split("(")[0]:
            raise ValueError(f"'{name}' is not a table")


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


def _rows(
    base: sqlite3.Connection,
    query: str,
    read: Callable[[Sequence[Row]], list[Record]],
    odd: Counter[str],
    what: str,
) -> tuple[Record, ...]:
    """The rows that can be read; the others are counted under ``what``."""
    base.text_factory = str
    try:
        found, left_out = _records(base, query, read)
    except sqlite3.OperationalError:
        # Some text is not UTF-8. To mend it costs a call for every text, which few packages need.
        base.text_factory = _mended
        found, left_out = _records(base, query, read)
    base.text_factory = _mended
    if left_out:
        odd[what] = left_out
    return tuple(found)


def _records(
    base: sqlite3.Connection, query: str, read: Callable[[Sequence[Row]], list[Record]]
) -> tuple[list[Record], int]:
    """The rows that can be read, and how many cannot."""
    found: list[Record] = []
    left_out = 0
    rows = base.execute(query)
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        try:
            found += read(batch)
        except _ODD:
            # One of them is: each by itself.
            for row in batch:
                try:
                    found += read([row])
                except _ODD:
                    left_out += 1
    return found, left_out


def _mended(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


def _columns(rows: Sequence[Row], numbers: int) -> list[Sequence[Any]]:
    """The columns of rows, the first ``numbers`` of them as whole numbers within bounds."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, column in enumerate(columns[:numbers]):
        if set(map(type, column)) != {int}:
            columns[place] = column = list(map(int, column))
        if not -_LARGEST_INTEGER <= min(column) <= max(column) <= _LARGEST_INTEGER:
            raise ValueError("a number that is no id, instant or count")
    return columns


def _made(record: type[Record], *columns: Iterable[Any]) -> list[Record]:
    """Records of a column for each of their fields; to call their class costs three times this."""
    make: Callable[[tuple[Any, ...]], Record] = partial(_tuple, record)
    return list(map(make, zip(*columns, strict=True)))


def _west_minutes(base: sqlite3.Connection, modern: bool) -> int | None:
    """``creationOffset`` of the collection's settings."""
    try:
        if modern:
            row = base.execute("SELECT val FROM config WHERE KEY = 'creationOffset'").fetchone()
            value = json.loads(row[0]) if row else None
        else:
            (settings,) = base.execute("SELECT conf FROM col").fetchone()
            value = json.loads(settings).get("creationOffset")
    except (sqlite3.Error, ValueError, AttributeError, TypeError):
        return None
    return value if isinstance(value, int) and abs(value) <= 24 * 60 else None


def _note_types(base: sqlite3.Connection, odd: Counter[str]) -> tuple[AnkiNoteType, ...]:
    (models,) = base.execute("SELECT models FROM col").fetchone()
    found: list[AnkiNoteType] = []
    for key, model in _table(models).items():
        try:
            found.append(_note_type(int(key), model))
        except (AttributeError, LookupError, TypeError, ValueError):
            odd["note types"] += 1
    return tuple(found)


def _note_type(key: int, model: Any) -> AnkiNoteType:
    return AnkiNoteType(
        id=key,
        name=str(model["name"]),
        fields=tuple(str(field["name"]) for field in model["flds"]),
        templates=tuple(
            (str(each["name"]), str(each["qfmt"]), str(each["afmt"])) for each in model["tmpls"]
        ),
        cloze=model.get("type") == 1,
        style=str(model.get("css", "")),
    )


def _decks(base: sqlite3.Connection) -> dict[int, str]:
    (decks,) = base.execute("SELECT decks FROM col").fetchone()
    items = [(key, deck) for key, deck in _table(decks).items() if isinstance(deck, dict)]
    return {int(key): str(deck.get("name", "Default")) for key, deck in items if key.isdigit()}


def _table(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("a table of the collection is none")
    return value


_NOTES = "SELECT id, mid, mod, guid, flds, tags FROM notes ORDER BY id"


def _notes(rows: Sequence[Row]) -> list[AnkiNote]:
    ids, kinds, modified, *texts = _columns(rows, 3)
    guids, fields, tags = (map(str, column) for column in texts)
    parted = (tuple(each.split(FIELD_SEPARATOR)) for each in fields)
    words = (tuple(each.split()) for each in tags)
    return _made(AnkiNote, ids, guids, kinds, parted, words, modified)


# In a filtered deck the deck and day that a card has at home stand beside.
_CARDS = (
    "SELECT id, nid, ord, CASE odid WHEN 0 THEN did ELSE odid END, queue,"
    " CASE odid WHEN 0 THEN due ELSE odue END, ivl, reps, lapses, left, mod, factor, type, data"
    " FROM cards ORDER BY id"
)


def _cards(rows: Sequence[Row]) -> list[AnkiCard]:
    columns = _columns(rows, 12)
    kinds = (_CARD_TYPES.get(kind, CardType.NEW) for kind in columns[12])
    front, back = columns[:4], columns[4:12]
    memory = zip(*map(_memory, columns[13]), strict=True)
    return _made(AnkiCard, *front, kinds, *back, *memory)


_CARD_TYPES = {int(kind): kind for kind in CardType}
_NO_MEMORY = (None, None, None, None)


def _memory(data: Any) -> tuple[float | None, float | None, float | None, int | None]:
    """What a card remembers; nothing where that is no JSON object, which Anki mends as well."""
    if not data or data == "{}":
        return _NO_MEMORY
    try:
        memory = json.loads(data)
    except (ValueError, RecursionError, TypeError):
        return _NO_MEMORY
    if not isinstance(memory, dict):
        return _NO_MEMORY
    last = memory.get("lrt")
    stability, difficulty, retention = (_number(memory.get(key)) for key in ("s", "d", "dr"))
    return stability, difficulty, retention, last if isinstance(last, int) else None


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and abs(value) < _LARGEST_INTEGER else None


def _integer(value: Any) -> int:
    number = int(value)
    if abs(number) > _LARGEST_INTEGER:
        raise ValueError("a number that is no id, instant or count")
    return number


_REVIEWS = "SELECT id, cid, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id"


def _reviews(rows: Sequence[Row]) -> list[AnkiReview]:
    columns = _columns(rows, 7)
    return _made(AnkiReview, *columns[:7], map(_KINDS.__getitem__, columns[7]))


_KINDS = {int(kind): kind for kind in ReviewKind}
