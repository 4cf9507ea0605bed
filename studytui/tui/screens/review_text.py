"""What the review says above and after the cards. Pure."""

from __future__ import annotations

from datetime import datetime

from studytui.counting import many
from studytui.memory.days import to_ms
from studytui.memory.rating import Rating
from studytui.store.states import Phase
from studytui.study.own_versions import Version
from studytui.study.review import Mode, Shown, Summary
from studytui.tui.widgets.grade_bar import TONES
from studytui.tui.widgets.text_lines import Styled

MODES = {
    Mode.REVIEW: "",
    Mode.CRAM: "cramming: the schedule stays as it is",
    Mode.AHEAD: "ahead: the schedule stays as it is",
}
NOTHING_DUE: list[Styled] = [
    [("Nothing is due.", "strong")],
    [("", "")],
    [("Read on: what you read brings its cards.", "soft")],
]
GO_ON: list[Styled] = [
    [("", "")],
    [("c", "key"), (" goes on with the day", "soft"), ("   q", "key"), (" home", "soft")],
]
MORE_NEW: list[Styled] = [
    [("", "")],
    [("m brings twenty new cards beyond those of the day.", "soft")],
]


def head_line(
    shown: Shown, title: str, mode: Mode, version: Version, task: str = ""
) -> list[Styled]:
    """What is left, how old the card is, where it comes from, and whose version it is.

    ``task`` is what the day's plan calls it.
    """
    counts = shown.counts
    left = [
        (str(counts.new), "accent"),
        (" new  ", "faint"),
        (str(counts.learning), "warn"),
        (" learning  ", "faint"),
        (str(counts.reviews), "good"),
        (" to review", "faint"),
    ]
    head: Styled = [("Review  ", "heading.1"), *left]
    if task:
        head = [(f"{task}  ", "heading.3"), (f"{counts.total + 1} left", "faint")]
    where = [(title, "soft")]
    if shown.is_new:
        where.append(("  · new", "accent"))
    elif shown.state.phase == Phase.REVIEW:
        where.append((f"  · recall expected {shown.retrievability:.0%}", "faint"))
    if shown.leech:
        where.append(("  · keeps being forgotten", "warn"))
    if version.told:
        where.append((f"  · {version.told}", "warn" if version is Version.OUTDATED else "accent"))
    if MODES[mode]:
        where.append((f"  · {MODES[mode]}", "warn"))
    return [head, where]


def summary_lines(done: Summary, next_due: int | None, now: datetime) -> list[Styled]:
    """The sitting in numbers; nothing when no card was graded."""
    if not done.answers:
        return []
    minutes, seconds = divmod(round(done.seconds), 60)
    counted = f"{many(done.cards, 'card')}, {many(done.answers, 'answer')}"
    lines: list[Styled] = [
        [("Done for now.", "strong")],
        [("", "")],
        [(f"{counted} in {minutes}:{seconds:02}", "soft")],
    ]
    if done.new:
        lines.append([(f"{done.new} met for the first time", "soft")])
    if done.retention is not None:
        lines.append(
            [
                (f"recalled {done.recalled} of {done.reviewed}: ", "soft"),
                (f"{done.retention:.0%}", "strong"),
                (f" (expected {done.predicted:.0%})", "faint"),
            ]
        )
    grades: list[tuple[str, str]] = []
    for rating, count in zip(Rating, done.grades, strict=True):
        grades += [(f"{rating.name.capitalize()} ", TONES[rating]), (f"{count}   ", "soft")]
    lines.append(grades)
    if next_due is not None:
        wait = max(1, round((next_due - to_ms(now)) / 60_000))
        lines += [[("", "")], [(f"The next card comes back in {wait} min.", "soft")]]
    return lines
