"""What the pages around the code say: links lead somewhere, files and verbs are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from studytui.cli import FAMILIES, application

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "content" / "AUTHORING.md"])
TO_BE_MADE = {"studytui/cards/statement.py", "studytui/cli/marking.py"}
"""What the pages tell a contributor to write, as an example."""
VERBS = {verb for verbs in FAMILIES.values() for verb in verbs}

FOLDERS = "studytui|tests|docs|benchmarks|snippets|content"

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def slug(heading: str) -> str:
    """The anchor that a forge gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))}


@pages
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"(?ms)^\s*(```|~~~).*?^\s*\1", "", page.read_text(encoding="utf-8"))
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pages
def test_files_that_are_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:studytui|tests|docs|benchmarks|snippets|content)/[\w/.-]+)`", text
    ):
        if not re.search(r"[A-Z]{3}", name) and name not in TO_BE_MADE:
            assert (ROOT / name).exists(), name


def commands(page: Path) -> Iterator[list[str]]:
    """Every ``studytui VERB …`` of the page's shell listings and spans of code."""
    text = page.read_text(encoding="utf-8")
    listings = re.findall(r"(?ms)^```sh\n(.*?)^```", text)
    lines = [line for listing in listings for line in listing.splitlines()]
    for line in lines + re.findall(r"`(studytui [^`]+)`", text):
        for part in re.split(r"[;|]|&&", re.sub(r"\s#.*", "", line)):
            words = shlex.split(part.replace("…", ""))
            if words[:1] == ["studytui"] and len(words) > 1:
                yield words[1:]


@pages
def test_verbs_and_their_options_exist(page: Path) -> None:
    for verb, *words in commands(page):
        if not re.fullmatch(r"[a-z]+", verb):
            continue
        assert verb in VERBS, f"studytui {verb}"
        found: Any = typer.main.get_command(application(verb))
        for word in (verb, *words):
            found = getattr(found, "commands", {}).get(word, found)
        if verb == "run":
            continue  # a snippet's own parameters are options too
        known = {name for parameter in found.params for name in parameter.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known | {
            "--help"
        }
