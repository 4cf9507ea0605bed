"""The interface: a grade is acknowledged when the next card stands on the screen."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from pathlib import Path

from benchmarks.killed.home import recorded
from benchmarks.killed.plain import REVIEW
from benchmarks.killed.sitting import Pace, killed, verb, whole

_ESCAPE = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()=>78])")
_HOME = re.compile(rb"Endurance|Sums|Review")
_SEEN = re.compile(rb"([qa])(\d+)x(\d+)e")


class Interface:
    """Opens the review from home, shows each answer, grades, and goes on."""

    def __init__(self, generator: random.Random) -> None:
        self.acknowledged: list[str] = []
        self._generator = generator
        self._left = b""
        self._card = ""
        self._answer_is_open = False
        self._in_review = False

    def hear(self, output: bytes) -> bytes:
        text = _ESCAPE.sub(b"", self._left + output)
        typed = b""
        for kind, article, number in _SEEN.findall(text):
            self._in_review = True
            typed += self._seen(kind, f"card-{article.decode()}-{number.decode()}")
        if not self._in_review and _HOME.search(text):
            self._in_review = True
            typed += b"r"
        # A word may be cut in two between pieces.
        self._left = text[-12:] if not text[-12:].strip().endswith(b"e") else b""
        return typed

    def _seen(self, kind: bytes, card: str) -> bytes:
        if kind == b"q" and card != self._card:
            if self._card:
                self.acknowledged.append(self._card)
            self._card, self._answer_is_open = card, False
            return b" "
        if kind == b"a" and card == self._card and not self._answer_is_open:
            self._answer_is_open = True
            return b"%d" % self._generator.choice([1, 3, 3, 4])
        return b""


def run(home: Path, kills: int, seed: int) -> tuple[int, Counter[str]]:
    """Kill the interface so often in a review; how often it lived, and which grades were seen."""
    os.environ.update(TERM="xterm-256color", COLORFGBG="15;0")
    os.environ.pop("NO_COLOR", None)
    import studytui.tui.screens.home
    import studytui.tui.screens.review
    import studytui.tui.shell  # noqa: F401

    generator, pace = random.Random(seed), Pace()
    whole(verb(*REVIEW, typed="\n3\nq\n"), home)
    saved = recorded(home)
    lived = 0
    for _ in range(kills):
        conversation = Interface(generator)
        lived += killed(verb(), conversation, home, generator, pace)
        saved.update(conversation.acknowledged)
    return lived, saved
