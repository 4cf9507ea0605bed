"""What is drawn with characters, taken out of text.

A screen reader says each of them ("box drawings light vertical"), and nobody can hear a table of
them. Authors' listings, tables that a snippet prints, and bars: whatever comes, its words are kept.

>>> undrawn("│ loss │ 0.1 │")
'loss; 0.1'
>>> undrawn("├──────┼─────┤")
''
"""

from __future__ import annotations

import re

COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff\U0001fb00-\U0001fbff]")
"""Box drawing, block elements, Braille patterns (dots of a plot), legacy computing."""
_BARS = "\u2502\u2503\u2506\u2507\u250a\u250b\u2551\u254e\u254f\u2575\u2577\u2579\u257b"
_BETWEEN = re.compile(rf"(?<=\S) *[{_BARS}]+ *(?=\S)")
_EDGE = re.compile("^[; ]+|[; ]+$")


def plain_text(text: str) -> str:
    """Printed text without its colours, and without what is drawn in it."""
    return undrawn(COLOURS.sub("", text))


def undrawn(text: str) -> str:
    """The text without what is drawn; between two cells stands a semicolon."""
    if not DRAWN.search(text):
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    if not DRAWN.search(line):
        return line
    indent = "" if DRAWN.match(line.lstrip()) else line[: len(line) - len(line.lstrip())]
    words = DRAWN.sub(" ", _BETWEEN.sub("; ", line))
    words = re.sub(" +", " ", words)
    return indent + _EDGE.sub("", words)
