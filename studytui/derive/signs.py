"""Signs that are seen without any computation."""

from __future__ import annotations

from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Add,
    Constant,
    Divide,
    Multiply,
    Name,
    Node,
    Number,
    Power,
    children,
)


def plainly_nonzero(node: Node, symbols: Symbols) -> bool:
    """Whether it is made of factors that are declared not to vanish."""
    if isinstance(node, Name):
        domain = symbols.domain(node.name)
        return domain.nonzero and domain.kind != "complex"
    if isinstance(node, Multiply):
        return all(plainly_nonzero(factor, symbols) for factor in node.factors)
    return plainly_positive(node, symbols)


def plainly_positive(node: Node, symbols: Symbols) -> bool:
    """Whether it is made of what is declared to be positive, without a minus."""
    if isinstance(node, Number):
        return node.numerator > 0
    if isinstance(node, Constant):
        return node.name in ("e", "pi")
    if isinstance(node, Name):
        domain = symbols.domain(node.name)
        return domain.positive and domain.kind in ("real", "integer")
    if isinstance(node, Add):
        return all(plainly_positive(term, symbols) for term in node.terms)
    if isinstance(node, Multiply):
        return all(plainly_positive(factor, symbols) for factor in node.factors)
    if isinstance(node, Divide):
        return all(plainly_positive(part, symbols) for part in children(node))
    return isinstance(node, Power) and all(
        plainly_positive(part, symbols) for part in children(node)
    )
