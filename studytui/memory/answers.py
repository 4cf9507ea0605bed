"""Typed answers held against the expected one, where no mathematics is needed. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata

_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_DECIMAL = {"n": 1e-9, "µ": 1e-6, "u": 1e-6, "m": 1e-3, "": 1.0}
_DECIMAL |= {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_ALIASES = {"bytes": "B", "byte": "B", "bits": "bit", "seconds": "s", "second": "s"}
_BASES = sorted({"B", "bit", "s", "FLOP", "FLOP/s", "B/s", *_ALIASES}, key=len, reverse=True)
_MARKUP = re.compile(r"[*_`$]")
_PARENTHESES = re.compile(r"\s*[(（][^()（）]*[)）]")


def plain(text: str) -> str:
    """``text`` as it is compared: NFKC, no markup, one space between words, lower case."""
    folded = unicodedata.normalize("NFKC", _MARKUP.sub("", text))
    return " ".join(folded.split()).casefold().strip(" .;,")


def same_words(typed: str, expected: str) -> bool:
    """Whether two answers say the same words.

    What stands in parentheses may be left out, and one of several, divided by ``/`` or ``;``,
    is enough.
    """
    accepted = {plain(expected), plain(_PARENTHESES.sub("", expected))}
    accepted |= {plain(part) for part in re.split(r"[/;；]", expected)}
    accepted.discard("")
    return plain(typed) in accepted


def close_words(typed: str, expected: str) -> bool:
    """Whether a wrong answer looks like a slip of the finger: at most one letter in eight off."""
    ratio = difflib.SequenceMatcher(None, plain(typed), plain(expected)).ratio()
    return ratio >= 1 - 1 / 8


def split_unit(typed: str) -> tuple[str, str]:
    """The number and the unit of ``12.5 MiB``; the unit is empty when there is none."""
    match = re.fullmatch(r"(.*?[\d.)])\s*(%|[A-Za-zµ][A-Za-zµ/]*)", typed.strip())
    # 2e, 3pi and the like belong to the expression; a unit stands apart or names a known base.
    apart = " " in typed.strip() or (match is not None and match[2] == "%")
    if match is None or not (apart or _scale(match[2])):
        return typed.strip(), ""
    return match[1].strip(), match[2]


def _scale(unit: str) -> tuple[str, float] | None:
    for base in sorted(
        {"B", "bit", "s", "FLOP", "FLOP/s", "B/s", *_ALIASES}, key=len, reverse=True
    ):
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


def same_output(typed: str, printed: str) -> bool:
    """Whether two outputs are the same lines, trailing blanks aside."""
    return output_lines(typed) == output_lines(printed)


def output_lines(text: str) -> list[str]:
    """The lines of an output without trailing blanks and blank lines at either end."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def first_misplaced(order: tuple[int, ...], right: tuple[int, ...]) -> int | None:
    """The first place (0-based) at which an ordering goes wrong; None when it is right."""
    for place, index in enumerate(right):
        if place >= len(order) or order[place] != index:
            return place
    return None
