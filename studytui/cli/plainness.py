"""Whether the shell speaks plainly: linear text for ears, asked for by an option or a variable.

The variable is the state, so that what a verb starts (another studytui, a snippet) knows it too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

OPTION = "--plain"
VARIABLE = "STUDYTUI_PLAIN"
HELP = "Linear text, formulas in words, nothing drawn: for a screen reader. Any verb takes it."


def is_plain() -> bool:
    """Whether ``--plain`` was given, or ``STUDYTUI_PLAIN`` is set to more than 0."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def beside(name: str, told: str, apart: str) -> str:
    """A name and what is told of it, with something between them that an eye can follow.

    A screen reader says blanks as nothing: plainly it is a colon.
    """
    return f"{name}: {told}" if is_plain() else f"{name}{apart}{told}"


def take_option(arguments: Sequence[str]) -> list[str]:
    """The arguments without ``--plain``, wherever it stood before a ``--``; heard if it did.

    A snippet's own switch of that name is given as ``--plain=true``.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    own = [word for word in arguments[:end] if word != OPTION]
    if len(own) < end:
        os.environ[VARIABLE] = "1"
        os.environ["NO_COLOR"] = "1"
    return [*own, *arguments[end:]]
