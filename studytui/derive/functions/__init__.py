"""The functions that the grammar knows: a room for each kind, and in it all that is known of each.

``spec.py`` says what may be known, and what follows where it is not: the careful thing. What a
room says in words of its arguments (a derivative, a definition, where there is no value) is read
by ``syntax/formulas.py``; the laws of the field, for those that have more than a definition, are
methods in ``field/functions.py``. Nothing heavy is imported here: mpmath and sympy are named.
"""

from studytui.derive.functions.complex_numbers import COMPLEX_NUMBERS
from studytui.derive.functions.elementary import ELEMENTARY
from studytui.derive.functions.matrices import MATRICES
from studytui.derive.functions.neural import NEURAL
from studytui.derive.functions.piecewise import PIECEWISE
from studytui.derive.functions.spec import Function, Points
from studytui.derive.functions.special import SPECIAL
from studytui.derive.functions.trigonometric import TRIGONOMETRIC

ROOMS: dict[str, tuple[Function, ...]] = {
    "elementary": ELEMENTARY,
    "trigonometric": TRIGONOMETRIC,
    "by cases": PIECEWISE,
    "complex": COMPLEX_NUMBERS,
    "special": SPECIAL,
    "learning": NEURAL,
    "matrices": MATRICES,
}
"""All functions, under what kind they are."""

FUNCTIONS = {function.name: function for room in ROOMS.values() for function in room}
"""Each function by its name."""

_SPELLINGS = {
    spelling: function.name for function in FUNCTIONS.values() for spelling in function.spellings
}


def known_function(word: str) -> str | None:
    """The function that a word names, if it names one."""
    return word if word in FUNCTIONS else _SPELLINGS.get(word)


def table() -> str:
    """The functions as rows of Markdown, for authors."""
    return "\n".join(
        f"| {kind} | {', '.join(f'`{function.written}`' for function in room)} |"
        for kind, room in ROOMS.items()
    )


__all__ = ["FUNCTIONS", "ROOMS", "Function", "Points", "known_function", "table"]
