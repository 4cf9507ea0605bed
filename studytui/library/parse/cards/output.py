"""A program whose output is to be predicted."""

from __future__ import annotations

import re

from studytui.authoring.fields import Fields
from studytui.authoring.python import syntax_problem
from studytui.library.cards import OutputCard
from studytui.library.parse.cards.common import Common
from studytui.library.parse.cards.fresh import check_placeholders, read_fresh

DEFAULT_QUESTION = "What does it print?"


def read_output(fields: Fields, common: Common) -> OutputCard | None:
    """Fields: ``ask``, ``code``, ``fresh``. The code must be Python; it is not run here."""
    ask = fields.text("ask", DEFAULT_QUESTION)
    code = fields.text("code", required=True)
    fresh = read_fresh(fields)
    check_placeholders(fields, fresh, {"ask": (ask,), "code": (code,)}, ask + code)
    if not code:
        return None
    problem = syntax_problem(re.sub(r"\{\{\s*\w+\s*\}\}", "1", code))
    if problem is not None:
        line = fields.line_of("code") + problem.line
        fields.report.add(line, f"code is not Python: {problem.what}")
    return OutputCard(ask=ask, code=code, fresh=fresh, **common)
