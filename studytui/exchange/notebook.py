"""An article as a Jupyter notebook (nbformat 4.5): its text, and its snippets as code cells."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from studytui.authoring.python import syntax_tree
from studytui.derive.steps.source import DerivationSource
from studytui.library.article import Article
from studytui.library.blocks import (
    CardBlock,
    CheckBlock,
    DerivationBlock,
    ExerciseBlock,
    SnippetBlock,
    TermsBlock,
)

_Live = SnippetBlock | DerivationBlock | ExerciseBlock | CheckBlock | CardBlock | TermsBlock
"""Fences whose source is not Markdown."""

_ROLE = re.compile(r"\{restored\}`([^`]*)`")
_FENCE = re.compile(r"(`{3,}|:{3,})")
_COLON = re.compile(r":{3,}(?:\{(\w+)\}\s*(.*))?$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``kind`` is markdown or code."""

    kind: str
    text: str


def to_notebook(article: Article, source: str, script: Callable[[str], str]) -> str:
    """The notebook as JSON. ``script`` gives the text of a snippet by name.

    Cards and checks are left out: a notebook is for reading and running.
    """
    cells = [Cell("markdown", f"# {article.title}"), *_cells(article, source, script)]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "language_info": {"name": "python"},
            },
            "cells": [_json(cell, number) for number, cell in enumerate(cells)],
        },
        ensure_ascii=False,
        indent=1,
    )


def _json(cell: Cell, number: int) -> dict[str, object]:
    common: dict[str, object] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.splitlines(keepends=True),
    }
    return common | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def _cells(article: Article, source: str, script: Callable[[str], str]) -> list[Cell]:
    lines = source.splitlines()
    live = {block.line: block for block in article.blocks if isinstance(block, _Live)}
    cells: list[Cell] = []
    text: list[str] = []

    def flush() -> None:
        words = _plain("\n".join(text)).strip()
        if words:
            cells.append(Cell("markdown", words))
        text.clear()

    place = _front_matter(lines)
    while place < len(lines):
        block = live.get(place + 1)
        if block is None:
            text.append(lines[place])
            place += 1
            continue
        place = _fence_end(lines, place)
        match block:
            case CardBlock() | CheckBlock():
                continue
            case TermsBlock():
                text += _terms(block)
            case ExerciseBlock():
                text += [f"**Exercise: {block.title}.**", "", block.ask, ""]
            case SnippetBlock():
                flush()
                cells.append(Cell("code", as_cell(script(block.name), block.parameters)))
            case DerivationBlock():
                flush()
                cells.append(Cell("markdown", _derivation(block.derivation)))
            case _:
                assert_never(block)
    flush()
    return cells


def _front_matter(lines: Sequence[str]) -> int:
    """Index of the first line after the front matter."""
    if not lines or lines[0].strip() != "---":
        return 0
    return next((place + 1 for place in range(1, len(lines)) if lines[place].strip() == "---"), 0)


def _fence_end(lines: Sequence[str], start: int) -> int:
    """Index of the line after the fence that opens on ``start``."""
    match = _FENCE.match(lines[start].strip())
    mark = match[1] if match else "```"
    for place in range(start + 1, len(lines)):
        line = lines[place].strip()
        if line.startswith(mark) and not line.strip(mark[0]):
            return place + 1
    return len(lines)


def _plain(markdown: str) -> str:
    """Markdown that Jupyter knows: roles and colon fences undone."""
    kept = []
    for line in _ROLE.sub(r"\1", markdown).splitlines():
        match = _COLON.match(line.strip())
        if match is None:
            kept.append(line)
        elif match[1] and match[1] != "restored":
            kept.append(f"**{(match[2] or match[1]).strip().capitalize()}.**")
    return "\n".join(kept)


def _terms(block: TermsBlock) -> list[str]:
    rows = [f"| {term.chinese} | {term.english} | {term.meaning} |" for term in block.terms]
    return ["| Chinese | English | |", "|---|---|---|", *rows, ""]


def _derivation(source: DerivationSource) -> str:
    steps = [
        f"{number}. `{step.to}`" + (f" — {step.say}" if step.say else "")
        for number, step in enumerate(source.steps, 1)
    ]
    head = [f"**{source.title}**", "", f"Given `{source.given}`", ""]
    limits = ["", f"Proved for {source.instance}."] if source.instance else []
    return "\n".join([*head, *steps, *limits])


def as_cell(script: str, parameters: Sequence[tuple[str, str]]) -> str:
    """A script with its ``if __name__ == "__main__"`` turned into a plain call of ``main``."""
    call = f"main({', '.join(f'{name}={_literal(value)}' for name, value in parameters)})"
    lines = script.splitlines()
    for node in syntax_tree(script).body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            lines[node.lineno - 1 : node.end_lineno] = [call]
            break
    return "\n".join(lines)


def _literal(value: str) -> str:
    try:
        return repr(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return repr(value)
