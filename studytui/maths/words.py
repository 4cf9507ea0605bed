"""A formula in words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from studytui.maths.plain import harmless
from studytui.maths.tree import spoken

LONGEST = 4000
"""Characters that a listener is spared beyond."""

_SAID = {
    "←": "becomes",
    "∼": "is distributed as",
    "≪": "is much less than",
    "≫": "is much greater than",
    "⊙": "elementwise times",
    "‖": "norm bar",
    "⌈": "ceiling of",
    "⌉": "end ceiling",
    "⌊": "floor of",
    "⌋": "end floor",
    "⟨": "open angle bracket",
    "⟩": "close angle bracket",
    "⊤": "transpose",
}
"""What the library leaves as a character; of those that are not here the Unicode name is said."""
_SYMBOL = re.compile(r"[^\x00-\x7f\w\s]")
_LIMITS = re.compile(
    r"\\(sum|prod|coprod|int|iint|oint|lim|limsup|liminf|max|min|sup|inf|bigcup|bigcap|bigoplus"
    r"|operatorname\*?|mathop|underbrace|overbrace)\s*(\\(no)?limits)?\s*$"
)
"""What stands before an index that is a limit, or a word at a brace: said as 'from … to …'."""
_SINGLE = re.compile(r"\s*(\\[A-Za-z]+|\\text\s*\{[^{}]*\}|\\mathrm\s*\{[^{}]*\}|\w*)\s*")
"""An index of one sign or word: nobody hears it end in the wrong place."""
_END = r"\text{ end sub}"


@lru_cache(maxsize=1024)
def speech(tex: str) -> str:
    """What a screen reader says in English; the TeX itself where it is not understood."""
    words = spoken(with_ends(tex)) or spoken(tex) or tex
    words = " ".join(harmless(words).split()).replace("to the ⊤", "transpose")
    words = " ".join(_SYMBOL.sub(_named, words).split())
    return words if len(words) <= LONGEST else words[:LONGEST] + " …"


def with_ends(tex: str) -> str:
    r"""The formula with the end of every longer index put into it, as the library does for powers.

    Without it ``m_{t-1}`` and ``m_t - 1`` are said alike.

    >>> with_ends("m_{t-1} + x_i")
    'm_{t-1\\text{ end sub}} + x_i'
    """
    parts: list[str] = []
    open_at: list[tuple[int, bool]] = []
    head = ""  # what stands before the group that an index would belong to
    begin = -1
    last = ""
    for at, character in enumerate(tex):
        escaped = last == "\\"
        if character == "_" and not escaped:
            head = head or tex[:at]
        elif character == "{" and not escaped:
            open_at.append((at, last == "_" and not _LIMITS.search(head)))
        elif character == "}" and not escaped and open_at:
            begin, is_index = open_at.pop()
            if is_index and not _SINGLE.fullmatch(tex[begin + 1 : at]):
                parts.append(_END)
        parts.append(character)
        if character == "}" and not escaped and begin >= 0:
            head = tex[:begin]
        elif character not in "_ ":
            head = ""
        last = "" if escaped else last if character.isspace() else character
    return "".join(parts)


def _named(match: re.Match[str]) -> str:
    symbol = match.group()
    name = _SAID.get(symbol)
    if name is None and unicodedata.category(symbol) in ("Sm", "So", "Ps", "Pe"):
        name = unicodedata.name(symbol, "").lower()
    return f" {name} " if name else symbol
