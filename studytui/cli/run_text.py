"""Events of a run as lines of text for a shell, or as JSON."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TextIO, assert_never

from studytui.cli.door import rewrite
from studytui.library.linear.characters import COLOURS, plain_text
from studytui.run.chart import chart
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
    to_json,
)
from studytui.run.side_by_side import lines_of
from studytui.run.transcript import table_lines
from studytui.study.plain.events import EventWords

EXIT = {
    "ok": 0,
    "failed": 1,
    "timeout": 124,
    "memory": 125,
    "output": 125,
    "processes": 125,
    "stopped": 130,
    "crashed": 134,
}
"""The exit status of the command for each way that a run can end."""
WIDEST = 120
DARK = 90


class Printer:
    """Output to ``out``; what studytui itself says, and progress, to ``err``.

    ``whole``: with what was typed (whoever types it sees it anyway) and what torchrun said.
    """

    def __init__(self, out: TextIO, err: TextIO, *, whole: bool = False) -> None:
        self._out = out
        self._err = err
        self._whole = whole
        self._hidden = 0
        self._bar = False
        self._started: Started | None = None

    def show(self, event: Event) -> None:
        """Print one event."""
        if self._bar:
            rewrite("")
            self._bar = False
        match event:
            case Output():
                self._output(event)
            case Progress():
                self._progress(event)
            case Table():
                self._out.write("\n".join(table_lines(event)) + "\n")
            case Figure():
                self._figure(event)
            case Mismatch():
                self._err.write(mismatch_text(event) + "\n")
            case Failed():
                self._err.write(event.traceback)
            case Ended():
                self._err.write(self._summary(event) + "\n")
            case Started():
                self._started = event
            case Asked():
                pass  # the keyboard is the terminal's
            case _:
                assert_never(event)
        self._out.flush()
        self._err.flush()

    def _output(self, event: Output) -> None:
        if event.stream in ("in", "launcher") and not self._whole:
            if event.stream == "launcher":
                self._hidden = event.text.count("\n")
            return
        stream = self._out if event.stream == "out" else self._err
        stream.write(event.text if stream.isatty() else COLOURS.sub("", event.text))

    def _figure(self, figure: Figure) -> None:
        """In a terminal what it shows; everywhere where its picture is."""
        if figure.panels and self._out.isatty():
            width = min(shutil.get_terminal_size().columns, WIDEST)
            colour = not os.environ.get("NO_COLOR")
            for row in chart(figure.panels, width):
                text = "".join(_coloured(piece, name if colour else "") for piece, name in row)
                self._out.write(text.rstrip() + "\n")
        self._out.write(f"{figure.title or 'figure'}: {figure.path}\n")

    def _progress(self, event: Progress) -> None:
        if not self._err.isatty() or not (event.total or event.note):
            return
        share = f"{event.done:g}/{event.total:g}" if event.total else ""
        line = " ".join(filter(None, (event.label, share, event.note)))
        rewrite(COLOURS.sub("", line)[:78])
        self._bar = True

    def _summary(self, ended: Ended) -> str:
        why = f" ({ended.why})" if ended.why else ""
        where = ""
        if self._started is not None:
            where = f" on {self._started.device_name or self._started.device}"
        peak = f", {ended.peak_bytes / 2**20:,.0f} MiB" if ended.peak_bytes else ""
        told = f"{ended.status}{why}: {ended.seconds:.2f} s{peak}{where}"
        if self._hidden and self._started is not None:
            name = self._started.snippet
            told += f"\nwhat torchrun says ({self._hidden} lines): studytui run {name} --last"
        return told


class PlainPrinter:
    """Linear text to ``out``; what studytui itself says, and progress in a terminal, to ``err``.

    ``whole``: with what was typed and what torchrun said.
    """

    def __init__(self, out: TextIO, err: TextIO, *, whole: bool = False) -> None:
        self._out = out
        self._err = err
        self._whole = whole
        self._words = EventWords()

    def show(self, event: Event) -> None:
        """Print one event in words."""
        match event:
            case Output(stream="in" | "launcher") if not self._whole:
                pass
            case Asked():
                pass
            case Output():
                # As it comes: a line may be printed piece by piece.
                stream = self._out if event.stream == "out" else self._err
                stream.write(plain_text(event.text))
            case Figure() | Table() | Started():
                self._write(self._out, event)
            case Mismatch() | Failed() | Ended():
                self._write(self._err, event)
            case Progress():
                if self._err.isatty():
                    self._write(self._err, event)
            case _:
                assert_never(event)
        self._out.flush()
        self._err.flush()

    def _write(self, stream: TextIO, event: Event) -> None:
        for line in self._words.lines(event):
            stream.write(f"{line}\n")


class JsonPrinter:
    """Every event as a line of JSON."""

    def show(self, event: Event) -> None:
        """Print one event."""
        sys.stdout.write(to_json(event) + "\n")
        sys.stdout.flush()


def _coloured(text: str, colour: str) -> str:
    """Text in a colour ``#rrggbb``; plain for any other name."""
    found = re.fullmatch("#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", colour)
    if found is None or not text.strip():
        return text
    red, green, blue = (int(part, 16) for part in found.groups())
    if max(red, green, blue) < DARK:
        return text  # black on black would not be seen
    return f"\x1b[38;2;{red};{green};{blue}m{text}\x1b[39m"


def mismatch_text(told: Mismatch) -> str:
    """The failing case of an exercise, what came beside what should have come."""
    width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
    lines = ("".join(text for text, _ in line).rstrip() for line in lines_of(told, width))
    return "\n".join([told.message, *lines])
