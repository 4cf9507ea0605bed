"""A home with one pack of many small cards, whose words tell them apart on any screen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from studytui.paths import Directories
from studytui.store.journal import Journal

TRACK = "endurance"
ARTICLES, CARDS = 60, 40


def make_home(home: Path) -> Path:
    """A home for one device, with limits that let all cards of its pack come on one day.

    The pack counts as imported: its cards are asked, and those of no other article.
    """
    _make_pack(home / "data" / "packs" / TRACK)
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text(
        "[review]\nnew_per_day = 9999\nreviews_per_day = 9999\n"
    )
    return home


def _make_pack(folder: Path) -> None:
    """2,400 cards; each asks ``q3x7e`` and answers ``a3x7e``."""
    (folder / TRACK).mkdir(parents=True)
    (folder / "pack.toml").write_text(
        'id = "endurance"\ntitle = "Endurance"\n\n'
        f'[[tracks]]\nid = "{TRACK}"\ntitle = "Endurance"\n'
    )
    for article in range(ARTICLES):
        cards = "\n".join(
            f"```{{card}} card-{article}-{number}\nkind: basic\n"
            f"ask: What is q{article}x{number}e?\nanswer: It is a{article}x{number}e.\n```\n"
            for number in range(CARDS)
        )
        (folder / TRACK / f"sums-{article}.md").write_text(
            f"---\nid: sums-{article}\ntitle: Sums\ntrack: {TRACK}\n---\n# Sums\n\nAdd.\n\n{cards}"
        )


def directories_of(home: Path) -> Directories:
    """The folders of a home."""
    return Directories(home / "data", home / "config", home / "cache")


def recorded(home: Path) -> Counter[str]:
    """How many reviews of each card the journal of a home holds."""
    with Journal.open(directories_of(home).journal) as journal:
        rows = journal.query(
            "SELECT subject, count(*) FROM journal WHERE kind = 'review' GROUP BY 1"
        )
    return Counter(dict(rows))
