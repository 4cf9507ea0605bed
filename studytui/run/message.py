"""Events from inside the snippet's process: sent in band, so that they keep their place.

They are written to the process's own standard output as an application string that carries the
run's token (see :mod:`studytui.run.ansi`); what is longer than a pipe takes in one piece goes
into a file of the run's folder, and only its name through the pipe.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from studytui.run.events import Event, Figure, from_json, to_json
from studytui.run.variables import FOLDER_VARIABLE, TOKEN_VARIABLE

PIECE = 2_000
FILE = "file:"


def encode(event: Event, token: str, folder: Path, number: int) -> bytes:
    """The bytes that carry ``event``. Raises OSError when a long one cannot be put in a file."""
    text = to_json(event)
    # In ASCII, so that no byte of it can end the string.
    payload = text if text.isascii() else json.dumps(json.loads(text))
    if len(payload) > PIECE:
        path = folder / f"event-{os.getpid()}-{number}.json"
        path.write_text(text, encoding="utf-8")
        payload = FILE + path.name
    return _framed(payload, token)


FRAME_BYTES = len("\x1b_studytui;;\x1b\\") + 32
"""What the transport of an event costs beside its payload, with a token of 32 letters."""


def _framed(payload: str, token: str) -> bytes:
    return f"\x1b_studytui;{token};{payload}\x1b\\".encode("ascii")


def decode(payload: str, folder: Path) -> Event:
    """The event of a payload. Raises ValueError or OSError on a broken one."""
    if payload.startswith(FILE):
        name = payload.removeprefix(FILE)
        if "/" in name or "\\" in name or name.startswith("."):
            raise ValueError("an event's file lies outside the run's folder")
        path = folder / name
        if path.stat().st_size > 4_000_000:
            raise ValueError("an event of more than 4 MB")
        payload = path.read_text(encoding="utf-8")
        path.unlink()
    event = from_json(payload)
    if isinstance(event, Figure) and Path(event.path).parent != folder:
        raise ValueError("a figure lies outside the run's folder")
    return event


class Channel:
    """Where the child's hooks send events: a descriptor of its own to the standard output."""

    def __init__(self, descriptor: int, token: str, folder: Path) -> None:
        self.folder = folder
        self._descriptor = descriptor
        self._token = token
        self._number = 0

    def send(self, event: Event) -> None:
        """Send ``event`` after all that Python has printed so far. Raises OSError."""
        self._number += 1
        self._write(encode(event, self._token, self.folder, self._number))

    def close(self, word: str) -> None:
        """Say ``word`` as the last thing; when nobody listens any more, that is all right."""
        try:
            self._write(_framed(word, self._token))
        except OSError:
            return

    def _write(self, raw: bytes) -> None:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue  # the snippet closed it, or put something else there
        while raw:
            raw = raw[os.write(self._descriptor, raw) :]


_channel: Channel | None = None


def open_channel(token: str, folder: Path) -> Channel:
    """The channel of this process, on a copy of its standard output."""
    global _channel
    _channel = Channel(os.dup(1), token, folder)
    return _channel


def channel() -> Channel | None:
    """The channel of this process; one that the snippet started finds it in its environment."""
    token, folder = os.environ.get(TOKEN_VARIABLE), os.environ.get(FOLDER_VARIABLE)
    if _channel is None and token and folder:
        return open_channel(token, Path(folder))
    return _channel
