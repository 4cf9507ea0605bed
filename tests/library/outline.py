"""Blocks and problems as lines that a person can judge, for golden fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import assert_never

from studytui.cards.fresh import FreshValue
from studytui.library.blocks import (
    Block,
    Blocks,
    Break,
    CardBlock,
    CheckBlock,
    Code,
    CodeBlock,
    DerivationBlock,
    Emphasis,
    ExerciseBlock,
    Heading,
    Inline,
    Inlines,
    Link,
    ListBlock,
    Math,
    MathBlock,
    Note,
    Origin,
    Paragraph,
    Picture,
    Quote,
    Restored,
    Rule,
    SnippetBlock,
    Strike,
    Strong,
    Table,
    TermsBlock,
    Text,
)
from studytui.library.parse import Parsed
from studytui.library.walker import inner_runs

SILENT = {"id", "article", "line", "digest", "origin", "snippet", "function"}


def outline(parsed: Parsed) -> str:
    lines = [*_blocks(parsed.article.blocks, "")]
    lines += [
        f"! {problem.line}: {problem.what}" + (f" -> {problem.todo}" if problem.todo else "")
        for problem in parsed.problems
    ]
    return "\n".join(lines)


def _blocks(blocks: Blocks, indent: str) -> Iterator[str]:
    for block in blocks:
        mark = {Origin.RESTORED: "+", Origin.TRANSLATED: "~"}.get(block.origin, "")
        first, *rest = _block(block)
        yield f"{indent}{mark}{block.line} {first}"
        yield from (f"{indent}    {line}" for line in rest)
        for run in inner_runs(block):
            if isinstance(block, ListBlock):
                yield f"{indent}  item"
            yield from _blocks(run, indent + "    ")


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"heading {block.level} #{block.anchor}: {_text(block.children)}"]
        case Paragraph():
            return [f"paragraph: {_text(block.children)}"]
        case MathBlock():
            label = f" ({block.label})" if block.label else ""
            return [f"math{label}", *block.tex.splitlines()]
        case CodeBlock():
            return [f"code {block.language}".rstrip(), *block.code.splitlines()]
        case ListBlock():
            return ["bullets" if block.start is None else f"numbers from {block.start}"]
        case Quote():
            return ["quote"]
        case Note():
            return [f"{block.kind}: {_text(block.title)}".rstrip(": ")]
        case Table():
            rows = [block.header, *block.rows]
            return [
                f"table {' '.join(block.alignment)}",
                *(" | ".join(_text(cell) for cell in row) for row in rows),
            ]
        case Picture():
            return [f"picture {block.source}: {block.alternative} ({block.title})"]
        case Rule():
            return ["rule"]
        case SnippetBlock():
            return [f"snippet {block.name} {dict(block.parameters)} {block.caption}".rstrip()]
        case DerivationBlock():
            return [f"derivation {block.derivation.id}", *_values(block.derivation)]
        case ExerciseBlock():
            return [f"exercise {block.id}", *_values(block)]
        case CheckBlock():
            return ["check", *block.code.splitlines()]
        case CardBlock():
            return [f"card {block.card.id} {block.card.KIND.name}", *_values(block.card)]
        case TermsBlock():
            return [
                "terms",
                *(f"{t.id}: {t.chinese} = {t.english}: {t.meaning}" for t in block.terms),
            ]


def _values(source: object) -> Iterator[str]:
    for field in fields(source):  # type: ignore[arg-type]
        value = getattr(source, field.name)
        if field.name == "fresh":
            yield from map(_fresh, value)
        elif field.name not in SILENT and value:
            yield (
                f"{field.name}: {value!r}"
                if not isinstance(value, str)
                else (f"{field.name}: {value}".replace("\n", "⏎"))
            )


def _fresh(value: FreshValue) -> str:
    drawn = ", ".join(value.choices) or f"{value.low:g} to {value.high:g}, {value.digits} digits"
    return f"fresh {value.name}: {value.kind} {drawn}"


def _text(inlines: Inlines) -> str:
    return "".join(map(_inline, inlines))


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return inline.text
        case Code():
            return f"`{inline.text}`"
        case Math():
            return f"{'+' if inline.origin is Origin.RESTORED else ''}${inline.tex}$"
        case Strong():
            return f"<strong {_text(inline.children)}>"
        case Emphasis():
            return f"<em {_text(inline.children)}>"
        case Strike():
            return f"<strike {_text(inline.children)}>"
        case Link():
            return f"<link {inline.target} {_text(inline.children)}>"
        case Restored():
            return f"<restored {_text(inline.children)}>"
        case Break():
            return "⏎"
        case _:
            assert_never(inline)
