"""An answer typed as maths."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.library.cards import ExpressionCard
from studytui.library.parse.cards.common import Common


def read_expression(fields: Fields, common: Common) -> ExpressionCard | None:
    """Fields: ``ask``, ``answer``, ``symbols``."""
    ask = fields.text("ask", required=True)
    answer = fields.text("answer", required=True)
    symbols = fields.pairs("symbols", required=True)
    if not (ask and answer):
        return None
    return ExpressionCard(ask=ask, answer=answer, symbols=symbols, **common)
