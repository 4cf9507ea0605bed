"""Fuzz: due days moved a little, so that cards learnt together do not stay together.

The ranges are Anki's: 15 % of the interval between 2.5 and 7 days, 10 % up to 20, 5 % beyond, and
one day more.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import floor

_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def rounded(value: float) -> int:
    """To the nearest whole number, halves up: ``round`` would go to the even one."""
    return floor(value + 0.5)


def bounds(interval: float, least: int, most: int) -> tuple[int, int]:
    """The first and last day that fuzz may choose, within ``least`` and ``most``."""
    least = min(least, most)
    interval = min(max(interval, least), most)
    delta = 0.0
    if interval >= 2.5:
        delta = 1.0
        for start, end, share in _RANGES:
            if interval > start:
                delta += share * ((end if interval > end else interval) - start)
    lower = min(max(rounded(interval - delta), least), most)
    upper = min(max(rounded(interval + delta), least), most)
    if upper == lower and 2 < upper < most:
        upper = lower + 1
    return lower, upper


def chosen(interval: float, least: int, most: int, factor: float | None) -> int:
    """The interval in whole days: at ``factor`` (0 up to 1) of the range, or without fuzz."""
    if factor is None:
        return min(max(rounded(interval), min(least, most)), most)
    lower, upper = bounds(interval, least, most)
    return lower + int(factor * (1 + upper - lower))


def seeded(card: str, reps: int) -> float:
    """The factor of a card at its n-th review: always the same one, from 0 up to 1."""
    digest = blake2b(f"{card}\0{reps}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def spread(lower: int, upper: int, load: Mapping[int, int], seed: float) -> int:
    """A day of the range, drawn with weights that avoid days with many cards.

    Args:
        lower: First day of the range.
        upper: Last day of the range.
        load: Cards due on each of those days; none where a day is missing.
        seed: The card's own factor, which makes the draw.
    """
    weights = [1 / (1 + load.get(day, 0)) ** 2 for day in range(lower, upper + 1)]
    left = seed * sum(weights)
    for day, weight in enumerate(weights, lower):
        left -= weight
        if left < 0:
            return day
    return upper
