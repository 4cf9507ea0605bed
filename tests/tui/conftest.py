from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.study.desk import Desk


@pytest.fixture(autouse=True)
def desks_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every desk at the end of its test, as ``studytui.tui.app`` does when it is left."""
    desks: list[Desk] = []
    really_begin = Desk.__init__

    def begin_and_note(desk: Desk, *arguments: object, **named: object) -> None:
        really_begin(desk, *arguments, **named)  # type: ignore[arg-type]
        desks.append(desk)

    monkeypatch.setattr(Desk, "__init__", begin_and_note)
    yield
    for desk in desks:
        desk.close()
