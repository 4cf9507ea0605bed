"""Table tokens to a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token
from markdown_it.utils import EnvType

from studytui.library.blocks import Inlines, Table
from studytui.library.parse.context import Context
from studytui.library.parse.inlines import read_inlines
from studytui.library.parse.markdown import inline_tokens

_BAR = re.compile(r"(?<!\\)\|")


def _check_bars(line: int, width: int, context: Context) -> None:
    """Cells beyond the header's would be dropped without a word: most often a bar is meant."""
    source = context.lines[line - 1].strip() if line <= len(context.lines) else ""
    count = len(_BAR.split(source.lstrip("> ").removeprefix("|"))) - source.endswith("|")
    if width and count > width:
        context.report.add(
            line,
            f"a row of {count} cells in a table of {width}",
            r"Write a bar inside a cell as \|, and in formulas \lvert, \rvert, \mid",
        )


def read_table(tokens: Sequence[Token], definitions: EnvType, line: int, context: Context) -> Table:
    """The table of the tokens up to and with ``table_close``."""
    rows: list[list[Inlines]] = []
    alignment: list[str] = []
    row_line = line
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
            row_line = context.offset + (token.map[0] + 1 if token.map else line)
            _check_bars(row_line, len(rows[0]), context)
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
