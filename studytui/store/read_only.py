"""A journal that can be read and not written: what is there is shown, and nothing is taken."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from studytui.store import schema
from studytui.store.errors import StoreError
from studytui.store.events import new_id
from studytui.store.journal import Journal


def open_to_read(path: Path, refusal: StoreError) -> Journal:
    """The journal at ``path`` as far as it can be read, else an empty one in memory.

    Every attempt to record something raises an error that says what ``refusal`` says.
    """
    return Journal(_readable(path) or _empty(), path, refusal)


def _readable(path: Path) -> sqlite3.Connection | None:
    # Not Path.is_file, which raises where the folder may not be entered.
    if not os.access(path, os.R_OK):
        return None
    # A log that still holds events can only be read where it may be shared; without one the file
    # says everything, and in a folder that cannot be written SQLite asks to be told so.
    log = path.with_name(f"{path.name}-wal")
    ways = ["mode=ro"] if log.exists() and log.stat().st_size else ["mode=ro", "immutable=1"]
    for way in ways:
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{way}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error:
            continue
        if _is_ours(connection):
            return connection
        connection.close()
    return None


def _is_ours(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT count(*) FROM meta").fetchone()
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION)
    except sqlite3.Error:
        # Damaged, or of another program: the refusal that is told says so.
        return False


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    schema.create(connection)
    connection.execute("INSERT INTO meta VALUES ('device', ?)", (new_id(),))
    return connection
