from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from studytui import cards
from studytui.cards.card import Card, Kind
from studytui.cards.kinds import KINDS
from studytui.cards.term import TermCard

ALL: list[type[Card]] = [*KINDS.values(), TermCard]


def test_every_kind_has_a_name_and_a_room_of_its_own() -> None:
    assert len({kind.KIND.name for kind in ALL}) == len(ALL)
    assert len({kind.__module__ for kind in ALL}) == len(ALL)
    rooms = [
        import_module(f"{cards.__name__}.{each.name}") for each in iter_modules(cards.__path__)
    ]
    found = [value for room in rooms for value in vars(room).values() if "KIND" in vars_of(value)]
    assert set(found) == set(ALL)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.KIND.name)
def test_every_kind_says_what_it_is(kind: type[Card]) -> None:
    assert isinstance(kind.KIND, Kind)
    assert kind.KIND.title
    # What has something to compute says how; what does not has no way that is never gone.
    assert (kind.verify is not Card.verify) is kind.KIND.is_computed


def vars_of(value: object) -> dict[str, object]:
    return dict(vars(value)) if isinstance(value, type) else {}
