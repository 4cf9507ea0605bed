"""Scale of the memory: 100,000 cards and 1,000,000 reviews, beside an empty one and ``fsrs``."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from fsrs import Card, Rating
from fsrs import Scheduler as Reference

from benchmarks.figures import Figure, at_least, at_most, report
from studytui.memory.ledger import Ledger
from studytui.memory.queue import CardRecord
from studytui.memory.replay import fold_all
from studytui.settings import ReviewSettings, Settings
from studytui.store import codec
from studytui.store.journal import Journal
from studytui.study.review import ReviewSession

CARDS = 100_000
REVIEWS = 1_000_000
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SETTINGS = Settings(review=ReviewSettings(reviews_per_day=99_999, new_per_day=100))
_DAY_MS = 86_400_000
_EPOCH_DAY = 719_163


def rows(cards: int, reviews: int) -> Iterator[codec.Row]:
    """Reviews of the past two years, evenly over the cards, as rows of the journal."""
    generator = random.Random(1)
    device = bytes(16)
    each = reviews // cards
    now_ms = int(NOW.timestamp() * 1000)
    for number in range(cards):
        instant = now_ms - generator.randrange(650, 730) * _DAY_MS
        for review in range(each):
            grade = generator.choices((1, 2, 3, 4), (8, 10, 72, 10))[0]
            yield (
                generator.randbytes(16),
                "review",
                f"article-{number // 12}/card-{number % 12}",
                device,
                instant,
                0,
                instant // _DAY_MS + _EPOCH_DAY,
                instant,
                grade,
                6000,
                "digest",
                0.9,
                generator.random(),
                None,
            )
            wait = generator.uniform(0.5, 1.5) * min(2.2**review, 120)
            instant = min(instant + int(wait * _DAY_MS), now_ms - generator.randrange(1, _DAY_MS))


def records(cards: int) -> list[CardRecord]:
    """The library's view of the same cards, and a hundred new ones."""
    names = [f"article-{number // 12}/card-{number % 12}" for number in range(cards + 100)]
    return [CardRecord(name, name, "track", "digest") for name in names]


def milliseconds(action: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def measure() -> list[Figure]:
    """All figures of the memory."""
    with tempfile.TemporaryDirectory() as folder:
        large, empty = Path(folder) / "large", Path(folder) / "empty"
        with Journal.open(large / "data" / "journal.db") as journal:
            with journal.bulk():
                filled = milliseconds(lambda: journal.copy_rows(rows(CARDS, REVIEWS)))
            ledger = Ledger(journal, SETTINGS)
            figures = [*_replaying(ledger, filled), *_reviewing(ledger)]
        with Journal.open(empty / "data" / "journal.db") as journal:
            Ledger(journal, SETTINGS).make_current()
        figures.append(_starting(large, empty))
    return figures


def _replaying(ledger: Ledger, filled: float) -> Iterator[Figure]:
    took = milliseconds(ledger.rebuild)
    yield at_least(
        "replay of the whole journal",
        REVIEWS / took * 1000,
        "events/s",
        25_000,
        f"read, fold, write {CARDS:,} states; filled in {filled / 1000:.0f} s",
    )
    sample = [row for row, _ in zip(ledger.journal.replay_rows(), range(40_000), strict=False)]
    ours = milliseconds(lambda: list(fold_all(sample, ledger.scheduler)))
    theirs = milliseconds(lambda: _with_package(sample))
    yield at_least(
        "fold with intervals, against fsrs.review_card", theirs / ours, "x", 1, "40,000 events"
    )


def _with_package(sample: list[tuple[object, ...]]) -> None:
    reference = Reference(enable_fuzzing=False)
    cards: dict[object, Card] = {}
    for row in sample:
        card = cards.get(row[0]) or Card(card_id=1)
        assert isinstance(row[4], int)
        assert isinstance(row[5], int)
        day = datetime.fromordinal(row[4]).replace(tzinfo=UTC)
        cards[row[0]], _ = reference.review_card(card, Rating(row[5]), day)


def _reviewing(ledger: Ledger) -> Iterator[Figure]:
    known = records(CARDS)
    sittings: list[ReviewSession] = []
    opened = milliseconds(lambda: sittings.append(ReviewSession(ledger, known, NOW)))
    session = sittings[0]
    waiting = session.counts.total
    shown, graded = [], []
    now = NOW
    for number in range(300):
        now += timedelta(seconds=7)
        moment = now
        shown.append(milliseconds(lambda: session.next(moment)))  # noqa: B023
        graded.append(milliseconds(lambda: session.grade(Rating(1 + number % 4), moment)))  # noqa: B023
    yield at_most(
        "next card, median", median(shown), "ms", 5, f"{CARDS:,} cards, {waiting:,} waiting"
    )
    yield at_most("next card, 99 of 100", sorted(shown)[-4], "ms", 5)
    yield at_most("grade, on the disk, median", median(graded), "ms", 20, "WAL, synchronous=FULL")
    yield at_most("opening a sitting", opened, "ms", 1500, "once; the queue of the day")


def _starting(large: Path, empty: Path) -> Figure:
    """Opening the journal in a fresh process, large against empty, in turn."""
    script = (
        "from studytui.paths import directories\n"
        "from studytui.settings import Settings\n"
        "from studytui.study.journal_maintenance import open_ledger\n"
        "open_ledger(directories(), Settings()).journal.close()\n"
    )
    took: dict[Path, list[float]] = {large: [], empty: []}
    for _ in range(7):
        for home, times in took.items():
            environment = {**os.environ, "STUDYTUI_HOME": str(home)}
            times.append(
                milliseconds(
                    lambda env=environment: subprocess.run(  # type: ignore[misc]
                        [sys.executable, "-c", script], env=env, check=True
                    )
                )
            )
    return at_most(
        "start with 1,000,000 reviews, against an empty journal",
        median(took[large]) / median(took[empty]),
        "x",
        1.1,
        "a fresh process that opens the journal",
    )


if __name__ == "__main__":
    report(measure())
