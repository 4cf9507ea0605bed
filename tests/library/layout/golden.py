"""Golden pages: readable files of a title with a width, the Markdown, and the page.

``python -m tests.library.layout.golden`` writes the pages anew, for a person to judge in the diff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from studytui.library.layout import lay_out
from studytui.library.layout.terminal import as_text
from studytui.library.parse import parse_article

FOLDER = Path(__file__).parents[2] / "golden" / "layout"
FRONT = "---\nid: page\ntitle: Page\ntrack: notes\n{more}---\n"
_WIDTH = re.compile(r"\((\d+) columns(, translated)?\)$")


class Golden(NamedTuple):
    file: Path
    title: str
    width: int
    translated: bool
    markdown: str
    page: str


def page_of(markdown: str, width: int, translated: bool = False) -> str:
    """The page as plain text, an edge at its right side so that widths can be seen."""
    more = "translated_from: zh\nstory: the-rest\n" if translated else ""
    article = parse_article(FRONT.format(more=more) + markdown, Path("notes/page.md")).article
    return "\n".join(as_text(lay_out(article.blocks, width).lines, colour=False))


def read_golden() -> Iterator[Golden]:
    """Every fixture of every file."""
    for file in sorted(FOLDER.glob("*.md")):
        parts = file.read_text(encoding="utf-8").split("\n.\n")
        for title, markdown, page in zip(*[iter(parts[: len(parts) // 3 * 3])] * 3, strict=True):
            head = title.strip().splitlines()[-1]
            match = _WIDTH.search(head)
            assert match is not None, f"{file.name}: no width in {head!r}"
            yield Golden(file, head, int(match[1]), bool(match[2]), markdown, page)


def write_golden() -> None:
    """Write what is laid out now as what is expected."""
    texts: dict[Path, list[str]] = {}
    for golden in read_golden():
        page = page_of(golden.markdown, golden.width, golden.translated)
        texts.setdefault(golden.file, []).append(
            f"{golden.title}\n.\n{golden.markdown}\n.\n{page}\n.\n"
        )
    for file, pieces in texts.items():
        file.write_text("\n".join(pieces), encoding="utf-8")


if __name__ == "__main__":
    write_golden()
