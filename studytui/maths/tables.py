"""Matrices, cases, aligned lines, arrays with rules, and lines under a sum."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.maths import nodes
from studytui.maths.box import Box, beside, blank, indented, solid, text_box, widened
from studytui.maths.context import SCRIPT, TEXT, Context, lay_out, lays_out
from studytui.maths.delimiters import delimiter
from studytui.maths.errors import FormulaError
from studytui.maths.nodes import Atom, Node
from studytui.maths.spacing import atoms
from studytui.maths.table_rules import level_rule, upright_places, upright_rules

_BRACKETS = {
    "p-matrix": ("(", ")"),
    "b-matrix": ("[", "]"),
    "brace-matrix": ("{", "}"),
    "v-matrix": ("|", "|"),
    "v-v-matrix": ("‖", "‖"),
    "cases": ("{", ""),
    "r-cases": ("", "}"),
}
_COLUMN_GAP = {"cases": 3, "r-cases": 3, "small-matrix": 1, "substack": 1, "diagram": 1}
_PAIR_GAP = 4
MOST_CELLS = 10_000


@lays_out(nodes.Table)
def lay_out_table(node: nodes.Table, context: Context) -> Box:
    """The whole table with its brackets, centred on the baseline."""
    inside = grid(node, context)
    opening, closing = _BRACKETS.get(node.shape, ("", ""))
    if not (opening or closing):
        return inside
    if inside.height == 2 and (opening == "{" or closing == "}"):
        # A brace points between two lines: room for its point.
        inside = parted(inside)
    above, below = inside.baseline, inside.below
    return beside([delimiter(opening, above, below), inside, delimiter(closing, above, below)])


def parted(box: Box) -> Box:
    """Two rows, and an empty one between them."""
    return solid((box.lines[0], " " * box.width, box.lines[1]), 1, box.width)


def grid(node: nodes.Table, context: Context) -> Box:
    """The cells, aligned."""
    inner = _cell_context(node, context)
    rows = [
        [_cell(node, column, cell, inner) for column, cell in enumerate(row)] for row in node.rows
    ]
    columns = max([sum(_span(cell) for cell in row) for row in node.rows], default=0)
    if columns * len(rows) > MOST_CELLS:
        raise FormulaError(f"a table of {len(rows):,} x {columns:,} cells is too large")
    widths = _column_widths(node, rows, columns)
    gaps = [_gap_before(node, column) for column in range(columns)]
    bands = [_band(node, index, rows[index], widths, gaps) for index in range(len(rows))]
    return _piled_bands(node, bands, widths, gaps)


def _cell_context(node: nodes.Table, context: Context) -> Context:
    if node.shape in ("substack", "small-matrix"):
        return context.at(SCRIPT if node.shape == "substack" else max(context.level, TEXT))
    if node.shape in ("aligned", "centered", "diagram"):
        return context
    return context.at(max(context.level, TEXT))


def _cell(node: nodes.Table, column: int, cell: Node, context: Context) -> Box:
    box = lay_out(cell, context)
    if node.shape == "aligned" and column % 2 == 1 and _starts_with_sign(cell):
        return indented(box, 1)
    return box


def _starts_with_sign(cell: Node) -> bool:
    first = cell.children[0] if isinstance(cell, nodes.Row) and cell.children else cell
    return atoms(first)[0] in (Atom.RELATION, Atom.BINARY)


def _span(cell: Node) -> int:
    return max(1, min(cell.columns, 100)) if isinstance(cell, nodes.Spanning) else 1


def _alignment(node: nodes.Table, column: int) -> str:
    if column < len(node.columns):
        return node.columns[column] if node.columns[column] in ("l", "c", "r") else "c"
    if node.shape == "aligned":
        return "l" if column % 2 else "r"
    return "l" if node.shape in ("cases", "r-cases") else "c"


def _gap_before(node: nodes.Table, column: int) -> str:
    """What stands before a column: blanks, with a line where the array asks for one."""
    ruled = column in node.verticals
    if column == 0:
        return "│ " if ruled else ""
    if ruled:
        return " │ "
    if node.shape == "aligned":
        return "" if column % 2 else " " * _PAIR_GAP
    return " " * _COLUMN_GAP.get(node.shape, 2)


def _column_widths(node: nodes.Table, rows: list[list[Box]], columns: int) -> list[int]:
    widths = [0] * columns
    for cells, boxes in zip(node.rows, rows, strict=True):
        column = 0
        for cell, box in zip(cells, boxes, strict=True):
            span = _span(cell)
            if span == 1 and not _is_intertext(node, cells):
                widths[column] = max(widths[column], box.width)
            column += span
    return widths


def _is_intertext(node: nodes.Table, cells: Sequence[Node]) -> bool:
    return any(node.rows[index] is cells for index in node.intertexts if index < len(node.rows))


def _band(
    node: nodes.Table, index: int, boxes: list[Box], widths: list[int], gaps: list[str]
) -> Box:
    """One row of the table as a box as wide as the table."""
    if index in node.intertexts:
        return boxes[0] if boxes else text_box("")
    above = max([box.baseline for box in boxes], default=0)
    below = max([box.below for box in boxes], default=0)
    parts: list[Box] = []
    column = 0
    for cell, box in zip(node.rows[index], boxes, strict=True):
        span = _span(cell)
        width = sum(widths[column : column + span])
        width += sum(len(gap) for gap in gaps[column + 1 : column + span])
        alignment = cell.alignment if isinstance(cell, nodes.Spanning) else _alignment(node, column)
        parts.append(_gap_box(gaps[column], above, below))
        parts.append(widened(box, max(width, box.width), alignment))
        column += span
    for rest in range(column, len(widths)):
        parts += [_gap_box(gaps[rest], above, below), blank(widths[rest])]
    if len(widths) in node.verticals:
        parts.append(_gap_box(" │", above, below))
    return beside(parts) if parts else text_box("")


def _gap_box(gap: str, above: int, below: int) -> Box:
    """What parts two columns; an upright rule runs along all of a tall row."""
    return Box((gap,) * (above + below + 1), above, len(gap)) if "│" in gap else text_box(gap)


def _piled_bands(node: nodes.Table, bands: list[Box], widths: list[int], gaps: list[str]) -> Box:
    width = max([band.width for band in bands], default=0)
    alignment = "c" if node.shape in ("centered", "substack") else "l"
    heights = [band.height for band in bands]
    places = upright_places(gaps, widths, closed=len(widths) in node.verticals)
    lines: list[str] = []
    starts: list[int] = []
    for index, band in enumerate(bands):
        rule = next((line for line in node.horizontals if line.row == index), None)
        if rule is not None:
            lines.append(level_rule(rule, gaps, widths, places, width, rows=len(bands)))
        elif index and node.shape != "substack" and _stands_off(node, heights, index):
            lines.append(upright_rules(places, width))
        starts.append(len(lines) + band.baseline)
        lines += widened(band, width, alignment).lines
    for rule in [line for line in node.horizontals if line.row >= len(bands)][:1]:
        lines.append(level_rule(rule, gaps, widths, places, width, rows=len(bands)))
    if node.shape == "substack" or len(bands) == 1:
        baseline = starts[0] if starts else 0
    else:
        baseline = (len(lines) - 1) // 2
    return solid(tuple(lines or [""]), baseline, width)


def _stands_off(node: nodes.Table, heights: list[int], index: int) -> bool:
    """Whether a blank line parts a row from the one above: in matrices, all rows or none."""
    near = heights[index - 1 : index + 1] if node.shape in ("aligned", "centered") else heights
    return max(near) > 1
