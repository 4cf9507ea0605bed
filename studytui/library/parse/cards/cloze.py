"""A text with gaps."""

from __future__ import annotations

import re

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.library.cards import ClozeCard
from studytui.library.parse.cards.common import Common

_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_GAP = re.compile(r"c([1-9]\d?)::(.+)", re.DOTALL)


def read_cloze(fields: Fields, common: Common) -> ClozeCard | None:
    """Field: ``text``, with at least one gap ``{{c1::hidden}}``, numbered from 1 without holes."""
    text = fields.text("text", required=True)
    if not text:
        return None
    line = fields.line_of("text")
    numbers: set[int] = set()
    for inside in _BRACES.findall(text):
        gap = _GAP.fullmatch(inside)
        if gap is None:
            fields.report.add(line, f"not a gap: {shown('{{' + inside + '}}')}", "Write {{c1::…}}")
        elif not gap[2].split("::")[0].strip():
            fields.report.add(line, "a gap hides nothing", "Write {{c1::hidden}}")
        else:
            numbers.add(int(gap[1]))
    if not numbers:
        fields.report.add(line, "a cloze without gaps", "Write {{c1::hidden}}")
        return None
    if numbers != set(range(1, len(numbers) + 1)):
        found = ", ".join(f"c{number}" for number in sorted(numbers))
        fields.report.add(line, f"gaps are numbered {found}", "Number them c1, c2, c3 …")
    return ClozeCard(text=text, **common)
