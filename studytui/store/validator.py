"""One door for events, whether they are written here or come from outside.

What passes can be written, read again, and taken by every other device: an event that was
acknowledged and cannot be read is lost. What can be put right without a doubt is put right, the
same way everywhere, so that one event never has two forms.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import cache
from operator import sub
from types import NoneType
from typing import Any, get_args, get_type_hints

from studytui.store.columns import Columns
from studytui.store.errors import EventError
from studytui.store.events import Body, Event, Moment, Other, Redo, Undo

CLASSES: dict[str, type[Any]] = {body.kind: body for body in get_args(Body) if body is not Other}
"""The known kinds by name."""

LEAD_MS = 2 * 86_400_000
"""How far ``order_ms`` may stand before ``instant_ms``. A clock that is set back by less keeps the
order in which things were done; one that was wrong by more must not carry the events after it along
into a time that other devices refuse."""

LONGEST_SUBJECT = 400
LONGEST_TEXT = 65536
_LONGEST_KIND = 40
_HEXADECIMAL = "0123456789abcdef"
_IDENTITY_LENGTH = 32
_IDENTITY = re.compile(f"[{_HEXADECIMAL}]{{{_IDENTITY_LENGTH}}}")
_EPOCH_DAY = 719163  # date(1970, 1, 1).toordinal()
# A wrong clock is no reason to lose a grade: every year that the calendar can hold is taken.
_FIRST_INSTANT = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp()) * 1000
_LAST_INSTANT = int(datetime(9999, 12, 29, tzinfo=UTC).timestamp()) * 1000
_MOST_MINUTES = 24 * 60
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
    "stage": (0, 5),
    "rung": (0, 3),
    "minutes": (0, 1440),
    "right": (0, 1000),
    "asked": (1, 1000),
    "stability": (0.001, 36500),
    "difficulty": (1, 10),
    "interval": (1, 36500),
    "due_day": (1, 3_652_059),
    "reps": (1, 1_000_000),
    "lapses": (0, 1_000_000),
    "modified": (0, 2**40),
}


@cache
def shape(kind: str) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """Field names and allowed types of a kind, the subject first."""
    body = CLASSES[kind]
    hints = get_type_hints(body)
    return tuple(
        (item.name, get_args(hints[item.name]) or (hints[item.name],)) for item in fields(body)
    )


def canonical(event: Event) -> Event:
    """The event in the only form that is ever stored.

    Control characters of a text are replaced, a text that is too long is cut with a mark, and an
    order far ahead of its instant falls back to the instant.

    Raises:
        EventError: It is not an event that studytui could have written; says why.
    """
    _identity(event.id, "id")
    _identity(event.device, "device")
    _check_moment(event.moment)
    order, instant = _integer(event.order_ms, "order_ms", -(2**62), 2**62), event.moment.instant_ms
    if order < instant:
        raise EventError("order_ms lies before instant_ms")
    body = _body(event.body)
    if body is event.body and order <= instant + LEAD_MS:
        return event
    return event._replace(order_ms=order if order <= instant + LEAD_MS else instant, body=body)


def are_canonical(events: Columns) -> bool:
    """Whether all events are in their canonical form already: no check of :func:`canonical` less.

    Asked column by column, which costs a fifth of asking event by event. Where it says no, ask
    :func:`canonical` of each: that changes some, refuses some, and may still take all.
    """
    return (
        _are_identities(events.ids)
        and _are_identities(events.devices)
        and _are_moments(events)
        and _are_bodies(events)
    )


def cleaned(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text without control characters and lone surrogates, and no longer than ``longest``."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(
            "\N{REPLACEMENT CHARACTER}"
            if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"
            else letter
            for letter in text
        )
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _are_identities(texts: Sequence[Any]) -> bool:
    if set(map(type, texts)) != {str} or set(map(len, texts)) != {_IDENTITY_LENGTH}:
        return False
    together = "".join(set(texts))
    # Without the digits nothing is left of them.
    return together.isascii() and not together.encode().translate(None, _HEXADECIMAL.encode())


def _are_moments(events: Columns) -> bool:
    instants, offsets, days = events.instants, events.offsets, events.days
    numbers = (instants, offsets, days, events.orders)
    if not all(set(map(type, column)) == {int} for column in numbers):
        return False
    places = zip(instants, offsets, days, strict=True)
    later = [day - (instant // 60000 + offset) // 1440 for instant, offset, day in places]
    leads = list(map(sub, events.orders, instants))
    return (
        _lie_within(instants, _FIRST_INSTANT, _LAST_INSTANT)
        and _lie_within(offsets, -_MOST_MINUTES, _MOST_MINUTES)
        and _lie_within(later, _EPOCH_DAY - 2, _EPOCH_DAY + 1)
        and _lie_within(leads, 0, LEAD_MS)
    )


def _lie_within(numbers: Collection[int], low: int, high: int) -> bool:
    return low <= min(numbers) and max(numbers) <= high


def _are_bodies(events: Columns) -> bool:
    """Whether the bodies are canonical, each of their fields as one column."""
    if events.kind is Undo or events.kind is Redo:
        return all(_is_canonical(event.body) for event in events.events())
    _, plan = _plan(events.kind.kind)
    subjects, *own = events.fields
    if not _are_texts(subjects, 1, LONGEST_SUBJECT):
        return False
    for (_, types, low, high), column in zip(plan, own, strict=True):
        if not set(map(type, column)).issubset(types):
            return False
        values = set(column) - {None}
        if str in types:
            if not _are_texts(values, 0, LONGEST_TEXT):
                return False
        elif not all(low <= value <= high for value in values):
            return False
    return True


def _is_canonical(body: Body) -> bool:
    try:
        return _body(body) == body
    except EventError:
        return False


def _are_texts(texts: Collection[Any], least: int, longest: int) -> bool:
    """Whether :func:`cleaned` would leave all as they are, as far as is seen at one look."""
    if not texts:
        return True
    if set(map(type, texts)) != {str}:
        return False
    lengths = set(map(len, texts))
    return least <= min(lengths) and max(lengths) <= longest and "".join(texts).isprintable()


def _identity(text: object, name: str) -> None:
    if not isinstance(text, str) or not _IDENTITY.fullmatch(text):
        raise EventError(f"{name} is not 32 hexadecimal digits")


def _integer(number: object, name: str, low: int, high: int) -> int:
    if type(number) is not int or not low <= number <= high:
        raise EventError(f"{name} is not a whole number from {low} to {high}")
    return number


def _check_moment(moment: Moment) -> None:
    instant = _integer(moment.instant_ms, "instant_ms", _FIRST_INSTANT, _LAST_INSTANT)
    offset = _integer(moment.offset_minutes, "offset_minutes", -_MOST_MINUTES, _MOST_MINUTES)
    near = (instant // 60000 + offset) // 1440 + _EPOCH_DAY
    _integer(moment.day, "day", near - 2, near + 1)


def _text(text: object, name: str, longest: int) -> str:
    if not isinstance(text, str):
        raise EventError(f"{name} is not a text")
    return cleaned(text, longest)


def _body(body: Body) -> Body:
    if isinstance(body, Other):
        return Other(
            _named(body.subject, "of", LONGEST_SUBJECT),
            _named(body.name, "kind", _LONGEST_KIND),
            _payload(body.payload),
        )
    first, rest = _plan(body.kind)
    changes: dict[str, Any] = {}
    subject = getattr(body, first)
    if (mended := _named(subject, "of", LONGEST_SUBJECT)) != subject:
        changes[first] = mended
    for name, types, low, high in rest:
        item = getattr(body, name)
        # Most fields are numbers within their bounds, and a deck has a hundred thousand events.
        if type(item) in types and type(item) is not str and (item is None or low <= item <= high):
            continue
        kept = _field(item, name, types)
        if kept is not item:
            changes[name] = kept
    if isinstance(body, Undo | Redo):
        _identity(body.target, "target")
    return replace(body, **changes) if changes else body


@cache
def _plan(kind: str) -> tuple[str, tuple[tuple[str, tuple[type, ...], float, float], ...]]:
    """The subject's name, and name, types and bounds of every other field of a kind."""
    (first, _), *rest = shape(kind)
    unbounded = (-math.inf, math.inf)
    return first, tuple((name, types, *_BOUNDS.get(name, unbounded)) for name, types in rest)


def _named(text: object, name: str, longest: int) -> str:
    found = _text(text, name, longest)
    if not found:
        raise EventError("kind or subject is missing")
    return found


def _payload(payload: str) -> str:
    if len(payload) > LONGEST_TEXT:
        raise EventError(f"payload is not a text of at most {LONGEST_TEXT} characters")
    return cleaned(payload)


def _field(item: object, name: str, types: tuple[type, ...]) -> object:
    if item is None and NoneType in types:
        return None
    if float in types and type(item) is int:
        item = float(item)
    if type(item) not in types:
        raise EventError(f"{name} has the wrong type")
    if isinstance(item, str):
        return _text(item, name, LONGEST_TEXT)
    if name in _BOUNDS and isinstance(item, int | float):
        low, high = _BOUNDS[name]
        if not low <= item <= high:
            raise EventError(f"{name} does not lie between {low:g} and {high:g}")
    return item
