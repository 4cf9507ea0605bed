"""Forty articles of the size of ``adam-and-adamw`` verified the first time, and again unchanged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Figure, at_most, report
from studytui.paths import shipped_content, shipped_snippets

ARTICLES = 40
TRACK, ARTICLE = "optimisation", "adam-and-adamw"


def make(root: Path, count: int) -> Path:
    """A pack of copies, each with a track, ids and scripts of its own: none is another's."""
    source = (shipped_content() / TRACK / f"{ARTICLE}.md").read_text(encoding="utf-8")
    root.mkdir(parents=True)
    (root / "pack.toml").write_text('id = "copies"\ntitle = "Copies"\n', encoding="utf-8")
    for number in range(count):
        track = f"copy-{number}"
        text = re.sub(r"(?m)^id: .*$", f"id: {track}", source, count=1)
        text = re.sub(r"(?m)^(needs|track): .*\n", "", text)
        text = text.replace("\ntitle:", f"\ntrack: {track}\ntitle:", 1)
        text = re.sub(r"(?m)^```\{(card|derivation)\} ", rf"\g<0>{track}-", text)
        text = re.sub(rf"(?m)^```\{{(snippet|exercise)\}} {TRACK}/", rf"```{{\1}} {track}/", text)
        (root / track).mkdir()
        (root / track / f"{track}.md").write_text(text, encoding="utf-8")
        snippets = root / "snippets" / track
        snippets.mkdir(parents=True)
        for script in (shipped_snippets() / TRACK).glob("*.py"):
            copy = f"{script.read_text(encoding='utf-8')}# {number}\n"
            (snippets / script.name).write_text(copy, encoding="utf-8")
    return root


def verified(pack: Path, home: Path) -> float:
    """Seconds that a verification takes, from an empty shell to the last word."""
    began = perf_counter()
    subprocess.run(
        [sys.executable, "-m", "studytui", "verify", "--trust", "--pack", str(pack)],
        env={**os.environ, "STUDYTUI_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - began


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack, home = make(folder / "copies", ARTICLES), folder / "home"
        first, again = verified(pack, home), verified(pack, home)
    how = f"{ARTICLES} articles, all cores"
    return [
        at_most("verify, the first time", first, "s", 360, how),
        at_most("verify again, nothing changed", again, "s", 10, how),
    ]


if __name__ == "__main__":
    report(measure())
