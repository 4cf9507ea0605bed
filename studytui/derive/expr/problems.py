"""What is wrong with an expression, and at which column."""

from __future__ import annotations

from studytui.errors import StudyError


class ExpressionError(StudyError):
    """An expression that cannot be read, or that passes a bound.

    ``column`` counts from 0 in the text as it was typed; -1 where no single place is to blame.
    """

    def __init__(self, what: str, *, column: int = -1, todo: str = "") -> None:
        self.column = column
        place = f"column {column + 1}" if column >= 0 else ""
        super().__init__(what, where=place, todo=todo)


class AmbiguousError(ExpressionError):
    """An expression with two readings: asked back, never guessed."""
