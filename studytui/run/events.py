"""What a run says while it runs: typed events that travel as JSON, one a line."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studytui.library.layout.safe import clean
from studytui.run.ansi import reduced
from studytui.run.typed import typed


@dataclass(frozen=True, slots=True)
class Started:
    """The child is about to call the snippet. ``at`` is an ISO instant in UTC.

    ``device`` is what it runs on (cpu, cuda, mps), ``device_name`` what the maker calls that;
    ``digest`` that of the source and its helpers, by which an output is known to be stale.
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

    ``stream`` is out, err, in (what the reader typed), note (what studytui itself has to say about
    the run), or launcher: what torchrun says of ranks that failed, told when it is asked for.
    """

    text: str
    stream: str = "out"


@dataclass(frozen=True, slots=True)
class Asked:
    """The snippet waits for a line from the reader; its question was printed before."""


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


Event = Started | Output | Asked | Progress | Figure | Table | Mismatch | Failed | Ended
MOST_CURVES, MOST_POINTS, MOST_TICKS = 60, 4000, 40
"""Of a figure that is drawn in characters; another one is shown as a picture only."""
MOST_VALUES, MOST_CELLS, MOST_LETTERS = 40, 40, 400
"""Of a failing case: values, rows and columns of one, letters of a cell."""
KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Started, Output, Asked, Progress, Figure, Table, Mismatch, Failed, Ended)
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
    """The event of a line written by :func:`to_json`. Raises ValueError on anything else.

    This is the door for all that a run says: whatever comes through it has the types that it
    should, and holds nothing that a terminal would act on but colours of printed text.
    """
    try:
        fields = json.loads(line)
    except RecursionError as error:
        raise ValueError("an event that is too deep") from error
    if not isinstance(fields, dict):
        raise ValueError("an event is a JSON object")
    kind = KINDS.get(str(fields.pop("event", "")))
    if kind is None:
        raise ValueError("unknown event")
    harmless = reduced if kind is Output else clean
    fields = {k: v if k == "path" else _harmless(v, harmless) for k, v in fields.items()}
    if kind is Mismatch:
        fields = _trimmed(fields)
    event: Event = typed(kind, fields)
    if isinstance(event, Figure):
        _check_panels(event.panels)
    elif isinstance(event, Started) and datetime.fromisoformat(event.at).tzinfo is None:
        raise ValueError("an instant without a zone")
    return event


def _harmless(value: Any, harmless: Callable[[str], str]) -> Any:
    """The same with every text made harmless for a terminal."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return [_harmless(item, harmless) for item in value]
    if isinstance(value, dict):
        return {harmless(name): _harmless(item, harmless) for name, item in value.items()}
    return value


def _trimmed(fields: dict[str, Any]) -> dict[str, Any]:
    """A failing case cut down to what can be shown."""
    try:
        for name in ("case", "came", "should"):
            fields[name] = [
                {
                    "name": value["name"][:MOST_LETTERS],
                    "note": value["note"][:MOST_LETTERS],
                    "rows": [
                        [[text[:MOST_LETTERS], differs] for text, differs in row[:MOST_CELLS]]
                        for row in value["rows"][:MOST_CELLS]
                    ],
                }
                for value in fields[name][:MOST_VALUES]
            ]
    except (TypeError, KeyError) as error:
        raise ValueError(str(error)) from error
    return fields


def _check_panels(panels: tuple[Panel, ...]) -> None:
    for panel in panels:
        if not {curve.kind for curve in panel.curves} <= {"line", "dashes", "points", "bars"}:
            raise ValueError("a curve of an unknown kind")
        if len(panel.curves) > MOST_CURVES or any(len(c.x) > MOST_POINTS for c in panel.curves):
            raise ValueError("a figure with too many curves or points")
        if any(len(curve.x) != len(curve.y) for curve in panel.curves):
            raise ValueError("a curve with more of one coordinate than of the other")
        if any(len(axis.ticks) > MOST_TICKS for axis in (panel.x, panel.y)):
            raise ValueError("an axis with too many ticks")
