"""Question and answer."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.library.cards import BasicCard
from studytui.library.parse.cards.common import Common


def read_basic(fields: Fields, common: Common) -> BasicCard | None:
    """Fields: ``ask``, ``answer``."""
    ask = fields.text("ask", required=True)
    answer = fields.text("answer", required=True)
    return BasicCard(ask=ask, answer=answer, **common) if ask and answer else None
