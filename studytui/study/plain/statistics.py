"""Statistics, a fit and a simulated workload, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from studytui.counting import many
from studytui.memory.fitting import Fit
from studytui.memory.simulation import Workload
from studytui.memory.statistics import Age, Share
from studytui.study.statistics import Statistics, as_settings

DAYS_TOLD = 14
WEEKS_TOLD = 8


def statistics_words(found: Statistics) -> Iterator[str]:
    """Everything that the statistics show, section after section."""
    yield from _reviews(found)
    yield ""
    yield "Due in the next five weeks"
    yield from _due(found)
    yield ""
    yield "Reviews of the last weeks"
    yield from _weeks(found)
    yield ""
    yield "True retention"
    for age, name in ((Age.YOUNG, "Young cards (under 21 days)"), (Age.MATURE, "Mature cards")):
        yield f"{name}: last 30 days {_share(found.recent[age])}; ever {_share(found.ever[age])}."
    if found.calibration is not None:
        yield ""
        yield "Calibration"
        for each in found.calibration.bins:
            yield f"Predicted {each.predicted:.1%}: came {_share(each.share)}."
        loss = found.calibration
        yield f"Log loss {loss.log_loss:.3f}, root mean square error {loss.error:.1%}."
    yield ""
    yield "Mastery"
    for known in found.mastery:
        met = f"{known.seen} of {many(known.cards, 'card')} met"
        yield f"{known.article}: {known.value:.0%}, {met}."


def _reviews(found: Statistics) -> Iterator[str]:
    yield "Reviews"
    if not found.reviews:
        yield "No reviews yet."
        return
    yield (
        f"{many(found.reviews, 'review')} on {many(found.days, 'day')};"
        f" {many(found.streak, 'day')} in a row."
    )
    phases = ", ".join(f"{count} in {phase}" for phase, count in sorted(found.phases.items()))
    yield f"Cards: {phases}."


def _due(found: Statistics) -> Iterator[str]:
    if not any(found.due):
        yield "Nothing."
        return
    for offset, count in enumerate(found.due[:DAYS_TOLD]):
        if count:
            day = found.today + timedelta(days=offset)
            name = "Today" if not offset else "Tomorrow" if offset == 1 else f"{day:%A %d %B}"
            yield f"{name}: {count}."
    yield f"Later: {sum(found.due[DAYS_TOLD:])}."


def _weeks(found: Statistics) -> Iterator[str]:
    weeks = [sum(max(day, 0) for day in week) for week in zip(*found.heat, strict=True)]
    told = weeks[-WEEKS_TOLD:][::-1]
    names = ["This week", "Last week", *(f"{ago} weeks ago" for ago in range(2, WEEKS_TOLD))]
    yield "; ".join(f"{name}: {count}" for name, count in zip(names, told, strict=False)) + "."


def _share(share: Share) -> str:
    if not share.total:
        return "none"
    low, high = share.interval
    return f"{share.value:.1%} of {share.total}, likely {low:.0%} to {high:.0%}"


def fit_words(found: Fit) -> Iterator[str]:
    """Losses before and after, and the lines for the settings file."""
    yield f"{many(found.recalls, 'review')} on later days."
    for name, loss in (
        ("Parameters in use", found.before),
        ("Fitted, on the same reviews", found.after),
        ("Fitted, on reviews not yet seen", found.unseen),
    ):
        yield f"{name}: log loss {loss.log_loss:.4f}, error {loss.error:.4f}."
    if found.better:
        yield "To use them, put this into the settings file:"
        yield from as_settings(found.new).splitlines()
    else:
        yield "The parameters in use fit at least as well: keep them."


def workload_words(found: Sequence[Workload]) -> Iterator[str]:
    """What each desired retention costs."""
    for each in found:
        yield (
            f"Retention {each.retention:.0%}: {each.reviews:.1f} reviews and {each.minutes:.1f}"
            f" minutes a day, {each.peak:.0f} in the hardest week, number {each.peak_week};"
            f" {each.remembered:.0f} remembered."
        )
