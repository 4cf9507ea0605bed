"""Timed copies of the reader's own cards and notes, beside those of the journal, and the way back.

A copy is one archive of all files, made when something changed. Going back brings what is gone, by
card and note: a text that was written since is never replaced by an older one.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.store import backup

_STEM = "own-"
_ENDING = ".zip"
_CONTENT = "content"
_MOST_FILES = 10_000
_MOST_BYTES = 64 * 2**20
"""Of one file: text is short, and a picture that is longer is left to other backups."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What going back brought: whole files, cards and notes; ``kept`` were written anew since."""

    files: int
    blocks: int
    kept: int


def own_backups(directories: Directories) -> list[backup.Backup]:
    """The archives, newest first."""
    return backup.backups(directories.backups, _STEM, _ENDING)


def back_up_own(directories: Directories, now: datetime) -> bool:
    """Archive the reader's own files if they are not as the newest archive has them.

    Returns:
        Whether there was something to archive. An empty pack is none: it may be an accident.

    Raises:
        StudyError: They cannot be read, or the archive cannot be written.
    """
    try:
        found = dict(_own_files(directories.own))
        digest = _digest(found)
        made = own_backups(directories)
        if not found or (made and _comment(made[0].path) == digest):
            return False
        target = directories.backups / f"{_STEM}{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{_ENDING}"
        _write(target, found, digest)
        for old in backup.superfluous(made, now):
            old.path.unlink(missing_ok=True)
    except OSError as error:
        raise StudyError(
            f"your own cards could not be backed up: {error.strerror}",
            where=str(error.filename or directories.own),
            todo="Make room, or make the folder writable",
        ) from error
    return True


def return_own(directories: Directories, until: datetime | None) -> Returned:
    """Bring back what is gone of the newest archive made by ``until``, or of the newest of all.

    Where none was made by then, the first one is taken: what it holds may have been there already.

    Raises:
        StudyError: The archive or the own pack cannot be used; says which.
    """
    made = own_backups(directories)
    if not made:
        return Returned(0, 0, 0)
    chosen = next((each for each in made if until is None or each.made <= until), made[-1])
    try:
        files = _read(chosen.path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise StudyError(
            f"the copy of your own cards cannot be read: {error}",
            where=str(chosen.path),
            todo="Name an older backup: studytui doctor --restore NAME",
        ) from error
    return _bring_back(directories, files)


def _own_files(own: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the own folder by their names in it; hidden ones are no text of the reader's."""
    seen: set[str] = set()
    # The pack may lie behind a link; a link that leads back to where it lies is not followed.
    for folder, folders, names in os.walk(own, followlinks=True):
        if (real := os.path.realpath(folder)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file() and path.stat().st_size <= _MOST_BYTES:
                yield path.relative_to(own).as_posix(), path.read_bytes()


def _digest(files: Mapping[str, bytes]) -> bytes:
    each = (f"{name}\0{sha256(data).hexdigest()}" for name, data in sorted(files.items()))
    return sha256("\n".join(each).encode("utf-8", "surrogateescape")).hexdigest().encode()


def _comment(path: Path) -> bytes:
    """The digest that an archive carries; empty of one that cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment
    except (OSError, zipfile.BadZipFile):
        return b""


def _write(target: Path, files: Mapping[str, bytes], digest: bytes) -> None:
    """The name appears only when the archive is whole and on the disk."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with unfinished.open("w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in sorted(files.items()):
                    archive.writestr(name, data)
                archive.comment = digest
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, bytes]:
    """The files of an archive whose names lead nowhere else, as far as they have a size to keep."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist()[:_MOST_FILES]:
            parts = PurePosixPath(info.filename).parts
            plain = parts and not any(part.startswith((".", "/")) for part in parts)
            if info.is_dir() or not plain or "\\" in info.filename or info.file_size > _MOST_BYTES:
                continue
            found[info.filename] = archive.read(info)
    return found


def _bring_back(directories: Directories, files: Mapping[str, bytes]) -> Returned:
    # Every import and sync makes a copy; only going back reads Markdown.
    from studytui.study.own_files import content_of, write_lines
    from studytui.study.own_sync import Block, blocks_in, files_of, head_in, put_block

    root = content_of(directories.own)
    here = {id: text for _, lines in files_of(root) for id, text in blocks_in(lines)}
    whole = blocks = kept = 0
    for name, data in files.items():
        lines = data.decode("utf-8", errors="surrogateescape").split("\n")
        parts = PurePosixPath(name).parts
        then = dict(blocks_in(lines)) if parts[0] == _CONTENT and name.endswith(".md") else {}
        if not (directories.own / name).exists() and not here.keys() & then.keys():
            write_lines(directories.own / name, lines)
            whole, blocks = whole + 1, blocks + len(then)
            continue
        file = "/".join(parts[1:])
        for id, text in then.items():
            if id not in here:
                heads = {file: head} if (head := head_in(lines)) else {}
                put_block(directories, id, Block(file, ""), Block(file, text), heads)
                blocks += 1
            elif here[id] != text:
                kept += 1
    return Returned(whole, blocks, kept)
