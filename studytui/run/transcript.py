"""All that a run said as plain lines: what a screen shows a part of, and what is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from studytui.library.layout.safe import cells
from studytui.library.linear.characters import COLOURS
from studytui.run.events import (
    Asked,
    Ended,
    Event,
    Failed,
    Figure,
    Mismatch,
    Output,
    Progress,
    Started,
    Table,
)
from studytui.run.side_by_side import lines_of

WIDTH = 100


def transcript(events: Iterable[Event]) -> Iterator[str]:
    """The lines of a run, without colours; the last one may have had no end."""
    open_line = ""
    for event in events:
        if isinstance(event, Output):
            *lines, open_line = (open_line + COLOURS.sub("", event.text)).split("\n")
            yield from lines
            continue
        lines = list(_lines(event))
        if lines and open_line:
            yield open_line
            open_line = ""
        yield from lines
    if open_line:
        yield open_line


def _lines(event: Event) -> Iterator[str]:
    match event:
        case Table():
            yield from table_lines(event)
        case Figure():
            yield f"[{event.title or 'figure'}: {event.path}]"
        case Mismatch():
            yield event.message
            yield from ("".join(text for text, _ in row).rstrip() for row in lines_of(event, WIDTH))
        case Failed():
            yield from event.traceback.rstrip("\n").split("\n")
        case Ended() if event.why:
            yield f"[{event.status}: {event.why}]"
        case Started() | Output() | Asked() | Progress() | Ended():
            pass


def table_lines(table: Table) -> list[str]:
    """A table in columns; widths as a terminal shows them."""
    rows = [table.header, *table.rows]
    widths = [max(map(cells, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = [_row(row, widths) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return [*([table.title] if table.title else []), *lines]


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    padded = zip_longest(row, widths, fillvalue="")
    return "  ".join(f"{cell}{' ' * (int(width) - cells(cell))}" for cell, width in padded).rstrip()
