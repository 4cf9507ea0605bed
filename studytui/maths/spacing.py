"""Space between neighbours, after TeX's table of atom classes, in whole cells."""

from __future__ import annotations

from studytui.maths import nodes
from studytui.maths.nodes import Atom, Node

_ORD, _OP, _BIN, _REL = Atom.ORDINARY, Atom.OPERATOR, Atom.BINARY, Atom.RELATION
_OPEN, _CLOSE, _PUNCT, _INNER = Atom.OPEN, Atom.CLOSE, Atom.PUNCTUATION, Atom.INNER

_OPERANDS = (_ORD, _OP, _OPEN, _CLOSE, _INNER)
_WIDE: set[tuple[Atom, Atom]] = {
    *((_PUNCT, right) for right in (_ORD, _OP, _OPEN, _INNER, _PUNCT, _REL, _BIN)),
    *((_REL, right) for right in (_ORD, _OP, _OPEN, _INNER)),
    *((left, _REL) for left in (_ORD, _OP, _CLOSE, _INNER)),
    *((_BIN, right) for right in (_ORD, _OP, _OPEN, _INNER)),
    *((left, _BIN) for left in (_ORD, _OP, _CLOSE, _INNER)),
}
_NAMES: set[tuple[Atom, Atom]] = {
    *((left, _OP) for left in (_ORD, _OP, _CLOSE, _INNER)),
    *((_OP, right) for right in (_ORD, _INNER)),
}
_FRACTIONS: set[tuple[Atom, Atom]] = {
    *((_INNER, right) for right in (_ORD, _OPEN, _INNER)),
    *((left, _INNER) for left in (_ORD, _CLOSE, _INNER)),
}


def gap(left: Atom, right: Atom, *, script: bool) -> int:
    """Blank cells between two atoms; in scripts only names keep theirs."""
    pair = (left, right)
    if pair in _NAMES:
        return 1
    if script:
        return 0
    return 1 if pair in _WIDE or pair in _FRACTIONS else 0


def atoms(node: Node) -> tuple[Atom, Atom]:
    """The classes that a node shows to its left and right neighbours."""
    if isinstance(node, nodes.Symbol | nodes.Classed | nodes.FixedDelimiter):
        return (node.atom, node.atom)
    if isinstance(node, nodes.Scripts | nodes.Stacked | nodes.Brace | nodes.Cancelled):
        return atoms(node.base)
    if isinstance(node, nodes.Function | nodes.BigOperator):
        return (_OP, _OP)
    if isinstance(node, nodes.Arrow):
        return (_REL, _REL)
    if isinstance(node, nodes.Delimited):
        return (_OPEN if node.opening else _INNER, _CLOSE if node.closing else _INNER)
    if isinstance(node, nodes.Fraction | nodes.Table):
        return (_INNER, _INNER)
    if isinstance(node, nodes.Style):
        return atoms(node.base)
    return (_ORD, _ORD)


_LEFT_OF_UNARY = {_BIN, _OP, _REL, _OPEN, _PUNCT}
_RIGHT_OF_UNARY = {_REL, _CLOSE, _PUNCT}


def resolved(classes: list[tuple[Atom, Atom]]) -> list[tuple[Atom, Atom]]:
    """Binary signs that have nothing to join become ordinary ones (a minus before a number)."""
    last = len(classes) - 1
    for index, (left, _right) in enumerate(classes):
        if left is not _BIN:
            continue
        before = classes[index - 1][1] if index else _OPEN
        after = classes[index + 1][0] if index < last else _CLOSE
        if before in _LEFT_OF_UNARY or after in _RIGHT_OF_UNARY:
            classes[index] = (_ORD, _ORD)
    return classes
