"""What the exercise panel says of a draft. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.run.side_by_side import lines_of
from studytui.tui.widgets.lines import Styled

if TYPE_CHECKING:
    from studytui.study.exercising import Judged

LEAST_COLUMNS = 40


def failed_rows(judged: Judged) -> list[Styled]:
    """What is wrong, and where in the draft it went wrong."""
    rows: list[Styled] = [[("✗ ", "bad strong"), (judged.says, "bad")]]
    if judged.line:
        rows.append([(f"in line {judged.line} of yours:  ", "faint"), (judged.text, "code")])
    return rows


def case_rows(judged: Judged, width: int) -> list[Styled]:
    """What was printed, then what came beside what should have come."""
    rows: list[Styled] = [[(row, "soft")] for row in judged.printed]
    if judged.mismatch is not None:
        rows += lines_of(judged.mismatch, max(LEAST_COLUMNS, width))
    return rows


def listing_of(source: str) -> str:
    """Python as Markdown, whatever it holds."""
    fence = "`" * 8
    return f"{fence}python\n{source}\n{fence}"
