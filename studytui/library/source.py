"""From the bytes of a file to text that is harmless on a terminal."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from studytui.authoring.problems import Report
from studytui.errors import StudyError

MAX_BYTES = 4_000_000
"""Longer articles are cut here, and that is told."""

HEAD = 8_192
"""Bytes in which a file that is no text has a zero, as good as always."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Control characters of both sets but tab and newline, line and paragraph separators, and the
# marks that turn the direction of writing round: they can make a line look like another one.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\u302a-\u302d\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U000e0100-\U000e01ef]{4})"
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\u302a-\u302d\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U000e0100-\U000e01ef]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_source(path: Path) -> bytes:
    """The bytes of an article, cut a little after the most that is looked at. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def check_is_text(path: Path) -> None:
    """A file that somebody opens may be anything: a program or a picture is not shown as text.

    Raises:
        StudyError: It is no text, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise StudyError.of_system(error, "it cannot be read", path) from error
    if b"\0" in head:
        raise StudyError(
            "this is no text in UTF-8", where=str(path), todo="Open a Markdown file, saved as UTF-8"
        )


def decode(data: bytes, report: Report) -> str:
    """UTF-8 with a problem for each line that is not; longer files are cut."""
    if len(data) > MAX_BYTES:
        report.add(0, f"longer than {MAX_BYTES:,} bytes; the rest is left out", "Split it")
        data = data[:MAX_BYTES]
        while data and data[-1] & 0xC0 == 0x80:
            data = data[:-1]
        data = data[:-1]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        for number, line in enumerate(data.split(b"\n"), 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                report.add(number, f"not UTF-8 at byte {error.start + 1}", "Save it as UTF-8")
        return data.decode("utf-8", errors="replace")


def clean(text: str, report: Report) -> str:
    """Text with newlines as line ends and nothing that a terminal would obey or hide."""
    if len(text) > MAX_BYTES:
        report.add(0, f"longer than {MAX_BYTES:,} characters; the rest is left out", "Split it")
        text = text[:MAX_BYTES]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for pattern, put, what in (
        (_CONTROL, REPLACEMENT, "a control character"),
        (_SURROGATE, REPLACEMENT, "half a surrogate pair"),
        (_INVISIBLE, "", "an invisible character"),
        (_STACKED, r"\1", "too many marks on one letter"),
    ):
        if pattern.search(text):
            for line in _lines_of(pattern, text):
                report.add(line, f"{what} in the text", "Delete it")
            text = pattern.sub(put, text)
    return text


def _lines_of(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    seen = 0
    for match in pattern.finditer(text):
        line = bisect_right(starts, match.start())
        if line != seen:
            seen = line
            yield line
