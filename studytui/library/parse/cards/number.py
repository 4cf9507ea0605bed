"""A number computed from an expression in fresh values."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.library.cards import NumberCard
from studytui.library.parse.cards.common import Common
from studytui.library.parse.cards.fresh import check_placeholders, read_fresh


def read_number(fields: Fields, common: Common) -> NumberCard | None:
    """Fields: ``ask``, ``answer``, ``fresh``, ``tolerance`` (relative), ``unit``."""
    ask = fields.text("ask", required=True)
    answer = fields.text("answer", required=True)
    fresh = read_fresh(fields)
    tolerance = fields.number("tolerance", 1e-3)
    unit = fields.text("unit")
    if not 0 <= tolerance < 1:
        fields.report.add(
            fields.line_of("tolerance"), "tolerance is not between 0 and 1", "It is relative"
        )
    shown_at_answer = (common["why"], common["hint"], unit)
    check_placeholders(fields, fresh, {"ask": (ask,), "why": shown_at_answer}, ask + answer)
    if not (ask and answer):
        return None
    return NumberCard(ask=ask, answer=answer, fresh=fresh, tolerance=tolerance, unit=unit, **common)
