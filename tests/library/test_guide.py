"""The user's guide says what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.errors import StudyError
from studytui.library.guide import CONTENTS, Chapter, chapter, chapters
from studytui.library.parse import parse_file
from studytui.paths import shipped_guide
from studytui.tui.actions import actions, scopes, shown_keys

each_chapter = pytest.mark.parametrize("found", chapters(), ids=lambda found: found.name)


def test_every_file_is_a_chapter() -> None:
    files = {path.stem for path in shipped_guide().glob("*.md")} - {CONTENTS.removesuffix(".md")}
    assert {found.name for found in chapters()} == files


def test_the_beginning_of_a_name_is_enough() -> None:
    assert chapter("der").title == "Deriving"
    with pytest.raises(StudyError, match="could be several chapters"):
        chapter("r")
    with pytest.raises(StudyError, match="there is no chapter 'x'"):
        chapter("x")


@each_chapter
def test_a_chapter_is_markdown_without_fault(found: Chapter) -> None:
    assert found.path.read_text(encoding="utf-8").startswith(f"# {found.title}\n")
    problems = parse_file(found.path).problems
    assert not [problem for problem in problems if problem.line > 1]


def table(found: Chapter, head: str) -> Iterator[str]:
    """What stands as code in the first column of the tables with that head."""
    text = found.path.read_text(encoding="utf-8")
    for rows in re.findall(rf"(?m)^\| {head} \|.*\n\|.*\n((?:\|.*\n)+)", text):
        for row in rows.splitlines():
            yield from re.findall(r"`([^`]+)`", row.split("|")[1])


@each_chapter
def test_keys_of_its_tables_are_keys_of_the_interface(found: Chapter) -> None:
    every = [action for scope in scopes() for action in actions(scope)]
    known = {key for action in every for key in (*shown_keys(action, {}), *action.keys.split(","))}
    assert set(table(found, "keys")) <= known


def test_what_it_shows_of_maths_can_be_typed() -> None:
    for typed in table(chapter("deriving"), "you type"):
        declared = {"A": "matrix 2x2", "v": "vector 2"}
        declared |= dict.fromkeys(re.findall(r"(\w)\[i\]", typed), "sequence")
        parse(typed.removeprefix("<= "), declare(declared, open_names=True))
