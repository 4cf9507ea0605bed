"""Mathematical alphabets of Unicode: the letters that bold, blackboard, script ... stand for."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"

_LATIN_START = {
    "bold": 0x1D400,
    "bold-italic": 0x1D400,
    "calligraphic": 0x1D49C,
    "fraktur": 0x1D504,
    "double-struck": 0x1D538,
    "sans-serif": 0x1D5A0,
    "monospace": 0x1D670,
}
_GREEK_START = {"bold": 0x1D6A8, "bold-italic": 0x1D6A8}
_DIGIT_START = {
    "bold": 0x1D7CE,
    "bold-italic": 0x1D7CE,
    "double-struck": 0x1D7D8,
    "sans-serif": 0x1D7E2,
    "monospace": 0x1D7F6,
}

# Letters that Unicode had before the mathematical block was made, and so left out of it.
_EARLIER = {
    "calligraphic": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}


@lru_cache(maxsize=4096)
def in_alphabet(character: str, alphabet: str) -> str:
    """``character`` in a mathematical alphabet; itself where Unicode has no such letter.

    Upright and plain italic letters stay as they are: they can be searched, copied and seen in
    every font. Bold italic is shown bold, which is how most books set vectors.
    """
    if len(character) != 1:
        return "".join(in_alphabet(one, alphabet) for one in character)
    earlier = _EARLIER.get(alphabet, {}).get(character)
    if earlier:
        return earlier
    if character.isascii() and character.isdigit():
        start = _DIGIT_START.get(alphabet)
        return chr(start + int(character)) if start else character
    letters, start = _LATIN, _LATIN_START.get(alphabet)
    if character in _GREEK:
        letters, start = _GREEK, _GREEK_START.get(alphabet)
    if start is None or character not in letters:
        return character
    return chr(start + letters.index(character))


def cell_letters(text: str) -> list[str]:
    """The letters of a line, each with the marks that are joined to it."""
    letters: list[str] = []
    for character in text:
        if unicodedata.combining(character) and letters:
            letters[-1] += character
        else:
            letters.append(character)
    return letters
