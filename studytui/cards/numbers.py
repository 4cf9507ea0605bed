"""Numbers as people write them, with units."""

from __future__ import annotations

import math
import re

_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_DECIMAL = {"n": 1e-9, "µ": 1e-6, "u": 1e-6, "m": 1e-3, "": 1.0}
_DECIMAL |= {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_ALIASES = {"bytes": "B", "byte": "B", "bits": "bit", "seconds": "s", "second": "s"}
_BASES = sorted({"B", "bit", "s", "FLOP", "FLOP/s", "B/s", *_ALIASES}, key=len, reverse=True)


def split_unit(typed: str) -> tuple[str, str]:
    """The number and the unit of ``12.5 MiB``; the unit is empty when there is none."""
    match = re.fullmatch(r"(.*?[\d.)])\s*(%|[A-Za-zµ][A-Za-zµ/]*)", typed.strip())
    # 2e, 3pi and the like belong to the expression; a unit stands apart or names a known base.
    apart = " " in typed.strip() or (match is not None and match[2] == "%")
    if match is None or not (apart or _scale(match[2])):
        return typed.strip(), ""
    return match[1].strip(), match[2]


def _scale(unit: str) -> tuple[str, float] | None:
    for base in _BASES:
        if not unit.endswith(base):
            continue
        prefix = unit.removesuffix(base)
        factor = _BINARY.get(prefix, _DECIMAL.get(prefix))
        if factor is not None:
            return _ALIASES.get(base, base), factor
    return None


def unit_factor(typed: str, expected: str) -> float | None:
    """What a number in the ``typed`` unit is multiplied by to be in the ``expected`` one.

    ``None`` when the one cannot be turned into the other.
    """
    if not typed or typed == expected:
        return 1.0
    if typed == "%" and not expected:
        return 0.01
    have, want = _scale(typed), _scale(expected)
    if have is None or want is None or have[0] != want[0]:
        return None
    return have[1] / want[1]


def close_numbers(typed: float, expected: float, tolerance: float) -> bool:
    """Whether ``typed`` is within the relative ``tolerance`` of ``expected`` (absolute at 0)."""
    return abs(typed - expected) <= tolerance * (abs(expected) if expected else 1.0)


def number_text(value: float) -> str:
    """A number as people write it: at most six significant digits, whole numbers whole."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:.6g}"
