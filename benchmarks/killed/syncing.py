"""Several devices that grade and sync through one folder, each killed at any moment."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from benchmarks.killed.home import directories_of, make_home
from benchmarks.killed.plain import REVIEW, SAVED
from benchmarks.killed.sitting import Pace, killed, verb, whole
from studytui.store.events import Event
from studytui.store.journal import Journal
from studytui.store.states import CardState

DEVICES = 3


class Syncs:
    """Hears the grades and the syncs of one device; nothing is typed."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self._output = bytearray()

    def hear(self, output: bytes) -> bytes:
        self._output += output
        self.acknowledged = [match[1].decode() for match in SAVED.finditer(self._output)]
        return b""


def _device(shared: Path, seed: int) -> None:
    """Grade a few cards and sync, again and again."""
    generator = random.Random(seed)
    while True:
        grades = generator.choices([1, 3, 3, 4], k=generator.randrange(1, 4))
        typed = "".join(f"\n{grade}\n" for grade in grades) + "q\n"
        verb(*REVIEW, typed=typed)()
        verb("sync", str(shared), "--accept")()


def run(root: Path, kills: int, seed: int) -> tuple[int, dict[Path, Counter[str]]]:
    """Kill devices so often while they grade and sync; what each said was saved, by home."""
    generator = random.Random(seed)
    shared = root / "shared"
    shared.mkdir(parents=True)
    homes = [make_home(root / f"device-{number}") for number in range(DEVICES)]
    paces = {home: Pace() for home in homes}
    saved = {home: Counter[str]() for home in homes}
    for home in homes:
        whole(verb(*REVIEW, typed=""), home)
    lived = 0
    for number in range(kills):
        home = generator.choice(homes)
        conversation = Syncs()
        lived += killed(
            lambda moment=number: _device(shared, seed * 100_000 + moment),  # type: ignore[misc]
            conversation,
            home,
            generator,
            paces[home],
        )
        saved[home].update(conversation.acknowledged)
    for _ in range(2):
        for home in homes:
            output = whole(verb("sync", str(shared), "--accept"), home)
            if "events written" not in output:
                raise RuntimeError(f"a sync failed after the kills: {output}")
    return lived, saved


def memory_of(home: Path) -> tuple[list[Event], dict[str, CardState]]:
    """All that a device remembers, for a comparison with the others."""
    with Journal.open(directories_of(home).journal) as journal:
        return list(journal.events()), dict(journal.states.all())
