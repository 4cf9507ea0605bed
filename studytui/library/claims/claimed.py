"""What the check blocks of an article claim, read from their source: nothing is run.

Any text that is a constant in a block counts as a literal, also in the table that a loop around
``says`` runs over: whether a call comes to pass is for ``studytui verify`` to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studytui.authoring.python import SyntaxProblem, parse_python
from studytui.library.blocks import CheckBlock

CLAIMS = ("says", "shows", "cites", "given")
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Literals:
    """The texts that the checks of an article claim, and every name in their code.

    ``of_section`` maps the line of a block to those that are claimed of its section; ``given`` ones
    are claimed of the whole article.
    """

    of_section: tuple[tuple[int, tuple[str, ...]], ...]
    given: tuple[str, ...]


def literals_of(checks: Iterable[CheckBlock]) -> Literals:
    """The literals of all blocks; those of a block that is not Python are left out."""
    sections: list[tuple[int, tuple[str, ...]]] = []
    given: list[str] = []
    for block in checks:
        tree = parse_python(block.code)
        if isinstance(tree, SyntaxProblem):
            continue
        inside = [text for node in _calls(tree, "given") for text in _texts(node)]
        given += inside
        others = dict.fromkeys(_texts(tree))
        sections.append((block.line, tuple(text for text in others if text not in inside)))
    return Literals(tuple(sections), tuple(dict.fromkeys(given)))


def called_literals(checks: Iterable[CheckBlock]) -> Iterator[tuple[int, str]]:
    """The literals that stand as they are in a call, each with its line of the article."""
    for block in checks:
        tree = parse_python(block.code)
        if isinstance(tree, SyntaxProblem):
            continue
        for name in CLAIMS:
            for call in _calls(tree, name):
                for node in call.args if name == "given" else call.args[:1]:
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield block.line + node.lineno, node.value


def names_in(code: str) -> frozenset[str]:
    """Every identifier that stands in some code, in its texts too."""
    return frozenset(_NAME.findall(code))


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
