"""``python -m benchmarks.killed MODE KILLS SEED``: one mode in a folder of its own; prints JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.killed import interface, plain, repairing, syncing
from benchmarks.killed.home import directories_of, make_home, recorded
from studytui.settings import Settings
from studytui.study.journal_maintenance import examine

MODES = {"interface": interface, "plain": plain, "sync": syncing, "repair": repairing}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What so many kills did. ``lived`` is how many programs were alive until their kill.

    ``unseen`` grades were on the disk though their reader could not know yet.
    """

    mode: str
    kills: int
    lived: int
    acknowledged: int
    lost: int
    unseen: int
    wrong: tuple[str, ...]


def outcome(mode: str, root: Path, kills: int, seed: int) -> Outcome:
    """Kill one mode so often in an empty folder, and look over what is left."""
    if mode == "sync":
        lived, saved = syncing.run(root, kills, seed)
    else:
        home = make_home(root / "home")
        lived, own = MODES[mode].run(home, kills, seed)
        saved = {home: own}
    told = Outcome(mode, kills, lived, 0, 0, 0, ())
    memories = [syncing.memory_of(home) for home in saved]
    if any(memory != memories[0] for memory in memories):
        told = replace(told, wrong=("the devices remember different things",))
    everything = sum(saved.values(), Counter[str]())
    for home, own in saved.items():
        there = recorded(home)
        found = examine(directories_of(home), Settings(), datetime.now(UTC))
        told = replace(
            told,
            acknowledged=told.acknowledged + own.total(),
            # Every device has what any of them said was saved.
            lost=told.lost + (everything - there).total(),
            unseen=max(told.unseen, (there - everything).total()),
            wrong=told.wrong + found.wrong,
        )
    return told


def main() -> None:
    mode, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        json.dump(asdict(outcome(mode, Path(folder), kills, seed)), sys.stdout)


if __name__ == "__main__":
    main()
