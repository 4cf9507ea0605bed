r"""TeX made plain for whoever looks for numbers, with every character in its place.

``6.5\,\eta`` becomes ``6.5`` and blanks: as long as before, so that a place found in the one is a
place in the other.
"""

from __future__ import annotations

import re

THIN = "\u2009"
"""Two of them stand for ``\\,``, which may separate thousands."""

_SIGNS = {
    "times": "×",
    "cdot": "·",
    "approx": "≈",
    "pm": "±",
    "ldots": "…",
    "dots": "…",
    "infty": "∞",
    "ll": "≪",
    "gg": "≫",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "sim": "~",
    "to": "→",
}
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SPACING = re.compile(r"\\[,;:! ]")
_ESCAPED = re.compile(r"\\([%$#&_|])")
_SCRIPT = re.compile(r"_(?:\{[^{}]*\}|\\[A-Za-z]+|\w)")
_POWER_OF_NO_NUMBER = re.compile(r"(?<![\d^])\^(?:\{[^{}]*\}|\\[A-Za-z]+|-?\w)")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def flat(text: str) -> str:
    """The text without commands, dollars, subscripts and powers of what is no number."""
    text = _blanked(_SCRIPT, text)
    text = _blanked(_POWER_OF_NO_NUMBER, text)
    text = _SPACING.sub(THIN * 2, text)
    text = _ESCAPED.sub(r" \1", text)
    text = _COMMAND.sub(_sign, text)
    return text.replace("$", " ").replace("−", "-")


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _sign(match: re.Match[str]) -> str:
    return f"{_SIGNS.get(match[1], ''):<{len(match[0])}}"


def exponent_of(text: str) -> int | None:
    """The whole number in ``^{-8}``, ``^3`` or ``⁻⁸``; None when it is none."""
    plain = text.strip("^{} ").translate(_SUPERSCRIPTS).replace(" ", "")
    return int(plain) if re.fullmatch(r"[+-]?\d{1,4}", plain) else None
