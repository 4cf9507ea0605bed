"""The kinds of cards that authors write: one row a kind."""

from __future__ import annotations

from studytui.cards.basic import BasicCard
from studytui.cards.card import WrittenCard
from studytui.cards.choice import ChoiceCard
from studytui.cards.cloze import ClozeCard
from studytui.cards.expression import ExpressionCard
from studytui.cards.number import NumberCard
from studytui.cards.order import OrderCard
from studytui.cards.output import OutputCard

_ROWS: tuple[type[WrittenCard], ...] = (
    BasicCard,
    ClozeCard,
    ChoiceCard,
    ExpressionCard,
    NumberCard,
    OutputCard,
    OrderCard,
)

KINDS = {row.KIND.name: row for row in _ROWS}
"""The kinds by the name after ``kind:``."""
