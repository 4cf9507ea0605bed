"""Statistics as pages of text: for the shell, and for the interface to colour. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.counting import many
from studytui.memory.fitting import Fit
from studytui.memory.simulation import Workload
from studytui.memory.statistics import Age, Share
from studytui.study.charts import calibration_plot, columns, curve, heat, mastery_map
from studytui.study.statistics import Statistics, as_settings

MOST_MISTAKES = 10
"""So many mistakes are listed, the most frequent first."""


def statistics_page(found: Statistics) -> tuple[str, ...]:
    """Everything on one page, section after section."""
    return tuple(
        line for title, lines in sections(found) for line in (title, "─" * len(title), *lines, "")
    )


def sections(found: Statistics) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of the page, each with its title."""
    parts = [
        ("Reviews", _summary(found)),
        ("Due in the next five weeks", columns(found.due) if any(found.due) else ("Nothing.",)),
        ("Reviews of the last half year", heat(found.heat, found.today)),
        ("True retention", _retention(found)),
    ]
    if found.calibration is not None:
        loss = f"log loss {found.calibration.log_loss:.3f}, RMSE {found.calibration.error:.1%}"
        parts.append(("Calibration", (*calibration_plot(found.calibration), loss)))
    if found.mistakes:
        parts.append(("Mistakes that were named", _mistakes(found)))
    parts.append(("Mastery", mastery_map(found.mastery)))
    return tuple(parts)


def _mistakes(found: Statistics) -> tuple[str, ...]:
    """The most frequent ones by their titles; one that the catalogue lost by its name."""
    from studytui.derive.mistakes.catalogue import BY_NAME

    titles = [
        (BY_NAME[name].title if name in BY_NAME else name, count) for name, count in found.mistakes
    ]
    rows = [f"{count:>4}  {title}" for title, count in titles[:MOST_MISTAKES]]
    rest = len(titles) - MOST_MISTAKES
    return (*rows, f"      and {many(rest, 'other')}") if rest > 0 else tuple(rows)


def _summary(found: Statistics) -> tuple[str, ...]:
    if not found.reviews:
        return ("No reviews yet: studytui review",)
    phases = ", ".join(f"{count} in {phase}" for phase, count in sorted(found.phases.items()))
    return (
        f"{many(found.reviews, 'review')} on {many(found.days, 'day')}; "
        f"{many(found.streak, 'day')} in a row",
        f"cards: {phases}",
    )


def _retention(found: Statistics) -> tuple[str, ...]:
    names = {Age.YOUNG: "young (under 21 days)", Age.MATURE: "mature"}
    rows = [f"{'':<24}{'last 30 days':<28}ever"]
    for age, name in names.items():
        rows.append(f"{name:<24}{_share(found.recent[age]):<28}{_share(found.ever[age])}")
    return tuple(rows)


def _share(share: Share) -> str:
    if not share.total:
        return "–"
    low, high = share.interval
    return f"{share.value:.1%} ({low:.0%}–{high:.0%}) of {share.total}"


def fit_page(found: Fit) -> tuple[str, ...]:
    """Losses before and after, and the lines for the settings file."""
    losses = {
        "parameters in use": found.before,
        "fitted, on the same reviews": found.after,
        "fitted, on reviews not yet seen": found.unseen,
    }
    lines = [
        f"{many(found.recalls, 'review')} on later days",
        "",
        f"{'':<34}{'log loss':>10}{'RMSE (bins)':>14}",
        *(f"{name:<34}{loss.log_loss:>10.4f}{loss.error:>14.4f}" for name, loss in losses.items()),
        "",
    ]
    if found.better:
        lines += [
            "To use them, put this into the settings file:",
            "",
            *as_settings(found.new).splitlines(),
        ]
    else:
        lines.append("The parameters in use fit at least as well: keep them.")
    return tuple(lines)


def workload_page(found: Sequence[Workload]) -> tuple[str, ...]:
    """A table and a curve of minutes a day against desired retention.

    The mean of a year hides its first weeks: the hardest one stands beside it.
    """
    head = f"{'retention':>9}{'reviews/day':>13}{'minutes/day':>13}{'hardest week':>14}"
    rows = [f"{head}{'remembered':>12}"]
    rows += [
        f"{each.retention:>9.0%}{each.reviews:>13.1f}{each.minutes:>13.1f}"
        f"{f'{each.peak:.0f} (no. {each.peak_week})':>14}{each.remembered:>12.0f}"
        for each in found
    ]
    points = [(each.retention, round(each.minutes, 2)) for each in found]
    counted = "Counted: reading and running, cards, derivations and exercises, with your times."
    return (*rows, "", counted, "", "minutes a day against desired retention", *curve(points))
