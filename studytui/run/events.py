"""What a run says while it runs: typed events that travel as JSON, one a line."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any


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
class Figure:
    """A picture, PNG, in a file of the run's folder; size in pixels."""

    path: str
    width: int
    height: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


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


Event = Started | Output | Progress | Figure | Table | Failed | Ended
KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Started, Output, Progress, Figure, Table, Failed, Ended)
}


def to_json(event: Event) -> str:
    """One line of JSON, with the event's name under ``event``."""
    fields = {"event": type(event).__name__.lower(), **dataclasses.asdict(event)}
    return json.dumps(fields, ensure_ascii=False)


def from_json(line: str) -> Event:
    """The event of a line written by :func:`to_json`. Raises ValueError on anything else."""
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("an event is a JSON object")
    kind = KINDS.get(str(fields.pop("event", "")))
    if kind is None:
        raise ValueError("unknown event")
    if kind is Table:
        fields["header"] = tuple(fields["header"])
        fields["rows"] = tuple(tuple(row) for row in fields["rows"])
    try:
        event: Event = kind(**fields)
    except TypeError as error:
        raise ValueError(str(error)) from error
    return event
