"""Fractions written with a slash: what stands beside them as a factor could be misread."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.maths import nodes
from studytui.maths.nodes import Atom, Node
from studytui.maths.script_habits import flat
from studytui.maths.spacing import atoms

_DIFFERENTIALS = ("d", "∂", "D")


def is_slashed(node: Node, text: str) -> bool:
    """A fraction that was written with a slash, unless it is an operator such as d/dx."""
    if not isinstance(node, nodes.Fraction) or "/" not in text:
        return False
    top = node.numerator.base if isinstance(node.numerator, nodes.Scripts) else node.numerator
    return flat(top) not in _DIFFERENTIALS


def multiplies(left: Node, right: Node) -> bool:
    """Whether two neighbours are factors of one product."""
    return _is_factor(left, atoms(left)[1], (Atom.ORDINARY, Atom.CLOSE, Atom.INNER)) and _is_factor(
        right, atoms(right)[0], (Atom.ORDINARY, Atom.OPEN, Atom.INNER, Atom.OPERATOR)
    )


def _is_factor(node: Node, atom: Atom, among: tuple[Atom, ...]) -> bool:
    bare = node.base if isinstance(node, nodes.Scripts) else node
    if isinstance(bare, nodes.Symbol) and atom is Atom.ORDINARY:
        return bare.text.isalnum()
    return atom in among and not isinstance(bare, nodes.Text | nodes.Phantom)


def has_factor_beside(row: Sequence[Node], index: int) -> bool:
    """Whether a node of a row is multiplied by its neighbour."""
    return (index > 0 and multiplies(row[index - 1], row[index])) or (
        index + 1 < len(row) and multiplies(row[index], row[index + 1])
    )
