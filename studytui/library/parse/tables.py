"""Table tokens to a table."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token
from markdown_it.utils import EnvType

from studytui.library.blocks import Inlines, Table
from studytui.library.parse.context import Context
from studytui.library.parse.inlines import read_inlines
from studytui.library.parse.markdown import inline_tokens


def read_table(tokens: Sequence[Token], definitions: EnvType, line: int, context: Context) -> Table:
    """The table of the tokens up to and with ``table_close``."""
    rows: list[list[Inlines]] = []
    alignment: list[str] = []
    row_line = line
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
            row_line = context.offset + (token.map[0] + 1 if token.map else line)
        elif token.type == "th_open":
            style = str(token.attrGet("style") or "")
            alignment.append(style.removeprefix("text-align:") or "left")
        elif token.type == "inline" and rows:
            children = inline_tokens(token.content, definitions)
            rows[-1].append(read_inlines(children, row_line, context))
    header = tuple(rows[0]) if rows else ()
    width = len(header)
    body = tuple((*row[:width], *((),) * (width - len(row))) for row in rows[1:])
    return Table(header, tuple(alignment), body, line=line, origin=context.origin)
