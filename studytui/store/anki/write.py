"""An ``.apkg`` that Anki opens with notes, schedule, history and memory state."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
from pathlib import Path

from studytui.errors import StudyError
from studytui.store.anki import schema
from studytui.store.anki.records import AnkiCard, AnkiNote, AnkiPackage

FIELD_SEPARATOR = "\x1f"
STARTING_FACTOR = 2500
"""SM-2's ease in permille: FSRS ignores it, Anki's checks want one."""
_TAG = re.compile(r"<[^>]*>")


def write_package(package: AnkiPackage, path: Path) -> None:
    """Write ``package`` to ``path``, whole or not at all. Raises StudyError."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            collection = Path(folder) / "collection.anki21"
            _write_collection(package, collection)
            archive = Path(folder) / "package"
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
                # Protobuf PackageMetadata with version = LEGACY_2: schema 11 in collection.anki21.
                out.writestr("meta", b"\x08\x02")
                out.write(collection, "collection.anki21")
                numbers = {str(number): name for number, name in enumerate(package.media)}
                out.writestr("media", json.dumps(numbers))
                for number, file in enumerate(package.media.values()):
                    out.write(file, str(number))
            archive.replace(path)
    except (OSError, sqlite3.OperationalError) as error:
        # SQLite tells of a full disk in an exception of its own.
        why = error.strerror if isinstance(error, OSError) else error
        raise StudyError(
            f"the package cannot be written: {why}",
            where=str(path),
            todo="Name a folder that exists and that you may write to, with space left.",
        ) from error


def _write_collection(package: AnkiPackage, path: Path) -> None:
    base = sqlite3.connect(path)
    try:
        base.executescript(schema.TABLES)
        modified = max((review.id for review in package.reviews), default=package.created * 1000)
        base.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (
                package.created,
                modified,
                modified,
                schema.configuration(package),
                schema.models(package.note_types),
                schema.decks(package.decks),
                schema.deck_options(),
            ),
        )
        base.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            map(_note, package.notes),
        )
        base.executemany(
            "INSERT INTO cards VALUES (?,?,?,?,?,-1,?,?,?,?,?,?,?,?,0,0,0,?)",
            map(_card, package.cards),
        )
        base.executemany(
            "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)",
            (
                (
                    review.id,
                    review.card,
                    review.grade,
                    review.interval,
                    review.last_interval,
                    review.factor,
                    review.milliseconds,
                    int(review.kind),
                )
                for review in package.reviews
            ),
        )
        base.commit()
    finally:
        base.close()


def _note(note: AnkiNote) -> tuple[object, ...]:
    first = _TAG.sub("", note.fields[0])
    # Anki finds duplicates by the first 32 bits of the first field's SHA-1.
    checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    fields = FIELD_SEPARATOR.join(note.fields)
    return (note.id, note.guid, note.type, note.modified, tags, fields, first, checksum)


def _card(card: AnkiCard) -> tuple[object, ...]:
    return (
        card.id,
        card.note,
        card.deck,
        card.ordinal,
        card.modified,
        int(card.type),
        card.queue,
        card.due,
        card.interval,
        (card.factor or STARTING_FACTOR) if card.type else 0,
        card.repetitions,
        card.lapses,
        card.remaining,
        _memory(card),
    )


def _memory(card: AnkiCard) -> str:
    values = {
        "s": card.stability,
        "d": card.difficulty,
        "dr": card.desired_retention,
        "lrt": card.last_review,
    }
    return json.dumps({key: value for key, value in values.items() if value is not None})
