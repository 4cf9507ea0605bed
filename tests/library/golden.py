"""Readable fixtures: a title, the input and what is expected, with a lone dot between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden" / "library"


def fixtures(name: str) -> Iterator[tuple[str, str, str]]:
    """Title, input and expectation of each fixture in a file."""
    parts = (FOLDER / f"{name}.md").read_text(encoding="utf-8").split("\n.\n")
    head = parts.pop(0).strip().splitlines()[-1]
    while len(parts) >= 2:
        given, expected = parts.pop(0), parts.pop(0)
        yield head, given, expected.strip("\n")
        head = parts.pop(0).strip() if parts else ""
        if len(head.splitlines()) > 1:
            raise AssertionError(f"{name}: a dot is missing before: {head[:60]}")
