"""Two runs of a snippet compared: which values, which lines and which scales differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from studytui.run.events import Axis, Figure, Panel

MOST_LINES = 400
"""Of each output, the last ones: comparing takes time with the product of both."""


def differing_values(
    first: Mapping[str, str], second: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """The parameters whose values differ: name, the first's, the second's.

    >>> differing_values({"n": "3", "lr": "0.1"}, {"n": "5", "lr": "0.1"})
    (('n', '3', '5'),)
    """
    names = [*first, *(name for name in second if name not in first)]
    return tuple(
        (name, first.get(name, "–"), second.get(name, "–"))
        for name in names
        if first.get(name) != second.get(name)
    )


def differing_lines(
    first: Sequence[str], second: Sequence[str]
) -> tuple[frozenset[int], frozenset[int]]:
    """The places, in each of two outputs, of the lines that the other one does not have.

    >>> differing_lines(["a", "loss 2"], ["a", "loss 1", "end"])
    (frozenset({1}), frozenset({1, 2}))
    """
    skipped = tuple(max(0, len(lines) - MOST_LINES) for lines in (first, second))
    matcher = SequenceMatcher(None, first[skipped[0] :], second[skipped[1] :], autojunk=False)
    ours: set[int] = set()
    theirs: set[int] = set()
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            ours.update(range(i1 + skipped[0], i2 + skipped[0]))
            theirs.update(range(j1 + skipped[1], j2 + skipped[1]))
    return frozenset(ours), frozenset(theirs)


def on_shared_scales(first: Figure, second: Figure) -> tuple[Figure, Figure]:
    """Two figures whose panels, where both show the same quantities, have the same axes."""
    if len(first.panels) != len(second.panels) or not _all_alike(first, second):
        return first, second
    ours, theirs = [], []
    for one, other in zip(first.panels, second.panels, strict=True):
        x, y = _shared(one.x, other.x), _shared(one.y, other.y)
        ours.append(replace(one, x=x, y=y))
        theirs.append(replace(other, x=x, y=y))
    return replace(first, panels=tuple(ours)), replace(second, panels=tuple(theirs))


def _all_alike(first: Figure, second: Figure) -> bool:
    pairs = zip(first.panels, second.panels, strict=True)
    return all(_alike(one, other) for one, other in pairs)


def _alike(one: Panel, other: Panel) -> bool:
    return all(
        (mine.label, mine.log) == (its.label, its.log)
        for mine, its in ((one.x, other.x), (one.y, other.y))
    )


def _shared(one: Axis, other: Axis) -> Axis:
    """The axis over both ranges, with the ticks of the longer one and those beyond its ends."""
    longer, shorter = (
        (one, other) if abs(one.high - one.low) >= abs(other.high - other.low) else (other, one)
    )
    beyond = [tick for tick in shorter.ticks if not longer.low <= tick[0] <= longer.high]
    return replace(
        longer,
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        ticks=tuple(sorted([*longer.ticks, *beyond])),
    )
