"""Functions and sequences defined step by step, as numbers: unrolled from their first value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.nodes import Node

MOST_UNROLLED = 200


@dataclass(frozen=True, slots=True)
class Recursion:
    """``name`` has the values ``starts`` at its first places; at k beyond it is ``step``, in which
    ``variable`` is k."""

    name: str
    starts: dict[int, Node]
    variable: str
    step: Node

    @property
    def first(self) -> int:
        """The first place."""
        return min(self.starts)


Definitions = dict[str, Callable[[dict[str, Any], Effort], Any]]
"""For each name, from the values of a point, the recursive function at that point."""


def definitions(data: Iterable[Any]) -> Definitions:
    """The recursive functions for the numeric stage."""
    recursions: dict[str, Recursion] = {}
    for name, first, start, variable, step in data:
        known = recursions.setdefault(name, Recursion(name, {}, variable, step))
        known.starts[first] = start
    return {name: _maker(item) for name, item in recursions.items()}


def _maker(recursion: Recursion) -> Callable[[dict[str, Any], Effort], Any]:
    def make(values: dict[str, Any], effort: Effort) -> Any:
        known: dict[int, Any] = {}

        def function(place: Any, primes: int = 0) -> Any:
            if primes or mpmath.nint(place) != place:
                raise UndefinedValueError(f"{recursion.name} is defined for whole numbers")
            wanted = int(place)
            if not recursion.first <= wanted <= recursion.first + MOST_UNROLLED:
                raise UndefinedValueError(f"{recursion.name}({wanted}) is not defined")
            evaluation = PreciseEvaluation({**values, recursion.name: function}, effort=effort)
            for here in range(recursion.first + len(known), wanted + 1):
                if here in recursion.starts:
                    known[here] = evaluation.number(recursion.starts[here])
                elif here < max(recursion.starts):
                    raise UndefinedValueError(f"{recursion.name}({here}) is not given")
                else:
                    number = evaluation.arithmetic.rational(here)
                    known[here] = evaluation.at(recursion.variable, number, recursion.step)
            return known[wanted]

        return function

    return make
