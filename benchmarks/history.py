"""Figures kept over time: one JSON line each, with the commit and the machine of the run.

    python -m benchmarks maths --keep            # append what was measured
    python -m benchmarks.history                 # which runs are kept
    python -m benchmarks.history 4e51115 af3d721 # two of them side by side; `last` is the newest

Only figures of one machine are put beside each other without a word: on another one ratios still
compare, and times do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure

KEPT = Path(__file__).parent / "results" / "history.jsonl"


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure as it was measured. ``at`` is an ISO instant, ``commit`` ends in ``+`` on a tree
    that was changed since."""

    commit: str
    at: str
    machine: str
    topic: str
    figure: Figure


def keep(topic: str, figures: Iterable[Figure], path: Path = KEPT) -> None:
    """Append the figures of one run of a topic."""
    commit, at, machine = this_commit(), datetime.now(UTC).isoformat(timespec="seconds"), here()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for figure in figures:
            line = asdict(Measured(commit, at, machine, topic, figure))
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def kept(path: Path = KEPT) -> Iterator[Measured]:
    """All that is kept, the oldest first."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        yield Measured(**{**line, "figure": Figure(**line["figure"])})


def compared(old: Iterable[Measured], new: Iterable[Measured]) -> Iterator[str]:
    """Each figure of both, with how much it changed; then what only one of them has."""
    before = {(each.topic, each.figure.name): each for each in old}
    after = {(each.topic, each.figure.name): each for each in new}
    machines = {each.machine for each in (*before.values(), *after.values())}
    if len(machines) > 1:
        yield "two machines: ratios compare, times do not (" + "; ".join(sorted(machines)) + ")"
    for key, then in before.items():
        now = after.get(key)
        if now is None:
            yield f"{then.figure.name}: only before, {then.figure.value:,.4g} {then.figure.unit}"
            continue
        was, is_now = then.figure.value, now.figure.value
        change = f"{(is_now / was - 1):+.0%}" if was else "from 0"
        mark = "" if now.figure.met else "  MISS"
        yield f"{now.figure.name}: {was:,.4g} -> {is_now:,.4g} {now.figure.unit} ({change}){mark}"
    for key in after.keys() - before.keys():
        now = after[key]
        yield f"{now.figure.name}: new, {now.figure.value:,.4g} {now.figure.unit}"


def this_commit() -> str:
    """The commit of the tree, short; with a ``+`` where files were changed."""

    def git(*arguments: str) -> str:
        folder = Path(__file__).parent
        answer = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
        return answer.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")


def here() -> str:
    """This machine in words: processor, cores, system, Python."""
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        names = [row for row in cpu.read_text().splitlines() if row.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    cores = os.cpu_count()
    return f"{model}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Which runs are kept, or two commits side by side."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("commits", nargs="*", metavar="COMMIT", help="two of them; 'last' counts")
    asked = parser.parse_args()
    lines = list(kept())
    commits = list(dict.fromkeys(each.commit for each in lines))
    if len(asked.commits) != 2:
        for commit in commits:
            mine = [each for each in lines if each.commit == commit]
            topics = ", ".join(sorted({each.topic for each in mine}))
            print(f"{commit:<12} {mine[-1].at}  {topics}  ({mine[-1].machine})")
        return
    two = []
    for name in asked.commits:
        found = [each for each in commits if each.startswith(name)]
        if name == "last":
            found = commits[-1:]
        if not found:
            parser.error(f"nothing is kept of {name!r}; kept are: {', '.join(commits) or 'none'}")
        two.append([each for each in lines if each.commit == found[-1]])
    for row in compared(*two):
        print(row)


if __name__ == "__main__":
    main()
