"""How the pieces of a formula on one line are joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studytui.maths import nodes
from studytui.maths.factors import is_slashed, multiplies
from studytui.maths.nodes import Atom, Node
from studytui.maths.row import TRAILING, sign_of, signs_a_name, stands_apart, with_bars
from studytui.maths.spacing import gap, resolved

_TIMES = " · "


@dataclass(frozen=True, slots=True)
class _Piece:
    node: Node
    text: str
    left: Atom
    right: Atom


def joined_line(
    node: nodes.Row, line_of: Callable[[Node, bool], str], *, script: bool = False
) -> str:
    """The nodes of a row on one line; ``line_of`` writes a single one."""
    children: list[Node] = []
    _flatten(node, children)
    drawn = [child for child in children if not isinstance(child, nodes.Space)]
    classes = iter(resolved(with_bars(drawn)))
    line, asked = "", 0.0
    before: _Piece | None = None
    for child in children:
        if isinstance(child, nodes.Space):
            asked = max(asked, child.em)
            continue
        left, right = next(classes)
        piece = _Piece(child, line_of(child, script), left, right)
        if before is not None and piece.text:
            if before.right is Atom.OPERATOR and _is_name(before.node) and _slashed(piece):
                piece = _Piece(child, f"({piece.text})", left, right)
                line += " " if stands_apart(before.node) else ""
            else:
                line += _between(before, piece, line, asked, script=script)
        line += piece.text
        before, asked = piece, 0.0
    return line


def _flatten(node: Node, into: list[Node]) -> None:
    if isinstance(node, nodes.Row):
        for child in node.children:
            if isinstance(child, nodes.Style):
                _flatten(child.base, into)
            else:
                into.append(child)
    elif isinstance(node, nodes.Style):
        _flatten(node.base, into)
    else:
        into.append(node)


def _between(before: _Piece, piece: _Piece, line: str, asked: float, *, script: bool) -> str:
    """What parts two pieces: nothing, blanks, or a sign of multiplication."""
    if asked >= 0.9:
        return "  "
    if (_slashed(before) or _slashed(piece)) and multiplies(before.node, piece.node):
        return "·" if script else _TIMES
    if before.right is Atom.ORDINARY and _belongs_to_sign(before, piece):
        return ""
    if sign_of(piece.node) in TRAILING:
        return ""
    if gap(before.right, piece.left, script=script) or asked > 0:
        return " "
    if (before.right, piece.left) == (Atom.OPERATOR, Atom.OPEN) and stands_apart(before.node):
        return " "
    return " " if _would_merge(before.node, line, piece.text) else ""


def _slashed(piece: _Piece) -> bool:
    return is_slashed(piece.node, piece.text)


def _is_name(node: Node) -> bool:
    name = node.base if isinstance(node, nodes.Scripts) else node
    return isinstance(name, nodes.Function)


def _belongs_to_sign(before: _Piece, piece: _Piece) -> bool:
    """A lone minus stands close to what it negates."""
    sign = sign_of(before.node)
    return signs_a_name(before.node, piece.node) or (sign == "−" and _slashed(piece))


def _would_merge(before: Node, line: str, text: str) -> bool:
    """Whether a script written after a sign, or a root, would take in what follows."""
    if not line or not (text[0].isalnum() or text[0] in "(√"):
        return False
    if isinstance(before, nodes.Scripts):
        return _bare_script_at_end(line) and text[0] != "("
    return isinstance(before, nodes.Root) and line[-1] != ")"


def _bare_script_at_end(line: str) -> bool:
    end = len(line)
    while end and line[end - 1].isalnum():
        end -= 1
    return line[:end].endswith(("_", "^"))
