"""The guide for authors shows nothing that does not work."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from studytui.cards.kinds import KINDS
from studytui.library.parse import Parsed, parse_article
from studytui.library.parse.directives import DIRECTIVES
from studytui.paths import shipped_content

GUIDE = shipped_content() / "AUTHORING.md"


def examples() -> list[str]:
    """What is indented by four columns, in one piece as long as only blank lines stand between."""
    found: list[list[str]] = [[]]
    for line in GUIDE.read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") or (not line and found[-1]):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [dedent("\n".join(lines)).strip("\n") for lines in found if lines]


def live() -> str:
    return "\n\n".join(text for text in examples() if text.startswith(("```", ":::")))


def parsed_guide() -> Parsed:
    """All examples of blocks as one article."""
    front = "---\nid: sample\ntitle: S\ntrack: notes\ntranslated_from: zh\n---\n"
    return parse_article(front + live(), Path("notes/sample.md"))


def test_every_example_of_a_block_is_sound() -> None:
    parsed = parsed_guide()
    assert parsed.problems == ()
    assert len(parsed.article.cards) >= 9


def test_every_directive_and_kind_of_card_is_shown() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"kind: {kind}" not in live()] == []
    assert [
        name for name in DIRECTIVES if f"{{{name}}}" not in text and f"`{name}`" not in text
    ] == []
