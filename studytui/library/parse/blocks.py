"""Block tokens to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token
from markdown_it.utils import EnvType

from studytui.authoring.problems import shown
from studytui.library.blocks import (
    Block,
    Blocks,
    CodeBlock,
    Heading,
    Inlines,
    ListBlock,
    MathBlock,
    Origin,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Strong,
    Text,
)
from studytui.library.parse.context import Context
from studytui.library.parse.directives import read_fence
from studytui.library.parse.inlines import read_inlines
from studytui.library.parse.markdown import MAX_NESTING, block_tokens, inline_tokens
from studytui.library.parse.tables import read_table
from studytui.library.plain import words_of


def read_blocks(text: str, context: Context) -> Blocks:
    """The blocks of a Markdown text whose first line is ``context.offset + 1`` of the file."""
    return _Reader(*block_tokens(text), context).read()


_BOX = re.compile(r"\[([ xX])\] ")


def _with_box(item: Blocks) -> Blocks:
    """An item of a task list: ``[ ]`` and ``[x]`` at its beginning are boxes."""
    first = item[0] if item else None
    if not isinstance(first, Paragraph) or not isinstance(first.children[0], Text):
        return item
    words = first.children[0].text
    found = _BOX.match(words)
    if found is None:
        return item
    box = "☐ " if found[1] == " " else "☑ "
    children = (Text(box + words[found.end() :]), *first.children[1:])
    return (replace(first, children=children), *item[1:])


def _stripped(inlines: Inlines) -> Inlines:
    """Without the blanks at both ends: they stood before or after a formula."""
    found = list(inlines)
    if found and isinstance(found[0], Text):
        found[0] = Text(found[0].text.lstrip())
    if found and isinstance(found[-1], Text):
        found[-1] = Text(found[-1].text.rstrip())
    return tuple(found)


class _Reader:
    """Walks the flat list of tokens; what opens is read up to where it closes."""

    def __init__(self, tokens: Sequence[Token], definitions: EnvType, context: Context) -> None:
        self.tokens = tokens
        self.definitions = definitions
        self.context = context
        self.position = 0

    def read(self) -> Blocks:
        """The blocks up to the closing token of what is being read, which is left behind."""
        blocks: list[Block] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.nesting == -1:
                break
            blocks.extend(self._block(token))
        return tuple(blocks)

    def _line(self, token: Token) -> int:
        return self.context.offset + (token.map[0] + 1 if token.map else 1)

    def _block(self, token: Token) -> Blocks:
        line, origin = self._line(token), self.context.origin
        if token.level >= MAX_NESTING - 2:
            self.context.report.add(line, "nested too deep to be shown", "Flatten it")
        match token.type:
            case "paragraph_open":
                return self._paragraph(line)
            case "heading_open":
                return self._heading(token, line)
            case "fence" | "colon_fence":
                return read_fence(token, line, self.context)
            case "math_block":
                if not token.content.strip():
                    self.context.report.add(line, "a formula is empty", "Delete it")
                    return ()
                return (MathBlock(token.content.strip(), token.info, line=line, origin=origin),)
            case "code_block":
                return (CodeBlock(token.content.rstrip("\n"), "", line=line, origin=origin),)
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token, line)
            case "blockquote_open":
                return (Quote(self._inside("a quotation"), line=line, origin=origin),)
            case "table_open":
                return (self._table(line),)
            case "dl_open":
                return self._definitions()
            case "footnote_reference_open":
                name, words = str(token.meta["label"]), self._inside("a footnote")
                self.context.footnotes.define(name, words, line, self.context.report)
            case "hr":
                return (Rule(line=line, origin=origin),)
            case "target":
                self.context.pending_anchor = (token.content, line)
            case "html_block":
                return self._html(token, line)
            case _:
                pass  # it closes a block, or shows nothing
        return ()

    def _inside(self, what: str) -> Blocks:
        kept, self.context.inside = self.context.inside, what
        blocks = self.read()
        self.context.inside = kept
        return blocks

    def _leaf(self) -> list[Token]:
        """The inline tokens of a paragraph or heading; its closing token is passed."""
        content = self.tokens[self.position].content
        self.position += 2
        return inline_tokens(content, self.definitions)

    def _paragraph(self, line: int) -> Blocks:
        children = self._leaf()
        visible = [child for child in children if child.content.strip() or child.type != "text"]
        if len(visible) == 1 and visible[0].type == "image":
            return self._picture(visible[0], line)
        return tuple(self._around_maths(children, line))

    def _around_maths(self, children: list[Token], line: int) -> Iterator[Block]:
        """The words of a paragraph, and between them the display formulas that stand amid them."""
        origin, words = self.context.origin, list[Token]()
        for child in (*children, None):
            is_display = child is not None and child.type == "math_inline_double"
            if child is not None and not (is_display and child.level == 0):
                words.append(child)
                continue
            inlines = _stripped(read_inlines(words, line, self.context))
            if any(not isinstance(each, Text) or each.text.strip() for each in inlines):
                yield Paragraph(inlines, line=line, origin=origin)
            words = []
            if child is not None and child.content.strip():
                yield MathBlock(child.content.strip(), line=line, origin=origin)

    def _definitions(self) -> Blocks:
        """A list of terms with their definitions: each term in bold, what it means set in."""
        found: list[Block] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.nesting == -1:
                break
            line, origin = self._line(token), self.context.origin
            if token.type == "dt_open":
                term = read_inlines(self._leaf(), line, self.context)
                found.append(Paragraph((Strong(term),), line=line, origin=origin))
            else:
                inside = self._inside("a definition")
                found.append(Quote(inside, line=line, origin=origin))
        return tuple(found)

    def _picture(self, token: Token, line: int) -> Blocks:
        source = unquote(str(token.attrGet("src") or ""))
        try:
            parts = urlsplit(source)
            outside = bool(parts.scheme or parts.netloc)
        except ValueError:
            outside = True
        if not source or outside or source.startswith(("/", "\\")):
            self.context.report.add(
                line,
                f"a picture is not a file of the pack: {shown(source)}",
                "Put the file beside the article and give its relative path",
            )
            return (Paragraph((Text(token.content or source),), line=line),)
        if not token.content:
            self.context.report.add(
                line, "a picture has no description", "Write ![what is seen](file.png)"
            )
        title = str(token.attrGet("title") or "")
        origin = self.context.origin
        return (Picture(source, token.content, title, line=line, origin=origin),)

    def _heading(self, token: Token, line: int) -> Blocks:
        context = self.context
        inlines = read_inlines(self._leaf(), line, context)
        level = int(token.tag[1:])
        anchor = context.anchor(words_of(inlines, maths=False), line)
        if level == 1:
            context.report.add(
                line, "a heading of level 1", "The title stands in the front matter; begin with ##"
            )
        if context.inside:
            context.report.add(line, f"a heading inside {context.inside}", "Move it out")
        elif anchor == context.story:
            context.origin = Origin.WRITTEN
        return (Heading(level, inlines, anchor, line=line, origin=context.origin),)

    def _list(self, token: Token, line: int) -> Blocks:
        start: int | None = None
        if token.type == "ordered_list_open":
            start = int(token.attrGet("start") or 1)
            if token.attrGet("start") == 0:
                start = 0
        items: list[Blocks] = []
        while self.position < len(self.tokens):
            current = self.tokens[self.position]
            self.position += 1
            if current.nesting == -1:
                break
            items.append(_with_box(self._inside("a list")))
        return (ListBlock(tuple(items), start, line=line, origin=self.context.origin),)

    def _table(self, line: int) -> Block:
        first = self.position
        while self.tokens[self.position].type != "table_close":
            self.position += 1
        self.position += 1
        return read_table(self.tokens[first : self.position], self.definitions, line, self.context)

    def _html(self, token: Token, line: int) -> Blocks:
        content = token.content.strip()
        if content.startswith("<!--") and content.endswith("-->"):
            return ()
        self.context.report.add(
            line, f"HTML is shown as text: {shown(content)}", "Use Markdown, or a listing"
        )
        return (CodeBlock(content, "html", line=line, origin=self.context.origin),)
