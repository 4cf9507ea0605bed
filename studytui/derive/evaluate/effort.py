"""How much work values may take, counted in steps: the same on every machine, however busy."""

from __future__ import annotations

import math

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.functions import FUNCTIONS

PLAIN_DIGITS = 60
"""Up to so many digits a step of the arithmetic costs about the same."""


def cost(function: str, digits: int) -> int:
    """The steps that one call of a function takes at a precision."""
    known = FUNCTIONS.get(function)
    return (known.cost if known is not None else 2) * max(1, digits // PLAIN_DIGITS)


class Effort:
    """Steps taken, of at most ``limit``."""

    __slots__ = ("limit", "spent")

    def __init__(self, limit: float = math.inf) -> None:
        self.limit = limit
        self.spent = 0

    def take(self, steps: int) -> None:
        """Count steps.

        :raises UndefinedValueError: they were too many.
        """
        self.spent += steps
        if self.spent > self.limit:
            raise UndefinedValueError("the value takes too long to compute")
