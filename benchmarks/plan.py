"""The plan lived through: seventy days of a virtual learner over the shipped forty articles.

It drives the real desk, the real composing of each day and the real review session; the clock is
shifted. Everything is written to a journal in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.figures import Figure, at_least, at_most, report
from benchmarks.virtual_learner import Learner, Lived
from studytui.paths import Directories
from studytui.settings import DaySettings, Settings
from studytui.study.desk import Desk
from studytui.study.planning.standing import Standing

DAYS = 70
MINUTES = 25
AWAY = range(36, 50)
SETTLED = 30
"""From this day on recall is measured: before, most intervals are a day, the shortest there is."""
Studies = Callable[[int], bool]


def lived(
    days: int, studies: Studies, *, pace: float = 1.0, seed: int = 1, index: Path | None = None
) -> Lived:
    """So many days of a learner who begins with nothing; ``index`` keeps the parsed articles."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        where = Directories(root / "data", root / "config", index or root / "cache")
        with Desk(where, Settings(days=DaySettings(time_zone="UTC"))) as desk:
            desk.library.refresh()
            learner = Learner(desk, pace=pace, seed=seed)
            for day in range(days):
                learner.live(day, studies=studies(day))
            return learner.end()


def scenarios() -> dict[str, tuple[Studies, float]]:
    """Who studies when, and how fast."""
    missing = Random(7)
    missed = {day for day in range(DAYS) if missing.random() < 0.3}
    return {
        "every day": (lambda day: True, 1.0),
        "a fortnight away": (lambda day: day not in AWAY, 1.0),
        "30 % of days missed": (lambda day: day not in missed, 1.0),
        "slow (0.7)": (lambda day: True, 0.7),
        "fast (1.5)": (lambda day: True, 1.5),
    }


def measure() -> Iterator[Figure]:
    """All figures of the plan."""
    with tempfile.TemporaryDirectory() as index:
        for name, (studies, pace) in scenarios().items():
            found = lived(DAYS, studies, pace=pace, index=Path(index))
            yield from figures(name, found, [studies(day) for day in range(DAYS)])


def figures(name: str, found: Lived, studied: list[bool]) -> Iterator[Figure]:
    """What one learner's days give against what is asked of them."""
    days = [minutes for minutes, there in zip(found.minutes, studied, strict=True) if there]
    near = sum(0.8 * MINUTES <= minutes <= 1.2 * MINUTES for minutes in days) / len(days)
    mean, most = sum(days) / len(days), max(days)
    yield at_least(
        f"{name}: days within 20 % of {MINUTES} min", 100 * near, "%", 85,
        f"{len(days)} days, mean {mean:.1f}, longest {most:.1f} min",
    )  # fmt: skip
    for what, recalls, target in (("cards", found.cards, 0.9), ("deep", found.deep, 0.8)):
        settled = [hit for day, hit in recalls if day >= SETTLED]
        kept = sum(settled) / max(1, len(settled))
        off = abs(kept - target)
        how = f"{kept:.3f} of {len(settled)} from day {SETTLED} on, desired {target}"
        yield at_most(f"{name}: retention of {what} off its target", off, "", 0.03, how)
    yield at_most(f"{name}: cards before their section", len(found.too_early), "", 0)
    back = [
        day for day in range(7, len(studied)) if studied[day] and not any(studied[day - 7 : day])
    ]
    for day in back:
        budgets = found.minutes[day] / MINUTES
        yield at_most(f"{name}: the first day back", budgets, "budgets", 1.5)
    assert found.last is not None
    standings = [each.standing for each in found.last.mastery.values()]
    worked = sum(each >= Standing.WORKED for each in standings)
    begun = sum(each > Standing.NEW for each in standings)
    how = f"{begun} begun, {sum(each is Standing.OWNED for each in standings)} owned"
    yield at_least(f"{name}: articles worked in {DAYS} days", worked, "", 0, how)


if __name__ == "__main__":
    report(measure(), as_json="--json" in sys.argv)
