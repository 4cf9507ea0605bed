"""Progress bars and tables of the usual libraries become events, in the snippet's own process.

A program computes the same with these hooks as without: only what goes straight to the run's own
output is told in another way; what a program captures, records or writes elsewhere is left alone.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from studytui.run.events import Event, Progress, Table
from studytui.run.message import Channel

LARGEST = 2**53
INTERVAL = 0.05
"""Seconds between two events of one progress bar."""


_own_streams: list[Any] = []
"""The streams of the run itself. A program may put others in the place of ``sys.stdout``."""


def install(channel: Channel) -> None:
    """Hook those of tqdm and Rich that are there."""
    _own_streams[:] = [sys.stdout, sys.stderr]
    for hook in (_hook_tqdm, _hook_rich_progress, _hook_rich_console):
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


def _is_ours(stream: Any) -> bool:
    """Whether a stream is the run's own output, however it is wrapped."""
    while hasattr(type(stream), "wrapper_getattr"):  # tqdm's wrappers
        stream = stream.wrapper_getattr("_wrapped")
    return any(stream is own for own in _own_streams)


def _number(value: Any) -> float:
    """A count as a finite float; 0 for what is none."""
    try:
        number = float(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) and abs(number) < LARGEST else 0.0


def _hook_tqdm(channel: Channel) -> None:
    from tqdm.std import tqdm

    send = _sender(channel)
    shown: WeakKeyDictionary[Any, tuple[str, Any, float]] = WeakKeyDictionary()

    def is_ours(bar: Any) -> bool:
        # A bar that is switched off has no stream at all.
        stream = getattr(bar, "fp", None)
        return isinstance(stream, _Nowhere) or _is_ours(stream)

    def ends(bar: Any) -> bool:
        return bool(bar.n == bar.total) or isinstance(bar.fp, _Nowhere)

    def display(self: Any, msg: str | None = None, pos: int | None = None) -> Any:
        if not is_ours(self):
            return original_display(self, msg, pos)
        place = abs(self.pos if pos is None else pos)
        label = (self.desc or "").removesuffix(": ") or (f"bar {place}" if place else "")
        if msg == "":
            send(Progress(label, 0, 0))
            return True
        before, n, now = shown.get(self), self.n, time.monotonic()
        if before is not None and before[0] != label:
            send(Progress(before[0], 0, 0))
        elif before is not None and now - before[2] < INTERVAL and not ends(self):
            return True
        if before is None or before[:2] != (label, n) or ends(self):
            note = _tail(self.format_meter(**{**self.format_dict, "prefix": "", "ncols": 0}))
            send(Progress(label, _number(n), _number(self.total), note))
        shown[self] = label, n, now
        return True

    def close(self: Any) -> None:
        if not is_ours(self):
            original_close(self)
            return
        # What a bar writes for a terminal at its end goes nowhere; its last state is told.
        fine, self.fp = self.fp, _Nowhere()
        try:
            original_close(self)
        finally:
            self.fp = fine

    def clear(self: Any, *given: Any, **named: Any) -> Any:
        """The bar is not on a terminal: there is nothing to clear and no line to move to."""
        return None if is_ours(self) else original_clear(self, *given, **named)

    def moveto(self: Any, *given: Any, **named: Any) -> Any:
        return None if is_ours(self) else original_moveto(self, *given, **named)

    original_close, original_display = tqdm.close, tqdm.display
    original_clear, original_moveto = tqdm.clear, tqdm.moveto
    tqdm.display, tqdm.close = display, close
    tqdm.clear, tqdm.moveto = clear, moveto


def _tail(meter: str) -> str:
    # "45% 45/100 [00:01<00:01, 9.20it/s]": what stands in the brackets
    return meter.partition("[")[2].rstrip("]") or meter.strip()


class _Nowhere:
    def write(self, text: str) -> None:
        """Written nowhere: the newline that follows a bar on a terminal."""

    def flush(self) -> None:
        """Nothing to flush."""


def _hook_rich_progress(channel: Channel) -> None:
    from rich.progress import Progress as RichProgress

    send = _sender(channel)
    last: dict[tuple[int, int], float] = {}

    def tell(self: Any, *, always: bool = False) -> None:
        if self.disable:
            return
        for task in self.tasks:
            key = (id(self), task.id)
            now = time.monotonic()
            due = always or task.finished or now - last.get(key, 0.0) >= INTERVAL
            if due and task.visible and last.get(key) != float("inf"):
                last[key] = float("inf") if task.finished else now
                done, total = _number(task.completed), _number(task.total)
                send(Progress(str(task.description), done, total, "" if total else f"{done:g}"))

    def is_ours(progress: Any) -> bool:
        return _is_ours(progress.console.file) and not progress.console.record

    def start(self: Any) -> None:
        tell(self, always=True) if is_ours(self) else original_start(self)

    def stop(self: Any) -> None:
        tell(self, always=True) if is_ours(self) else original_stop(self)

    def refresh(self: Any) -> None:
        tell(self) if is_ours(self) else original_refresh(self)

    def update(self: Any, *given: Any, **named: Any) -> None:
        original_update(self, *given, **named)
        if is_ours(self):
            tell(self)

    def advance(self: Any, *given: Any, **named: Any) -> None:
        original_advance(self, *given, **named)
        if is_ours(self):
            tell(self)

    original_start, original_stop = RichProgress.start, RichProgress.stop
    original_refresh = RichProgress.refresh
    original_update, original_advance = RichProgress.update, RichProgress.advance
    RichProgress.start, RichProgress.stop = start, stop  # type: ignore[method-assign]
    RichProgress.update, RichProgress.advance = update, advance  # type: ignore[method-assign]
    RichProgress.refresh = refresh  # type: ignore[method-assign]


def _hook_rich_console(channel: Channel) -> None:
    from rich.console import Console
    from rich.table import Table as RichTable

    send = _sender(channel)

    def goes_straight_out(console: Any) -> bool:
        """Whether what is printed is shown and nothing else: not captured, kept or arranged."""
        kept = console._buffer_index or console.record or console._render_hooks or console.quiet
        return not kept and _is_ours(console.file)

    def show(self: Any, *objects: Any, **named: Any) -> None:
        if len(objects) == 1 and not named and isinstance(objects[0], RichTable):
            table = _table(objects[0]) if goes_straight_out(self) else None
            if table is not None:
                send(table)
                return
        original_print(self, *objects, **named)

    def is_terminal(self: Any) -> bool:
        # Colours are wanted in what the reader sees, not in what a program keeps for itself.
        plain = self._force_terminal is None and not self.is_jupyter
        return (plain and _is_ours(self.file)) or bool(original_is_terminal(self))

    original_print = Console.print
    original_is_terminal: Any = vars(Console)["is_terminal"].fget
    Console.print = show  # type: ignore[method-assign]
    Console.is_terminal = property(is_terminal)  # type: ignore[method-assign, assignment]


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
