"""How much work values may take, counted in steps: the same on every machine, however busy."""

from __future__ import annotations

import math

from studytui.derive.evaluate.arithmetic import UndefinedValueError

PLAIN_DIGITS = 60
"""Up to so many digits a step of the arithmetic costs about the same."""
_DEAR = {
    "exp": 2, "log": 2, "sin": 2, "cos": 2, "tan": 3, "tanh": 3, "sigmoid": 3, "softplus": 4,
    "erf": 20, "erfc": 20, "gamma": 30, "loggamma": 30, "factorial": 20, "digamma": 40,
    "betafunction": 60, "binomial": 40, "zeta": 80,
}  # fmt: skip
"""What a function costs, against one step for a sum of two numbers: what is dear to compute must
count, or a few points of it would take longer than thousands of others."""


def cost(function: str, digits: int) -> int:
    """The steps that one call of a function takes at a precision."""
    return _DEAR.get(function, 2) * max(1, digits // PLAIN_DIGITS)


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
