"""From TeX to the tree of nodes: the one place that knows the parser.

The parser is ``mathra``; it bounds nesting to 64 levels and the growth of macros itself.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from studytui.maths import nodes
from studytui.maths.aliases import in_known_words
from studytui.maths.errors import FormulaError
from studytui.maths.letters import in_alphabet
from studytui.maths.nodes import Atom, Node
from studytui.maths.plain import harmless

LONGEST_SOURCE = 8_000
LARGEST_TREE = 1_000_000
"""Bounds, in characters of TeX and of the parser's answer (a formula has about 2,000)."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed formula and what was wrong with its TeX, if it could be understood anyway."""

    root: Node
    problems: tuple[str, ...] = ()


def parse(tex: str) -> Tree:
    """Parse TeX (without its dollars). Raises FormulaError when it is not understood."""
    import mathra

    if len(tex) > LONGEST_SOURCE:
        raise FormulaError(f"a formula of {len(tex):,} characters is too long to typeset")
    source = in_known_words(harmless(tex))
    problems: tuple[str, ...] = ()
    try:
        answer = mathra.tex_to_tree(source, strict=True)
    except ValueError as complaint:
        if not _only_a_missing_glyph(str(complaint)):
            raise FormulaError(_readable(complaint)) from None
        answer = mathra.tex_to_tree(source)
    if len(answer) > LARGEST_TREE:
        raise FormulaError("the formula is too large to typeset")
    return Tree(build(json.loads(answer)), problems)


def build(raw: dict[str, Any]) -> Node:
    """One node of the parser's JSON, and all below it, as ours."""
    maker = _MAKERS.get(raw.get("type", ""))
    if maker is None:
        raise FormulaError(f"cannot typeset {raw.get('type', 'an unnamed node')} in a terminal")
    return maker(raw)


def _only_a_missing_glyph(complaint: str) -> bool:
    # Said of the font that the parser draws pictures with; the terminal has fonts of its own.
    return "font has no" in complaint


def _readable(complaint: ValueError) -> str:
    return harmless(str(complaint))[:200]


# --- one maker for each type of node --------------------------------------------------------

_ATOMS = {atom.value: atom for atom in Atom}
_MINUS = "−"
_PLAIN_SIGNS = {"∣": "|", "∥": "‖", "⟶": "→", "⟵": "←", "⟹": "⇒", "⟸": "⇐", "⟺": "⇔", "⟼": "↦"}


def _all(raw: Iterable[dict[str, Any]]) -> tuple[Node, ...]:
    return tuple([build(one) for one in raw])


def _optional(raw: dict[str, Any], name: str) -> Node | None:
    return build(raw[name]) if name in raw else None


def _sign(text: str) -> str:
    """A letter or sign; a mark that takes a cell, torn from its letter, gets the usual circle."""
    shown = harmless(text)
    return "◌" + shown if shown and unicodedata.category(shown[0]) == "Mc" else shown


def _row(raw: dict[str, Any]) -> Node:
    children = raw["children"]
    if len(children) == 1:
        return build(children[0])
    return nodes.Row(_all(children))


def _identifier(raw: dict[str, Any]) -> Node:
    variant = raw.get("variant", "italic")
    name = _sign(raw["name"])
    if variant in ("italic", "upright"):
        return nodes.Symbol(name, Atom.ORDINARY, variant == "upright")
    return nodes.Symbol(in_alphabet(name, variant), Atom.ORDINARY)


def _number(raw: dict[str, Any]) -> Node:
    value = harmless(raw["value"])
    mark = raw.get("thousands")
    if mark and len(value) > 3 and value.isdigit():
        value = f"{int(value):,}".replace(",", mark)
    return nodes.Symbol(value, Atom.ORDINARY, upright=True)


def _operator(raw: dict[str, Any]) -> Node:
    symbol = _sign(raw["symbol"])
    atom = _ATOMS.get(raw["class"], Atom.ORDINARY)
    return nodes.Symbol(_PLAIN_SIGNS.get(symbol, symbol), atom)


_MATRICES = ("matrix", "p-matrix", "b-matrix", "brace-matrix", "v-matrix", "v-v-matrix")
_LINES = ("cases", "r-cases", "aligned", "centered", "substack")
_SHAPES = frozenset((*_MATRICES, *_LINES, "small-matrix", "array", "diagram"))


def _fraction(raw: dict[str, Any]) -> Node:
    return nodes.Fraction(
        build(raw["num"]), build(raw["den"]), raw.get("rule", True), raw.get("style") == "row"
    )


def _table(raw: dict[str, Any]) -> Node:
    if raw["shape"] not in _SHAPES:
        raise FormulaError(f"cannot typeset a {raw['shape']} in a terminal")
    rules = tuple(
        nodes.HorizontalRule(line["row"], line["from"], min(line["to"], 10_000))
        for line in raw.get("horizontals", ())
    )
    return nodes.Table(
        raw["shape"],
        tuple(_all(row) for row in raw["rows"]),
        tuple(raw.get("columns", ())),
        tuple(raw.get("verticals", ())),
        rules,
        tuple(raw.get("intertexts", ())),
    )


def _text(raw: dict[str, Any]) -> Node:
    return nodes.Text(
        tuple(
            harmless(part["value"]) if part["type"] == "text" else build(part["value"])
            for part in raw["parts"]
        )
    )


def _through(raw: dict[str, Any]) -> Node:
    """What has no meaning in cells (colour, smashing, raising): only the base counts."""
    return build(raw["base"])


def _scripts(raw: dict[str, Any]) -> Node:
    base, upper, lower = build(raw["base"]), _optional(raw, "sup"), _optional(raw, "sub")
    if isinstance(base, nodes.Scripts):
        # A group with one script under another on the other side reads as both on one base.
        if base.superscript is None and lower is None:
            return nodes.Scripts(base.base, upper, base.subscript)
        if base.subscript is None and upper is None:
            return nodes.Scripts(base.base, base.superscript, lower)
    return nodes.Scripts(base, upper, lower)


def _quantity(raw: dict[str, Any]) -> Node:
    return build(raw["unit"])


_MAKERS: dict[str, Callable[[dict[str, Any]], Node]] = {
    "row": _row,
    "identifier": _identifier,
    "number": _number,
    "operator": _operator,
    "fraction": _fraction,
    "table": _table,
    "text": _text,
    "quantity": _quantity,
    "colored": _through,
    "smashed": _through,
    "overlapped": _through,
    "raised": _through,
    "scaled": _through,
    "function": lambda raw: nodes.Function(harmless(raw["name"]), raw.get("limits", False)),
    "large-operator": lambda raw: nodes.BigOperator(raw["symbol"], raw.get("limits")),
    "root": lambda raw: nodes.Root(build(raw["radicand"]), _optional(raw, "index")),
    "scripts": _scripts,
    "delimited": lambda raw: nodes.Delimited(
        raw.get("open", ""), raw.get("close", ""), _all(raw["parts"]), tuple(raw.get("middles", ()))
    ),
    "fixed-delimiter": lambda raw: nodes.FixedDelimiter(
        raw["symbol"], _ATOMS[raw["class"]], raw["size"]
    ),
    "accent": lambda raw: nodes.Accent(
        build(raw["base"]), raw["accent"], raw["stretchy"], raw.get("below", False)
    ),
    "bar": lambda raw: nodes.Bar(build(raw["base"]), raw["above"]),
    "brace": lambda raw: nodes.Brace(
        build(raw["base"]), raw["above"], _optional(raw, "label"), raw.get("bracket", False)
    ),
    "space": lambda raw: nodes.Space(min(float(raw["em"]), 40.0)),
    "framed": lambda raw: nodes.Framed(build(raw["base"]), raw.get("shape") == "fill"),
    "canceled": lambda raw: nodes.Cancelled(build(raw["base"])),
    "arrow": lambda raw: nodes.Arrow(
        raw["symbol"], _optional(raw, "above"), _optional(raw, "below")
    ),
    "vertical-arrow": lambda raw: nodes.VerticalArrow(
        raw["symbol"], _optional(raw, "left"), _optional(raw, "right")
    ),
    "stacked": lambda raw: nodes.Stacked(
        build(raw["base"]), _optional(raw, "above"), _optional(raw, "below")
    ),
    "phantom": lambda raw: nodes.Phantom(build(raw["base"]), raw["width"], raw["height"]),
    "forced-class": lambda raw: nodes.Classed(
        _ATOMS.get(raw["class"], Atom.ORDINARY), build(raw["base"])
    ),
    "style": lambda raw: nodes.Style(raw["level"], build(raw["base"])),
    "multicolumn": lambda raw: nodes.Spanning(raw["columns"], raw["alignment"], build(raw["base"])),
    "rule": lambda raw: nodes.Text(("─" * max(1, min(round(raw["width"] * 2), 40)),)),
}


def spoken(tex: str) -> str | None:
    """The formula in English words, or None where the parser refuses it."""
    import mathra

    try:
        return str(mathra.render(in_known_words(harmless(tex[:LONGEST_SOURCE])))["speech"])
    except ValueError:
        return None


def picture(tex: str) -> str:
    """The formula drawn, as SVG. Raises FormulaError."""
    import mathra

    try:
        return str(mathra.tex_to_svg(in_known_words(harmless(tex[:LONGEST_SOURCE]))))
    except ValueError as complaint:
        raise FormulaError(_readable(complaint)) from None
