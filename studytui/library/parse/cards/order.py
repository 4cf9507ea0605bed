"""Lines to be sorted."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.library.cards import OrderCard
from studytui.library.parse.cards.common import Common


def read_order(fields: Fields, common: Common) -> OrderCard | None:
    """Fields: ``ask``, ``lines`` in their right order, at least two, all different."""
    ask = fields.text("ask", required=True)
    lines = fields.texts("lines", required=True)
    where = fields.line_of("lines")
    if len(lines) == 1:
        fields.report.add(where, "one line cannot be put in order", "Give at least two")
    for position, line in enumerate(lines):
        if line in lines[:position]:
            fields.report.add(where, f"a line stands twice: {shown(line)}", "Make it unlike")
    return OrderCard(ask=ask, lines=lines, **common) if ask and len(lines) > 1 else None
