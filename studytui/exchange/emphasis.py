"""Emphasis that Markdown is sure to read as such; where it would not, the words stand alone."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = " \t"
_STRONG, _WEAK = ("\ue002", "\ue003"), ("\ue004", "\ue005")
_OPEN_OR_CLOSED = re.compile("[\ue002-\ue005]")
_AGAIN = re.compile("\ue003\ue002|\ue005\ue004")
_STARS = tuple(
    (stars, opening, re.compile(f"{opening}([^{opening}{closing}]*){closing}"))
    for (opening, closing), stars in ((_WEAK, "*"), (_STRONG, "**"))
)
_MARKS = {"b": _STRONG, "strong": _STRONG, "i": _WEAK, "em": _WEAK}
TAGS = frozenset(_MARKS)
"""The tags of HTML that emphasise."""


def without_marks(text: str) -> str:
    """The text without the letters that stand for emphasis here."""
    return _OPEN_OR_CLOSED.sub("", text)


def emphasised(text: str, tag: str) -> str:
    """Every line of the text, but for blanks at its ends, as emphasised: see :func:`settled`."""
    if "```" in text or not text.strip():
        return text
    opening, closing = _MARKS[tag]
    if text[0].isalnum() and text[-1].isalnum() and "\n" not in text:
        return f"{opening}{text}{closing}"

    def line(each: str) -> str:
        words = each.lstrip(_BLANKS).removeprefix("- ")
        core = words.rstrip(_BLANKS)
        if not core or core.startswith("!["):
            return each
        before = each[: len(each) - len(words)]
        return f"{before}{opening}{core}{closing}{words[len(core) :]}"

    return "\n".join(map(line, text.split("\n")))


def settled(text: str) -> str:
    """The text with stars where emphasis begins and ends, as far as they would be read so."""
    if not _OPEN_OR_CLOSED.search(text):
        return text
    text = _AGAIN.sub("", text)
    for stars, opening, pair in _STARS:
        if opening not in text:
            continue

        def starred(match: re.Match[str], stars: str = stars) -> str:
            core, whole, (start, end) = match[1], match.string, match.span()
            before, after = whole[max(start - 1, 0) : start], whole[end : end + 1]
            fits = _fits(before, core[:1]) and _fits(after, core[-1:])
            return f"{stars}{core}{stars}" if fits else core

        text = pair.sub(starred, text)
    return without_marks(text)


def _fits(outside: str, inside: str) -> bool:
    """Whether stars between the two letters begin or end emphasis: CommonMark's flanking."""
    if outside in ("*", _STRONG[1], _WEAK[1]) and inside != "*":
        return False
    return _parts(outside) or not _parts(inside)


def _parts(letter: str) -> bool:
    """Whether it is a blank, punctuation, or no letter at all."""
    return not letter or unicodedata.category(letter)[0] in "PSZC"
