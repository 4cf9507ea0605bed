"""What a box depends on besides its node, and which function lays out which node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studytui.maths.box import Box
from studytui.maths.nodes import Node

DISPLAY, TEXT, SCRIPT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Context:
    """The style around a node.

    ``boxed_superscripts`` and ``boxed_subscripts`` name the bases that somewhere in the formula
    wear a script that Unicode cannot write: all their scripts are then set as boxes, so that the
    same letter looks the same throughout.
    """

    level: int = DISPLAY
    boxed_superscripts: frozenset[str] = frozenset()
    boxed_subscripts: frozenset[str] = frozenset()

    def at(self, level: int) -> Context:
        """The same, in another style."""
        return self if level == self.level else replace(self, level=level)


_LAYOUTS: dict[type, Callable[[Any, Context], Box]] = {}


def lays_out(
    kind: type,
) -> Callable[[Callable[[Any, Context], Box]], Callable[[Any, Context], Box]]:
    """Register a function as the layout of one kind of node."""

    def register(function: Callable[[Any, Context], Box]) -> Callable[[Any, Context], Box]:
        _LAYOUTS[kind] = function
        return function

    return register


def lay_out(node: Node, context: Context) -> Box:
    """The box of a node."""
    return _LAYOUTS[type(node)](node, context)
