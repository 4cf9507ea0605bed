"""Text with carriage returns and backspaces becomes output lines and progress lines.

A line that is written over (``\\r``) is a progress line: only its last state matters. When it ends
in a newline it becomes output, and the progress line goes away.
"""

from __future__ import annotations

import re

from studytui.run.events import Event, Output, Progress

PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%")
COUNT = re.compile(r"(\d{1,12}) ?/ ?(\d{1,12})")
COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
TAIL_LIMIT = 4_096


class Lines:
    """One stream of a run. Feed it reduced text; it gives back events."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._label = "" if stream == "out" else stream
        self._tail = ""
        self._rewriting = False
        self._returned = False
        self._shown = False
        self._announced = False

    def feed(self, text: str) -> list[Event]:
        """The events of ``text``: at most one output and one progress event."""
        if "\r" not in text and "\b" not in text and not self._rewriting:
            return self._plain(text)
        out: list[str] = []
        *ended, last = text.replace("\r\n", "\n").split("\n")
        for line in ended:
            self._write(line, out)
            out.append(f"{self._tail}\n")
            self._tail = ""
            self._rewriting = self._returned = self._shown = False
        self._write(last, out)
        events: list[Event] = []
        if out and self._announced:
            events.append(Progress(self._label, 0, 0))
            self._announced = False
        if out:
            events.append(Output("".join(out), self._stream))
        if self._rewriting and self._tail.strip():
            events.append(_progress(self._label, self._tail.rstrip()))
            self._announced = True
        elif self._tail and not self._rewriting:
            events.append(Output(self._tail, self._stream))
            self._tail, self._shown = "", True
        return events

    def _plain(self, text: str) -> list[Event]:
        self._shown = not text.endswith("\n") if text else self._shown
        return [Output(text, self._stream)] if text else []

    def _write(self, line: str, out: list[str]) -> None:
        """Write ``line``, which holds no newline, over the tail."""
        for number, part in enumerate(line.split("\r")):
            if number and not self._rewriting:
                # What stands on the line already was shown as output: leave it there.
                if self._shown:
                    out.append("\n")
                self._rewriting, self._shown = True, False
            self._returned = self._returned or number > 0
            if part and self._returned:
                self._tail, self._returned = "", False
            self._tail = _erase(self._tail + part)[-TAIL_LIMIT:]

    def finish(self) -> list[Event]:
        """What is left when the stream ends."""
        if not (self._rewriting and self._tail):
            return []
        events: list[Event] = [Progress(self._label, 0, 0)] if self._announced else []
        events.append(Output(self._tail + "\n", self._stream))
        self._tail, self._rewriting = "", False
        return events


def _erase(text: str) -> str:
    if "\b" not in text:
        return text
    kept: list[str] = []
    for character in text:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)


def _progress(label: str, text: str) -> Progress:
    bare = COLOURS.sub("", text)
    count, percent = COUNT.search(bare), PERCENT.search(bare)
    if count is not None and int(count[2]):
        return Progress(label, float(count[1]), float(count[2]), text)
    if percent is not None:
        return Progress(label, float(percent[1]), 100.0, text)
    return Progress(label, 0, 0, text)
