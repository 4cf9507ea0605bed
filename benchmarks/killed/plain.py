"""The plain review: it says of every grade that it is saved."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

from benchmarks.killed.home import TRACK
from benchmarks.killed.sitting import Pace, killed, verb, whole

SAVED = re.compile(rb"saved: (\S+) (?:again|hard|good|easy)")
REVIEW = ("review", "--track", TRACK)


class PlainReview:
    """Answers one card after another and notes what was saved."""

    def __init__(self, generator: random.Random) -> None:
        self.acknowledged: list[str] = []
        self._generator = generator
        self._output = bytearray()
        self._answered = 0

    def hear(self, output: bytes) -> bytes:
        self._output += output
        self.acknowledged = [match[1].decode() for match in SAVED.finditer(self._output)]
        typed = b""
        while self._answered <= len(self.acknowledged):
            typed += b"\n%d\n" % self._generator.choice([1, 3, 3, 4])
            self._answered += 1
        return typed


def run(home: Path, kills: int, seed: int) -> tuple[int, Counter[str]]:
    """Kill so many reviews; how many lived until then, and what they said was saved."""
    generator, pace = random.Random(seed), Pace()
    whole(verb(*REVIEW, typed=""), home)
    saved: Counter[str] = Counter()
    lived = 0
    for _ in range(kills):
        conversation = PlainReview(generator)
        lived += killed(verb(*REVIEW), conversation, home, generator, pace)
        saved.update(conversation.acknowledged)
    return lived, saved
