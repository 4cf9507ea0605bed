"""Superscripts and subscripts that Unicode has as characters of their own.

The few raised and lowered Greek letters are left out: beside those that must be drawn they look
like other letters. A comma is low as it is.
"""

from __future__ import annotations

_SUPERSCRIPT = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤∗*†‡∘°′″‴⁗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ**†‡°°′″‴⁗",
        strict=True,
    )
)
_SUBSCRIPT = dict(
    zip(
        "0123456789+-−=(),aehijklmnoprstuvx",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎,ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
        strict=True,
    )
)
_PRIMES = frozenset("′″‴⁗")


def as_superscript(text: str) -> str | None:
    """``text`` raised, or None where a character has no raised form."""
    return _translated(text, _SUPERSCRIPT)


def as_subscript(text: str) -> str | None:
    """``text`` lowered, or None where a character has no lowered form."""
    return _translated(text, _SUBSCRIPT)


def is_primes(text: str) -> bool:
    """True for a run of primes."""
    return bool(text) and all(character in _PRIMES for character in text)


def _translated(text: str, table: dict[str, str]) -> str | None:
    try:
        return "".join([table[character] for character in text])
    except KeyError:
        return None
