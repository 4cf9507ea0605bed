"""Whether a widget is on its way out: what was asked for before may still come, and is too late."""

from __future__ import annotations

from textual.dom import DOMNode
from textual.screen import Screen


def is_gone(node: DOMNode) -> bool:
    """Whether a widget or its screen is being taken away, or the app ends."""
    root = node
    for each in node.ancestors_with_self:
        if each._pruning or getattr(each, "_closing", False) or getattr(each, "_closed", False):
            return True
        root = each
    return root is not node.app or not _is_shown(node)


def _is_shown(node: DOMNode) -> bool:
    screens = [each for each in node.ancestors_with_self if isinstance(each, Screen)]
    return all(screen in node.app.screen_stack for screen in screens)
