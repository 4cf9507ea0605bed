"""Progress bars and tables of the usual libraries become events, in the snippet's own process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from studytui.run.events import Event, Progress, Table
from studytui.run.message import Channel

INTERVAL = 0.05
"""Seconds between two events of one progress bar."""


def install(channel: Channel) -> None:
    """Hook those of tqdm and Rich that are there."""
    for hook in (_hook_tqdm, _hook_rich):
        try:
            hook(channel)
        except ImportError:
            continue  # a snippet that uses it will be told so by Python


def finish() -> None:
    """At the end of the run: figures that were drawn and never shown."""
    canvas = sys.modules.get("studytui.run.child.canvas")
    if canvas is not None:
        canvas.emit_open()


def _sender(channel: Channel) -> Callable[[Event], None]:
    def send(event: Event) -> None:
        try:
            channel.send(event)
        except OSError:
            return  # nobody is listening any more: the run is being stopped

    return send


def _hook_tqdm(channel: Channel) -> None:
    from tqdm.std import tqdm

    send = _sender(channel)
    shown: WeakKeyDictionary[Any, tuple[str, float]] = WeakKeyDictionary()

    def display(self: Any, msg: str | None = None, pos: int | None = None) -> bool:
        place = abs(self.pos if pos is None else pos)
        label = (self.desc or "").removesuffix(": ") or (f"bar {place}" if place else "")
        if msg == "":
            send(Progress(label, 0, 0))
            return True
        note = _tail(self.format_meter(**{**self.format_dict, "prefix": "", "ncols": 0}))
        before, now = shown.get(self), (label, self.n)
        if before is not None and before[0] != label:
            send(Progress(before[0], 0, 0))
        if before != now or self.n == self.total:
            send(Progress(label, float(self.n), float(self.total or 0), note))
        shown[self] = now
        return True

    def close(self: Any) -> None:
        fine, self.fp = self.fp, _Nowhere()
        try:
            original_close(self)
        finally:
            self.fp = fine

    def nothing(self: Any, *_: Any, **__: Any) -> None:
        """The bar is not on a terminal: there is nothing to clear and no line to move to."""

    original_close = tqdm.close
    tqdm.display, tqdm.close = display, close
    tqdm.clear = tqdm.moveto = nothing


def _tail(meter: str) -> str:
    # "45% 45/100 [00:01<00:01, 9.20it/s]": what stands in the brackets
    return meter.partition("[")[2].rstrip("]") or meter.strip()


class _Nowhere:
    def write(self, text: str) -> None:
        """Written nowhere: the newline that follows a bar on a terminal."""

    def flush(self) -> None:
        """Nothing to flush."""


def _hook_rich(channel: Channel) -> None:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.table import Table as RichTable

    send = _sender(channel)
    last: dict[tuple[int, int], float] = {}

    def tell(self: Any, *, always: bool = False) -> None:
        for task in self.tasks:
            key = (id(self), task.id)
            now = time.monotonic()
            due = always or task.finished or now - last.get(key, 0.0) >= INTERVAL
            if due and task.visible and last.get(key) != float("inf"):
                last[key] = float("inf") if task.finished else now
                note = "" if task.total else f"{task.completed:g}"
                send(Progress(task.description, task.completed, float(task.total or 0), note))

    def start(self: Any) -> None:
        tell(self, always=True)

    def stop(self: Any) -> None:
        tell(self, always=True)

    def update(self: Any, *given: Any, **named: Any) -> None:
        original_update(self, *given, **named)
        tell(self)

    def advance(self: Any, *given: Any, **named: Any) -> None:
        original_advance(self, *given, **named)
        tell(self)

    def show(self: Any, *objects: Any, **named: Any) -> None:
        if len(objects) == 1 and not named and isinstance(objects[0], RichTable):
            table = _table(objects[0]) if self.file in (sys.stdout, sys.__stdout__) else None
            if table is not None:
                send(table)
                return
        original_print(self, *objects, **named)

    original_update, original_advance = RichProgress.update, RichProgress.advance
    original_print = Console.print
    RichProgress.start, RichProgress.stop = start, stop  # type: ignore[method-assign]
    RichProgress.update, RichProgress.advance = update, advance  # type: ignore[method-assign]
    RichProgress.refresh = lambda self: tell(self)  # type: ignore[method-assign]
    Console.print = show  # type: ignore[method-assign]


def _table(table: Any) -> Table | None:
    """The cells as text; None where a cell is more than text."""
    from rich.text import Text

    def plain(cell: Any) -> str | None:
        if isinstance(cell, Text):
            return cell.plain
        return Text.from_markup(cell).plain if isinstance(cell, str) else None

    header = [plain(column.header) for column in table.columns]
    columns = [[plain(cell) for cell in column.cells] for column in table.columns]
    rows = [tuple(row) for row in zip(*columns, strict=True)] if columns else []
    title = plain(table.title) if table.title is not None else ""
    cells = [title, *header, *(cell for row in rows for cell in row)]
    if any(cell is None for cell in cells):
        return None
    return Table(
        header=tuple(str(cell) for cell in header),
        rows=tuple(tuple(str(cell) for cell in row) for row in rows),
        title=str(title),
    )
