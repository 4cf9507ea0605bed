"""Dataclasses from JSON, every field checked against its type: what comes from a run is hostile."""

from __future__ import annotations

import dataclasses
import math
import types
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")
LARGEST = 2**53
"""Beyond it a number of JSON is not what was written, and arithmetic with it may overflow."""


def typed(kind: type[Kind], fields: Any) -> Kind:
    """The ``kind`` of a JSON object. Raises ValueError on a field that is missing or not its own.

    Lists become tuples. A gap in a series of numbers is null there and NaN here; no other number
    may be without end.
    """
    if not isinstance(fields, dict):
        raise ValueError(f"a {kind.__name__} is a JSON object")
    hints = _hints(kind)  # type: ignore[arg-type]
    for name in fields:
        if name not in hints:
            raise ValueError(f"a {kind.__name__} has no field {name!r}")
    values = {name: _value(hints[name], value) for name, value in fields.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(str(error)) from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return typed(hint, value)  # type: ignore[arg-type]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _tuple(parts, value)
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"not an object: {value!r:.80}")
        return {_value(parts[0], key): _value(parts[1], item) for key, item in value.items()}
    if origin is types.UnionType:
        if value is None and type(None) in parts:
            return None
        return _value(next(part for part in parts if part is not type(None)), value)
    if hint is float and type(value) is int:
        value = _bounded(value)
        return float(value)
    if type(value) is not hint:
        raise ValueError(f"not of type {getattr(hint, '__name__', hint)}: {value!r:.80}")
    return _bounded(value) if hint in (int, float) else value


def _bounded(number: Any) -> Any:
    if not math.isfinite(number) if isinstance(number, float) else abs(number) > LARGEST:
        raise ValueError("a number that is too large")
    return number


def _tuple(parts: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"not a list: {value!r:.80}")
    if len(parts) == 2 and parts[1] is Ellipsis:
        if parts[0] is float:
            return tuple(math.nan if item is None else _value(float, item) for item in value)
        return tuple(_value(parts[0], item) for item in value)
    if len(parts) != len(value):
        raise ValueError(f"not a list of {len(parts)}")
    return tuple(_value(part, item) for part, item in zip(parts, value, strict=True))
