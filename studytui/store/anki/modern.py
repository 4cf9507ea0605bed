"""Note types and decks of schemas 15 to 18, which keep their settings in small protobufs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from studytui.store.anki.records import AnkiNoteType

_KIND_FIELD = 1
_CSS_FIELD = 3
_QUESTION_FIELD = 1
_ANSWER_FIELD = 2
_CLOZE = 1
_ENTRY_FIELD = 1
_NAME_FIELD = 1


def modern_note_types(base: sqlite3.Connection) -> tuple[AnkiNoteType, ...]:
    """Read ``notetypes``, ``fields`` and ``templates``."""
    kinds = base.execute("SELECT id, name, config FROM notetypes ORDER BY id").fetchall()
    return tuple(_note_type(base, int(key), str(name), config) for key, name, config in kinds)


def _note_type(base: sqlite3.Connection, key: int, name: str, config: bytes) -> AnkiNoteType:
    fields = base.execute("SELECT name FROM fields WHERE ntid = ? ORDER BY ord", (key,))
    templates = base.execute(
        "SELECT name, config FROM templates WHERE ntid = ? ORDER BY ord", (key,)
    )
    values = _message(config)
    return AnkiNoteType(
        id=key,
        name=name,
        fields=tuple(str(field) for (field,) in fields),
        templates=tuple(_template(str(label), settings) for label, settings in templates),
        cloze=values.get(_KIND_FIELD) == _CLOZE,
        style=_text(values.get(_CSS_FIELD)),
    )


def _template(name: str, config: bytes) -> tuple[str, str, str]:
    values = _message(config)
    return name, _text(values.get(_QUESTION_FIELD)), _text(values.get(_ANSWER_FIELD))


def modern_decks(base: sqlite3.Connection) -> dict[int, str]:
    """Read ``decks``; levels are divided by a unit separator there, by ``::`` everywhere else."""
    rows = base.execute("SELECT id, name FROM decks")
    return {int(key): str(name).replace("\x1f", "::") for key, name in rows}


def media_names(data: bytes) -> list[str]:
    """The names of a package's media files, in the order of their numbers. Raises ValueError."""
    return [
        _text(_message(entry).get(_NAME_FIELD))
        for number, entry in _fields(data)
        if number == _ENTRY_FIELD and isinstance(entry, bytes)
    ]


def _text(value: int | bytes | None) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else ""


def _message(data: bytes) -> dict[int, int | bytes]:
    """The top-level fields of a protobuf message, the last of each number. Raises ValueError."""
    return dict(_fields(data))


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, place = _varint(data, place)
            yield number, value
            continue
        if wire == 2:
            length, place = _varint(data, place)
        else:
            length = {1: 8, 5: 4}.get(wire, -1)
        if length < 0 or place + length > len(data):
            raise ValueError("a broken protobuf")
        yield number, data[place : place + length]
        place += length


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 70:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        shift += 7
        if byte < 0x80:
            return value, place
    raise ValueError("a broken protobuf")
