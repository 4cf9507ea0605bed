"""The kinds of cards, one a file."""

from __future__ import annotations

from studytui.library.parse.cards.basic import read_basic
from studytui.library.parse.cards.choice import read_choice
from studytui.library.parse.cards.cloze import read_cloze
from studytui.library.parse.cards.common import CardReader
from studytui.library.parse.cards.expression import read_expression
from studytui.library.parse.cards.number import read_number
from studytui.library.parse.cards.order import read_order
from studytui.library.parse.cards.output import read_output

KINDS: dict[str, CardReader] = {
    "basic": read_basic,
    "cloze": read_cloze,
    "choice": read_choice,
    "expression": read_expression,
    "number": read_number,
    "output": read_output,
    "order": read_order,
}
