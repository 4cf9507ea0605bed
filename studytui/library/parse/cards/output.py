"""A program whose output is to be predicted."""

from __future__ import annotations

import ast
import re

from studytui.library.cards import OutputCard
from studytui.library.parse.cards.common import Common
from studytui.library.parse.cards.fresh import check_placeholders, read_fresh
from studytui.library.parse.fields import Fields

DEFAULT_QUESTION = "What does it print?"


def read_output(fields: Fields, common: Common) -> OutputCard | None:
    """Fields: ``ask``, ``code``, ``fresh``. The code must be Python; it is not run here."""
    ask = fields.text("ask", DEFAULT_QUESTION)
    code = fields.text("code", required=True)
    fresh = read_fresh(fields)
    check_placeholders(fields, fresh, {"ask": (ask,), "code": (code,)}, ask + code)
    if not code:
        return None
    try:
        ast.parse(re.sub(r"\{\{\s*\w+\s*\}\}", "1", code))
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        line = fields.line_of("code") + (getattr(error, "lineno", 0) or 0)
        message = getattr(error, "msg", "") or str(error)
        fields.report.add(line, f"code is not Python: {message}")
    return OutputCard(ask=ask, code=code, fresh=fresh, **common)
