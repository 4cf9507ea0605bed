"""Unicode and full-width characters to the grammar's own alphabet, columns kept."""

from __future__ import annotations

import unicodedata

from studytui.derive.expr.problems import ExpressionError

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "vartheta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
    "ρ": "rho", "ϱ": "varrho", "σ": "sigma", "ς": "varsigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ℓ": "ell",
}  # fmt: skip
"""Greek letters and the names that stand for them in ASCII."""

PLAIN = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "·": "*", "⋅": "*", "×": "*", "∙": "*", "∗": "*",
    "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=",
    "∞": " oo ", "→": "->", "′": "'", "″": "''", "’": "'", "‖": "‖", "∥": "‖", "∣": "|",
    "∂": "∂", "⊤": "T", "ᵀ": "^T", "∧": " and ", "∨": " or ", "¬": " not ", "＊": "*",
    "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "𝔼": "E", "ℝ": "R", "𝟙": "1", "𝟏": "1",
    "∼": "~", "〈": "⟨", "〉": "⟩", "𝒩": "N",
}  # fmt: skip

SUPERSCRIPTS = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        "0123456789+-=()niabcdefghjklmoprstuvwxyz",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True)
)
ACCENTS = {"\u0304": "bar", "\u0305": "bar", "\u0302": "hat", "\u0303": "tilde", "\u0307": "dot"}
SYMBOLS = "√∛∑∏∫⌊⌋⌈⌉∂‖∇±∓⟨⟩"
ALPHABET = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    " \t\n+-*/^_=<>!()[]{},.;:|'&\\~" + SYMBOLS + "".join(GREEK)
)


def normalise(text: str) -> tuple[str, list[int]]:
    """The text in the grammar's alphabet, and for each of its characters the column typed.

    :raises ExpressionError: a character that is not mathematics, lookalikes of Latin letters too.
    """
    if text.isascii():
        if not ALPHABET.issuperset(text):
            column = next(place for place, letter in enumerate(text) if letter not in ALPHABET)
            raise _foreign(text[column], column)
        return text, list(range(len(text)))
    composed = _decomposed(text)
    characters: list[str] = []
    columns: list[int] = []
    position = 0
    while position < len(composed):
        column, character = composed[position]
        replacement = character
        if character in SUPERSCRIPTS or character in SUBSCRIPTS:
            table, mark = (SUPERSCRIPTS, "^(") if character in SUPERSCRIPTS else (SUBSCRIPTS, "_{")
            run = ""
            while position < len(composed) and composed[position][1] in table:
                run += table[composed[position][1]]
                position += 1
            replacement = mark + run + (")" if mark == "^(" else "}")
            position -= 1
        elif character in ACCENTS:
            replacement = ACCENTS[character]
        elif character in PLAIN:
            replacement = PLAIN[character]
        elif character not in ALPHABET:
            raise _foreign(character, column)
        characters += replacement
        columns += [column] * len(replacement)
        position += 1
    return "".join(characters), columns


def _decomposed(text: str) -> list[tuple[int, str]]:
    """Characters with their columns; full-width forms narrowed, accented letters taken apart."""
    result: list[tuple[int, str]] = []
    for column, character in enumerate(text):
        code = ord(character)
        if 0xFF01 <= code <= 0xFF5E:
            result.append((column, chr(code - 0xFEE0)))
        elif character in "\u3000\u00a0\u2009\u202f\u2002\u2003":
            result.append((column, " "))
        elif character in PLAIN or character in GREEK:
            result.append((column, character))
        else:
            parts = unicodedata.normalize("NFD", character)
            known = len(parts) == 2 and parts[1] in ACCENTS
            result += [(column, part) for part in (parts if known else character)]
    return result


def _foreign(character: str, column: int) -> ExpressionError:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    shown = repr(character) if character.isprintable() else "a character"
    return ExpressionError(
        f"{shown} ({name}) is not part of the grammar",
        column=column,
        todo="Letters are Latin or Greek; operators + - * / ^ and relations = < <= > >= !=.",
    )
