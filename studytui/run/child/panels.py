"""What a matplotlib figure shows, as curves: for terminals that cannot show its picture."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer

from studytui.run.events import MOST_CURVES, MOST_POINTS, Axis, Curve, Panel

MOST_PANELS = 12
ENOUGH_POINTS = 800
"""Of a line: a terminal has not so many dots."""
_KINDS = {"-": "line", "None": "points", "none": "points", "": "points", " ": "points"}
_POWER = re.compile(r"10\^\{?([+\-−]?\d+)\}?")
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def panels(figure: Any) -> tuple[Panel, ...]:
    """The panels of a figure that was drawn; none if it has more than curves, points and bars."""
    found = []
    for axes in figure.axes:
        if not (axes.get_visible() and axes.axison):
            continue
        panel = _panel(axes)
        if panel is None:
            return ()
        found.append(panel)
    return tuple(found) if len(found) <= MOST_PANELS else ()


def _panel(axes: Any) -> Panel | None:
    if axes.name != "rectilinear" or axes.images:
        return None
    scales = axes.get_xscale(), axes.get_yscale()
    if not set(scales) <= {"linear", "log"}:
        return None
    bars = [item for item in axes.containers if isinstance(item, BarContainer)]
    if len(axes.patches) != sum(len(item.patches) for item in bars):
        return None
    known = PathCollection | PolyCollection | LineCollection
    if not all(isinstance(item, known) for item in axes.collections):
        return None
    curves = [_bars(item) for item in bars]
    curves += [_line(axes, line) for line in axes.lines if line.get_visible()]
    curves += [_dots(item) for item in axes.collections if isinstance(item, PathCollection)]
    curves += [_segments(item) for item in axes.collections if isinstance(item, LineCollection)]
    if not curves or len(curves) > MOST_CURVES:
        return None
    x, y = axes.xaxis, axes.yaxis
    return Panel(
        _plain(axes.get_title()),
        _axis(axes.get_xlabel(), axes.get_xlim(), scales[0], x),
        _axis(axes.get_ylabel(), axes.get_ylim(), scales[1], y),
        tuple(curves),
    )


def _axis(label: str, limits: tuple[float, float], scale: str, axis: Any) -> Axis:
    low, high = sorted(map(float, limits))
    places = [float(place) for place in axis.get_ticklocs()]
    labels = [text.get_text() for text in axis.get_ticklabels()]
    ticks = tuple(
        (place, _tick(text, place))
        for place, text in zip(places, labels, strict=False)
        if low <= place <= high and text
    )
    return Axis(_plain(label), low, high, scale == "log", ticks)


def _tick(text: str, place: float) -> str:
    plain = _plain(text)
    return plain if len(plain) <= 9 else f"{place:.3g}"


def _plain(text: str) -> str:
    """A label without TeX."""
    text = text.replace(r"\mathdefault", "").replace("$", "")
    text = _POWER.sub(lambda found: "10" + found.group(1).translate(_RAISED), text)
    return text.replace("{", "").replace("}", "").replace("\n", " ").strip()


def _label(item: Any) -> str:
    label = str(item.get_label())
    return "" if label.startswith("_") else _plain(label)


def _line(axes: Any, line: Any) -> Curve:
    x, y = (np.asarray(data, dtype=float) for data in line.get_data(orig=False))
    if line.get_transform() == axes.get_yaxis_transform(which="grid"):
        x = np.asarray(axes.get_xlim(), dtype=float)[: len(y)]
    elif line.get_transform() == axes.get_xaxis_transform(which="grid"):
        y = np.asarray(axes.get_ylim(), dtype=float)[: len(x)]
    kind = _KINDS.get(line.get_linestyle(), "dashes")
    x, y = _thinned(x, y)
    return Curve(_label(line), to_hex(line.get_color()), kind, _numbers(x), _numbers(y))


def _dots(item: Any) -> Curve:
    places = np.asarray(item.get_offsets(), dtype=float)[:MOST_POINTS]
    colours = item.get_facecolor()
    colour = to_hex(colours[0]) if len(colours) else "#888888"
    return Curve(_label(item), colour, "points", _numbers(places[:, 0]), _numbers(places[:, 1]))


def _segments(item: Any) -> Curve:
    """Lines apart from each other, such as error bars."""
    x: list[float] = []
    y: list[float] = []
    for segment in item.get_segments()[: MOST_POINTS // 4]:
        places = np.asarray(segment, dtype=float)[:3]
        x += [*places[:, 0].tolist(), math.nan]
        y += [*places[:, 1].tolist(), math.nan]
    colours = item.get_color()
    colour = to_hex(colours[0]) if len(colours) else "#888888"
    return Curve(_label(item), colour, "line", _numbers(x), _numbers(y))


def _bars(container: Any) -> Curve:
    x: list[float] = []
    y: list[float] = []
    for patch in container.patches[: MOST_POINTS // 2]:
        left, foot = patch.get_xy()
        x += [float(left), float(left + patch.get_width())]
        y += [float(foot), float(foot + patch.get_height())]
    colour = to_hex(container.patches[0].get_facecolor()) if container.patches else "#888888"
    return Curve(_label(container), colour, "bars", tuple(x), tuple(y))


def _thinned(x: Any, y: Any) -> tuple[Any, Any]:
    """Fewer points, the least and the greatest of every stretch kept."""
    if len(x) <= ENOUGH_POINTS:
        return x, y
    size = math.ceil(len(x) / (ENOUGH_POINTS // 2))
    keep: list[int] = []
    for start in range(0, len(x), size):
        part = np.nan_to_num(y[start : start + size])
        keep += sorted({start + int(part.argmin()), start + int(part.argmax())})
    return x[keep], y[keep]


def _numbers(values: Any) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") if math.isfinite(value) else math.nan for value in values)
