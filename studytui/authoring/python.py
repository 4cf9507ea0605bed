"""Python as text: whether it can be parsed. Nothing is imported or run."""

from __future__ import annotations

import ast
import threading
import warnings
from dataclasses import dataclass

# Until 3.11.8 and 3.12.2 the depth of a syntax tree under construction was counted for the whole
# interpreter: two threads that built one each (a finaliser lets the other in) failed with
# "recursion depth mismatch" (gh-106905). Filters of warnings are the interpreter's, too.
_ONE_AT_A_TIME = threading.RLock()


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What is wrong, and in which line of the code (1-based)."""

    line: int
    what: str


def syntax_tree(code: str | bytes, filename: str = "<unknown>") -> ast.Module:
    """``ast.parse``, safe from any thread; all of studytui parses Python here.

    Raises SyntaxError, ValueError, MemoryError or RecursionError on what is not Python.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(code, filename)


def syntax_expression(code: str) -> ast.expr:
    """The tree of a single expression, in the same way."""
    with _ONE_AT_A_TIME:
        return ast.parse(code, mode="eval").body


def parse_python(code: str) -> ast.Module | SyntaxProblem:
    """The syntax tree of some code, or why there is none."""
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            # A backslash that escapes nothing is the author's business, not the reader's.
            warnings.simplefilter("ignore")
            return syntax_tree(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        what = getattr(error, "msg", None) or str(error) or type(error).__name__
        return SyntaxProblem(line, what)


def syntax_problem(code: str) -> SyntaxProblem | None:
    """What keeps some code from being parsed; None when nothing does."""
    tree = parse_python(code)
    return tree if isinstance(tree, SyntaxProblem) else None
