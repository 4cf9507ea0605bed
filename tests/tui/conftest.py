from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.run import runner
from studytui.run.fork_server_client import WarmServer
from studytui.study.desk import Desk


class SharedServer(WarmServer):
    """A warm server that outlives the interfaces which use it: closing one leaves it running."""

    def close(self) -> None:
        """Nothing: :meth:`end` is for the end of all tests."""

    def end(self) -> None:
        """End it and wait for its end."""
        super().close()


@pytest.fixture(scope="session")
def shared_server() -> Iterator[SharedServer]:
    server = SharedServer()
    yield server
    server.end()


@pytest.fixture(autouse=True)
def one_server_for_all(shared_server: SharedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens an article warms a server up: one imports torch, not one for each test."""
    monkeypatch.setattr(runner, "WarmServer", lambda environment, also: shared_server)


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
