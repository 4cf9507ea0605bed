"""A card as it is asked once: what an interface needs to show it and to take an answer.

A question names the card that judges it, and a card poses questions: each of the two types speaks
of the other, and here for the type checker only. A protocol between them would say the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.cards.card import Card

Answer = str | tuple[int, ...]
"""What was typed, or the places of the options that were chosen or put in order."""


class AnswerField(Enum):
    """How a question is answered. Each interface has a place for every one of them."""

    COMPARED = auto()
    """Not typed: the reader compares, and grades."""
    LINE = auto()
    MATHS = auto()
    """A line of maths, shown as it will be read."""
    LINES = auto()
    CHOICES = auto()
    """One or several of the options."""
    ORDERING = auto()
    """The options, put in order."""
    DERIVATION = auto()
    """Worked line by line."""
    EXERCISE = auto()
    """Written as code, and checked."""


@dataclass(frozen=True, slots=True)
class Question:
    """One asking of a card. Texts are Markdown.

    ``card`` is the scheduled id, ``source`` the card that poses it: None for what is worked rather
    than answered. ``options`` are shuffled; ``right`` holds the places of the right ones, or the
    places that put them in order. ``expected`` is what a typed answer is held against. ``values``
    are the drawn numbers, as written in the texts. ``code`` is a program to be predicted.
    ``invitation`` stands in the empty field.
    """

    card: str
    field: AnswerField
    prompt: str
    source: Card | None = None
    answer: str = ""
    why: str = ""
    hint: str = ""
    digest: str = ""
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    expected: tuple[str, ...] = ()
    symbols: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    code: str = ""
    invitation: str = ""


def text_of(answer: Answer) -> str:
    """What was typed; the places of options are no text."""
    return answer if isinstance(answer, str) else ""


def places_of(answer: Answer) -> tuple[int, ...]:
    """The options that were chosen or put in order; a text names none."""
    return answer if isinstance(answer, tuple) else ()
