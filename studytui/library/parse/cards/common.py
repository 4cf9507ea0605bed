"""What all kinds of cards share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from studytui.authoring.fields import Fields
from studytui.library.cards import CardSource


class Common(TypedDict):
    """The fields of every card, whatever its kind."""

    id: str
    article: str
    line: int
    hint: str
    why: str
    digest: str
    probe: bool


CardReader = Callable[[Fields, Common], CardSource | None]
"""Reads the fields of one kind; None, with the reason told, when the card is not whole."""
