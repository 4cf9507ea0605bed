"""Lines in tables: upright ones between columns, level ones between rows."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.maths.nodes import HorizontalRule

_JUNCTIONS = {
    # first row?, last row?: at the left edge, inside, at the right edge
    (False, False): "├┼┤",
    (True, False): "┌┬┐",
    (False, True): "└┴┘",
    (True, True): "╶─╴",
}


def upright_places(gaps: Sequence[str], widths: Sequence[int], *, closed: bool) -> list[int]:
    """The cells in which upright rules stand; ``closed`` if one stands after the last column."""
    places, at = [], 0
    for gap, width in zip(gaps, widths, strict=True):
        if "│" in gap:
            places.append(at + gap.index("│"))
        at += len(gap) + width
    return [*places, at + 1] if closed else places


def level_rule(
    rule: HorizontalRule,
    gaps: Sequence[str],
    widths: Sequence[int],
    places: Sequence[int],
    width: int,
    *,
    rows: int,
) -> str:
    """A level rule over the columns it was asked for, joined to the upright ones it meets."""
    first = sum(len(gap) + wide for gap, wide in zip(gaps[: rule.first], widths, strict=False))
    last = sum(
        len(gap) + wide
        for gap, wide in zip(gaps[: rule.last + 1], widths[: rule.last + 1], strict=True)
    )
    whole = rule.first == 0 and rule.last >= len(widths) - 1
    joints = _JUNCTIONS[rule.row == 0, rule.row >= rows]
    line = []
    for cell in range(width):
        drawn = whole or first <= cell < last
        if cell in places:
            joint = joints[0] if cell == 0 else joints[2] if cell == width - 1 else joints[1]
            line.append(joint if drawn else "│")
        else:
            line.append("─" if drawn else " ")
    return "".join(line)


def upright_rules(places: Sequence[int], width: int) -> str:
    """An empty line of the table with its upright rules."""
    return "".join("│" if cell in places else " " for cell in range(width))
