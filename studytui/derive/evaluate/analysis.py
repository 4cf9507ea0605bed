"""Integrals, limits and infinite sums as numbers, with their error.

Each result is taken only where two independent computations of it agree; else there is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath

from studytui.derive.evaluate import quadrature, tables
from studytui.derive.evaluate.arithmetic import ExcludedError, NoValueError, UndefinedValueError
from studytui.derive.evaluate.cases import Cases, note
from studytui.derive.evaluate.effort import Effort, cost
from studytui.derive.evaluate.evaluator import Evaluation
from studytui.derive.evaluate.high_precision import PreciseArithmetic
from studytui.derive.evaluate.turning_points import turning_points
from studytui.derive.expr import nodes
from studytui.derive.syntax.formulas import known

AGREEMENT = 1e-10
"""How far two computations of one integral may be apart, relatively."""
WINDOW = (0, 1, 3, 7, 12)
"""Steps that no short period meets all in its zeros."""
GENERIC = Fraction(1234577, 1000003)
"""What a place is multiplied with, lest it be a special one, such as a whole number."""
FINEST = 1e-24
"""The least error that is ever claimed for a quadrature."""


class Analysis(Evaluation):
    """An evaluation with mpmath, to which ``precise`` adds what is built on it.

    ``error`` is the relative error left by quadratures and limits.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        laws: Mapping[str, Any] | None = None,
        effort: Effort | None = None,
        cases: Cases | None = None,
    ) -> None:
        super().__init__(PreciseArithmetic(), values)
        self.arithmetic: PreciseArithmetic
        self.laws = dict(laws or {})
        self.error = 0.0
        self.swamped = 0
        self.cases: Cases = {} if cases is None else cases
        """Shared by the evaluations at several points."""
        self.effort = effort or Effort()
        """Shared like the cases; what takes more has no value."""

    def value(self, node: nodes.Node) -> Any:
        """The value of a node, within the effort."""
        effort = self.effort
        effort.spent += 1
        if effort.spent > effort.limit:
            effort.take(0)  # which says so
        return super().value(node)

    def _add(self, node: nodes.Add) -> Any:
        """A sum; how many digits its small terms lie below its large ones is remembered."""
        values = [self.value(term) for term in node.terms]
        total = values[0]
        for value in values[1:]:
            total = tables.add(total, value)
        sizes = _sizes(values)
        if len(sizes) > 1:
            self.swamped = max(self.swamped, int((max(sizes) - min(sizes)) * 0.302))
        return total

    def _divide(self, node: nodes.Divide) -> Any:
        """A quotient. What has died away where a quadrature looks need not be zero."""
        try:
            return super()._divide(node)
        except NoValueError as error:
            if self.arithmetic.saturating:
                raise UndefinedValueError("a quotient too large to compute") from error
            raise

    def decided(self, node: nodes.Call | nodes.Piecewise, by: Any) -> None:
        """Remember the case."""
        note(self.cases, node, by)

    def analytic(self, node: nodes.Node) -> Any:
        """The value of a node that needs analysis. A pole inside of it is no pole of its own."""
        try:
            return self._analysed(node)
        except ExcludedError as error:
            raise NoValueError(error.what) from error

    def _analysed(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Integral):
            return self._integral(node)
        assert isinstance(node, nodes.Limit)
        return self._limit(node)

    def _call(self, node: nodes.Call) -> Any:
        """A function; how near to their limits the saturating ones come is remembered."""
        self.effort.take(cost(node.function, mpmath.mp.dps))
        function = known(node)
        if function is not None and function.saturation is not None:
            size = abs(self.number(node.arguments[0]))
            if mpmath.isfinite(size):
                near = function.saturation(float(min(size, 10**6)))
                self.swamped = max(self.swamped, int(near))
        return super()._call(node)

    def function(self, variable: str, body: nodes.Node) -> Callable[[Any], Any]:
        """``body`` as a function of one variable."""
        return lambda value: tables.scalar(self.at(variable, value, body))

    def _fold(self, node: nodes.Fold) -> Any:
        upper = node.upper
        if isinstance(upper, nodes.Constant) and upper.name == "oo":
            return self._infinite(node)
        return super()._fold(node)

    def _infinite(self, node: nodes.Fold) -> Any:
        """An infinite sum or product whose terms die away fast enough to be trusted."""
        lower = self.arithmetic.whole(self.number(node.lower))
        function = self.function(node.variable, node.body)
        if node.kind not in ("sum", "product"):
            raise UndefinedValueError(f"the {node.kind} of infinitely many")

        def deviation(place: int) -> Any:
            return max(
                abs(function(mpmath.mpf(place + step)) - int(node.kind == "product"))
                for step in WINDOW
            )

        sizes = [deviation(lower + step) * step for step in (50, 400, 3200)]
        if not (sizes[2] <= sizes[1] / 2 and sizes[1] <= sizes[0] / 2) and sizes[2] > AGREEMENT:
            if all(sizes) and _bends(*sizes):
                raise UndefinedValueError("an infinite sum that converges too slowly")
            if node.kind == "sum" and _slackens(function, lower):
                raise UndefinedValueError("an infinite sum whose terms fall only far out")
            raise NoValueError("an infinite sum that may not converge")
        if node.kind == "product":
            return self._agreed(
                lambda: mpmath.nprod(function, [lower, mpmath.inf], nsum=False, maxsteps=2000)
            )
        return self._agreed(lambda: mpmath.nsum(function, [lower, mpmath.inf]))

    def _agreed(self, compute: Callable[[], Any]) -> Any:
        """A number on which the computation agrees at two precisions."""
        with mpmath.workdps(20):
            first = compute()
        with mpmath.workdps(32):
            return self.settled(first, compute())

    def settled(self, first: Any, second: Any) -> Any:
        """The second of two computations of a number; how far they are apart is remembered.

        :raises UndefinedValueError: too far.
        """
        if not (mpmath.isfinite(first) and mpmath.isfinite(second)):
            raise NoValueError("no finite value")
        error = float(abs(first - second) / max(1, abs(second)))
        if error > AGREEMENT:
            raise UndefinedValueError("the value cannot be computed to enough digits")
        self.error = max(self.error, error, FINEST)
        return second

    def _integral(self, node: nodes.Integral) -> Any:
        if node.lower is None or node.upper is None:
            raise UndefinedValueError("an antiderivative has no single value")
        lower, upper = self.number(node.lower), self.number(node.upper)
        if mpmath.im(lower) != 0 or mpmath.im(upper) != 0:
            raise UndefinedValueError("an integral with complex bounds")
        if lower == upper:
            return mpmath.mpf(0)
        saturating, self.arithmetic.saturating = self.arithmetic.saturating, True
        swamped = self.swamped
        try:
            low, high = min(lower, upper), max(lower, upper)
            at = lambda value, part: self.at(node.variable, value, part)  # noqa: E731
            turns = turning_points(node.body, node.variable, at, low, high)
            inside = [place for place in turns if low < place < high]
            return self.integral(self.function(node.variable, node.body), lower, upper, inside)
        finally:
            self.arithmetic.saturating = saturating
            # Far out small terms always lie below large ones; no digits would help.
            self.swamped = swamped

    def _limit(self, node: nodes.Limit) -> Any:
        function = self.function(node.variable, node.body)
        point = self.number(node.point)
        if mpmath.isinf(point):
            sign = 1 if point > 0 else -1
            steps = [sign * mpmath.mpf(2) ** power for power in range(6, 22)]
            return self._settled_limit(function, mpmath.mpf(0), steps, [steps[-1] + sign])
        values = []
        for side in {"+": [1], "-": [-1]}.get(node.side, [1, -1]):
            steps = [side / mpmath.mpf(2) ** power for power in range(6, 24)]
            values.append(self._settled_limit(function, point, steps, []))
        if len(values) == 2 and abs(values[0] - values[1]) > 1e-8 * max(1, abs(values[0])):
            raise NoValueError("the limits from the two sides differ")
        return values[0]

    def _settled_limit(
        self, function: Callable[[Any], Any], point: Any, steps: list[Any], others: list[Any]
    ) -> Any:
        """The limit along ``point + steps``, near to which the function is at other places too."""
        found = self._approached(*_extrapolated([function(point + step) for step in steps]))
        beside = [function(other) for other in others]
        for step in steps[-2:]:
            # A sum has no value between whole numbers.
            with suppress(UndefinedValueError):
                beside.append(function(point + step * self.arithmetic.rational(GENERIC)))
        if not all(abs(value - found) <= 1e-3 * max(1, abs(found)) for value in beside):
            raise UndefinedValueError("a limit of something that swings, or settles far out")
        return found

    def _approached(self, first: Any, second: Any) -> Any:
        """A limit on which two estimates agree; where they do not, it may still exist."""
        try:
            return self.settled(first, second)
        except NoValueError as error:
            raise UndefinedValueError("a limit that cannot be computed") from error

    def integral(
        self, function: Callable[[Any], Any], lower: Any, upper: Any, turns: Sequence[Any] = ()
    ) -> Any:
        """A definite integral on which two quadratures agree, both split at the ``turns``.

        :raises UndefinedValueError: they do not, as at a pole inside or for a divergent one.
        """
        if lower > upper:
            return -self.integral(function, upper, lower, turns)
        if mpmath.isinf(lower) or mpmath.isinf(upper):
            function = quadrature.dying(function)
        quadrature.check_convergence(function, lower, upper, turns)
        with mpmath.workdps(26):
            return self.settled(
                *(
                    quadrature.integrated(function, sorted({*places, *turns}))
                    for places in quadrature.two_ways(lower, upper)
                )
            )


def _sizes(values: list[Any]) -> list[int]:
    """How many bits the numbers have that are neither zero nor infinite; none of matrices."""
    sizes = []
    for value in values:
        if isinstance(value, mpmath.mpf):
            mantissa, exponent = value.man_exp
            if mantissa:
                sizes.append(exponent + value.bc)
        elif tables.is_table(value) or isinstance(value, bool):
            return []
        elif value != 0 and mpmath.isfinite(value):
            sizes.append(mpmath.mag(value))
    return sizes


def _bends(first: Any, second: Any, third: Any) -> bool:
    """Whether sizes at places in a geometric row fall ever faster, as no power does."""
    return bool(mpmath.log(third / second) < mpmath.log(second / first) - 0.04)


def _slackens(function: Callable[[Any], Any], lower: int) -> bool:
    """Whether the ratio of neighbouring terms falls, as that of x^k/k! does even where x is huge:
    the terms may still grow where they are looked at, and the sum converge."""
    ratios = []
    for step in (400, 3200):
        here, after = (function(mpmath.mpf(lower + step + more)) for more in (0, 1))
        if not here:
            return False
        ratios.append(abs(after / here))
    return bool(ratios[1] < 0.9 * ratios[0])


def _extrapolated(values: list[Any]) -> tuple[Any, Any]:
    """The limit of a sequence at halved distances, by Richardson's extrapolation in them: the two
    estimates that are nearest to one another.

    :raises UndefinedValueError: the sequence itself is still far from them.
    """
    table = list(values)
    estimates = [table[-1]]
    for power in range(1, 8):
        table = [(2**power * second - first) / (2**power - 1) for first, second in pairwise(table)]
        estimates.append(table[-1])
    best = min(
        range(1, len(estimates)), key=lambda place: abs(estimates[place] - estimates[place - 1])
    )
    first, second = estimates[best - 1], estimates[best]
    if not abs(values[-1] - second) <= 1e-3 * max(1, abs(second)):
        raise UndefinedValueError("a limit that is approached too slowly")
    return first, second
