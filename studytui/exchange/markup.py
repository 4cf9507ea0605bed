"""Between Markdown with dollar maths, as articles have it, and the HTML of Anki's fields."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.token import Token

_FORMULA = re.compile(
    r"\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)"
    r"|\[(?P<legacy>latex|\$\$?)\](?P<old>.+?)\[/(?P=legacy)\]",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_SOUND = re.compile(r"\[(?:sound|anki:tts)[^\]]*\]")
_PICTURE = re.compile(r"<img\b", re.IGNORECASE)
_BLANKS = re.compile(r"\n{3,}")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_MARKUP = re.compile(r"[\\*_`$<\[\]~|]")
_LINE_START = re.compile(r"^([ \t]*)(#{1,6}(?=\s|$)|[>+=-]|:{3,}|\d{1,9}(?=[.)]))", re.MULTILINE)


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
    """HTML of a field as Markdown that means the same: no letter of the text becomes markup.

    Scripts, styles, pictures' bytes and sounds are left out.
    """
    formulas: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        tex = match["display"] or match["inline"] or match["old"]
        bare = html.unescape(_TAG.sub(" ", tex)).replace("\xa0", " ").strip()
        formulas.append(f"\n\n$$\n{bare}\n$$\n\n" if match["display"] else f"${bare}$")
        return f"\ue000{len(formulas) - 1}\ue001"

    plain = source.replace("\ue000", "").replace("\ue001", "")
    reader = _Reader()
    reader.feed(_FORMULA.sub(put_aside, _SOUND.sub("", plain)))
    reader.close()
    text = _KEPT.sub(lambda match: formulas[int(match[1])], "".join(reader.parts))
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANKS.sub("\n\n", lines).strip()


def media_of(fields: Sequence[str]) -> dict[str, int]:
    """What a note shows and plays besides text, by count: it is not taken."""
    pictures = sum(len(_PICTURE.findall(field)) for field in fields)
    sounds = sum(len(_SOUND.findall(field)) for field in fields)
    return {"pictures": pictures, "sounds": sounds}


def _escaped(data: str) -> str:
    """Words as Markdown that shows just these words."""
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", data))


class _Reader(HTMLParser):
    """Keeps words, emphasis, code, lists and line breaks; forgets every other tag."""

    MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}  # noqa: RUF012
    BLOCKS = frozenset({"div", "p", "ul", "ol", "table", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "title", "svg"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._verbatim = 0

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
            self._verbatim += 1
            self.parts.append("\n\n```\n")
        elif tag == "td" or tag == "th":
            self.parts.append(" ")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")
        else:
            self._verbatim += tag == "code"
            self.parts.append(self.MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
            self.parts.append("\n```\n\n")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")
        else:
            if tag == "code":
                self._verbatim = max(0, self._verbatim - 1)
            self.parts.append(self.MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        words = data.replace("\xa0", " ")
        self.parts.append(words if self._verbatim else _escaped(words))
