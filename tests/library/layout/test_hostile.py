"""A hostile article is laid out, and is harmless."""

from pathlib import Path

import pytest

from studytui.library.layout import lay_out
from studytui.library.layout.terminal import as_text
from studytui.library.parse import parse_file

HEAD = b"---\nid: a\ntitle: A\ntrack: t\n---\n"
BODIES = {
    "broken UTF-8": b"caf\xe9 \xff\xfe words\n",
    "escape sequences": b"\x1b]0;title\x07 \x1b[2J `\x1b[31m` \x9b2J\n\n```\n\x1b[2J\n```\n",
    "a megabyte in one line": b"word " * 200_000 + b"\n",
    "a megabyte in one word": b"x" * 1_000_000 + b"\n",
    "lists in lists": b"".join(b"  " * depth + b"- item\n" for depth in range(120)),
    "quotes in quotes": b">" * 300 + b" deep\n",
    "emphasis": b"*" * 5_000 + b"a" + b"*" * 5_000 + b"\n",
    "brackets": b"[" * 5_000 + b"\n",
    "a wide table": b"|" + b"a|" * 400 + b"\n|" + b"-|" * 400 + b"\n|" + b"b|" * 400 + b"\n",
    "a formula of braces": b"$$\n" + b"{" * 2_000 + b"\n$$\n",
    "bidi": "abc \u202e evil \u2066 x\n".encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("width", [20, 80])
def test_laid_out_and_harmless(name: str, width: int) -> None:
    article = parse_file(Path("t/a.md"), HEAD + BODIES[name]).article
    for line in as_text(lay_out(article.blocks, width).lines, colour=False):
        assert line.isprintable() or not line
        line.encode("utf-8")
