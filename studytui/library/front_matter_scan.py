"""Entries of a pack that was never indexed: from the front matter alone, in a moment."""

from __future__ import annotations

from pathlib import Path

from studytui.authoring.problems import Report
from studytui.library.entry import Entry
from studytui.library.pack import Pack, article_files
from studytui.library.parse.front_matter import read_front_matter

HEAD_BYTES = 4_096


def front_matter_scan(pack: Pack) -> list[Entry]:
    """Entries without times, cards, derivations and snippets: the first refresh completes them.

    Files that cannot be read are left out; so is everything when the pack's folder cannot be.
    """
    try:
        paths = [Path(file.path) for file in article_files(pack.root)]
    except OSError:
        return []
    entries: list[Entry] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES).decode("utf-8", errors="replace")
        except OSError:
            continue
        front = read_front_matter(head.splitlines(), path, Report(path))
        entries.append(
            Entry(
                id=front.id,
                title=front.title,
                track=front.track,
                needs=front.needs,
                reading=0,
                working=0,
                digest="",
                pack=pack.id,
                file=str(path),
            )
        )
    return entries
