"""Bringing the index up to date with the files of a pack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from studytui.errors import StudyError
from studytui.library.article import Article
from studytui.library.entry import entry_of, to_text
from studytui.library.pack import Pack, article_files
from studytui.library.parse import parse_file
from studytui.library.passages import passages
from studytui.library.source import read_source
from studytui.store.index import FileRow, Index, PassageRow

ENTRY_VERSION = 13
"""To be raised when parsing, entries or passages change: the index is then built anew."""

BATCH = 40
"""Files written in one transaction: often enough that searches need not wait."""

Progress = Callable[[int, int], None]


def refresh(
    pack: Pack, index: Index, progress: Progress | None, stop: Callable[[], bool] | None
) -> bool:
    """Read the files of a pack that are new or changed; returns whether any was, or is gone.

    Raises:
        StudyError: The folder of the pack cannot be read. A single file that cannot be is left
            out, for ``check`` to tell.
    """
    root = str(pack.root)
    known = index.files(root)
    try:
        found = list(_stamped(pack))
    except FileNotFoundError as error:
        if not pack.own:
            raise _unreadable(error, root) from error
        found = []  # nothing has been written there yet, or not any more
    except OSError as error:
        raise _unreadable(error, root) from error
    gone = known.keys() - {path for path, _ in found}
    if gone:
        index.remove(root, gone)
    changed = bool(gone)
    batch: list[tuple[FileRow, list[PassageRow]]] = []
    written = 0
    for done, (path, status) in enumerate(found, 1):
        if stop is not None and stop():
            break
        old = known.get(path)
        if old is None or (old.mtime, old.size) != (status.st_mtime_ns, status.st_size):
            try:
                data = read_source(pack.root / path)
            except OSError:
                continue
            if old is not None and old.digest == sha256(data).hexdigest():
                index.touch(root, path, status.st_mtime_ns, status.st_size)
            else:
                article = parse_file(pack.root / path, data).article
                row = FileRow(
                    path=path,
                    mtime=status.st_mtime_ns,
                    size=status.st_size,
                    digest=article.digest,
                    entry=to_text(entry_of(article, pack.id)),
                )
                batch.append((row, _rows(article)))
                changed = True
        if len(batch) == BATCH:
            index.put(root, batch)
            written += len(batch)
            batch = []
        if progress is not None:
            progress(done, len(found))
    if batch:
        index.put(root, batch)
        written += len(batch)
    if written > BATCH:
        index.tidy()
    return changed


def _unreadable(error: OSError, root: str) -> StudyError:
    return StudyError(
        f"the pack cannot be read: {error.strerror}", where=root, todo="Put the folder back"
    )


def _stamped(pack: Pack) -> Iterator[tuple[str, os.stat_result]]:
    """The articles of a pack, as paths inside it, with what the system knows of their files."""
    for entry in article_files(pack.root):
        try:
            yield str(Path(entry.path).relative_to(pack.root)), entry.stat()
        except OSError:
            # A link to nothing is no article yet; `check` tells of it.
            continue


def _rows(article: Article) -> list[PassageRow]:
    return [
        PassageRow(
            article=article.id,
            track=article.track,
            title=article.title,
            titled=number == 0,
            kind=passage.kind,
            id=passage.id,
            anchor=passage.anchor,
            line=passage.line,
            heading=passage.heading,
            body=passage.body,
        )
        for number, passage in enumerate(passages(article))
    ]
