"""Charts drawn in characters: the same in the shell and in the interface. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from studytui.memory.statistics import Calibration, Mastery

EIGHTHS = " ▁▂▃▄▅▆▇█"
SHADES = "·░▒▓█"
BLANK = " "


def columns(values: Sequence[int], height: int = 8, every: int = 7) -> tuple[str, ...]:
    """A column chart, one character a value, with the greatest value at the top left.

    A tick with its number stands under every ``every``-th column.
    """
    top = max(values, default=0)
    margin = len(str(top)) + 1
    rows = []
    for row in range(height, 0, -1):
        cells = "".join(_column_cell(value, top, row, height) for value in values)
        label = str(top) if row == height else "0" if row == 1 else ""
        rows.append(f"{label:>{margin - 1}} {cells}".rstrip())
    ticks = "".join("|" if place % every == 0 else "─" for place in range(len(values)))
    rows.append(BLANK * margin + ticks)
    numbers = [" "] * (len(values) + 4)
    for place in range(0, len(values), every):
        for offset, digit in enumerate(str(place)):
            numbers[place + offset] = digit
    rows.append(BLANK * margin + "".join(numbers).rstrip())
    return tuple(rows)


def _column_cell(value: int, top: int, row: int, height: int) -> str:
    if not top or not value:
        return BLANK
    # Whatever is there shows, however small beside the greatest.
    eighths = max(1, round(value / top * height * 8))
    return EIGHTHS[min(8, max(0, eighths - (row - 1) * 8))]


def heat(rows: Sequence[Sequence[int]], today: date) -> tuple[str, ...]:
    """A heat map of weeks (columns) and weekdays (rows) with the months above.

    Shades grow with the count against the busiest day; days to come are blank.
    """
    weeks = len(rows[0]) if rows else 0
    top = max((value for row in rows for value in row), default=0)
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    header = [" "] * (weeks + 3)
    free = 0
    for week in range(weeks):
        day = monday + timedelta(weeks=week)
        if week >= free and (week == 0 or day.day <= 7):
            header[week : week + 3] = f"{day:%b}"
            free = week + 4
    names = ("Mon", "", "Wed", "", "Fri", "", "Sun")
    lines = [f"    {''.join(header).rstrip()}"]
    for name, row in zip(names, rows, strict=True):
        lines.append(f"{name:<3} {''.join(_shade(value, top) for value in row)}".rstrip())
    return tuple(lines)


def _shade(value: int, top: int) -> str:
    if value < 0:
        return BLANK
    if value == 0:
        return SHADES[0]
    return SHADES[min(4, 1 + (value - 1) * 4 // max(1, top))]


def bar(share: float, width: int) -> str:
    """A horizontal bar of ``share`` (0 to 1), in eighths of a character."""
    parts = "▏▎▍▌▋▊▉"
    eighths = round(min(1.0, max(0.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (parts[rest - 1] if rest else "")).ljust(width)


def calibration_plot(found: Calibration, width: int = 40) -> tuple[str, ...]:
    """A row a bin: what was predicted (│), what came (●) and its 95 % interval (─)."""
    lines = ["predicted   actual" + " " * 4 + "0%" + "100%".rjust(width - 2)]
    for each in found.bins:
        low, high = (round(bound * (width - 1)) for bound in each.share.interval)
        cells = [" "] * width
        cells[low : high + 1] = "─" * (high - low + 1)
        cells[round(each.predicted * (width - 1))] = "│"
        cells[round(each.share.value * (width - 1))] = "●"
        head = f"{each.predicted:>8.1%}  {each.share.value:>7.1%}"
        lines.append(f"{head}     {''.join(cells)} {each.share.total}")
    return tuple(lines)


def mastery_map(known: Sequence[Mastery], width: int = 20) -> tuple[str, ...]:
    """The articles as a forest over what builds on what, each with a bar of its mastery.

    An article stands under the last of the articles that it needs; the others are named after
    it. A bar that is shorter than the one it hangs from shows where to go on.
    """
    by_name = {each.article: each for each in known}
    below: dict[str, list[Mastery]] = {}
    for each in known:
        parents = [name for name in each.needs if name in by_name]
        below.setdefault(parents[-1] if parents else "", []).append(each)
    rows = list(_branches(below, "", "", set()))
    longest = max((len(label) for label, _ in rows), default=0)
    return tuple(
        f"{label:<{longest}}  {bar(each.value, width)} {each.value:>4.0%}"
        f"  {each.seen}/{each.cards}{_others(each, by_name)}"
        for label, each in rows
    )


def _branches(
    below: Mapping[str, Sequence[Mastery]], name: str, lead: str, seen: set[str]
) -> Iterator[tuple[str, Mastery]]:
    children = [each for each in below.get(name, ()) if each.article not in seen]
    for place, each in enumerate(children):
        seen.add(each.article)
        last = place == len(children) - 1
        branch = "" if not name else "└─ " if last else "├─ "
        yield f"{lead}{branch}{each.article}", each
        inner = lead if not name else lead + ("   " if last else "│  ")
        yield from _branches(below, each.article, inner, seen)


def _others(each: Mastery, known: Mapping[str, Mastery]) -> str:
    further = [name for name in each.needs if name in known][:-1]
    return f"  also builds on {', '.join(further)}" if further else ""


def curve(
    points: Sequence[tuple[float, float]], width: int = 48, height: int = 10
) -> tuple[str, ...]:
    """Points (x, y) as a dotted curve in a frame, with the least and greatest of both axes."""
    if not points:
        return ()
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    grid = [[" "] * width for _ in range(height)]
    for x, y in points:
        column = round((x - left) / ((right - left) or 1) * (width - 1))
        row = round((high - y) / ((high - low) or 1) * (height - 1))
        grid[row][column] = "•"
    labels = [f"{high:g}", *[""] * (height - 2), f"{low:g}"]
    margin = max(map(len, labels))
    lines = [
        f"{label:>{margin}} ┤{''.join(row)}".rstrip()
        for label, row in zip(labels, grid, strict=True)
    ]
    axis = f"{left:g}" + f"{right:g}".rjust(width - len(f"{left:g}"))
    return (*lines, f"{'':>{margin}} └{'─' * width}", f"{'':>{margin}}  {axis}")
