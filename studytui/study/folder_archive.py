"""Timed archives of a folder of the reader's files, beside the backups of the journal.

An archive holds all files of the folder and is made when something changed. Its names are hostile
until they are checked: what would lead out of the folder is left out.
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
from studytui.store import backup

_ENDING = ".zip"
_MOST_FILES = 10_000
_MOST_BYTES = 64 * 2**20
"""Of one file: text is short, and a picture that is longer is left to other backups."""


@dataclass(frozen=True, slots=True)
class FolderArchive:
    """The archives in ``backups`` of one ``folder``, named ``stem`` and the instant.

    ``holding`` says in messages what the folder holds: ``your own cards``.
    """

    folder: Path
    backups: Path
    stem: str
    holding: str

    def made(self) -> list[backup.Backup]:
        """The archives, newest first."""
        return backup.backups(self.backups, self.stem, _ENDING)

    def back_up(self, now: datetime) -> bool:
        """Archive the folder if it is not as the newest archive has it.

        Returns:
            Whether an archive was made. Of an empty folder none is: it may be an accident.

        Raises:
            StudyError: The files cannot be read, or the archive cannot be written.
        """
        try:
            found = dict(_files(self.folder))
            digest = _digest(found)
            made = self.made()
            if not found or (made and _comment(made[0].path) == digest):
                return False
            name = f"{self.stem}{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{_ENDING}"
            _write(self.backups / name, found, digest)
            for old in backup.superfluous(made, now):
                old.path.unlink(missing_ok=True)
        except OSError as error:
            raise StudyError.of_system(
                error,
                f"{self.holding} could not be backed up",
                error.filename or self.folder,
                todo="Make room, or make the folder writable",
            ) from error
        return True

    def read(self, until: datetime | None) -> dict[str, bytes]:
        """The files of the newest archive made by ``until``, or of the newest of all, by name.

        Where none was made by then, the first one is taken: what it holds may have been there
        already. Empty where there are no archives.

        Raises:
            StudyError: The archive cannot be read; says which.
        """
        made = self.made()
        if not made:
            return {}
        chosen = next((each for each in made if until is None or each.made <= until), made[-1])
        try:
            return _read(chosen.path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise StudyError(
                f"the copy of {self.holding} cannot be read: {error}",
                where=str(chosen.path),
                todo="Name an older backup: studytui doctor --restore NAME",
            ) from error


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder by their names in it; hidden ones are no text of the reader's."""
    seen: set[str] = set()
    # The folder may lie behind a link; a link that leads back to where it lies is not followed.
    for folder, folders, names in os.walk(root, followlinks=True):
        if (real := os.path.realpath(folder)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file() and path.stat().st_size <= _MOST_BYTES:
                yield path.relative_to(root).as_posix(), path.read_bytes()


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
