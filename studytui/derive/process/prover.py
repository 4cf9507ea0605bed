"""The prover as its callers see it: a warm process, a limit on time and memory, never a hang."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr.nodes import Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.process.protocol import read_judgement, read_progress, request
from studytui.derive.process.worker_handle import WorkerHandle
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Judgement, Provisional, Verdict


class Prover:
    """Checks claims in another process. Safe to share between threads; checks run one at a time.

    ``seconds`` bounds the processor time of each check, ``memory_mb`` the process. Starting takes
    about a second, once, and is not counted: call :meth:`warm` early.
    """

    def __init__(self, seconds: float = 2.0, memory_mb: int = 2048) -> None:
        self.seconds = seconds
        self.worker = WorkerHandle(memory_mb)
        self._lock = threading.Lock()
        self._number = 0

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start the process in the background, and return at once."""
        self.worker.start()

    def close(self) -> None:
        """End the process. A later check is undecided: it starts nothing."""
        self.worker.close()

    def equal(
        self,
        a: str,
        b: str,
        assumptions: Mapping[str, str] | None = None,
        syntax: str = "ascii",
        *,
        seconds: float | None = None,
    ) -> Judgement:
        """Whether two texts say the same under the assumptions; undeclared letters are real."""
        declared = dict(assumptions or {})
        try:
            symbols = declare(declared, open_names=True)
            nodes = parse(a, symbols, syntax), parse(b, symbols, syntax)
        except ExpressionError as error:
            return Judgement(Verdict.ERROR, str(error))
        return self.check("equal", nodes, declared, open_names=True, seconds=seconds)

    def value(self, expression: str, values: Mapping[str, str | float], digits: int = 12) -> float:
        """The value of an expression with integrals, limits and infinite sums too.

        :raises ExpressionError: it cannot be read.
        :raises UndefinedValueError: it has no value.
        """
        declared = dict.fromkeys(values, "complex")
        symbols = declare(declared)
        settings = [parse(f"{name} = ({text})", symbols) for name, text in values.items()]
        judgement = self.check("value", (parse(expression, symbols), *settings), declared)
        if judgement.verdict is not Verdict.PROVED:
            raise UndefinedValueError(judgement.why)
        try:
            return float(f"{float(judgement.why):.{digits}g}")
        except ValueError:
            raise UndefinedValueError(f"the value is {judgement.why}") from None

    def check(
        self,
        kind: str,
        nodes: tuple[Node, ...],
        declarations: Mapping[str, str],
        *,
        open_names: bool = False,
        recursions: tuple[Any, ...] = (),
        seconds: float | None = None,
    ) -> Judgement:
        """Have nodes checked in the process, within the limit of its processor time.

        Where the limit passes it is undecided, whatever was known by then.
        """
        limit = self.seconds if seconds is None else seconds
        with self._lock:
            self._number += 1
            line = request(self._number, kind, nodes, declarations, open_names, limit, recursions)
            known = Provisional()
            for message in self.worker.ask(line, self._number, limit):
                if message["final"]:
                    return read_judgement(message)
                known = read_progress(message)
            return known.ended(self.worker.reason, limit)
