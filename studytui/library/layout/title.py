"""Titles on one line. Apart from the layout of blocks: home needs it before an article is read."""

from __future__ import annotations

import re

from studytui.library.layout.safe import clean

_BLANKS = re.compile(r"[ \n]+")
_DOLLARS = re.compile(r"\$([^$]+)\$")


def titled(text: str) -> str:
    """A title from outside on one line: harmless, and with its formulas (``$x^2$``) set."""
    if "$" in text:
        from studytui.maths import inline

        text = _DOLLARS.sub(lambda match: inline(match.group(1)), text)
    return _BLANKS.sub(" ", clean(text)).strip()
