"""Inline tokens to inlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from studytui.authoring.problems import shown, suggest
from studytui.library.blocks import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Math,
    Origin,
    Restored,
    Strike,
    Strong,
    Text,
)
from studytui.library.parse.context import Context
from studytui.library.parse.links import resolve
from studytui.library.parse.markdown import inline_tokens

ROLES = ("restored",)
_STRAY = re.compile(rf"\{{({'|'.join(ROLES)})\}}")
_NO_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_WRAPPERS: dict[str, Callable[[Inlines], Inline]] = {
    "strong": Strong,
    "em": Emphasis,
    "s": Strike,
}


def read_inlines(tokens: Sequence[Token], line: int, context: Context) -> Inlines:
    """The inlines of one paragraph, heading or cell that begins at ``line`` of the file."""
    return _Reader(line, context).read(tokens)


def read_text(markdown: str, line: int, context: Context) -> Inlines:
    """The inlines of a piece of Markdown without blocks."""
    return read_inlines(inline_tokens(markdown, {}), line, context)


class _Reader:
    """One pass over the tokens; counts the lines as it goes."""

    def __init__(self, line: int, context: Context) -> None:
        self.line = line
        self.context = context

    def read(self, tokens: Sequence[Token]) -> Inlines:
        # The stack holds what is open: its opening token and what it has gathered.
        stack: list[tuple[Token | None, list[Inline]]] = [(None, [])]
        for token in tokens:
            if token.nesting == 1:
                stack.append((token, []))
            elif token.nesting == -1 and len(stack) > 1:
                opening, children = stack.pop()
                if opening is not None:
                    stack[-1][1].extend(self._wrap(opening, _joined(children)))
            else:
                handler = _HANDLERS.get(token.type)
                if handler is not None:
                    stack[-1][1].extend(handler(self, token))
                elif token.content:
                    stack[-1][1].append(Text(token.content))
        while len(stack) > 1:
            _, children = stack.pop()
            stack[-1][1].extend(children)
        return _joined(stack[0][1])

    def _wrap(self, opening: Token, children: Inlines) -> Inlines:
        kind = opening.type.removesuffix("_open")
        if kind == "link":
            target = resolve(str(opening.attrGet("href") or ""), self.line, self.context)
            return (Link(children, target),) if target else children
        wrapper = _WRAPPERS.get(kind)
        return (wrapper(children),) if wrapper and children else children

    def _text(self, token: Token) -> Inlines:
        if "$" in token.content:
            self.context.report.add(
                self.line,
                f"a dollar sign that opens no formula: {shown(token.content)}",
                r"Close the formula, leave no blank inside the dollars, or write \$",
            )
        for name in _NO_NOTE.findall(token.content):
            self.context.report.add(
                self.line, f"a footnote without its words: {shown(name)}", f"Write {name}: words"
            )
        for role in _STRAY.findall(token.content):
            self.context.report.add(
                self.line,
                f"a role without its text: {{{role}}}",
                f"Write {{{role}}}`words`, the backticks right after the brace",
            )
        return (Text(token.content),) if token.content else ()

    def _code(self, token: Token) -> Inlines:
        return (Code(token.content),)

    def _math(self, token: Token) -> Inlines:
        self.line += token.content.count("\n")
        return (Math(" ".join(token.content.split())),)

    def _footnote(self, token: Token) -> Inlines:
        return (self.context.footnotes.reference(token.meta["label"]),)

    def _soft_break(self, token: Token) -> Inlines:
        self.line += 1
        return (Text(" "),)

    def _hard_break(self, token: Token) -> Inlines:
        self.line += 1
        return (Break(),)

    def _html(self, token: Token) -> Inlines:
        if token.content.startswith("<!--"):
            return ()
        self.context.report.add(
            self.line, f"HTML is shown as text: {shown(token.content)}", "Put it in backticks"
        )
        return (Text(" ".join(token.content.split())),)

    def _image(self, token: Token) -> Inlines:
        self.context.report.add(
            self.line, "a picture in the middle of a line", "Give it a paragraph of its own"
        )
        return (Text(token.content),) if token.content else ()

    def _too_long(self, token: Token) -> Inlines:
        self.context.report.add(
            self.line,
            f"a paragraph of {len(token.content):,} characters is shown without markup",
            "Break it up",
        )
        return (Text(" ".join(token.content.split("\n"))),)

    def _role(self, token: Token) -> Inlines:
        if token.info not in ROLES:
            self.context.report.add(
                self.line, f"unknown role {{{token.info}}}", suggest(token.info, ROLES)
            )
            return (Code(token.content),)
        children = read_text(token.content, self.line, self.context)
        self.line += token.content.count("\n")
        restored = tuple(
            Math(child.tex, Origin.RESTORED) if isinstance(child, Math) else child
            for child in children
        )
        only_maths = all(isinstance(child, Math) for child in restored)
        return restored if only_maths else (Restored(restored),)


_HANDLERS: dict[str, Callable[[_Reader, Token], Inlines]] = {
    "text": _Reader._text,
    "text_special": lambda reader, token: (Text(token.content),),
    "code_inline": _Reader._code,
    "math_inline": _Reader._math,
    "math_inline_double": _Reader._math,
    "footnote_ref": _Reader._footnote,
    "role": _Reader._role,
    "softbreak": _Reader._soft_break,
    "hardbreak": _Reader._hard_break,
    "html_inline": _Reader._html,
    "image": _Reader._image,
    "too_long": _Reader._too_long,
}


def _joined(inlines: Sequence[Inline]) -> Inlines:
    """Neighbouring texts as one."""
    found: list[Inline] = []
    for inline in inlines:
        last = found[-1] if found else None
        if isinstance(inline, Text) and isinstance(last, Text):
            found[-1] = Text(last.text + inline.text)
        else:
            found.append(inline)
    return tuple(found)
