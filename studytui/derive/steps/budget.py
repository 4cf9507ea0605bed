"""One time limit for several checks: a line of a learner never waits longer than one check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from studytui.derive.expr.nodes import Node
from studytui.derive.verdict import Judgement, Verdict

LEAST_SECONDS = 0.02


class Checks(Protocol):
    """Whatever answers claims: the prover, or a prover with little time left."""

    @property
    def seconds(self) -> float:
        """The processor time that a check may take."""

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
        """Have nodes checked, within ``seconds``."""


class Budget:
    """Passes checks on while there is time left of ``seconds``; then all are undecided."""

    def __init__(self, checks: Checks, seconds: float) -> None:
        self._checks = checks
        self._seconds = seconds
        self._left = seconds
        self._granted: float = checks.granted if isinstance(checks, Budget) else seconds

    @property
    def granted(self) -> float:
        """The processor time of the whole, of which this may be a share."""
        return self._granted

    @property
    def seconds(self) -> float:
        """The processor time that all checks together may take."""
        return self._seconds

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self._left

    @property
    def spent(self) -> bool:
        """Whether no time is left."""
        return self._left < LEAST_SECONDS

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
        """Have nodes checked, within what is left of the time."""
        if self.spent:
            return Judgement(Verdict.UNDECIDED, f"the limit of {self._granted:g} s passed")
        limit = self._left if seconds is None else min(seconds, self._left)
        judgement = self._checks.check(
            kind,
            nodes,
            declarations,
            open_names=open_names,
            recursions=recursions,
            seconds=limit,
        )
        self._left -= judgement.seconds
        told = judgement.why.replace(f"limit of {limit:g} s", f"limit of {self._granted:g} s")
        return replace(judgement, why=told)
