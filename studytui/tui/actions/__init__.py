"""One registry of actions: it feeds key bindings, the key bar, the help screen and the palette."""

from studytui.tui.actions.registry import (
    Action,
    Effect,
    action,
    actions,
    bindings,
    bindings_over,
    scopes,
    shown_keys,
)

__all__ = [
    "Action",
    "Effect",
    "action",
    "actions",
    "bindings",
    "bindings_over",
    "scopes",
    "shown_keys",
]
