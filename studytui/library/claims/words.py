"""Numbers written as words."""

from __future__ import annotations

from fractions import Fraction

UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
PARTS = {
    "half": Fraction(1, 2),
    "once": Fraction(1),
    "twice": Fraction(2),
    "dozen": Fraction(12),
    "quarter": Fraction(1, 4),
}
_SIMPLE = {
    **{word: Fraction(number) for number, word in enumerate(UNITS)},
    **{word: Fraction(10 * number) for number, word in enumerate(_TENS, 2)},
    **{word: Fraction(number) for word, number in SCALES.items()},
    **PARTS,
}

_small = "|".join(UNITS[1:10])
_word = rf"(?:{'|'.join(_TENS)})-(?:{_small})|{'|'.join(sorted(_SIMPLE, key=len, reverse=True))}"
WORD = rf"\b(?:{_word})(?:[ -](?:{'|'.join(SCALES)}))?\b"
"""A number in words: ``three``, ``twenty-four``, ``two thousand``. For a regular expression."""


def word_value(words: str) -> Fraction:
    """The number that :data:`WORD` has found."""
    value = Fraction(1)
    for position, word in enumerate(words.lower().split()):
        head, _, tail = word.partition("-")
        if tail in SCALES:
            part = _SIMPLE[head] * SCALES[tail]
        else:
            part = _SIMPLE[head] + (_SIMPLE[tail] if tail else 0)
        value = value * part if position else part
    return value
