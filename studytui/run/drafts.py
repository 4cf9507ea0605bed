"""What stands there when an exercise is begun: nearly all of it, its signature, or nothing. Pure.

The rungs between reading a solution and writing it from memory. Everything is computed from the
author's definition: a newer one makes newer drafts.
"""

from __future__ import annotations

import ast
from copy import deepcopy

from studytui.authoring.python import syntax_tree
from studytui.run.exercise import START, YOURS, Definition

LINE_TASK = "one line is missing"
NEARLY = 0.6
"""Of the parts that the longest line has: what has as many carries an idea too."""


def watched(definition: Definition) -> str:
    """The solution, to be read."""
    return "\n".join(_unmarked(definition))


def with_last_line_open(definition: Definition) -> str:
    """The solution without its last line of weight; the open draft if it is all in one line.

    A line has weight that says nearly as much as the longest: ``return total`` hides no idea.
    """
    lines = _unmarked(definition)
    statements = [each for each in _leaves(definition.solved) if each.lineno in definition.solution]
    if len(statements) < 2:
        return definition.draft
    weights = [sum(1 for _ in ast.walk(each)) for each in statements]
    last = [
        each
        for each, weight in zip(statements, weights, strict=True)
        if weight >= NEARLY * max(weights)
    ][-1]
    first, end = last.lineno, last.end_lineno or last.lineno
    indent = " " * last.col_offset
    hole = [f"{indent}{YOURS} {LINE_TASK}", f"{indent}raise NotImplementedError({LINE_TASK!r})"]
    return "\n".join([*lines[: first - 1], *hole, *lines[end:]])


def empty_page(definition: Definition) -> str:
    """Nothing but what it is called, and with what: a comment."""
    tree = syntax_tree(definition.solved)
    told = [_called(node) for node in tree.body]
    return "\n".join(f"{YOURS} {line}" for each in told for line in each) + "\n"


def _unmarked(definition: Definition) -> list[str]:
    """The lines of the solution; the marker of the task is a plain comment."""
    return [
        line.replace(START, "#", 1) if line.lstrip().startswith(START) else line
        for line in definition.solved.split("\n")
    ]


def _called(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name, args=args):
            return [f"def {name}({_names(args)})"]
        case ast.ClassDef(name=name, bases=bases, body=body):
            parents = ", ".join(ast.unparse(base) for base in bases)
            methods = [each for each in body if isinstance(each, ast.FunctionDef)]
            inside = [f"    def {each.name}({_names(each.args)})" for each in methods]
            return [f"class {name}({parents})" if parents else f"class {name}", *inside]
        case _:
            return []


def _names(args: ast.arguments) -> str:
    """The parameters by name, with their defaults and without their types."""
    bare = deepcopy(args)
    for arg in (*bare.posonlyargs, *bare.args, *bare.kwonlyargs, bare.vararg, bare.kwarg):
        if arg is not None:
            arg.annotation = None
    return ast.unparse(bare)


def _leaves(source: str) -> list[ast.stmt]:
    """The statements that hold no others, in the order of the text."""
    return sorted(
        (
            node
            for node in ast.walk(syntax_tree(source))
            if isinstance(node, ast.stmt) and not hasattr(node, "body")
        ),
        key=lambda node: node.lineno,
    )
