"""Events to database rows and JSON lines, and back; what comes from outside is validated."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, cast

from studytui.store.columns import Columns, names
from studytui.store.errors import EventError
from studytui.store.events import Body, Event, Moment, Other
from studytui.store.validator import CLASSES, canonical, shape

Row = tuple[Any, ...]
"""``COLUMNS`` in their order."""

COLUMNS = (
    "id",
    "kind",
    "subject",
    "device",
    "instant_ms",
    "offset_minutes",
    "day",
    "order_ms",
    "grade",
    "duration_ms",
    "content",
    "retention",
    "factor",
    "payload",
)
_OWN_COLUMN = ("grade", "duration_ms", "content", "retention", "factor")
_NO_OWN = (None,) * len(_OWN_COLUMN)
_HEAD = frozenset(("id", "device", "instant_ms", "offset_minutes", "day", "order_ms", "kind", "of"))
LONGEST_LINE = 2**20
"""Characters of a line: the texts of an event, with every letter escaped, fit in."""


def to_row(event: Event) -> Row:
    """The row of an event, without its place in the file."""
    body, moment = event.body, event.moment
    own: Sequence[Any] = _NO_OWN
    payload: str | None
    if isinstance(body, Other):
        kind, subject, payload = body.name, body.subject, body.payload
    else:
        kind = body.kind
        subject, *own = _columns(kind)(body)
        extra = _extra(kind)
        payload = _dump({name: getattr(body, name) for name in extra}) if extra else None
    return (
        bytes.fromhex(event.id),
        kind,
        subject,
        bytes.fromhex(event.device),
        moment.instant_ms,
        moment.offset_minutes,
        moment.day,
        event.order_ms,
        *own,
        payload,
    )


def to_columns(events: Columns) -> dict[str, Sequence[Any]]:
    """The columns of their rows, by name; those that are empty left out.

    What :func:`to_row` gives of each, at a fifth of its cost. Ids are ``bytearray``: Python's
    driver looks for an adapter of ``bytes``, and of None, which costs five times a number.
    """
    kind = events.kind.kind
    own = dict(zip(names(events.kind), events.fields, strict=True))
    extra = _extra(kind)
    columns: dict[str, Sequence[Any]] = {
        "id": list(map(bytearray.fromhex, events.ids)),
        "kind": (kind,) * len(events),
        "subject": events.fields[0],
        "device": list(map(_device, events.devices)),
        "instant_ms": events.instants,
        "offset_minutes": events.offsets,
        "day": events.days,
        "order_ms": events.orders,
        **{name: own[name] for name in _OWN_COLUMN if name in own},
        "payload": _payloads(extra, [own[name] for name in extra]),
    }
    return {
        name: column
        for name, column in columns.items()
        if any(value is not None for value in column)
    }


def _payloads(extra: Sequence[str], columns: Sequence[Sequence[Any]]) -> Sequence[str]:
    """The payload of each body, by one call of the encoder, which costs more than what it writes.

    Values are no lists and no objects, and no text of JSON holds a line's end: it parts bodies.
    """
    if not extra:
        return ()
    values = [dict(zip(extra, row, strict=True)) for row in zip(*columns, strict=True)]
    lines = _IN_LINES.encode(values)[2:-2].split("}\n{")
    return [f"{{{line.replace(_LINE_END, ',')}}}" for line in lines]


@lru_cache(maxsize=100)
def _device(identity: str) -> bytearray:
    return bytearray.fromhex(identity)


@cache
def _columns(kind: str) -> Callable[[Body], Sequence[Any]]:
    """What reads the subject and the own columns of a body."""
    (first, _), *rest = shape(kind)
    names = {name for name, _ in rest}
    if names.issuperset(_OWN_COLUMN):
        return attrgetter(first, *_OWN_COLUMN)
    if names.isdisjoint(_OWN_COLUMN):
        return lambda body: (getattr(body, first), *_NO_OWN)
    own = [name if name in names else "" for name in _OWN_COLUMN]
    return lambda body: [getattr(body, name) if name else None for name in (first, *own)]


@cache
def _extra(kind: str) -> tuple[str, ...]:
    """The fields that have no column of their own."""
    return tuple(name for name, _ in shape(kind)[1:] if name not in _OWN_COLUMN)


def subject_of(body: Body) -> str:
    """The id that the event is about."""
    if isinstance(body, Other):
        return body.subject
    subject: str = getattr(body, shape(body.kind)[0][0])
    return subject


def from_row(row: Row) -> Event:
    """The event of a row that the journal itself holds."""
    identity, kind, subject, device, instant, offset, day, order, *own, payload = row
    body: Body
    if kind in CLASSES:
        values = json.loads(payload) if payload else {}
        values.update(
            (name, value) for name, value in zip(_OWN_COLUMN, own, strict=True) if value is not None
        )
        names = [name for name, _ in shape(kind)[1:]]
        body = CLASSES[kind](subject, **{name: values[name] for name in names if name in values})
    else:
        body = Other(subject, kind, payload or "{}")
    return Event(identity.hex(), device.hex(), Moment(instant, offset, day), order, body)


def target_of(payload: str | None) -> bytes:
    """The id in the payload of an undo or redo, as the database keeps ids."""
    return bytes.fromhex(json.loads(payload or "{}").get("target", ""))


def to_line(event: Event) -> str:
    """One line of JSON, without its end; equal events give equal lines."""
    body, moment = event.body, event.moment
    head = {
        "id": event.id,
        "device": event.device,
        "instant_ms": moment.instant_ms,
        "offset_minutes": moment.offset_minutes,
        "day": moment.day,
        "order_ms": event.order_ms,
    }
    if isinstance(body, Other):
        return _dump({**json.loads(body.payload), **head, "kind": body.name, "of": body.subject})
    names = [name for name, _ in shape(body.kind)]
    values = {name: getattr(body, name) for name in names[1:]}
    # A run's "device" is the accelerator; at the head it is the computer that wrote the event.
    if "device" in values:
        values["on"] = values.pop("device")
    present = {name: value for name, value in values.items() if value is not None}
    return _dump({**present, **head, "kind": body.kind, "of": getattr(body, names[0])})


def from_line(line: str) -> Event:
    """The event of a line from outside.

    Raises:
        EventError: The line is not an event that studytui could have written; says why.
    """
    if len(line) > LONGEST_LINE:
        raise EventError("longer than any event")
    try:
        value = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise EventError(f"not JSON: {str(error)[:80]}") from error
    if not isinstance(value, dict):
        raise EventError("not a JSON object")
    # The validator checks every type: nothing is computed with these values before.
    event = Event(
        id=value.get("id", ""),
        device=value.get("device", ""),
        moment=Moment(*(value.get(name, "") for name in ("instant_ms", "offset_minutes", "day"))),
        order_ms=value.get("order_ms", ""),
        body=_body(value),
    )
    return canonical(event)


_LINE_END = "\n"
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_IN_LINES = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(_LINE_END, ":"))


def _dump(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _body(value: dict[str, Any]) -> Body:
    kind, subject = value.get("kind"), value.get("of")
    if not isinstance(kind, str):
        raise EventError("kind or subject is missing")
    if kind not in CLASSES:
        rest = {name: item for name, item in value.items() if name not in _HEAD}
        return Other(cast(str, subject), kind, _dump(rest))
    values: dict[str, Any] = {}
    for name, _ in shape(kind)[1:]:
        key = "on" if name == "device" else name
        if key in value:
            values[name] = value[key]
    try:
        body: Body = CLASSES[kind](subject, **values)
    except TypeError as error:
        raise EventError(f"a field of {kind} is missing") from error
    return body
