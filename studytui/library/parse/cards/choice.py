"""Right options among wrong ones."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.library.cards import ChoiceCard
from studytui.library.parse.cards.common import Common


def read_choice(fields: Fields, common: Common) -> ChoiceCard | None:
    """Fields: ``ask``, ``right``, ``wrong``; no option may stand twice."""
    ask = fields.text("ask", required=True)
    right = fields.texts("right", required=True)
    wrong = fields.texts("wrong", required=True)
    seen: set[str] = set()
    for option in right + wrong:
        key = " ".join(option.split())
        if key in seen:
            name = "wrong" if option in wrong else "right"
            fields.report.add(fields.line_of(name), f"an option stands twice: {shown(option)}")
        seen.add(key)
    if not (ask and right and wrong):
        return None
    return ChoiceCard(ask=ask, right=right, wrong=wrong, **common)
