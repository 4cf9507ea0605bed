"""``±``: one text that stands for two claims, the upper signs together and the lower ones."""

from __future__ import annotations

from collections.abc import Callable

from studytui.derive.expr.nodes import Logic, Node, Relation
from studytui.derive.expr.problems import AmbiguousError
from studytui.derive.syntax.tokens import Token

_SIGNS = {"±": ("+", "-"), "∓": ("-", "+")}


def has_both_signs(stream: list[Token]) -> bool:
    """Whether plus-minus stands somewhere."""
    return any(token.text in _SIGNS for token in stream)


def both(stream: list[Token], read: Callable[[list[Token]], Node]) -> Node:
    """What a text with ``±`` says: ``x = ±2`` is ``x = 2 or x = -2``; where both sides have one,
    ``(a ± b)^2 = a^2 ± 2ab + b^2``, both claims are made.

    :raises ExpressionError: it is no relation, so that there would be two expressions.
    """
    first, second = (read(_with_signs(stream, which)) for which in (0, 1))
    if not isinstance(first, Relation | Logic) or not isinstance(second, Relation | Logic):
        column = next(token.column for token in stream if token.text in _SIGNS)
        raise AmbiguousError(
            "± makes two expressions of one",
            column=column,
            todo="Write two lines, one with + and one with -.",
        )
    return Logic("and" if _on_both_sides(first, second) else "or", (first, second))


def _with_signs(stream: list[Token], which: int) -> list[Token]:
    return [
        token._replace(text=_SIGNS[token.text][which]) if token.text in _SIGNS else token
        for token in stream
    ]


def _on_both_sides(first: Relation | Logic, second: Relation | Logic) -> bool:
    """Whether both sides of a relation change with the sign."""
    if not isinstance(first, Relation) or not isinstance(second, Relation):
        return False
    return all(one != other for one, other in zip(first.operands, second.operands, strict=True))
