"""What a figure shows, in words: its axes, and of each series where it begins, turns and ends."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studytui.library.linear.characters import undrawn
from studytui.run.events import Axis, Curve, Figure, Panel

MOST_BARS = 16
"""Bars that are told one by one; of more only the shape."""


def figure_words(figure: Figure) -> Iterator[str]:
    """The lines for a figure; a picture that is no chart is only told where it is.

    >>> axis = Axis("step", 0.0, 2.0), Axis("loss", 0.0, 4.0)
    >>> curve = Curve("Adam", "#000000", "line", (0.0, 1.0, 2.0), (4.0, 1.0, 2.0))
    >>> race = Figure("a.png", 1, 1, "Race", (Panel("", *axis, (curve,)),))
    >>> print(*figure_words(race), sep="\\n")
    Figure: Race. Its picture is a.png.
    Across: step, 0 to 2. Up: loss, 0 to 4.
    Line Adam: begins at 4 (step 0), ends at 2 (step 2), lowest 1 (step 1), highest 4 (step 0).
    """
    title = undrawn(figure.title) or "without a title"
    yield f"Figure: {title}. Its picture is {figure.path}."
    for number, panel in enumerate(figure.panels, 1):
        yield from _panel(panel, number if len(figure.panels) > 1 else 0)


def _panel(panel: Panel, number: int) -> Iterator[str]:
    head = ". ".join(filter(None, (f"Panel {number}" if number else "", panel.title)))
    axes = f"Across: {_axis(panel.x)}. Up: {_axis(panel.y)}."
    yield f"{head}. {axes}" if head else axes
    for curve in panel.curves:
        yield _bars(curve, panel) if curve.kind == "bars" else _curve(curve, panel)


def _axis(axis: Axis) -> str:
    labels = [label for _, label in axis.ticks if not _is_number(label)]
    name = axis.label or "without a name"
    told = ", ".join(labels) if labels and len(labels) <= MOST_BARS else ""
    span = told or f"{_number(axis.low)} to {_number(axis.high)}"
    return f"{name}, {span}{', logarithmic' if axis.log else ''}"


def _curve(curve: Curve, panel: Panel) -> str:
    points = [(x, y) for x, y in zip(curve.x, curve.y, strict=False) if math.isfinite(y)]
    kind = {"line": "Line", "dashes": "Dashed line", "points": "Points"}.get(curve.kind, "Series")
    name = f"{kind} {curve.label}".rstrip()
    if not points:
        return f"{name}: empty."
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    if low[1] == high[1]:
        first, last = points[0][0], points[-1][0]
        return f"{name}: {_number(low[1])} throughout, from {_at(first, panel)} to {_number(last)}."
    marks = {"begins at": points[0], "ends at": points[-1], "lowest": low, "highest": high}
    if curve.kind == "points":
        name = f"{len(points)} {name[0].lower()}{name[1:]}"
    return f"{name}: {', '.join(f'{word} {_point(at, panel)}' for word, at in marks.items())}."


def _point(point: tuple[float, float], panel: Panel) -> str:
    return f"{_number(point[1])} ({_at(point[0], panel)})"


def _at(x: float, panel: Panel) -> str:
    return f"{panel.x.label} {_number(x)}".strip()


def _bars(curve: Curve, panel: Panel) -> str:
    heights = []
    for left, right, foot, top in zip(
        curve.x[::2], curve.x[1::2], curve.y[::2], curve.y[1::2], strict=False
    ):
        middle = (left + right) / 2
        tick = next((label for at, label in panel.x.ticks if left <= at <= right and label), "")
        heights.append((tick or _number(middle), top - foot))
    name = f"Bars {curve.label}".rstrip()
    if not heights:
        return f"{name}: none."
    if len(heights) <= MOST_BARS:
        return f"{name}: {'; '.join(f'{at}: {_number(size)}' for at, size in heights)}."
    at, size = max(heights, key=lambda bar: bar[1])
    ends = f"from {heights[0][0]} to {heights[-1][0]}"
    return (
        f"{len(heights)} {name[0].lower()}{name[1:]}, {ends}; the highest {_number(size)} at {at}."
    )


def _number(value: float) -> str:
    return f"{value:.4g}"


def _is_number(label: str) -> bool:
    return not any(letter.isalpha() for letter in label) or label.replace("e", "").isdecimal()
