"""What the reader wrote, in the timed backups: cards and notes, and the copies of snippets.

Going back brings what is gone, a card or a note or a copy at a time: a text that was written since
is never replaced by an older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.run.edits import ORIGIN
from studytui.study.folder_archive import FolderArchive

_CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Returned:
    """What going back brought. ``kept`` blocks and copies were written anew since."""

    blocks: int
    copies: int
    kept: int


def own_archive(directories: Directories) -> FolderArchive:
    """The archives of the reader's cards and notes."""
    return FolderArchive(directories.own, directories.backups, "own-", "your own cards")


def copies_archive(directories: Directories) -> FolderArchive:
    """The archives of the reader's edited copies of snippets, exercises among them."""
    holding = "your copies of snippets"
    return FolderArchive(directories.edits, directories.backups, "edits-", holding)


def back_up_own(directories: Directories, now: datetime) -> bool:
    """Archive what changed of both; whether something did.

    Raises:
        StudyError: They cannot be read, or the archive cannot be written.
    """
    written = own_archive(directories).back_up(now)
    copied = copies_archive(directories).back_up(now)
    return written or copied


def return_own(directories: Directories, until: datetime | None) -> Returned:
    """Bring back what is gone of the newest archives made by ``until``, or of the newest of all.

    Raises:
        StudyError: An archive or the own pack cannot be used; says which.
    """
    written = own_archive(directories).read(until)
    copied = copies_archive(directories).read(until)
    blocks, kept = _return_blocks(directories, written)
    copies, newer = _return_copies(directories, copied)
    return Returned(blocks, copies, kept + newer)


def _return_copies(directories: Directories, files: Mapping[str, bytes]) -> tuple[int, int]:
    """The copies and drafts that came back, and how many stay as they were written since."""
    gone = {name for name in files if not (directories.edits / name).exists()}
    # What its original was says nothing of a copy that was written since.
    alone = {name for name in gone if name.endswith(ORIGIN)} - {
        _origin_of(name) for name in gone if name.endswith(".py")
    }
    for name in sorted(gone - alone):
        _write_new(directories.edits / name, files[name])
    here = [name for name in files.keys() - gone if name.endswith(".py")]
    kept = sum((directories.edits / name).read_bytes() != files[name] for name in here)
    return sum(name.endswith(".py") for name in gone), kept


def _origin_of(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(ORIGIN))


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise StudyError.of_system(
            error,
            "your copy of a snippet cannot be brought back",
            path,
            todo="Make room, or make the folder writable",
        ) from error


def _return_blocks(directories: Directories, files: Mapping[str, bytes]) -> tuple[int, int]:
    """The cards and notes that came back, and how many stay as they were written since."""
    # Every import and sync makes an archive; only going back reads Markdown.
    from studytui.study.own_files import content_of, write_lines
    from studytui.study.own_sync import Block, blocks_in, files_of, head_in, put_block

    root = content_of(directories.own)
    here = {id: text for _, lines in files_of(root) for id, text in blocks_in(lines)}
    blocks = kept = 0
    for name, data in files.items():
        lines = data.decode("utf-8", errors="surrogateescape").split("\n")
        parts = PurePosixPath(name).parts
        then = dict(blocks_in(lines)) if parts[0] == _CONTENT and name.endswith(".md") else {}
        if not (directories.own / name).exists() and not here.keys() & then.keys():
            write_lines(directories.own / name, lines)
            blocks += len(then)
            continue
        file = "/".join(parts[1:])
        for id, text in then.items():
            if id not in here:
                heads = {file: head} if (head := head_in(lines)) else {}
                put_block(directories, id, Block(file, ""), Block(file, text), heads)
                blocks += 1
            elif here[id] != text:
                kept += 1
    return blocks, kept
