"""Formulas on one line: scripts folded into Unicode, fractions by a slash."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from studytui.maths import nodes
from studytui.maths.box import composed
from studytui.maths.errors import FormulaError
from studytui.maths.fractions import VULGAR, is_application, is_single, is_sum
from studytui.maths.letters import cell_letters
from studytui.maths.line_row import joined_line
from studytui.maths.nodes import Node
from studytui.maths.plain import as_it_is
from studytui.maths.script_habits import flat, folded_subscript, folded_superscript
from studytui.maths.tree import parse

LONGEST = 4000
_LONGEST_SCRIPT = 12


@lru_cache(maxsize=4096)
def inline(tex: str) -> str:
    """TeX on one line; as it is where it can't be set. Never raises."""
    return fold(tex)


def fold(tex: str) -> str:
    """As ``inline``, without its cache."""
    try:
        line = " ".join(line_of(parse(tex).root).split())
    except FormulaError:
        return " ".join(line for line, _ in as_it_is(tex))
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def line_of(node: Node, *, script: bool = False) -> str:
    """A node on one line; in scripts signs stand without spaces."""
    return _LINES[type(node)](node, script)


def _row(node: nodes.Row, script: bool) -> str:
    return joined_line(node, _one, script=script)


def _one(node: Node, script: bool) -> str:
    return line_of(node, script=script)


def _style(node: nodes.Style, script: bool) -> str:
    return line_of(node.base, script=script)


def _scripts(node: nodes.Scripts, script: bool) -> str:
    base = line_of(node.base, script=script)
    if isinstance(node.base, nodes.Row | nodes.Fraction) and not is_single(node.base):
        base = f"({base})" if base else base
    return base + _lowered(node.subscript) + _raised(node.superscript)


def _raised(node: Node | None) -> str:
    if node is None:
        return ""
    folded = folded_superscript(node, _LONGEST_SCRIPT)
    return folded if folded is not None else "^" + _bracketed(node)


def _lowered(node: Node | None) -> str:
    if node is None:
        return ""
    folded = folded_subscript(node, _LONGEST_SCRIPT)
    return folded if folded is not None else "_" + _bracketed(node)


def _bracketed(node: Node) -> str:
    text = line_of(node, script=True)
    word = flat(node)
    if word is not None and word.isalnum():
        return text
    return text if text.startswith("(") and _closes_at_end(text) else f"({text})"


def _closes_at_end(text: str) -> bool:
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return index == len(text) - 1
    return False


def _fraction(node: nodes.Fraction, script: bool) -> str:
    top, foot = line_of(node.numerator, script=script), line_of(node.denominator, script=script)
    if not node.ruled:
        return f"{top} over {foot}"
    sign = VULGAR.get((top, foot))
    if sign:
        return sign
    if is_sum(node.numerator):
        top = f"({top})"
    if not is_single(node.denominator):
        foot = f"({foot})"
    return f"{top}/{foot}"


def _root(node: nodes.Root, script: bool) -> str:
    inside = line_of(node.radicand, script=script)
    order = _raised(node.index)
    single = is_single(node.radicand) and not inside.startswith("(")
    if isinstance(node.radicand, nodes.Row) and is_application(node.radicand):
        single = False
    return f"{order}√{inside}" if single else f"{order}√({inside})"


def _delimited(node: nodes.Delimited, script: bool) -> str:
    if len(node.parts) == 1 and isinstance(node.parts[0], nodes.Fraction):
        fraction = node.parts[0]
        if not fraction.ruled:
            names = [
                line_of(one, script=True) for one in (fraction.numerator, fraction.denominator)
            ]
            return f"C({names[0]}, {names[1]})"
    parts = [line_of(part, script=script) for part in node.parts]
    line = parts[0]
    for middle, part in zip(node.middles, parts[1:], strict=False):
        line = f"{line.rstrip()} {middle} {part.lstrip()}"
    return node.opening + line + node.closing


_BRACKETS = {
    "p-matrix": ("(", ")"),
    "brace-matrix": ("{", "}"),
    "v-matrix": ("|", "|"),
    "v-v-matrix": ("‖", "‖"),
}


def _table(node: nodes.Table, script: bool) -> str:
    rows = [[line_of(cell, script=script) for cell in row] for row in node.rows]
    if node.shape in ("cases", "r-cases"):
        body = "; ".join(", ".join(cell.rstrip(",") for cell in row if cell) for row in rows)
        return "{" + body + "}"
    if node.shape in ("aligned", "centered"):
        return "; ".join(" ".join(row).strip() for row in rows)
    if node.shape == "substack":
        return ", ".join(" ".join(row) for row in rows)
    opening, closing = _BRACKETS.get(node.shape, ("[", "]"))
    body = "; ".join(" ".join(_compact(cell) for cell in row) for row in rows)
    return opening + body + closing


def _compact(cell: str) -> str:
    return cell.replace(" ", "")


def _text(node: nodes.Text, script: bool) -> str:
    parts = [part if isinstance(part, str) else line_of(part, script=script) for part in node.parts]
    return composed("".join(parts))


def _accent(node: nodes.Accent, script: bool) -> str:
    base = line_of(node.base, script=script)
    mark = {"→": "\u20d7", "←": "\u20d6", "↔": "\u20e1"}.get(node.mark, node.mark)
    letters = cell_letters(base)
    if len(letters) == 1:
        return composed(base + mark)
    if isinstance(node.base, nodes.Scripts) and letters:
        return composed(letters[0] + mark) + "".join(letters[1:])
    name = _ACCENT_NAMES.get(mark, "")
    return f"{name}({base})" if name else base


_ACCENT_NAMES = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u20d7": "vec", "\u0307": "dot",
    "\u0308": "ddot", "\u030c": "check", "\u0306": "breve", "\u030a": "ring",
}  # fmt: skip


def _bar(node: nodes.Bar, script: bool) -> str:
    base = line_of(node.base, script=script)
    letters = cell_letters(base)
    mark = "\u0332" if not node.above else "\u0304" if len(letters) == 1 else "\u0305"
    return composed("".join(letter + mark for letter in letters))


def _brace(node: nodes.Brace, script: bool) -> str:
    base = line_of(node.base, script=script)
    if node.label is None:
        return base
    label = line_of(node.label, script=False)
    return f"({base})[{label}]"


def _framed(node: nodes.Framed, script: bool) -> str:
    inside = line_of(node.base, script=script)
    return inside if node.filled else f"[{inside}]"


def _cancelled(node: nodes.Cancelled, script: bool) -> str:
    letters = cell_letters(line_of(node.base, script=script))
    return "".join(one if one == " " else one + "\u0338" for one in letters)


def _arrow(node: nodes.Arrow, script: bool) -> str:
    label = line_of(node.above or node.below or nodes.EMPTY, script=True)
    return f"─{label}{node.symbol}" if label else node.symbol


def _stacked(node: nodes.Stacked, script: bool) -> str:
    return line_of(node.base, script=script) + _lowered(node.below) + _raised(node.above)


def _through(node: Any, script: bool) -> str:
    return line_of(node.base, script=script)


_LINES: dict[type, Callable[[Any, bool], str]] = {
    nodes.Row: _row,
    nodes.Style: _style,
    nodes.Scripts: _scripts,
    nodes.Fraction: _fraction,
    nodes.Root: _root,
    nodes.Delimited: _delimited,
    nodes.Table: _table,
    nodes.Text: _text,
    nodes.Accent: _accent,
    nodes.Bar: _bar,
    nodes.Brace: _brace,
    nodes.Framed: _framed,
    nodes.Cancelled: _cancelled,
    nodes.Arrow: _arrow,
    nodes.Stacked: _stacked,
    nodes.Classed: _through,
    nodes.Spanning: _through,
    nodes.Symbol: lambda node, script: node.text,
    nodes.Function: lambda node, script: node.name,
    nodes.BigOperator: lambda node, script: node.symbol,
    nodes.FixedDelimiter: lambda node, script: node.symbol,
    nodes.Space: lambda node, script: " " if node.em > 0 else "",
    nodes.Phantom: lambda node, script: "",
    nodes.VerticalArrow: lambda node, script: node.symbol,
    nodes.Drawn: lambda node, script: " ".join(node.box.lines),
}
