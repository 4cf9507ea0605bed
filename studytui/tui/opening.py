"""How an article is opened: the first part of a long one at once, the whole of it right after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.tui.home_model import FILE

if TYPE_CHECKING:
    from studytui.library.article import Article

AT_ONCE = 5_000
"""Bytes that are parsed before anything is shown."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An article, or its first part: then ``rest`` is what is still to be parsed."""

    article: Article
    rest: bytes | None = None


def open_article(path: Path, line: int = 0, name: str = "") -> Opened:
    """Parse what is needed to show ``line``; ``name`` is what it was asked for by.

    Raises:
        StudyError: The file cannot be read.
    """
    from studytui.library.parse import parse_file

    try:
        data = path.read_bytes()
    except OSError as error:
        raise StudyError.of_system(error, "the article cannot be read", path) from error
    head = first_part(data) if not line and len(data) > 2 * AT_ONCE else data
    article = as_named(parse_file(path, head).article, name)
    return Opened(article, data if len(head) < len(data) else None)


def as_named(article: Article, name: str) -> Article:
    """A file that is no article goes by its own name, under the title of its first heading."""
    if not name.startswith(FILE):
        return article
    from studytui.library.blocks import Heading
    from studytui.library.layout.spans import plain

    first = article.blocks[0] if article.blocks else None
    title = plain(first.children) if isinstance(first, Heading) else Path(article.path).name
    return replace(article, id=name, title=title)


def first_part(data: bytes, limit: int = AT_ONCE) -> bytes:
    """The beginning of an article up to the first heading or blank line after ``limit`` bytes.

    It ends outside of fences, so that what stands before is parsed as in the whole; only a fence
    of more than eight times the limit is cut, for the moment until the whole is there.
    """
    fence = b""
    used = 0
    blank = 0
    for row in data.splitlines(keepends=True):
        mark = row.lstrip()[:3]
        if mark in (b"```", b"~~~", b":::", b"$$\n", b"$$"):
            fence = b"" if fence == mark[:2] else (fence or mark[:2])
        if used > limit and not fence and (row.startswith(b"#") or not row.strip()):
            return data[:used]
        if used > 8 * limit:
            return data[: blank or used]
        used += len(row)
        if not row.strip():
            blank = used
    return data
