"""A literal of a claim against the values that were computed for it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

from studytui.library.claims.flat import flat
from studytui.library.claims.printed import Printed, numbers_in

_TO = re.compile(r"\s*(?:to|–|—|--|-|…|→|and|\bup to\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\b", re.IGNORECASE)

SLACK = Fraction(1, 10**9)
"""Relative: a value computed in floats that lies on the very edge of what rounds to a number."""


def is_range(literal: str, numbers: Sequence[Printed]) -> bool:
    """Whether two numbers are the ends of a range: ``2.1 to 2.4``, ``between 3 and 4``."""
    if len(numbers) != 2 or numbers[0].value >= numbers[1].value:
        return False
    middle = flat(literal)[numbers[0].end : numbers[1].start]
    match = _TO.fullmatch(middle)
    return bool(match) and (
        middle.strip().lower() != "and" or bool(_BETWEEN.search(literal[: numbers[0].start]))
    )


def disagreement(literal: str, values: Sequence[float]) -> str:
    """Why the values do not round to what is printed; empty when they do."""
    numbers = numbers_in(literal)
    if not numbers:
        return "no number stands in it"
    if not values:
        return "no value was given"
    odd = next((value for value in values if not math.isfinite(value)), None)
    if odd is not None:
        return f"computed {odd}"
    if is_range(literal, numbers):
        low, high = numbers[0].low, numbers[1].high
        missed = [value for value in values if not _within(value, low, high)]
        return f"computed {_told(missed)}" if missed else ""
    if len(numbers) == 1:
        missed = [value for value in values if not _within(value, numbers[0].low, numbers[0].high)]
        return f"computed {_told(missed)}" if missed else ""
    if len(numbers) != len(values):
        return (
            f"{len(numbers)} numbers stand in it, and the value holds {len(values)}: "
            "claim one number, or give a tuple"
        )
    pairs = zip(numbers, values, strict=True)
    if all(_within(value, number.low, number.high) for number, value in pairs):
        return ""
    return f"computed {_told(values)}"


def _within(value: float, low: Fraction, high: Fraction) -> bool:
    exact = Fraction(value)
    room = max(abs(low), abs(high)) * SLACK
    return low - room <= exact <= high + room


def _told(values: Sequence[float]) -> str:
    shown = ", ".join(f"{value:.6g}" for value in values[:6])
    return f"{shown}, …" if len(values) > 6 else shown
