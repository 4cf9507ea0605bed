"""Where the supervisor's events go: to whoever listens, and into the run's folder."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from studytui.run.events import Event, Output, to_json

EVENTS_FILE = "events.jsonl"
QUEUED = 64
PATIENCE = 0.02


class Sink:
    """Takes events without ever blocking for longer than ``tick`` is to be called.

    When the listener is slow the sink is full, the supervisor stops reading, and the snippet
    blocks on its own output: nothing piles up.
    """

    def __init__(self, listener: IO[bytes] | None, folder: Path, tick: Callable[[], None]) -> None:
        self.gone = False
        self._tick = tick
        self._listener = listener
        self._queue: queue.Queue[bytes | None] = queue.Queue(QUEUED)
        self._file: IO[bytes] | None = None
        self._trouble = ""
        try:
            self._file = (folder / EVENTS_FILE).open("wb", buffering=0)
        except OSError as error:
            self._trouble = str(error.strerror)
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def emit(self, event: Event) -> None:
        """Save the event and pass it on; says so, once, when saving fails."""
        line = to_json(event).encode("utf-8", "replace") + b"\n"
        self._save(line)
        self._put(line)
        if self._trouble:
            note = f"The output cannot be saved ({self._trouble}); the run goes on.\n"
            self._trouble = ""
            self._put(to_json(Output(note, "note")).encode() + b"\n")

    def _save(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            while line:
                line = line[self._file.write(line) or 0 :]
        except OSError as error:
            self._trouble = str(error.strerror)
            self._file = None

    def _put(self, line: bytes) -> None:
        while not self.gone and self._listener is not None:
            try:
                self._queue.put(line, timeout=PATIENCE)
                return
            except queue.Full:
                self._tick()

    def _write(self) -> None:
        while (line := self._queue.get()) is not None:
            if self.gone or self._listener is None:
                continue
            try:
                self._listener.write(line)
                self._listener.flush()
            except OSError:
                self.gone = True

    def close(self, seconds: float) -> None:
        """Wait at most ``seconds`` until the listener has it all."""
        self._put_last()
        self._thread.join(seconds)
        if self._file is not None:
            self._file.close()

    def _put_last(self) -> None:
        try:
            self._queue.put(None, timeout=PATIENCE if self.gone else 5.0)
        except queue.Full:
            self.gone = True
