"""The process beside the snippet's: reads what it prints, keeps its limits, ends it surely.

It is forked from the warm server (or started cold) for each run, so that neither a flood of output
nor a run that must be killed ever costs the interface a key press.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import threading
import time
from pathlib import Path
from typing import IO

from studytui.run import temporary
from studytui.run.ansi import Message, Reducer
from studytui.run.event_log import Sink
from studytui.run.events import Asked, Ended, Event, Failed, Output, Started
from studytui.run.message import FRAME_BYTES, decode
from studytui.run.output_lines import Lines
from studytui.run.outputs import mark_ended
from studytui.run.process import Process
from studytui.run.process_tree import Family
from studytui.run.request import Request
from studytui.run.variables import DONE, LAUNCHER_BYTES, LAUNCHER_FILE

CHUNK = 65_536
CHUNKS = 8
TICK = 0.02
DRAIN = 2.0
"""Seconds after the end of all processes in which their last output must have been read."""
WHY_LIMIT = 300
STOP, KILL = b"stop\n", b"kill\n"
TYPED = b"typed "
"""Begins what the reader typed: a line, or null when there will be none, as JSON."""
LONGEST_LINE = 4096

Item = tuple[str, bytes | int | None]


class Supervisor:
    """Watches one run from start to end."""

    def __init__(
        self,
        request: Request,
        process: Process,
        listener: IO[bytes] | None,
        control: IO[bytes] | None,
        *,
        subreaper: bool,
    ) -> None:
        self._request = request
        self._process = process
        self._began = time.monotonic()
        self._family = Family(process.pid, request.run_id, request.folder, subreaper=subreaper)
        self._memory = request.limits.memory()
        self._sink = Sink(listener, Path(request.folder), self._tick)
        self._control = control
        self._items: queue.Queue[Item] = queue.Queue(CHUNKS)
        self._reducers = {name: Reducer(request.token) for name in ("out", "err")}
        self._lines = {name: Lines(name) for name in ("out", "err")}
        self._printed = 0
        self._cut = False
        self._open = 2
        self._exit: int | None = None
        self._cause, self._why = "", ""
        self._failed: Failed | None = None
        self._done = False
        self._kill_at = float("inf")
        self._wanted = ""
        self._asked_at = 0.0
        self._waited = 0.0

    def run(self) -> Ended:
        """Watch until the end. Returns the last event, which has been sent as well."""
        request = self._request
        self._sink.emit(
            Started(
                request.snippet,
                request.device,
                request.parameters,
                request.at,
                request.code,
                request.device_name,
                socket.gethostname(),
            )
        )
        self._start_threads()
        while self._exit is None:
            self._next(TICK)
            self._tick()
        seconds = time.monotonic() - self._began
        left = self._family.end()
        drained = time.monotonic() + DRAIN
        while self._open and time.monotonic() < drained:
            self._next(TICK)
        for lines in self._lines.values():
            self._emit_all(lines.finish())
        self._tell_of_launcher()
        if left and not self._cause:
            some = "1 process" if left == 1 else f"{left} processes"
            self._sink.emit(Output(f"{some} that the snippet left behind ended.\n", "note"))
        ended = self._ended(seconds)
        # Before the end is told: who hears of it finds everything in order.
        temporary.remove(request)
        mark_ended(Path(request.folder))
        self._sink.emit(ended)
        self._sink.close(5.0)
        return ended

    def _start_threads(self) -> None:
        for name, descriptor in (("out", self._process.out), ("err", self._process.err)):
            self._thread(self._read, name, descriptor)
        self._thread(self._wait)
        if self._control is not None:
            self._thread(self._listen)

    def _thread(self, target: object, *arguments: object) -> None:
        threading.Thread(target=target, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _read(self, name: str, descriptor: int) -> None:
        while chunk := os.read(descriptor, CHUNK):
            self._items.put((name, chunk))
        self._items.put((name, None))

    def _wait(self) -> None:
        self._items.put(("exit", self._process.wait()))

    def _listen(self) -> None:
        assert self._control is not None
        try:
            for line in self._control:
                if line.startswith(TYPED):
                    self._items.put(("typed", line.removeprefix(TYPED)))
                else:
                    self._wanted = line.decode("ascii", "replace").strip()
        except OSError:
            pass  # the connection broke: the same as its end
        self._wanted = "kill"

    def _next(self, patience: float) -> None:
        try:
            name, value = self._items.get(timeout=patience)
        except queue.Empty:
            return
        if isinstance(value, int):
            self._exit = value
        elif value is None:
            self._open -= 1
        elif name == "typed":
            self._answer(value)
        else:
            self._take(name, value)

    def _take(self, name: str, chunk: bytes) -> None:
        room = self._request.limits.output_bytes - self._printed
        if self._cut:
            return
        for piece in self._reducers[name].feed(chunk[: max(room, 0)]):
            if isinstance(piece, Message):
                self._printed -= len(piece.payload) + FRAME_BYTES
                self._message(piece.payload)
            else:
                self._emit_all(self._lines[name].feed(piece))
        self._printed += len(chunk)
        if len(chunk) > room:
            self._cut = True
            if not self._cause:
                limit = self._request.limits.output_bytes
                self._end("output", f"it printed more than {limit:,} bytes; the rest was cut")

    def _message(self, payload: str) -> None:
        if payload == DONE:
            self._done = True
            return
        try:
            event = decode(payload, Path(self._request.folder))
        except (ValueError, OSError) as error:
            self._sink.emit(Output(f"An event of the snippet was lost: {error}\n", "note"))
            return
        if isinstance(event, Failed):
            self._failed = event
        if isinstance(event, Asked):
            self._asked_at = self._asked_at or time.monotonic()
        if not isinstance(event, Started | Ended):
            self._sink.emit(event)

    def _answer(self, raw: bytes) -> None:
        """Pass on what the reader typed, if it was asked for; the wait does not count as time."""
        if not self._asked_at:
            return
        self._waited += time.monotonic() - self._asked_at
        self._asked_at = 0.0
        line = json.loads(raw)
        if line is None:
            self._process.hang_up()
            self._sink.emit(Output("Nobody typed the line that it asked for.\n", "note"))
            return
        line = str(line).replace("\n", " ")[:LONGEST_LINE]
        self._sink.emit(Output(f"{line}\n", "in"))
        self._process.type(line)

    def _tell_of_launcher(self) -> None:
        """What torchrun said, behind what the ranks did: told when it is asked for."""
        if not self._request.command:
            return
        try:
            with (Path(self._request.folder) / LAUNCHER_FILE).open("rb") as file:
                text = file.read(LAUNCHER_BYTES).decode("utf-8", "replace")
        except OSError:
            return  # it was killed before it could say anything
        if text and self._exit:
            self._sink.emit(Output(text, "launcher"))

    def _emit_all(self, events: list[Event]) -> None:
        for event in events:
            self._sink.emit(event)

    def _tick(self) -> None:
        """Look at the clock, the memory, the processes and what the listener wants."""
        now = time.monotonic()
        limits = self._request.limits
        used = self._family.measure()
        if self._wanted and self._cause != "stopped":
            self._stop(now)
        if self._wanted == "kill" or self._sink.gone or now >= self._kill_at:
            self._end(self._cause or "stopped", self._why)
        elif self._cause:
            return
        elif self._asked_at:
            pass  # the clock stands still until the reader has typed
        elif now - self._began - self._waited > limits.seconds:
            self._end("timeout", f"it ran for more than {limits.seconds:g} s")
        elif used > self._memory:
            self._end("memory", f"it used more than {self._memory // 2**20:,} MiB of memory")
        elif self._family.count > limits.processes:
            self._end("processes", f"it had more than {limits.processes} processes at once")

    def _stop(self, now: float) -> None:
        self._cause, self._why = "stopped", "it was interrupted"
        self._kill_at = now + self._request.limits.grace
        self._family.interrupt()

    def _end(self, cause: str, why: str) -> None:
        if self._cause == "stopped" and self._exit is None:
            why = "it did not heed the interrupt and was killed"
        self._cause, self._why = cause, why
        self._kill_at = float("inf")
        self._family.end()

    def _ended(self, seconds: float) -> Ended:
        status, why = self._cause, self._why
        if not status:
            status, why = self._verdict(self._exit or 0)
        return Ended(status, seconds, self._family.peak(), why)

    def _verdict(self, code: int) -> tuple[str, str]:
        if code < 0:
            return "crashed", f"it was ended by {_signal_name(-code)}"
        if self._failed is not None and code:
            message = self._failed.message
            if len(message) > WHY_LIMIT:  # the traceback has told all of it
                message = f"{message[:WHY_LIMIT]}…"
            return "failed", f"{self._failed.kind}: {message}" if message else self._failed.kind
        if code:
            who = "torchrun gave up: " if self._request.command else ""
            return "failed", f"{who}exit status {code}"
        if not self._done and not self._request.command:
            return "crashed", "it left by os._exit, without Python's cleaning up"
        return "ok", ""


def _signal_name(number: int) -> str:
    try:
        known = signal.Signals(number)
    except ValueError:
        return f"signal {number}"
    described = signal.strsignal(number)
    return f"{known.name} ({described})" if described else known.name
