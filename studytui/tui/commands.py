"""What the command palette offers: the registry's actions, each where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen

from studytui.tui.actions import actions
from studytui.tui.scopes import scopes_of, target_of


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """The actions of every scope of ``screen``, run on the widget that has them."""
    for scope in scopes_of(screen):
        for item in actions(scope):
            run = partial(_run, screen, item.call, target_of(screen, scope))
            yield SystemCommand(item.label, item.help, run)


def _run(screen: Screen[Any], call: str, target: object) -> None:
    namespace = target if isinstance(target, DOMNode) else None
    app = screen.app
    app.call_later(app.run_action, call, namespace)
