"""The lines between ``---`` at the head of an article."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from studytui.authoring.fields import Fields
from studytui.authoring.problems import Report, shown
from studytui.authoring.yaml_tree import Node, read_yaml

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article says of itself. ``body`` is the first line (1-based) after it."""

    id: str
    title: str
    track: str
    needs: tuple[str, ...]
    translated_from: str
    story: str
    story_line: int
    body: int


def slug(words: str) -> str:
    """Words as an anchor: lower case, joined by hyphens, without punctuation."""
    plain = unicodedata.normalize("NFKC", words).lower()
    return "-".join(re.findall(r"[^\W_]+", plain))[:80].strip("-") or "section"


def check_identifier(text: str, what: str, line: int, report: Report) -> bool:
    """Whether ``text`` can carry a history: lower-case words joined by hyphens."""
    if IDENTIFIER.fullmatch(text) and len(text) <= 80:
        return True
    report.add(
        line,
        f"{what} {shown(text)} is not an id",
        "Use lower-case letters and digits, joined by single hyphens, at most 80",
    )
    return False


def read_front_matter(lines: list[str], path: Path, report: Report) -> FrontMatter:
    """The front matter of an article given by its lines; what is missing is guessed and told."""
    end = _closing_line(lines)
    node: Node | None = None
    if end:
        node = read_yaml("\n".join(lines[1 : end - 1]), 2, report)
    else:
        opened = bool(lines) and bool(_FENCE.fullmatch(lines[0]))
        what = "the front matter is never closed" if opened else "there is no front matter"
        report.add(1, what, "Begin with --- , id: …, title: …, track: …, ---")
    fields = Fields(node, "the front matter", 1, report)
    identifier = fields.text("id", path.stem, required=True) or path.stem
    title = fields.text("title", identifier, required=True)
    track = fields.text("track", path.parent.name, required=True) or path.parent.name
    needs = fields.texts("needs")
    translated_from = fields.text("translated_from")
    story = fields.text("story")
    fields.close()
    where = fields.line_of("id")
    if not check_identifier(identifier, "the article's id", where, report):
        identifier = slug(identifier)
    elif identifier != path.stem:
        report.add(
            where,
            f"the id {shown(identifier)} is not the file's name {shown(path.stem)}",
            "Rename one of them",
        )
    if story and not translated_from:
        report.add(
            fields.line_of("story"),
            "story without translated_from",
            "Say what it is translated from",
        )
    return FrontMatter(
        id=identifier,
        title=title or identifier,
        track=track,
        needs=tuple(dict.fromkeys(need for need in needs if need)),
        translated_from=translated_from,
        story=story.removeprefix("#"),
        story_line=fields.line_of("story"),
        body=end + 1,
    )


def _closing_line(lines: list[str]) -> int:
    """The line (1-based) that closes the front matter; 0 when there is none."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return 0
    for number, line in enumerate(lines[1:200], 2):
        if _FENCE.fullmatch(line):
            return number
    return 0
