"""Pictures in Anki's packages: named by number in the archive, with a list that tells their names.

What is inside is hostile: names never become paths, and nothing is taken for a picture that does
not begin as one.
"""

from __future__ import annotations

import json
import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from studytui.errors import StudyError
from studytui.store.anki.modern import media_names
from studytui.store.anki.read import LARGEST_ARCHIVE
from studytui.store.outside import plain_file

LARGEST_PICTURE = 32 * 2**20
LARGEST_ALTOGETHER = 2**30
"""Bytes of pictures that are taken from one package."""
_LARGEST_LIST = 64 * 2**20
_LIST = "media"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"RIFF")
"""PNG, JPEG, GIF, BMP and WebP."""


def take_pictures(path: Path, wanted: Mapping[str, Path]) -> int:
    """Write the pictures of a package to the paths that are wanted by name; how many there were.

    One that is missing, too large or no picture is left out. A path appears only when it is whole.

    Raises:
        StudyError: A picture cannot be written.
    """
    if not wanted:
        return 0
    taken, room = 0, LARGEST_ALTOGETHER
    try:
        with plain_file(path, LARGEST_ARCHIVE) as file, zipfile.ZipFile(file) as archive:
            numbers = _numbers(archive)
            for name, target in wanted.items():
                content = _picture(archive, numbers.get(_normal(name)), min(LARGEST_PICTURE, room))
                if content:
                    _write(target, content)
                    room -= len(content)
                    taken += 1
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        # The list or the rest of the archive is damaged: the notes are there all the same.
        return taken
    return taken


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _numbers(archive: zipfile.ZipFile) -> dict[str, str]:
    """Each file's name in the archive by the name that notes call it by."""
    content = _content(archive, _LIST, _LARGEST_LIST)
    if not content:
        return {}
    with suppress(ValueError, RecursionError):
        table = json.loads(content)
        if isinstance(table, dict):
            return {_normal(str(name)): number for number, name in table.items()}
    with suppress(ValueError):
        return {_normal(name): str(number) for number, name in enumerate(media_names(content))}
    return {}


def _picture(archive: zipfile.ZipFile, number: str | None, most: int) -> bytes:
    content = _content(archive, number, most) if number is not None else b""
    return content if content.startswith(_BEGINNINGS) else b""


def _content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the archive, unpacked; empty where it is not there or too large."""
    try:
        with archive.open(name) as file:
            content = file.read(most + 1)
    except KeyError:
        return b""
    if content.startswith(_ZSTANDARD):
        content = _decompressed(content, most)
    return content if len(content) <= most else b""


def _decompressed(content: bytes, most: int) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(content) as stream:
            return b"".join(_pieces(stream.read, most))
    except zstandard.ZstdError:
        return b""


def _pieces(read: Callable[[int], bytes], most: int) -> Iterator[bytes]:
    while most >= 0 and (piece := read(min(2**20, most + 1))):
        yield piece
        most -= len(piece)


def _write(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StudyError.of_system(error, "a picture cannot be written", target) from error
