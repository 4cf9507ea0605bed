"""Blocks and inlines as Markdown again: what a reader takes from an article into their own pack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from studytui.library import blocks as nodes

_SPECIAL = re.compile(r"[\\`*\[\]$]|~(?=~)|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
"""What means something wherever it stands; an underscore inside a word does not."""
_STARTS = re.compile(r"#{1,6}(\s|$)|[+\-](\s|$)|[-=%+:]|>|\(|\|")
_ORDERED = re.compile(r"(\d{1,9})([.)])(\s|$)")
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!e\.g\.)(?<!i\.e\.)(?<!cf\.)(?<!vs\.)(?<!Fig\.)(?<!Eq\.)\s+(?=[^\W\d_a-z]|[\"“(]|$)"
    r"|(?<=[。！？])\s*"
)


def escaped(text: str) -> str:
    """Plain words as Markdown that says the same.

    >>> escaped("a * b costs $5, x_i too, and 1. is no list")
    'a \\\\* b costs \\\\$5, x_i too, and 1. is no list'
    """
    lines = _SPECIAL.sub(lambda match: f"\\{match[0]}", text).split("\n")
    return "\n".join(map(_safe_start, lines))


def _safe_start(line: str) -> str:
    head = line.lstrip()
    blank = line[: len(line) - len(head)]
    ordered = _ORDERED.match(head)
    if ordered:
        return f"{blank}{ordered[1]}\\{head[len(ordered[1]) :]}"
    return f"{blank}\\{head}" if _STARTS.match(head) else line


def inlines_markdown(inlines: nodes.Inlines, article: str = "") -> str:
    """Inlines as Markdown; links to headings of ``article`` name it."""
    written = "".join(_inline(each, article) for each in inlines)
    first = inlines[0] if inlines else None
    return _safe_start(written) if isinstance(first, nodes.Text) else written


def _inline(inline: nodes.Inline, article: str) -> str:
    match inline:
        case nodes.Text():
            return _SPECIAL.sub(lambda match: f"\\{match[0]}", inline.text)
        case nodes.Code():
            return _code(inline.text)
        case nodes.Math():
            return f"${inline.tex}$"
        case nodes.Strong():
            return f"**{_inside(inline.children, article)}**"
        case nodes.Emphasis():
            return f"*{_inside(inline.children, article)}*"
        case nodes.Strike():
            return f"~~{_inside(inline.children, article)}~~"
        case nodes.Link():
            target = f"{article}{inline.target}" if inline.target[:1] == "#" else inline.target
            if re.search(r"[\s()<>]", target):
                target = f"<{target}>"
            return f"[{_inside(inline.children, article)}]({target})"
        case nodes.Restored():
            return _inside(inline.children, article)
        case nodes.Break():
            return "\\\n"
        case _:
            assert_never(inline)


def _inside(inlines: nodes.Inlines, article: str) -> str:
    return "".join(_inline(each, article) for each in inlines)


def _code(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padded = text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip())
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def block_markdown(block: nodes.Block, article: str = "") -> str:
    """A block as Markdown, without what makes it live: empty where nothing is left then."""
    match block:
        case nodes.Heading() | nodes.Paragraph():
            return inlines_markdown(block.children, article)
        case nodes.MathBlock():
            return f"$$\n{block.tex}\n$$"
        case nodes.CodeBlock():
            return fenced(block.code, block.language)
        case nodes.ListBlock():
            return "\n".join(_items(block, article))
        case nodes.Quote():
            return _before_lines(_blocks(block.children, article), "> ")
        case nodes.Note():
            title = inlines_markdown(block.title, article)
            head = f"**{title}**\n\n" if title else ""
            return _before_lines(head + _blocks(block.children, article), "> ")
        case nodes.Table():
            return _table(block, article)
        case nodes.Picture():
            return escaped(block.alternative)
        case nodes.Rule():
            return "---"
        case nodes.SnippetBlock():
            return block.caption
        case nodes.ExerciseBlock():
            return f"**{block.title}**\n\n{block.ask}"
        case nodes.DerivationBlock():
            return f"**{block.derivation.title}**"
        case nodes.CardBlock():
            return "\n\n".join(filter(None, block.card.shown()))
        case nodes.TermsBlock():
            rows = (f"- {escaped(f'{t.chinese}: {t.english}')}" for t in block.terms)
            return "\n".join(rows)
        case nodes.CheckBlock():
            return ""
        case _:
            assert_never(block)


def _blocks(blocks: Iterable[nodes.Block], article: str) -> str:
    return "\n\n".join(filter(None, (block_markdown(block, article) for block in blocks)))


def _items(block: nodes.ListBlock, article: str) -> Iterable[str]:
    for number, item in enumerate(block.items, block.start or 0):
        mark = "- " if block.start is None else f"{number}. "
        written = _before_lines(_blocks(item, article), " " * len(mark))
        yield mark + written[len(mark) :]


def _before_lines(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


def _table(block: nodes.Table, article: str) -> str:
    rules = {"left": ":--", "center": ":-:", "right": "--:"}
    lines = [
        [_cell(cell, article) for cell in block.header],
        [rules.get(each, "---") for each in block.alignment],
        *([_cell(cell, article) for cell in row] for row in block.rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(inlines: nodes.Inlines, article: str) -> str:
    return _inside(inlines, article).replace("|", r"\|").replace("\\\n", " ")


def fenced(code: str, language: str = "") -> str:
    """A listing; no line of it can end it."""
    longest = max(map(len, re.findall("`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def sentences(inlines: nodes.Inlines) -> tuple[nodes.Inlines, ...]:
    """The sentences of a paragraph; formulas, code and links are never cut."""
    found: list[list[nodes.Inline]] = [[]]
    for inline in inlines:
        if not isinstance(inline, nodes.Text):
            found[-1].append(inline)
            continue
        first, *others = _SENTENCE_END.split(inline.text)
        found[-1].append(nodes.Text(first))
        found += ([nodes.Text(each)] for each in others)
    whole = (tuple(each for each in sentence if each != nodes.Text("")) for sentence in found)
    return tuple(sentence for sentence in whole if sentence)


def cut_inlines(
    inlines: nodes.Inlines, start: int, end: int, shown: Iterable[str]
) -> nodes.Inlines:
    """What stands between two characters of the shown text; what is no plain text stays whole.

    ``shown`` is how each of the inlines is shown.
    """
    found: list[nodes.Inline] = []
    position = 0
    for inline, text in zip(inlines, shown, strict=True):
        first, last = max(start - position, 0), min(end - position, len(text))
        position += len(text)
        if first < last:
            found.append(
                nodes.Text(inline.text[first:last]) if isinstance(inline, nodes.Text) else inline
            )
    return tuple(found)
