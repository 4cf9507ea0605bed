"""The files of the reader's own pack: where they lie, what is wrong with them, changing one safely.

``<data>/own/content`` is a pack like any other, in plain Markdown: its files may be edited by hand,
kept under git, or lie in a synced folder behind a link. Nothing in it can keep studytui from
starting: what cannot be read is told with its file and line, and everything else goes on.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.authoring.problems import Problem, shown
from studytui.errors import StudyError
from studytui.library.pack import PACK_FILE, Pack, Track, article_files, read_pack
from studytui.library.source import MAX_BYTES

if TYPE_CHECKING:
    from studytui.library.catalogue import Library

OWN = "own"
"""The id of the pack, and of its first track."""
TITLE = "My own"
_HEAD = f"""id = "{OWN}"
title = "{TITLE}"

[[tracks]]
id = "{OWN}"
title = "{TITLE}"
"""


def content_of(folder: Path) -> Path:
    """The folder of the pack."""
    return folder / "content"


def put_aside_in(folder: Path) -> Path:
    """Where versions lie that the reader has gone back from."""
    return folder / "put-aside.md"


def own_pack(folder: Path) -> Pack:
    """The reader's own pack, as far as ``pack.toml`` can be read: all else is as always."""
    root = content_of(folder).absolute()
    tracks: tuple[Track, ...] = ()
    if (root / PACK_FILE).is_file():
        tracks = read_pack(root)[0].tracks
    if not any(track.id == OWN for track in tracks):
        tracks = (Track(OWN, TITLE), *tracks)
    return Pack(OWN, TITLE, root, folder / "snippets", tracks, own=True)


def own_problems(folder: Path, library: Library) -> tuple[Problem, ...]:
    """Everything that is wrong with the reader's own files; empty before there are any."""
    root = content_of(folder).absolute()
    if not os.path.lexists(root):
        return ()
    problems = list(read_pack(root)[1])
    known = {entry.id: entry.path for entry in library.entries}
    seen: dict[str, str] = {}
    try:
        for file in article_files(root):
            path = Path(file.path)
            found, identity, ids = _looked_at(path)
            problems += found
            if known.get(identity, path) != path:
                what = f"the article's id {shown(identity)} is that of {known[identity]} too"
                problems.append(Problem(path, 1, what, "Rename the file and its id"))
            for name, line in ids:
                where = f"{path.name}:{line}"
                if seen.setdefault(name, where) != where:
                    what = f"the id {shown(name)} stands in {seen[name]} too"
                    problems.append(Problem(path, line, what, "Delete or rename one"))
    except OSError as error:
        place = Path(error.filename or root)
        what = f"cannot be read: {error.strerror}"
        problems.append(Problem(place, 0, what, "Make it readable, or move it away"))
    return tuple(problems)


_Look = tuple[tuple[Problem, ...], str, tuple[tuple[str, int], ...]]


def _looked_at(path: Path) -> _Look:
    """The problems of an article, its id, and the ids of what is in it with their lines."""
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return (Problem(path, 0, what, "Make it readable, or move it away"),), path.stem, ()


@lru_cache(maxsize=256)
def _read(path: Path, changed: int, size: int) -> _Look:
    from studytui.library.parse import parse_file

    parsed = parse_file(path)
    article = parsed.article
    ids = [(each.id, each.line) for each in article.cards]
    ids += [(each.id, each.line) for each in article.derivations]
    ids += [(each.id, each.line) for each in article.exercises]
    ids += [(each.id, each.line) for each in article.annotations]
    return parsed.problems, article.id, tuple(ids)


def read_lines(path: Path) -> list[str]:
    """The lines of a file, without the line feeds between them. Empty when there is none.

    Raises:
        StudyError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refused("read", path, error) from error
    if len(data) > MAX_BYTES:
        raise StudyError(
            f"it is longer than {MAX_BYTES:,} bytes", where=str(path), todo="Split it in two"
        )
    return data.decode("utf-8", errors="surrogateescape").split("\n")


def write_lines(path: Path, lines: list[str]) -> None:
    """Replace a file as a whole: the old one stands until the new one is on the disk.

    There are line feeds between the lines, and none after the last.
    A file that is a link to another stays one.

    Raises:
        StudyError: It cannot be written; nothing was changed then.
    """
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(
                number, "w", encoding="utf-8", errors="surrogateescape", newline=""
            ) as file:
                file.write("\n".join(lines))
                file.flush()
                os.fsync(file.fileno())
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            os.chmod(name, mode)  # noqa: PTH101
            os.replace(name, target)  # noqa: PTH105
        except BaseException:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise
    except OSError as error:
        raise _refused("written", path, error) from error


def make_pack(folder: Path) -> None:
    """Write ``pack.toml`` if there is none. Raises StudyError."""
    head = content_of(folder) / PACK_FILE
    if not os.path.lexists(head):
        write_lines(head, [_HEAD])


def _refused(done: str, path: Path, error: OSError) -> StudyError:
    return StudyError(
        f"your own pack cannot be {done}: {error.strerror}",
        where=str(error.filename or path),
        todo="Make it writable for you, or set STUDYTUI_HOME to a folder that is",
    )
