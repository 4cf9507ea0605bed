"""The plan lived through: seventy days of a virtual learner over the shipped forty articles.

It drives the real desk, the real composing of each day and the real review session; the clock is
shifted. Everything is written to a journal in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from benchmarks.figures import Figure, at_least, at_most, report
from benchmarks.virtual_learner import Learner, Lived
from studytui.paths import Directories
from studytui.settings import DaySettings, Settings
from studytui.study.desk import Desk
from studytui.study.planning.standing import Standing
from studytui.study.planning.today import Today

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


def measure(times: int = 1) -> Iterator[Figure]:
    """All figures of the plan; ``times`` learners live through each scenario."""
    with tempfile.TemporaryDirectory() as index:
        for name, (studies, pace) in scenarios().items():
            lives = [
                lived(DAYS, studies, pace=pace, seed=seed, index=Path(index))
                for seed in range(1, times + 1)
            ]
            yield from figures(name, lives, [studies(day) for day in range(DAYS)])


def figures(name: str, lives: Sequence[Lived], studied: list[bool]) -> Iterator[Figure]:
    """What the days of some learners give against what is asked of them."""
    days = [m for life in lives for m, there in zip(life.minutes, studied, strict=True) if there]
    near = sum(0.8 * MINUTES <= minutes <= 1.2 * MINUTES for minutes in days) / len(days)
    mean, most = sum(days) / len(days), max(days)
    yield at_least(
        f"{name}: days within 20 % of {MINUTES} min", 100 * near, "%", 85,
        f"{len(days)} days, mean {mean:.1f}, longest {most:.1f} min",
    )  # fmt: skip
    cards = [each for life in lives for each in life.cards if each.day >= SETTLED]
    deep = [each for life in lives for each in life.deep if each.day >= SETTLED]
    for what, recalls, target in (("cards", cards, 0.9), ("deep", deep, 0.8)):
        # The mean chance is what the share of hits tends to, with a tenth of its spread.
        kept, hits = _mean(each.chance for each in recalls), _mean(each.hit for each in recalls)
        expected = _mean(each.expected for each in recalls)
        late = _mean(each.late > 0 for each in recalls)
        how = (
            f"{kept:.3f} of {len(recalls)} from day {SETTLED} on, desired {target}; recalled"
            f" {hits:.3f}, by the schedule {expected:.3f}, {late:.0%} late"
        )
        yield at_most(
            f"{name}: retention of {what} off its target", abs(kept - target), "", 0.03, how
        )
    early = sum(len(life.too_early) for life in lives)
    yield at_most(f"{name}: cards before their section", early, "", 0)
    mixed = sum(life.mixed for life in lives)
    yield at_most(
        f"{name}: cards of one article in a row while another waits",
        sum(life.in_a_row for life in lives), "", 0, f"of {mixed}",
    )  # fmt: skip
    for day in range(7, len(studied)):
        if studied[day] and not any(studied[day - 7 : day]):
            budgets = max(life.minutes[day] for life in lives) / MINUTES
            yield at_most(f"{name}: the first day back", budgets, "budgets", 1.5)
    standings = [each.standing for life in lives for each in present(life.last).mastery.values()]
    worked = sum(each >= Standing.WORKED for each in standings) / len(lives)
    begun = sum(each > Standing.NEW for each in standings) / len(lives)
    owned = sum(each is Standing.OWNED for each in standings) / len(lives)
    how = f"{begun:.1f} begun, {owned:.1f} owned"
    yield at_least(f"{name}: articles worked in {DAYS} days", worked, "", 0, how)


def present(today: Today | None) -> Today:
    """The plan after the last day, which every life has."""
    assert today is not None
    return today


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / max(1, len(listed))


if __name__ == "__main__":
    report(measure(), as_json="--json" in sys.argv)
