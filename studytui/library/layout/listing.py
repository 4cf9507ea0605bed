"""Program listings, coloured by Pygments where it knows the language."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from studytui.library.layout.layout_lines import Item, Line, Piece, Segment
from studytui.library.layout.safe import cells, clean

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LONGEST_COLOURED = 60_000
"""Characters; a longer listing is shown in one colour."""

_STYLES = {
    "Keyword.Constant": "constant",
    "Keyword": "keyword",
    "Name.Function": "function",
    "Name.Class": "class",
    "Name.Decorator": "decorator",
    "Name.Builtin": "builtin",
    "Name.Exception": "class",
    "Name.Tag": "keyword",
    "Name.Attribute": "function",
    "Literal.String.Interpol": "constant",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Comment": "comment",
    "Operator.Word": "keyword",
    "Operator": "operator",
    "Generic.Prompt": "comment",
    "Generic.Deleted": "deleted",
    "Generic.Inserted": "inserted",
    "Generic.Error": "deleted",
}


def listing(code: str, language: str, width: int, source: int = 0) -> Piece:
    """A listing on a ground of its own, one cell wider on both sides than its text."""
    code = clean(code.rstrip("\n"))
    rows = _coloured(code, language)
    longest = max((sum(cells(segment.text) for segment in row) for row in rows), default=0)
    ground = max(width, longest + 2)
    lines = []
    for row in rows:
        used = sum(cells(segment.text) for segment in row)
        edge = Segment(" ", "listing")
        filling = Segment(" " * (ground - used - 1), "listing")
        lines.append(Line((edge, *row, filling), 1))
    label = f" {clean(language)} " if language else ""
    if label and lines and width > len(label) + 8:
        top = Segment(" " * (width - len(label)), "listing")
        lines.insert(0, Line((top, Segment(label, "listing listing.label")), width))
    else:
        lines.insert(0, Line((Segment(" " * width, "listing"),), width))
    lines.append(Line((Segment(" " * width, "listing"),), width))
    item = Item("code", 0, len(lines) - 1, code, ground if longest + 2 > width else 0, source)
    return Piece(tuple(lines), (item,))


def _coloured(code: str, language: str) -> list[list[Segment]]:
    lexer = _lexer(language) if language and len(code) <= LONGEST_COLOURED else None
    if lexer is None:
        return [[Segment(row, "listing")] if row else [] for row in code.split("\n")]
    rows: list[list[Segment]] = [[]]
    for kind, text in lexer.get_tokens(code):
        style = _style(str(kind)[6:])
        first, *more = text.split("\n")
        if first:
            rows[-1].append(Segment(first, style))
        rows.extend([Segment(row, style)] if row else [] for row in more)
    while len(rows) > 1 and not rows[-1]:
        rows.pop()
    return rows


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _style(kind: str) -> str:
    while kind:
        name = _STYLES.get(kind)
        if name:
            return f"listing listing.{name}"
        kind = kind.rpartition(".")[0]
    return "listing"
