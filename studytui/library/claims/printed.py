r"""Numbers as they are printed, and which values round to them.

``3.2`` stands for all from 3.15 to 3.25, ``12,000`` for 11,999.5 to 12,000.5,
``3 \times 10^4`` for 25,000 to 35,000. What is written as a ratio or a power, ``1/80`` or
``2^{10}``, stands for what is within a hundredth of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from studytui.library.claims.flat import THIN, exponent_of, flat
from studytui.library.claims.words import SCALES, WORD, word_value

RATIO = Fraction(1, 100)
"""How far, relatively, a value may be from a ratio: ``1/80`` is said of 0.0124."""
MAX_DIGITS = 40
MAX_EXPONENT = 400


@dataclass(frozen=True, slots=True)
class Printed:
    """A number at ``start`` to ``end`` of a text. It stands for values from ``low`` to ``high``.

    ``value`` is the one that it names.
    """

    start: int
    end: int
    value: Fraction
    low: Fraction
    high: Fraction


_SEP = rf"(?:,|\{{,\}}|{THIN}{THIN}|\u202f|{THIN})"
_WHOLE = rf"(?:\d{{1,3}}(?:{_SEP}\d{{3}})+(?!\d)|\d+)"
_PLAIN = rf"(?:{_WHOLE}(?:\.\d+)?|\.\d+)"
_GAP = r"[ \u2009\u202f]*"
_POWER = r"(?:\*\*[+-]?\d+|\^\{[^{}]*\}|\^[+-]?\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
_SIGN = r"(?:(?<![\w)}\].])[-+])?"
# Neither in a name (FP32, GPT-2) nor in a version (2.4.1).
_BEFORE = r"(?<![A-Za-z\d_])(?<!\d\.)(?<![A-Za-z]-)"
_AFTER = r"(?!\d|\.\d)"
_NUMBER = re.compile(
    rf"""{_BEFORE}(?P<sign>{_SIGN})
    (?:
      10(?P<ten>{_POWER})
    | (?P<mantissa>{_PLAIN}){_GAP}(?:×|·|\bx\b|\*){_GAP}10(?P<times>{_POWER})
    | (?P<base>\d+)(?P<power>{_POWER})
    | (?P<top>{_PLAIN}){_GAP}/{_GAP}(?P<foot>{_PLAIN})(?![/\d])
    | (?P<exponential>{_PLAIN})[eE](?P<exponent>[+-]?\d{{1,4}}){_AFTER}
    | (?P<plain>{_PLAIN}){_AFTER}(?:[ \u2009-](?P<scale>{"|".join(SCALES)})\b)?
    | (?P<word>{WORD})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FRAC = re.compile(rf"\\[dt]?frac\{{({_PLAIN})\}}\{{({_PLAIN})\}}")
_VARIABLE_POWER = re.compile(r"\^")


def numbers_in(text: str) -> tuple[Printed, ...]:
    """The numbers that stand in words or in TeX, in their order."""
    found = [*_fractions(text)]
    for match in found:
        text = text[: match.start] + " " * (match.end - match.start) + text[match.end :]
    found += _plain_numbers(flat(text))
    return tuple(sorted(found, key=lambda number: number.start))


def _fractions(text: str) -> Iterator[Printed]:
    for match in _FRAC.finditer(text):
        foot = _exact(match[2])
        if foot:
            yield _ratio(_exact(match[1]) / foot, match.start(), match.end())


def _plain_numbers(text: str) -> Iterator[Printed]:
    for match in _NUMBER.finditer(text):
        if len(match[0]) > MAX_DIGITS or _VARIABLE_POWER.match(text, match.end()):
            continue
        number = _read(match)
        if number is None:
            continue
        if match["sign"] == "-":
            number = replace(number, value=-number.value, low=-number.high, high=-number.low)
        yield number


def _read(match: re.Match[str]) -> Printed | None:
    start, end = match.span()
    if match["ten"] is not None or match["times"] is not None:
        exponent = exponent_of((match["ten"] or match["times"]).replace("**", ""))
        if exponent is None or abs(exponent) > MAX_EXPONENT:
            return None
        return _rounded(match["mantissa"] or "1", start, end, Fraction(10) ** exponent)
    if match["base"] is not None:
        exponent = exponent_of(match["power"].replace("**", ""))
        base = int(match["base"])
        if exponent is None or abs(exponent) > MAX_EXPONENT or (not base and exponent < 0):
            return None
        return _ratio(Fraction(base) ** exponent, start, end)
    if match["top"] is not None:
        foot = _exact(match["foot"])
        return _ratio(_exact(match["top"]) / foot, start, end) if foot else None
    if match["exponential"] is not None:
        exponent = int(match["exponent"])
        if abs(exponent) > MAX_EXPONENT:
            return None
        return _rounded(match["exponential"], start, end, Fraction(10) ** exponent)
    if match["plain"] is not None:
        scale = SCALES[match["scale"].lower()] if match["scale"] else 1
        return _rounded(match["plain"], start, end, Fraction(scale))
    value = word_value(match["word"])
    if value.denominator > 1:
        return _ratio(value, start, end)
    return Printed(start, end, value, value - Fraction(1, 2), value + Fraction(1, 2))


def _exact(text: str) -> Fraction:
    return Fraction(re.sub(_SEP, "", text))


def _rounded(text: str, start: int, end: int, scale: Fraction) -> Printed:
    places = len(text.partition(".")[2])
    half = Fraction(1, 2 * 10**places) * scale
    value = _exact(text) * scale
    return Printed(start, end, value, value - half, value + half)


def _ratio(value: Fraction, start: int, end: int) -> Printed:
    room = abs(value) * RATIO
    return Printed(start, end, value, value - room, value + room)
