"""What the contributor's guide shows, and the changes among it made in a copy of the tree.

`git apply` wants the very neighbours that the page shows: a function that somebody else has added
beside them, by the same page, would break the example.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

GUIDE = Path(__file__).parents[1] / "docs" / "contributing.md"


def listing(part: str, language: str) -> str:
    """The first listing of a language in a part of the guide, which its heading names."""
    text = GUIDE.read_text(encoding="utf-8").partition(f"## {part}\n")[2]
    found = re.search(rf"^(`{{3,}}){language}\n(.*?)^\1$", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[2]


class Hunk(NamedTuple):
    """Lines that are added, and the lines around them, with which they are found."""

    file: str
    before: list[str]
    added: list[str]
    after: list[str]


def hunks(diff: str) -> list[Hunk]:
    """The parts of a diff that only adds lines, in one place a hunk."""
    found: list[Hunk] = []
    file = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file = line.removeprefix("+++ b/")
        elif line.startswith("@@"):
            found.append(Hunk(file, [], [], []))
        elif line.startswith("+"):
            assert not found[-1].after, "a hunk of the page adds in two places"
            found[-1].added.append(line[1:])
        elif not line.startswith("-"):
            (found[-1].after if found[-1].added else found[-1].before).append(line[1:])
        else:
            assert line.startswith("--- "), "a diff of the page takes lines away"
    return found


def _only_place(lines: list[str], block: list[str]) -> int | None:
    size = len(block)
    places = [at for at in range(len(lines) - size + 1) if lines[at : at + size] == block]
    return places[0] if len(places) == 1 else None


def place(lines: list[str], hunk: Hunk) -> int:
    """Where the hunk belongs: behind what stands before it, else before what stands behind it."""
    for size in range(len(hunk.before), 0, -1):
        at = _only_place(lines, hunk.before[-size:])
        if at is not None:
            return at + size
    for size in range(len(hunk.after), 0, -1):
        at = _only_place(lines, hunk.after[:size])
        if at is not None:
            return at
    raise AssertionError(f"{hunk.file} has nothing of what the page shows around {hunk.added[0]!r}")


def make(diff: str, tree: Path) -> None:
    """Make a change that a page shows."""
    shown = hunks(diff)
    assert shown
    for hunk in shown:
        path = tree / hunk.file
        lines = path.read_text(encoding="utf-8").splitlines()
        at = place(lines, hunk)
        path.write_text("\n".join([*lines[:at], *hunk.added, *lines[at:], ""]), encoding="utf-8")
