"""Python as text: whether it can be parsed. Nothing is imported or run."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What is wrong, and in which line of the code (1-based)."""

    line: int
    what: str


def parse_python(code: str) -> ast.Module | SyntaxProblem:
    """The syntax tree of some code, or why there is none."""
    try:
        with warnings.catch_warnings():
            # A backslash that escapes nothing is the author's business, not the reader's.
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        what = getattr(error, "msg", None) or str(error) or type(error).__name__
        return SyntaxProblem(line, what)


def syntax_problem(code: str) -> SyntaxProblem | None:
    """What keeps some code from being parsed; None when nothing does."""
    tree = parse_python(code)
    return tree if isinstance(tree, SyntaxProblem) else None
