"""Which scopes of the registry answer keys at the moment, and which widget runs their actions."""

from __future__ import annotations

from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen


def scopes_of(screen: Screen[Any], *, beyond_field: bool = False) -> tuple[str, ...]:
    """The scopes from the focused widget outwards.

    While something is typed those of the field and its block, or ``beyond_field`` all of them.
    """
    node: DOMNode | None = screen.focused or screen
    found: list[str] = []
    while node is not None:
        scope = getattr(node, "SCOPE", "")
        if scope and scope not in found:
            found.append(scope)
        if is_typing(screen) and len(found) == 2 and not beyond_field:
            # Letters are text there: most keys of what is around do nothing.
            return (*found, "everywhere")
        node = node.parent
    own = getattr(screen, "SCOPE", "")
    if own and own not in found:
        found.append(own)
    return (*found, "everywhere")


def is_typing(screen: Screen[Any]) -> bool:
    """Whether letters are text at the moment, and no keys."""
    return getattr(screen.focused, "TAKES_LETTERS", False) is True


def target_of(screen: Screen[Any], scope: str) -> DOMNode:
    """The widget, screen or app whose action methods belong to a scope."""
    if scope == "everywhere":
        return screen.app
    node: DOMNode | None = screen.focused
    while node is not None:
        if getattr(node, "SCOPE", "") == scope:
            return node
        node = node.parent
    return screen
