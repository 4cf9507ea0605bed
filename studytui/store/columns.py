"""Very many events of one kind, part by part: no object is made for each of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, get_args

from studytui.store.events import Body, Event, Moment

_NAMES: dict[type[Body], tuple[str, ...]] = {
    kind: tuple(item.name for item in dataclasses.fields(kind)) for kind in get_args(Body)
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Events of one known kind: each part of them as one column, all of the same length.

    ``fields`` are those of the body, in its own order: the subject first.
    """

    kind: type[Body]
    ids: Sequence[str]
    devices: Sequence[str]
    instants: Sequence[int]
    offsets: Sequence[int]
    days: Sequence[int]
    orders: Sequence[int]
    fields: Sequence[Sequence[Any]]

    @classmethod
    def of(cls, events: Sequence[Event]) -> Columns:
        """The columns of one event or more, whose kind is known and the same."""
        ids, devices, moments, orders, bodies = zip(*events, strict=True)
        instants, offsets, days = zip(*moments, strict=True)
        kind = type(bodies[0])
        own = [list(map(attrgetter(name), bodies)) for name in names(kind)]
        return cls(kind, ids, devices, instants, offsets, days, orders, own)

    def __len__(self) -> int:
        return len(self.ids)

    def events(self) -> list[Event]:
        """The events one by one."""
        moments = map(Moment, self.instants, self.offsets, self.days)
        bodies: Iterable[Any] = map(self.kind, *self.fields)
        return list(map(Event, self.ids, self.devices, moments, self.orders, bodies))


def names(kind: type[Body]) -> tuple[str, ...]:
    """The fields of a body in their order, the subject first."""
    return _NAMES[kind]


def values(body: Body) -> tuple[Any, ...]:
    """What the fields of a body hold, in their order."""
    return tuple([getattr(body, name) for name in names(type(body))])
