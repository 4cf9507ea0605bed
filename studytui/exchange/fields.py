"""The HTML of Anki's fields as Markdown with dollar maths, as articles have it."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import unquote

from studytui.exchange.emphasis import TAGS, emphasised, settled, without_marks

_FORMULA = re.compile(
    r"\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)"
    r"|\[(?P<legacy>latex|\$\$?)\](?P<old>.+?)\[/(?P=legacy)\]",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_SOUND = re.compile(r"\[(?:sound|anki:tts)[^\]]*\]")
_HEARD = re.compile(rf"{_SOUND.pattern}|<(?:audio|video)\b", re.IGNORECASE)
_PICTURE = re.compile(
    r"""<img\b[^>]*?\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE
)
_BARE = re.compile(
    # The parser reads what stands in some tags in other ways.
    r"<(?!/?(?:script|style|title|textarea|svg|xmp|iframe|no|plaintext))"
    r"(?:(/?)([a-zA-Z][a-zA-Z0-9]*)|(br|hr) ?/)>",
    re.IGNORECASE,
)
_LETTERS = r"""\w ,.;:'"()/?!%@-"""
_PLAIN = re.compile(rf"(?:[^\W\d]|\d{{1,9}}(?![\d.)]))[{_LETTERS}]*+(?<! )")
"""Words which no reader of HTML or Markdown takes for more, if :func:`_may_be_plain` of them
is true."""
_CALM = re.compile(rf" ?(?!\d{{1,9}}[.)]|[\s>:=+#-])(?:[{_LETTERS}]++|&(?![\w#]))++")
"""The same within a text."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
PICTURES = "media"
"""The folder beside an article in which its pictures lie."""
_BLANKS = re.compile(r"\n{3,}")
_PRIVATE = re.compile("[\ue000\ue001]")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_RUN = re.compile(r"[ \t]+")
_RUNS = re.compile(r"  |\t")
_LINE_STARTS = frozenset("#>+=-:0123456789")
_MARKUP = re.compile(r"[\\*_`$<\[\]~|]|&(?=#?\w+;)")
_DEEPEST = 16
"""How deep emphasis is followed: a hostile field nests without end."""
_LINE_START = re.compile(r"^([ \t]*)(#{1,6}(?=\s|$)|[>+=:-])", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def from_html(source: str) -> str:
    """HTML of a field as Markdown that means the same: no letter of the text becomes markup.

    A picture is a paragraph that names its file. Scripts, styles and sounds are left out.
    """
    # Most fields are plain, and a deck has a hundred thousand.
    if _may_be_plain(source) and _PLAIN.fullmatch(source):
        return source
    formulas: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        tex = match["display"] or match["inline"] or match["old"]
        bare = html.unescape(_TAG.sub(" ", tex)).replace("\xa0", " ").strip()
        formulas.append(f"\n\n$$\n{bare}\n$$\n\n" if match["display"] else f"${bare}$")
        return f"\ue000{len(formulas) - 1}\ue001"

    plain = source if source.isascii() else without_marks(_PRIVATE.sub("", source))
    if "[" in plain or "\\" in plain:
        plain = _FORMULA.sub(put_aside, _SOUND.sub("", plain))
    text = _read(plain)
    if formulas:
        text = _KEPT.sub(lambda match: formulas[int(match[1])], text)
    if text.isprintable():
        return text.strip()
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANKS.sub("\n\n", lines).strip()


def _may_be_plain(text: str) -> bool:
    """Whether no underscore stands in the text, and no blank beside another."""
    return "_" not in text and "  " not in text


def _read(source: str) -> str:
    if "<" not in source:
        return _escaped(html.unescape(source).replace("\xa0", " "))
    writer = _Writer()
    pieces = _BARE.split(source)
    if "<" in "".join(pieces[::4]):
        parser = _Parser(writer)
        parser.feed(source)
        parser.close()
    else:
        _write_simple(pieces, writer)
    return settled(writer.markdown())


def _write_simple(pieces: Sequence[str], writer: _Writer) -> None:
    """What the parser of HTML hands over where every tag is bare and whole, at a tenth of its cost.

    >>> from_html("a<b>c</b>")
    'a**c**'
    """
    writer.words(html.unescape(pieces[0]))
    tags = zip(pieces[1::4], pieces[2::4], pieces[3::4], pieces[4::4], strict=True)
    for slash, name, empty, text in tags:
        if slash:
            writer.end(name.lower())
        else:
            writer.start((name or empty).lower(), ())
        if text:
            writer.words(html.unescape(text))


def pictures_of(fields: Sequence[str]) -> dict[str, str]:
    """The picture files that a note shows: their names in Anki, and beside the article."""
    # Most fields have no attribute at all.
    held = [field for field in fields if "<" in field and "=" in field]
    tags = [match for field in held for match in _PICTURE.finditer(field)]
    names = [_file(html.unescape(tag[1] or tag[2] or tag[3] or "")) for tag in tags]
    return {name: safe_name(name) for name in names if name}


def sounds_of(fields: Sequence[str]) -> int:
    """How many sounds and films a note plays: they are not taken."""
    return sum([len(_HEARD.findall(field)) for field in fields if "[" in field or "<" in field])


def safe_name(name: str) -> str:
    """A name for a picture's file that no system and no Markdown reads as more than a name."""
    stem, dot, ending = name.rpartition(".")
    kept = _UNSAFE.sub("-", stem if dot else name).strip("-._")[:_LONGEST_NAME]
    ending = _UNSAFE.sub("", ending).lower()[:8] if dot else ""
    ending = f".{ending}" if ending else ""
    if f"{kept}{ending}" == name:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept}-{digest}{ending}".lstrip("-")


def _file(source: str) -> str:
    """The name of a picture's file; empty where it lies elsewhere: nothing is fetched."""
    name = unquote(source)
    return "" if re.match(r"\w+:|//", name) or "/" in name or "\\" in name else name


def _picture(source: str, words: str) -> str:
    """A picture as a paragraph of its own, as Markdown has them here; else the words for it."""
    said = " ".join(re.sub(r"[\[\]`\\]", " ", words or source).split())
    name = _file(source)
    if not name:
        return rf"\[picture: {_escaped(said)}\]"
    return f"\n\n![{_escaped(said)}]({PICTURES}/{safe_name(name)})\n\n"


def _escaped(data: str) -> str:
    """Words as Markdown that shows just these words; runs of blanks are one, as in HTML."""
    if _may_be_plain(data) and _CALM.fullmatch(data):
        return data
    words = _MARKUP.sub(r"\\\g<0>", _RUN.sub(" ", data) if _RUNS.search(data) else data)
    if "\n" not in words and words.lstrip()[:1] not in _LINE_STARTS:
        return words
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", words))


def _fence(code: str, least: int) -> str:
    """Backticks that ``code`` cannot close."""
    return "`" * max(least, 1 + max(map(len, re.findall(r"`+", code)), default=0))


def _block(code: str) -> str:
    fence = _fence(code, 3)
    return f"\n\n{fence}\n{code.strip(chr(10))}\n{fence}\n\n"


def _span(code: str) -> str:
    if "\n" in code.strip():
        return _block(code)
    fence = _fence(code, 1)
    pad = " " if "`" in (code[:1], code[-1:]) else ""
    return f"{fence}{pad}{code.strip()}{pad}{fence}" if code.strip() else code


def _raised(text: str, mark: str) -> str:
    """A power or an index; in brackets where it is more than one word."""
    bare = text.strip()
    return mark + (bare if bare.isalnum() or not bare else f"({bare})")


class _Open:
    """A tag that is open, and the Markdown in it so far."""

    __slots__ = ("parts", "tag")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.parts: list[str] = []


class _Parser(HTMLParser):
    """Hands what stands in HTML of any form to a writer."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__(convert_charrefs=True)
        self.handle_starttag = writer.start  # type: ignore[method-assign]
        self.handle_endtag = writer.end  # type: ignore[method-assign]
        self.handle_data = writer.words  # type: ignore[method-assign]


class _Writer:
    """Keeps words, emphasis, code, lists and line breaks; forgets every other tag."""

    RAISED = {"sup": "^", "sub": "\\_"}  # noqa: RUF012
    VERBATIM = frozenset({"code", "pre"})
    WITH_AN_END = TAGS | VERBATIM | frozenset(RAISED)
    BLOCKS = frozenset({"div", "p", "ul", "ol", "table", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "title", "svg"})

    def __init__(self) -> None:
        self._open = [_Open("")]
        self._words: list[str] = []
        self._silent = 0
        self._verbatim = 0
        self._cells = 0

    def markdown(self) -> str:
        """All that was read; what is still open ends here."""
        self._flush()
        while len(self._open) > 1:
            self._end()
        return "".join(self._open[0].parts)

    def _flush(self) -> None:
        """Words are escaped together: a tag that means nothing does not part them."""
        if not self._words:
            return
        words = "".join(self._words).replace("\xa0", " ")
        self._words.clear()
        self._open[-1].parts.append(words if self._verbatim else _escaped(words))

    def _put(self, markdown: str) -> None:
        self._flush()
        self._open[-1].parts.append(markdown)

    def _end(self) -> None:
        """Close the innermost tag that is open."""
        self._flush()
        done = self._open.pop()
        text = "".join(done.parts)
        self._verbatim -= done.tag in self.VERBATIM
        if not self._verbatim:
            text = self._marked(done.tag, text)
        self._open[-1].parts.append(text)

    def _marked(self, tag: str, text: str) -> str:
        if tag == "pre":
            return _block(text)
        if tag == "code":
            return _span(text)
        if tag in self.RAISED:
            return _raised(text, self.RAISED[tag])
        return emphasised(text, tag)

    def start(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A tag opens."""
        if tag in self.WITH_AN_END:
            if len(self._open) > _DEEPEST:
                return
            self._flush()
            self._open.append(_Open(tag))
            self._verbatim += tag in self.VERBATIM
        elif tag in self.SILENT:
            self._silent += 1
        elif tag == "br":
            self._put("\n")
        elif tag == "hr":
            self._put("\n\n---\n\n")
        elif tag == "li":
            self._put("\n- ")
        elif tag == "img":
            names = dict(attrs)
            self._put(_picture(names.get("src") or "", names.get("alt") or ""))
        elif tag in ("td", "th"):
            self._put(" \\| " if self._cells else "")
            self._cells += 1
        elif tag in self.BLOCKS:
            self._cells = 0
            self._put("\n\n" if tag == "p" else "\n")

    def end(self, tag: str) -> None:
        """A tag closes."""
        if self._open[-1].tag == tag:
            self._end()
        elif tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self.BLOCKS:
            self._put("\n\n" if tag == "p" else "\n")
        elif tag in self.WITH_AN_END and any(each.tag == tag for each in self._open):
            while self._open[-1].tag != tag:
                self._end()
            self._end()

    def words(self, data: str) -> None:
        """Text between tags, with its letters as they are meant."""
        if data and not self._silent:
            self._words.append(data)
