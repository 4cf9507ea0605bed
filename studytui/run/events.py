"""What a run says while it runs: typed events that travel as JSON, one a line."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from typing import Any

from studytui.library.layout.safe import clean


@dataclass(frozen=True, slots=True)
class Started:
    """The child is about to call the snippet. ``at`` is an ISO instant in UTC.

    ``device`` is what it runs on (cpu, cuda, mps), ``device_name`` what the maker calls that;
    ``digest`` the SHA-256 of the source, by which an output is known to be stale.
    """

    snippet: str
    device: str
    parameters: dict[str, str]
    at: str
    digest: str = ""
    device_name: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Printed text; control sequences are reduced to SGR colour.

    ``stream`` is out, err, or note: what studytui itself has to say about the run.
    """

    text: str
    stream: str = "out"


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress line that replaces the one with the same ``label``. ``total`` 0 is unknown.

    With neither ``total`` nor ``note`` the line is taken away.
    """

    label: str
    done: float
    total: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of one series, in the units of its axes.

    ``kind`` is line, dashes, points or bars. A gap in a line is a NaN. Of bars ``x`` has the left
    and the right edge of each in turn, and ``y`` its foot and its top. ``colour`` is ``#rrggbb``.
    """

    label: str
    colour: str
    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a panel: its range, its scale, and ticks with their labels."""

    label: str
    low: float
    high: float
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes with its curves."""

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, PNG, in a file of the run's folder; size in pixels.

    ``panels`` are what it shows, where that is nothing but curves, points and bars: a terminal
    without graphics draws them itself.
    """

    path: str
    width: int
    height: int
    title: str = ""
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a failing case in small numbers: rows of cells, each with whether it differs.

    ``name`` is its place in a larger one (``m1``, ``[0]``), empty for the whole; ``note`` says what
    the cells do not (``float32, 2 x 3``).
    """

    name: str
    note: str
    rows: tuple[tuple[tuple[str, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first case that an exercise's check did not let pass: what came, what should have come.

    ``came`` and ``should`` go by pairs where both are made alike. ``message`` is the check's own;
    ``code`` has the numbers and the text of the lines of the snippet that were under way, the
    outermost first.
    """

    message: str
    case: tuple[Value, ...]
    came: tuple[Value, ...]
    should: tuple[Value, ...]
    code: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The snippet raised; ``traceback`` begins at the snippet's own frames."""

    kind: str
    message: str
    traceback: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event, always. ``status``: ok, failed, stopped, timeout, memory, output, processes,
    crashed.

    ``seconds`` is wall time, ``peak_bytes`` the peak resident memory of the process group.
    """

    status: str
    seconds: float
    peak_bytes: int
    why: str = ""


Event = Started | Output | Progress | Figure | Table | Mismatch | Failed | Ended
MOST_CURVES, MOST_POINTS, MOST_TICKS = 60, 4000, 40
"""Of a figure that is drawn in characters; another one is shown as a picture only."""
MOST_VALUES, MOST_CELLS, MOST_LETTERS = 40, 40, 400
"""Of a failing case: values, rows and columns of one, letters of a cell."""
KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Started, Output, Progress, Figure, Table, Mismatch, Failed, Ended)
}


def to_json(event: Event) -> str:
    """One line of JSON, with the event's name under ``event``."""
    fields = {"event": type(event).__name__.lower(), **dataclasses.asdict(event)}
    if isinstance(event, Figure):
        for panel in fields["panels"]:
            for curve in panel["curves"]:
                for way in ("x", "y"):  # JSON has no NaN
                    curve[way] = [value if math.isfinite(value) else None for value in curve[way]]
    return json.dumps(fields, ensure_ascii=False)


def from_json(line: str) -> Event:
    """The event of a line written by :func:`to_json`. Raises ValueError on anything else."""
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("an event is a JSON object")
    kind = KINDS.get(str(fields.pop("event", "")))
    if kind is None:
        raise ValueError("unknown event")
    if kind is not Output:  # its text was reduced to colour already
        fields = {k: v if k == "path" else _harmless(v) for k, v in fields.items()}
    try:
        if kind is Table:
            fields["header"] = tuple(fields["header"])
            fields["rows"] = tuple(tuple(row) for row in fields["rows"])
        elif kind is Figure:
            fields["panels"] = tuple(map(_panel, fields.get("panels", ())))
        elif kind is Mismatch:
            for name in ("case", "came", "should"):
                fields[name] = tuple(map(_value, fields[name][:MOST_VALUES]))
            fields["code"] = tuple((int(number), str(text)) for number, text in fields["code"])
        event: Event = kind(**fields)
    except (TypeError, KeyError) as error:
        raise ValueError(str(error)) from error
    return event


def _harmless(value: Any) -> Any:
    """The same with every text made harmless for a terminal."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_harmless(item) for item in value]
    if isinstance(value, dict):
        return {name: _harmless(item) for name, item in value.items()}
    return value


def _value(fields: dict[str, Any]) -> Value:
    rows = tuple(
        tuple((str(text)[:MOST_LETTERS], bool(differs)) for text, differs in row[:MOST_CELLS])
        for row in fields["rows"][:MOST_CELLS]
    )
    return Value(str(fields["name"])[:MOST_LETTERS], str(fields["note"])[:MOST_LETTERS], rows)


def _panel(fields: dict[str, Any]) -> Panel:
    curves = fields["curves"]
    if not {curve["kind"] for curve in curves} <= {"line", "dashes", "points", "bars"}:
        raise ValueError("a curve of an unknown kind")
    if len(curves) > MOST_CURVES or any(len(curve["x"]) > MOST_POINTS for curve in curves):
        raise ValueError("a figure with too many curves or points")
    return Panel(
        str(fields["title"]),
        _axis(fields["x"]),
        _axis(fields["y"]),
        tuple(
            Curve(
                str(curve["label"]),
                str(curve["colour"]),
                str(curve["kind"]),
                _numbers(curve["x"]),
                _numbers(curve["y"]),
            )
            for curve in curves
        ),
    )


def _axis(fields: dict[str, Any]) -> Axis:
    ticks = tuple((float(place), str(label)) for place, label in fields["ticks"][:MOST_TICKS])
    low, high = float(fields["low"]), float(fields["high"])
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("an axis without end")
    return Axis(str(fields["label"]), low, high, bool(fields["log"]), ticks)


def _numbers(values: list[float | None]) -> tuple[float, ...]:
    return tuple(math.nan if value is None else float(value) for value in values)
