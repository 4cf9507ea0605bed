"""Inside the process of an article's checks: run the blocks, write down what they claim.

Nothing is judged here: whether a literal stands in the prose and whether the value rounds to it is
for :mod:`studytui.study.claiming`, which reads what is written down.
"""

from __future__ import annotations

import ast
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Rational, Real
from pathlib import Path
from typing import Any

from studytui.authoring.python import syntax_expression, syntax_tree
from studytui.run.claims import RECORDS_FILE, Record

MOST_VALUES = 10_000
MOST_CHARACTERS = 2_000


class Recorder:
    """The functions that checks call; each call becomes a record."""

    def __init__(self, path: str, write: Callable[[Record], None]) -> None:
        self.path = path
        self._write = write

    def says(self, literal: str, *values: object) -> None:
        """The literal stands in the prose of this section, and the values round to it."""
        self._claim("says", (literal,), numbers=values)

    def shows(self, text: str, *objects: object) -> None:
        """The text stands in the prose, and in what one of the objects is printed as."""
        printed = [told for each in objects for told in (str(each), repr(each))]
        wanted = " ".join(str(text).split())
        found = any(wanted in " ".join(told.split()) for told in printed)
        computed = "" if found else _cut(printed[-1] if printed else "nothing")
        self._claim("shows", (text,), computed=computed, holds=found)

    def given(self, *literals: str) -> None:
        """The author chose them, or they are defined so."""
        self._claim("given", literals)

    def cites(self, literal: str, source: str) -> None:
        """It is not computed here: an item of the references has it."""
        self._claim("cites", (literal, source))

    def held(self, line: int) -> None:
        """An assertion came true."""
        self._write(Record("assert", line))

    def failed(self, line: int, what: str) -> None:
        """A statement raised."""
        self._write(Record("error", line, computed=_cut(what), holds=False))

    def _claim(
        self,
        kind: str,
        literals: Sequence[object],
        *,
        numbers: Iterable[object] = (),
        computed: str = "",
        holds: bool = True,
    ) -> None:
        line = self._line()
        texts = tuple(text if isinstance(text, str) else repr(text) for text in literals)
        values: tuple[int | float, ...] = ()
        if not all(isinstance(text, str) for text in literals):
            computed, holds = "the literal must be a text", False
        else:
            try:
                values = tuple(_flattened(numbers, MOST_VALUES))
            except (TypeError, ValueError, OverflowError) as error:
                computed, holds = str(error), False
        self._write(Record(kind, line, texts, values, computed, holds))

    def _line(self) -> int:
        frame = sys._getframe()
        while frame.f_back is not None and frame.f_code.co_filename != self.path:
            frame = frame.f_back
        return frame.f_lineno


def _flattened(value: object, room: int) -> Iterator[int | float]:
    """The numbers in a value: a number, a tensor, an array, or a collection of them."""
    if isinstance(value, bool) or value is None or isinstance(value, str | bytes):
        raise TypeError(f"{_cut(repr(value), 60)} is no number")
    if isinstance(value, int):
        yield value
    elif isinstance(value, Rational | Real):
        yield float(value)
    elif callable(getattr(value, "tolist", None)):
        yield from _flattened(value.tolist(), room)  # type: ignore[attr-defined]
    elif isinstance(value, Mapping):
        yield from _flattened(value.values(), room)
    elif isinstance(value, Iterable):
        for count, item in enumerate(value):
            if count >= room:
                raise ValueError(f"the value holds more than {room:,} numbers")
            yield from _flattened(item, room)
    elif hasattr(value, "__float__"):
        yield float(value)
    else:
        raise TypeError(f"{_cut(repr(value), 60)} is no number")


def _cut(text: str, limit: int = MOST_CHARACTERS) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


_SIDES = ("__left__", "__right__")
"""Where an assertion keeps what it compares, for its message."""


class _Assertions(ast.NodeTransformer):
    """Assertions that tell both sides when they fail, and count when they hold."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        if node.msg is None:
            node.msg = self._both_sides(node)
        counted = syntax_tree(f"__held__({node.lineno})").body[0]
        # One statement, so that what fails is not counted after all.
        both: list[ast.stmt] = [node, ast.copy_location(counted, node)]
        return ast.copy_location(ast.If(ast.Constant(True), both, []), node)

    def _both_sides(self, node: ast.Assert) -> ast.expr | None:
        test = node.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
            return None
        left, right = _SIDES
        test.left = ast.NamedExpr(ast.Name(left, ast.Store()), test.left)
        test.comparators = [ast.NamedExpr(ast.Name(right, ast.Store()), test.comparators[0])]
        return syntax_expression(f"__sides__({left}, {right})")


def _sides(left: object, right: object) -> str:
    return f"left {_cut(repr(left), 200)}, right {_cut(repr(right), 200)}"


def run_blocks(path: str, blocks: Sequence[tuple[int, str]]) -> None:
    """Run blocks of the article ``path``, each with the line that its code begins on."""
    with Path(RECORDS_FILE).open("w", encoding="utf-8") as file:

        def write(record: Record) -> None:
            file.write(json.dumps(record.as_list()) + "\n")
            file.flush()

        recorder = Recorder(path, write)
        program = _Program(recorder, " ".join(code for _, code in blocks))
        for line, code in blocks:
            program.run(line, code)


def _namespace(recorder: Recorder, code: str) -> dict[str, Any]:
    import math

    random.seed(0)
    found: dict[str, Any] = {
        "__name__": "__check__",
        "__held__": recorder.held,
        "__sides__": _sides,
        "math": math,
        "says": recorder.says,
        "shows": recorder.shows,
        "given": recorder.given,
        "cites": recorder.cites,
    }
    if "np." in code or "numpy" in code:
        import numpy

        numpy.random.seed(0)
        found["np"] = found["numpy"] = numpy
    if "torch" in code:
        import torch

        torch.manual_seed(0)
        found["torch"] = torch
    return found


class _Program:
    """The blocks of an article, run statement by statement in one namespace."""

    def __init__(self, recorder: Recorder, code: str) -> None:
        self._recorder = recorder
        self._namespace = _namespace(recorder, code)
        self._lost: set[str] = set()
        """Names that a statement would have bound, had it not failed: one failure is told once."""

    def run(self, first: int, code: str) -> None:
        """Run a block whose code begins on the line ``first``, to its end whatever fails."""
        tree = ast.increment_lineno(syntax_tree(code), first - 1)
        sources = code.splitlines()
        for statement in ast.fix_missing_locations(_Assertions().visit(tree)).body:
            module = ast.Module([statement], [])
            try:
                exec(  # noqa: S102 - running the checks is what this process is for
                    compile(module, self._recorder.path, "exec", dont_inherit=True), self._namespace
                )
            except Exception as error:  # noqa: BLE001 - whatever it raises is told
                line = _line_of(error, self._recorder.path) or statement.lineno
                source = sources[line - first] if 0 <= line - first < len(sources) else ""
                self._failed(statement, error, line, source.strip())
            finally:
                # A model or a batch that was compared once must not live to the end.
                for side in _SIDES:
                    self._namespace.pop(side, None)

    def _failed(self, statement: ast.stmt, error: Exception, line: int, source: str) -> None:
        follows = isinstance(error, NameError) and error.name in self._lost
        self._lost.update(_bound(statement))
        if not follows:
            message = f"{type(error).__name__}: {error}".removesuffix(": ")
            self._recorder.failed(line, f"{source}: {message}" if source else message)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def _line_of(error: BaseException, path: str) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
