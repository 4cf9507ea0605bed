"""Values of the written line at a few points, to which almost no wrong variant comes."""

from __future__ import annotations

from itertools import islice
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Derivative,
    Expectation,
    Fold,
    Integral,
    Limit,
    Node,
    Relation,
)
from studytui.derive.verify.numeric_check import apart, distance, finite
from studytui.derive.verify.shared_points import names_in

DIGITS = 30
SKIPPED = 2
"""The first points have values such as 1 and 2, at which too much is equal."""
WANTED, TRIED = 3, 60
TELLING = 2
"""Points to look at: at two of them, where there are such, the right and the
written line must differ, which may be rare, as for ``sqrt(x^2)`` and x."""
CLOSE = 1e-12
ROUGH = 1e-7
NOTHING = 1e-18
"""How near two values are that are equal: exact ones, and those of a quadrature, relatively; and
what rounding leaves of zero."""
STEPS = 800_000
"""The work that all values together may take; then no more variants are looked at."""
SEARCH = 150_000
"""The work after which no more points are tried."""
A_VALUE = 60_000
"""The work of one value, beyond which a variant is passed over."""
DEAR = 3_000
"""A value that takes more work is asked for only of what no law shows to be equal."""

_BINDING = (Fold, Integral, Limit, Expectation, Derivative)


class _Evaluation(PreciseEvaluation):
    """Remembers the values of parts in which nothing is bound from outside.

    Variants of one line are the same but for one place: what is shared is computed once. Parts
    are told apart by identity, and those that bind a variable by what they are.
    """

    def __init__(self, values: dict[str, Any], point: Point, effort: Effort) -> None:
        super().__init__(values, point.laws, effort)
        self._known: dict[int, tuple[Node, Any]] = {}
        self._alike: dict[Node, Any] = {}
        self._inside = 0

    def value(self, node: Node) -> Any:
        if self._inside:
            return super().value(node)
        found = self._known.get(id(node))
        if found is None:
            found = node, self._computed(node)
            self._known[id(node)] = found
        if isinstance(found[1], Exception):
            raise found[1]
        return found[1]

    def _computed(self, node: Node) -> Any:
        binds = isinstance(node, _BINDING)
        if binds and node in self._alike:
            return self._alike[node]
        self._inside += binds
        try:
            result = super().value(node)
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError) as error:
            result = error
        except mpmath.libmp.NoConvergence:
            result = UndefinedValueError("no convergence")
        finally:
            self._inside -= binds
        if binds:
            self._alike[node] = result
        return result


class Places:
    """Points of the domains at which the written line has a value."""

    def __init__(
        self, written: Node, others: tuple[Node, ...], symbols: Symbols, extra: Definitions
    ) -> None:
        self.written = written
        self._effort = Effort()
        self._dearest = 0
        self._evaluations: list[_Evaluation] = []
        self._values: list[Any] = []
        whole = Relation((written, *others), ())
        names = names_in(whole, whole, symbols, extra)
        with mpmath.workdps(DIGITS):
            for point in islice(points(names, symbols), SKIPPED, TRIED):
                self._try(point, others, extra)
                apart = [self._differ_at(place, others) for place in range(len(self._values))]
                enough = len(apart) >= WANTED and sum(apart) >= TELLING
                if not names or enough or self._effort.spent > SEARCH:
                    break
                if len(apart) >= WANTED and False in apart:
                    place = apart.index(False)
                    del self._values[place], self._evaluations[place]

    def _differ_at(self, place: int, others: tuple[Node, ...]) -> bool:
        """Whether the written line differs from one of the others at a point."""
        evaluation, value = self._evaluations[place], self._values[place]
        return any(
            self._are_apart(self._value(evaluation, each), value, evaluation) for each in others
        )

    def _try(self, point: Point, others: tuple[Node, ...], extra: Definitions) -> None:
        values = point.values()
        try:
            for name, make in extra.items():
                values[name] = make(values, Effort(A_VALUE))
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return
        evaluation = _Evaluation(values, point, Effort())
        here = self._value(evaluation, self.written)
        self._dearest = max(self._dearest, evaluation.effort.spent)
        if here is None or all(self._value(evaluation, other) is None for other in others):
            return
        self._evaluations.append(evaluation)
        self._values.append(here)

    def _value(self, evaluation: _Evaluation, node: Node) -> Any:
        """The value at a point, or None."""
        effort = evaluation.effort
        effort.limit = effort.spent + A_VALUE
        before = effort.spent
        evaluation.steps = 0
        try:
            with mpmath.workdps(DIGITS):
                value = evaluation.value(node)
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return None
        finally:
            self._effort.spent += effort.spent - before
        return value if finite(value) else None

    @property
    def is_spent(self) -> bool:
        """Whether the work is done that may be done."""
        return self._effort.spent > STEPS

    @property
    def are_there(self) -> bool:
        """Whether there is any point at which the line has a value."""
        return bool(self._values)

    @property
    def are_dear(self) -> bool:
        """Whether a value takes long, as where integrals are computed."""
        return self._dearest > DEAR

    def has_value_of_written(self, node: Node) -> bool:
        """Whether an expression has the value of the written line wherever it has one, and has one
        at two of the points at least."""
        agreed = 0
        for evaluation, value in zip(self._evaluations, self._values, strict=True):
            here = self._value(evaluation, node)
            if here is None:
                continue
            if not self._is_near(here, value, evaluation):
                return False
            agreed += 1
        return agreed >= min(2, len(self._values)) > 0

    def differs(self, node: Node, other: Node | None = None) -> bool:
        """Whether there is a point at which two expressions have values that differ; the written
        line is the other one where none is named."""
        for evaluation, value in zip(self._evaluations, self._values, strict=True):
            second = value if other is None else self._value(evaluation, other)
            first = self._value(evaluation, node)
            if self._are_apart(first, second, evaluation):
                return True
        return False

    def _are_apart(self, first: Any, second: Any, evaluation: _Evaluation) -> bool:
        if first is None or second is None:
            return False
        with mpmath.workdps(DIGITS):
            clear = distance(first, second) > (1e-4 if evaluation.error else 1e-10)
            return bool(clear and apart(first, second) > NOTHING)

    def _is_near(self, first: Any, other: Any, evaluation: _Evaluation) -> bool:
        with mpmath.workdps(DIGITS):
            if distance(first, other) < (ROUGH if evaluation.error else CLOSE):
                return True
            return bool(apart(first, other) < NOTHING)
