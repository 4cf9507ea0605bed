"""The walk meets every block and every leaf once, in the order of the text, at any depth."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import studytui
from studytui.library.blocks import Blocks, Code, Math, MathBlock
from studytui.library.tex import with_tex
from studytui.library.walker import inlines_of, leaves, rebuilt, walk
from tests.library.test_parse import parse

LIBRARY = Path(studytui.__file__).parent / "library"
NESTED = r"""## One $a$

> Two **three *$b$ `four`***
>
> - five
>   1. six $c$
>
>      $$d$$

:::{note} Seven $e$
| eight | $f$ |
|-------|-----|
| nine  | ~~ten $g$~~ |
:::
"""


def formulas(blocks: Blocks) -> list[str]:
    found = []
    for block in walk(blocks):
        if isinstance(block, MathBlock):
            found.append(block.tex)
        inside = (leaf for inlines in inlines_of(block) for leaf in leaves(inlines))
        found += [leaf.tex for leaf in inside if isinstance(leaf, Math)]
    return found


def test_every_formula_is_met_once_in_the_order_of_the_text() -> None:
    assert formulas(parse(NESTED).blocks) == list("abcdefg")


def test_what_is_rebuilt_without_a_change_is_the_same() -> None:
    blocks = parse(NESTED).blocks
    assert rebuilt(blocks, lambda block: block, lambda leaf: leaf) == blocks


def test_with_tex_no_formula_is_left_at_any_depth() -> None:
    blocks = with_tex(parse(NESTED).blocks)
    assert formulas(blocks) == []
    codes = [
        leaf.text
        for block in walk(blocks)
        for inlines in inlines_of(block)
        for leaf in leaves(inlines)
        if isinstance(leaf, Code)
    ]
    assert codes == ["$a$", "$b$", "four", "$c$", "$e$", "$f$", "$g$"]


@pytest.mark.parametrize("room", ["tex", "plain", "claims/prose"])
def test_the_walk_stands_in_one_room(room: str) -> None:
    """No other goes into the items of a list or the children of an emphasis by itself."""
    tree = ast.parse((LIBRARY / f"{room}.py").read_text("utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "items" not in names
    assert not [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in called_in(node)
    ], "it calls itself"


def called_in(function: ast.FunctionDef) -> set[str]:
    calls = (each.func for each in ast.walk(function) if isinstance(each, ast.Call))
    return {each.id for each in calls if isinstance(each, ast.Name)}
