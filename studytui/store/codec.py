"""Events to database rows and JSON lines, and back; whatever comes back is checked."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from studytui.store import events as kinds
from studytui.store.errors import EventError
from studytui.store.events import Body, Event, Moment, Other

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
_CLASSES: dict[str, type[Any]] = {body.kind: body for body in get_args(Body) if body is not Other}
_LONGEST_SUBJECT = 400
_LONGEST_TEXT = 65536
_EPOCH_DAY = 719163  # date(1970, 1, 1).toordinal()
_LAST_INSTANT = 4102444800000  # 2100-01-01: beyond it a clock is broken
_LAST_ORDER = 2**53  # a device whose clock was wrong for a while goes on behind it
_BOUNDS: dict[str, tuple[float, float]] = {
    "grade": (1, 4),
    "duration_ms": (0, 86_400_000),
    "retention": (0.5, 0.999),
    "factor": (0, 0.9999999999),
    "line": (0, 10_000_000),
    "fraction": (0, 1),
    "seconds": (0, 1e9),
    "hints": (0, 1000),
    "shown": (0, 1000),
    "mistakes": (0, 1000),
    "tries": (0, 1000),
    "stage": (1, 5),
}


@cache
def _shape(kind: str) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """Field names and allowed types of a kind, the subject first."""
    body = _CLASSES[kind]
    hints = get_type_hints(body)
    return tuple(
        (item.name, get_args(hints[item.name]) or (hints[item.name],)) for item in fields(body)
    )


def to_row(event: Event) -> Row:
    """The row of an event, without its place in the file."""
    body, moment = event.body, event.moment
    own: dict[str, Any] = dict.fromkeys(_OWN_COLUMN)
    payload: str | None
    if isinstance(body, Other):
        kind, subject, payload = body.name, body.subject, body.payload
    else:
        kind = body.kind
        (first, _), *rest = _shape(kind)
        subject = getattr(body, first)
        extra: dict[str, Any] = {}
        for name, _ in rest:
            (own if name in own else extra)[name] = getattr(body, name)
        payload = _dump(extra) if extra else None
    return (
        bytes.fromhex(event.id),
        kind,
        subject,
        bytes.fromhex(event.device),
        moment.instant_ms,
        moment.offset_minutes,
        moment.day,
        event.order_ms,
        *own.values(),
        payload,
    )


def subject_of(body: Body) -> str:
    """The id that the event is about."""
    if isinstance(body, Other):
        return body.subject
    subject: str = getattr(body, _shape(body.kind)[0][0])
    return subject


def from_row(row: Row) -> Event:
    """The event of a row that the journal itself holds."""
    identity, kind, subject, device, instant, offset, day, order, *own, payload = row
    body: Body
    if kind in _CLASSES:
        values = json.loads(payload) if payload else {}
        values.update(
            (name, value) for name, value in zip(_OWN_COLUMN, own, strict=True) if value is not None
        )
        names = [name for name, _ in _shape(kind)[1:]]
        body = _CLASSES[kind](subject, **{name: values[name] for name in names if name in values})
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
    names = [name for name, _ in _shape(body.kind)]
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
    if len(line) > 2 * _LONGEST_TEXT:
        raise EventError("longer than any event")
    try:
        value = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise EventError(f"not JSON: {str(error)[:80]}") from error
    if not isinstance(value, dict):
        raise EventError("not a JSON object")
    event = Event(
        id=_identity(value, "id"),
        device=_identity(value, "device"),
        moment=_moment(value),
        order_ms=_integer(value, "order_ms", 0, _LAST_ORDER),
        body=_body(value),
    )
    if event.order_ms < event.moment.instant_ms:
        raise EventError("order_ms lies before instant_ms")
    return event


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _identity(value: dict[str, Any], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or len(text) != 32 or set(text) - set("0123456789abcdef"):
        raise EventError(f"{name} is not 32 hexadecimal digits")
    return text


def _integer(value: dict[str, Any], name: str, low: int, high: int) -> int:
    number = value.get(name)
    if type(number) is not int or not low <= number <= high:
        raise EventError(f"{name} is not a whole number from {low} to {high}")
    return number


def _moment(value: dict[str, Any]) -> Moment:
    instant = _integer(value, "instant_ms", 0, _LAST_INSTANT)
    offset = _integer(value, "offset_minutes", -24 * 60, 24 * 60)
    near = (instant // 60000 + offset) // 1440 + _EPOCH_DAY
    return Moment(instant, offset, _integer(value, "day", near - 2, near + 1))


def _text(text: object, name: str, longest: int) -> str:
    if not isinstance(text, str) or len(text) > longest:
        raise EventError(f"{name} is not a text of at most {longest} characters")
    if any(character < " " and character not in "\n\t" for character in text):
        raise EventError(f"{name} holds control characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise EventError(f"{name} is not valid Unicode") from error
    return text


def _body(value: dict[str, Any]) -> Body:
    kind = _text(value.get("kind"), "kind", 40)
    subject = _text(value.get("of"), "of", _LONGEST_SUBJECT)
    if not kind or not subject:
        raise EventError("kind or subject is missing")
    if kind not in _CLASSES:
        head = {"id", "device", "instant_ms", "offset_minutes", "day", "order_ms", "kind", "of"}
        rest = {name: item for name, item in value.items() if name not in head}
        return Other(subject, kind, _text(_dump(rest), "payload", _LONGEST_TEXT))
    values: dict[str, Any] = {}
    for name, types in _shape(kind)[1:]:
        key = "on" if name == "device" else name
        if key in value:
            values[name] = _checked(value[key], name, types)
    try:
        body: Body = _CLASSES[kind](subject, **values)
    except TypeError as error:
        raise EventError(f"a field of {kind} is missing") from error
    if isinstance(body, kinds.Undo | kinds.Redo):
        _identity({"target": body.target}, "target")
    return body


def _checked(item: object, name: str, types: tuple[type, ...]) -> object:
    if item is None and NoneType in types:
        return None
    if float in types and type(item) is int:
        item = float(item)
    if type(item) not in types:
        raise EventError(f"{name} has the wrong type")
    if isinstance(item, str):
        return _text(item, name, _LONGEST_TEXT)
    if name in _BOUNDS and isinstance(item, int | float):
        low, high = _BOUNDS[name]
        if not low <= item <= high:
            raise EventError(f"{name} does not lie between {low:g} and {high:g}")
    return item
