"""Mistakes with equations and inequalities."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node, Number, Relation, free_names
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import fraction, quotient, signed_terms, summed, without

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _turned(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Relation) and len(node.operators) == 1 and node.operators[0] in TURNED:
        yield Relation(node.operands, (TURNED[node.operators[0]],))


def _sides(node: Node) -> Iterator[tuple[Node, Node, bool]]:
    """Each side of an equation with the other one, and whether it is the left one."""
    if isinstance(node, Relation) and node.operators == ("=",):
        left, right = node.operands
        yield left, right, True
        yield right, left, False


def _equation(side: Node, other: Node, is_left: bool) -> Node:
    return Relation((side, other) if is_left else (other, side), ("=",))


def _moved_term(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``a + b = c`` as ``a = c + b``, one term or all but one at a time."""
    del symbols
    for side, other, is_left in _sides(node):
        terms = signed_terms(side)
        for place, item in enumerate(terms):
            rest = without(terms, place)
            yield _equation(summed(rest), summed([*signed_terms(other), item]), is_left)
            if len(rest) > 1:
                yield _equation(summed([item]), summed([*signed_terms(other), *rest]), is_left)


def _moved_factor(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``a*b = c`` as ``a = b*c``, and ``a/b = c`` as ``a = c/b``."""
    if any(symbols.domain(name).shape for name in free_names(node)):
        return
    for side, other, is_left in _sides(node):
        sign, above, below = fraction(side)
        other_sign, over, under = fraction(other)
        for place, factor in enumerate(above):
            rest = quotient(sign, without(above, place), below)
            if rest != side and factor != Number(0):
                yield _equation(rest, quotient(other_sign, [*over, factor], under), is_left)
        for place, factor in enumerate(below):
            rest = quotient(sign, above, without(below, place))
            yield _equation(rest, quotient(other_sign, over, [*under, factor]), is_left)


MISTAKES = (
    Mistake(
        "moved-without-its-sign",
        "A term moved across the equals sign as it is",
        "A term changes its sign when it goes to the other side: a + b = c says a = c - b.",
        Example("a + x = b", "a = b + x", (("a", "real"), ("b", "real"), ("x", "real"))),
        _moved_term,
    ),
    Mistake(
        "moved-without-turning",
        "A factor moved across the equals sign as it is",
        "A factor turns over when it goes to the other side: a b = c says a = c/b.",
        Example("a*x = b", "x = a*b", (("a", "positive"), ("b", "real"), ("x", "real"))),
        _moved_factor,
    ),
    Mistake(
        "inequality-turned",
        "An inequality turned round",
        "The inequality points the other way: a negative factor, a reciprocal, or a concave "
        "function under Jensen turns it.",
        Example("exp(a) >= 1 + a", "exp(a) <= 1 + a", (("a", "real"),)),
        _turned,
    ),
)
