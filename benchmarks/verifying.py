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
MODEL = "optimisation/adam-and-adamw"
SNIPPET = "optimisation/adam_adamw"


def make(root: Path, count: int) -> Path:
    """A pack of copies, each with ids, a script and numbers of its own: none is another's."""
    source = (shipped_content() / f"{MODEL}.md").read_text(encoding="utf-8")
    script = (shipped_snippets() / f"{SNIPPET}.py").read_text(encoding="utf-8")
    folder, snippets = root / "copies", root / "snippets" / "copies"
    folder.mkdir(parents=True)
    snippets.mkdir(parents=True)
    (root / "pack.toml").write_text('id = "copies"\ntitle = "Copies"\n', encoding="utf-8")
    for helper in (shipped_snippets() / SNIPPET).parent.glob("_*.py"):
        (snippets / helper.name).write_bytes(helper.read_bytes())
    for number in range(count):
        text = re.sub(r"(?m)^id: .*$", f"id: copy-{number}", source, count=1)
        text = re.sub(r"(?m)^(needs|track): .*\n", "", text)
        text = text.replace("\ntitle:", "\ntrack: copies\ntitle:", 1)
        text = re.sub(r"(?m)^```\{(card|derivation)\} ", rf"\g<0>copy-{number}-", text)
        text = text.replace(SNIPPET, f"copies/adam_{number}")
        text = text.replace("from adam_adamw import", f"from adam_{number} import")
        text = text.replace("import adam_adamw", f"import adam_{number} as adam_adamw")
        (folder / f"copy-{number}.md").write_text(text, encoding="utf-8")
        (snippets / f"adam_{number}.py").write_text(f"{script}# {number}\n", encoding="utf-8")
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
