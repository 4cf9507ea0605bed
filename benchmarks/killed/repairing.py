"""A journal that is damaged in many ways, and whose repair is killed at any moment.

Between two kills the reader starts again, as people do: a review either refuses to start, or what
it says was saved must be there in the end as well.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.killed.home import directories_of
from benchmarks.killed.plain import REVIEW
from benchmarks.killed.sitting import Pace, killed, verb, whole
from benchmarks.killed.syncing import Syncs
from studytui.paths import directories
from studytui.settings import load_settings

PAGE = 4096
_GRADES = 12
_KILLS_A_ROUND = 5


class _Repair:
    """Says nothing and hears nothing: a repair is killed by the time it takes."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []

    def hear(self, output: bytes) -> bytes:
        return b""


def _empty(journal: Path, generator: random.Random) -> None:
    journal.write_bytes(b"")


def _gone(journal: Path, generator: random.Random) -> None:
    journal.unlink()


def _cut(journal: Path, generator: random.Random) -> None:
    with journal.open("r+b") as file:
        file.truncate(generator.randrange(1, max(journal.stat().st_size, 2)))


def _zeroed(journal: Path, generator: random.Random) -> None:
    page = generator.randrange(max(journal.stat().st_size // PAGE, 1))
    with journal.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(bytes(PAGE))


def _scrambled(journal: Path, generator: random.Random) -> None:
    with journal.open("r+b") as file:
        file.write(generator.randbytes(PAGE))


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    _empty,
    _gone,
    _cut,
    _zeroed,
    _scrambled,
)


def _back_up(now: datetime) -> None:
    from studytui.study.journal_maintenance import back_up_before, open_ledger

    where = directories()
    ledger = open_ledger(where, load_settings(where.settings))
    back_up_before(ledger, where, now)
    ledger.journal.close()


def _grade(home: Path, generator: random.Random, saved: Counter[str]) -> None:
    typed = "".join(f"\n{generator.choice([1, 3, 3, 4])}\n" for _ in range(_GRADES)) + "q\n"
    heard = Syncs()
    heard.hear(whole(verb(*REVIEW, typed=typed), home).encode())
    saved.update(heard.acknowledged)


def _clear(home: Path) -> None:
    """Remove what the journal holds now, as a reader would in time: every repair reads it again."""
    data = directories_of(home).data
    for copy in (*data.glob("journal-damaged-*"), *sorted(data.glob("backups/*.db"))[:-1]):
        copy.unlink()


def run(home: Path, kills: int, seed: int) -> tuple[int, Counter[str]]:
    """Kill so many repairs; how many lived until then, and what reviews said was saved."""
    generator, saved = random.Random(seed), Counter[str]()
    journal = directories_of(home).journal
    now = datetime.now(UTC)
    pace = Pace()
    lived = done = 0
    while done < kills:
        _grade(home, generator, saved)
        # Backups have names by the second; a round takes less.
        now += timedelta(seconds=1)
        whole(lambda moment=now: _back_up(moment), home)  # type: ignore[misc]
        generator.choice(DAMAGES)(journal, generator)
        for _ in range(min(generator.randrange(1, _KILLS_A_ROUND), kills - done)):
            lived += killed(verb("doctor", "--repair"), _Repair(), home, generator, pace, most=1)
            done += 1
            if generator.random() < 0.3:
                _grade(home, generator, saved)
        began = time.monotonic()
        output = whole(verb("doctor", "--repair"), home)
        pace.start = time.monotonic() - began
        if "all is well" not in output:
            raise RuntimeError(f"a repair failed after the kills: {output}")
        _clear(home)
    return lived, saved
