"""Between Markdown with dollar maths, as articles have it, and the HTML of Anki's fields."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.token import Token

_DISPLAY = re.compile(r"\\\[(.+?)\\\]", re.DOTALL)
_INLINE = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
_LEGACY = re.compile(r"\[(?:latex|\$\$?)\](.+?)\[/(?:latex|\$\$?)\]", re.DOTALL)
_SOUND = re.compile(r"\[sound:[^\]]*\]")
_BLANKS = re.compile(r"\n{3,}")


def to_html(markdown: str) -> str:
    """Markdown as HTML; formulas as ``\\(…\\)`` and ``\\[…\\]``, which Anki's MathJax sets."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def inline(
        renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
    ) -> str:
        return rf"\({html.escape(tokens[index].content.strip(), quote=False)}\)"

    def block(
        renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
    ) -> str:
        return f"\\[{html.escape(tokens[index].content.strip(), quote=False)}\\]\n"

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, allow_digits=True)
    parser.add_render_rule("math_inline", inline)
    parser.add_render_rule("math_block", block)
    text: str = parser.render(markdown)
    return text.strip()


def from_html(source: str) -> str:
    """HTML of a field as Markdown. Scripts, styles, pictures' bytes and sounds are left out."""
    reader = _Reader()
    reader.feed(_SOUND.sub("", source))
    reader.close()
    text = _LEGACY.sub(r"$\1$", "".join(reader.parts))
    text = _DISPLAY.sub(lambda match: f"\n\n$$\n{match[1].strip()}\n$$\n\n", text)
    text = _INLINE.sub(lambda match: f"${match[1].strip()}$", text)
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANKS.sub("\n\n", lines).strip()


class _Reader(HTMLParser):
    """Keeps words, emphasis, code, lists and line breaks; forgets every other tag."""

    MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}  # noqa: RUF012
    BLOCKS = frozenset({"div", "p", "ul", "ol", "table", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "title", "svg"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "hr":
            self.parts.append("\n\n---\n\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "img":
            self.parts.append(
                f"[picture: {dict(attrs).get('alt') or dict(attrs).get('src') or ''}]"
            )
        elif tag == "pre":
            self.parts.append("\n\n```\n")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")
        else:
            self.parts.append(self.MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "pre":
            self.parts.append("\n```\n\n")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")
        else:
            self.parts.append(self.MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\xa0", " "))
