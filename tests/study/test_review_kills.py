"""A review that is killed at random moments loses no grade that it said was saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.journal import Journal
from studytui.study.keeping import examine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals and fork")

ROOT = Path(__file__).parents[2]
TRACK = "endurance"
ARTICLES, CARDS = 60, 40


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one pack of many cards, and limits that let them all come."""
    pack = tmp_path / "pack"
    (pack / TRACK).mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'id = "endurance"\ntitle = "Endurance"\n\n'
        f'[[tracks]]\nid = "{TRACK}"\ntitle = "Endurance"\n'
    )
    for article in range(ARTICLES):
        cards = "\n".join(
            f"```{{card}} card-{article}-{number}\nkind: basic\n"
            f"ask: How much is {number} + {article}?\nanswer: It is {number + article}.\n```\n"
            for number in range(CARDS)
        )
        (pack / TRACK / f"sums-{article}.md").write_text(
            f"---\nid: sums-{article}\ntitle: Sums\ntrack: {TRACK}\n---\n# Sums\n\nAdd.\n\n{cards}"
        )
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(
        f'packs = ["{pack}"]\n[review]\nnew_from = "all"\nterms = true\n'
        "new_per_day = 9999\nreviews_per_day = 9999\n"
    )
    return home


def kill(home: Path, kills: int, sittings_at_once: int) -> None:
    """Kill so many sittings, some of which write to the journal at the same time."""
    environment = {**os.environ, "STUDYTUI_HOME": str(home)}
    share = kills // sittings_at_once
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.study.killed_reviews", str(share), str(seed), TRACK],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
        )
        for seed in range(sittings_at_once)
    ]
    saved: Counter[str] = Counter()
    for process in running:
        output, _ = process.communicate(timeout=280)
        assert process.returncode == 0
        saved.update(json.loads(output))
    where = Directories(home / "data", home / "config", home / "cache")
    with Journal.open(where.journal) as journal:
        recorded = Counter(event.body.card for event in journal.events(kinds=["review"]))  # type: ignore[union-attr]
    assert sum(saved.values()) > kills, "the kills came too early to say anything"
    lost = saved - recorded
    assert not lost
    # A grade may be on the disk before its line reaches the screen: at most one for each kill.
    assert sum((recorded - saved).values()) <= kills
    found = examine(where, Settings(), datetime.now(UTC))
    assert found.wrong == ()
    assert found.events == sum(recorded.values())


def test_forty_kills(home: Path) -> None:
    kill(home, 40, sittings_at_once=2)


@pytest.mark.slow
def test_five_hundred_kills(home: Path) -> None:
    kill(home, 500, sittings_at_once=4)
