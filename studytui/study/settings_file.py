"""Changing one setting in the reader's file: every other line of it stays as it was written."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from studytui.errors import SettingsError
from studytui.settings import load_settings, template


def set_flag(path: Path, table: str, key: str, value: bool) -> None:
    """Write ``key = true`` or ``false`` into a table of the settings file; made when it is missing.

    Raises:
        SettingsError: The file cannot be read or written, or is broken: it is not touched then.
    """
    load_settings(path)
    try:
        text = path.read_text("utf-8") if path.exists() else template()
        changed = with_line(text, table, key, f"{key} = {str(value).lower()}")
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=target.parent, prefix=".settings-")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(changed)
            load_settings(Path(name))
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be written: {error.strerror}",
            where=str(path),
            todo=f"Write {key} = {str(value).lower()} under [{table}] yourself",
        ) from error


def with_line(text: str, table: str, key: str, line: str) -> str:
    """A TOML text with a line in one of its tables, in the place of the one for ``key``.

    A line that is a comment, as the template has them, counts as the one for ``key``.
    """
    lines = text.split("\n")
    head = next((n for n, row in enumerate(lines) if row.strip() == f"[{table}]"), -1)
    if head < 0:
        before = text.rstrip("\n")
        return f"{before}\n\n[{table}]\n{line}\n" if before else f"[{table}]\n{line}\n"
    end = next((n for n in range(head + 1, len(lines)) if lines[n].startswith("[")), len(lines))
    given = re.compile(rf"\s*{re.escape(key)}\s*=")
    for pattern in (given, re.compile(rf"#\s*{re.escape(key)}\s*=")):
        for number in range(head + 1, end):
            if pattern.match(lines[number]):
                return "\n".join([*lines[:number], line, *lines[number + 1 :]])
    return "\n".join([*lines[: head + 1], line, *lines[head + 1 :]])
