"""Spans broken into lines of a given width.

Lines break at spaces and between wide (Chinese, Japanese, Korean) characters, never before closing
or after opening punctuation. Nothing is hyphenated; a word longer than a line is cut. A formula
longer than a line is cut between its terms, and never between an operator and its limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from studytui.library.layout.layout_lines import NO_BREAK, Line, Segment, Span
from studytui.library.layout.safe import cells, cut

_WIDE = (
    "\u1100-\u115f\u2e80-\u3000\u3003-\u3007\u3012\u3013\u3020-\u303e\u3041-\u33ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff02-\uff07\uff0a\uff0b\uff0d"
    "\uff0f-\uff19\uff1c-\uff1e\uff20-\uff3a\uff3e-\uff5a\U0001f300-\U0001faff"
    "\U00020000-\U0003fffd"
)
_OPENING = "\u3008\u300a\u300c\u300e\u3010\u3014\u3016\uff08\uff3b\uff5b\u201c\u2018"
_CLOSING = (
    "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u30fb\u30fc\u3005\uff01\uff09\uff0c"
    "\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d\u201d\u2019\u2026,.;:!?%)\\]}"
)
_WORD = re.compile(r"[^ \n]+")


def wrap(spans: Iterable[Span], width: int) -> list[Line]:
    """The spans as lines of at most ``width`` cells; always at least one line."""
    parts = [span for span in spans if span.text]
    text = "".join(span.text for span in parts)
    width = max(1, width)
    cutter = _Cutter(parts)
    lines: list[Line] = []
    for start, end, join in _breaks(text, width):
        lines.append(Line(cutter.segments(start, end), 0, join))
    return lines or [Line()]


def _breaks(text: str, width: int) -> Iterator[tuple[int, int, str]]:
    """Where each line starts and ends, and what joins it to the next."""
    position = 0
    for paragraph in text.split("\n"):
        yield from _fill(text, position, position + len(paragraph), width)
        position += len(paragraph) + 1


def _fill(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int, str]]:
    if text.isascii() and end - start <= width:
        while end > start and text[end - 1] == " ":
            end -= 1
        yield start, end, "\n"
        return
    pattern = _WORD if text.isascii() else _token()
    line_start = line_end = -1
    used = 0
    reach = 4 * width + 8  # characters that surely pass the width: at most two marks a letter
    for match in pattern.finditer(text, start, end):
        token_start, token_end = match.span()
        size = cells(match.group())
        if line_start >= 0:
            gap = token_start - line_end
            if used + gap + size <= width:
                line_end, used = token_end, used + gap + size
                continue
            yield line_start, line_end, " " if gap else ""
        while size > width:
            near = text[token_start : min(token_end, token_start + reach)]
            piece = _piece(near, width)
            if token_start + piece >= token_end:
                break
            at_gap = text[token_start + piece] == NO_BREAK
            yield token_start, token_start + piece, " " if at_gap else ""
            token_start += piece + at_gap
            size = cells(text[token_start : min(token_end, token_start + reach)])
        line_start, line_end = token_start, token_end
        used = size
    if line_start >= 0:
        yield line_start, line_end, "\n"
    else:
        yield start, start, "\n"


_SCRIPTS = re.compile(
    r"[_^](?:\((?:[^()]|\([^()]*\))*\)|\w+)"
    "|[\u00b2\u00b3\u00b9\u0300-\u036f\u1d2a-\u1d6a\u1d9c-\u1dbf\u2032-\u2034\u2070-\u209f"
    "\u20d0-\u20ff\u2c7c\u2c7d]+"
)
"""What stands at its base: raised and lowered characters, marks, and scripts in brackets."""
_SIGNS = frozenset("+-−±∓·×∘⊗⊕/=<>≤≥≠≈≡∝∼→∈")


def _piece(text: str, room: int) -> int:
    """How many characters of a word that is too long go on a line of so many cells."""
    fits = cut(text, room)
    if NO_BREAK in text[1 : fits + 1] and (gap := _best_gap(text[: fits + 2], room)):
        return gap
    inside = {at for part in _SCRIPTS.finditer(text) for at in range(part.start(), part.end())}
    return next((at for at in range(fits, room // 2, -1) if at not in inside), fits)


def _best_gap(text: str, room: int) -> int:
    """The blank of a formula at which it is broken: outside of brackets, before a sign, late."""
    depth, gaps = 0, []
    for place, character in enumerate(text[:-1]):
        depth += (character in "([{") - (character in ")]}")
        if place and character == NO_BREAK and text[place - 1] not in _SIGNS:
            gaps.append((place < room // 3, depth, text[place + 1] not in _SIGNS, -place))
    return -min(gaps)[-1] if gaps else 0


class _Cutter:
    """Cuts segments out of spans; the asked ranges only ever move forward."""

    def __init__(self, parts: list[Span]) -> None:
        self.parts = parts
        self.index = 0
        self.begin = 0

    def segments(self, start: int, end: int) -> tuple[Segment, ...]:
        found: list[Segment] = []
        while self.index < len(self.parts):
            span = self.parts[self.index]
            finish = self.begin + len(span.text)
            if finish > start and self.begin < end:
                piece = span.text[max(0, start - self.begin) : end - self.begin]
                found.append(Segment(piece.replace(NO_BREAK, " "), span.style, span.link))
            if finish > end:
                break
            self.begin = finish
            self.index += 1
        return tuple(found)


@cache
def _token() -> re.Pattern[str]:
    """A wide character or a word, with the punctuation that stays with it."""
    return re.compile(
        f"[{_OPENING}]*(?:[{_WIDE}]|[^ \n{_WIDE}{_OPENING}]+)[{_CLOSING}]*|[{_OPENING}]+"
    )
