"""The value of an expression at given values of its names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import (
    Arithmetic,
    ExcludedError,
    FloatArithmetic,
    UndefinedValueError,
)
from studytui.derive.evaluate.matrix_functions import matrix_value
from studytui.derive.expr import nodes
from studytui.derive.functions import FUNCTIONS, Function
from studytui.derive.functions.spec import Scalar
from studytui.derive.syntax.formulas import formula

MOST_STEPS = 400_000
_RULES: dict[type[nodes.Node], str] = {
    nodes.Number: "_number",
    nodes.Constant: "_constant",
    nodes.Name: "_name",
    nodes.Index: "_index",
    nodes.Add: "_add",
    nodes.Multiply: "_multiply",
    nodes.Divide: "_divide",
    nodes.Negate: "_negate",
    nodes.Power: "_power",
    nodes.Call: "_call",
    nodes.Fold: "_fold",
    nodes.Relation: "_relation",
    nodes.Logic: "_logic",
    nodes.Piecewise: "_piecewise",
    nodes.Matrix: "_matrix",
    nodes.Transpose: "_transpose",
    nodes.SetOf: "_set",
    nodes.Integral: "analytic",
    nodes.Derivative: "analytic",
    nodes.Limit: "analytic",
    nodes.Expectation: "analytic",
}
"""Which method has the value of which node: by name, so that an evaluation of another kind takes
over what it defines anew, and an evaluation costs nothing to make."""


def evaluate(node: nodes.Node, values: Mapping[str, Any]) -> float:
    """The value as a float. ``values`` are numbers, matrices as tuples of rows, or functions.

    :raises UndefinedValueError: there is no real value, or a name has none.
    """
    try:
        result = tables.scalar(Evaluation(FloatArithmetic(), values).value(node))
        if isinstance(result, complex):
            if abs(result.imag) > 1e-12 * max(1.0, abs(result.real)):
                raise UndefinedValueError("the value is complex")
            result = result.real
        return float(result)
    except (ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
        raise UndefinedValueError(f"there is no value: {error}") from error


class Evaluation:
    """One evaluation: an arithmetic, values of names, and a bound on the steps taken."""

    def __init__(self, arithmetic: Arithmetic, values: Mapping[str, Any]) -> None:
        self.arithmetic = arithmetic
        self.values = dict(values)
        self.steps = 0

    def value(self, node: nodes.Node) -> Any:
        """The value of a node: a number, a matrix, a truth value or a set."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise UndefinedValueError(f"evaluation takes more than {MOST_STEPS} steps")
        return getattr(self, _RULES[type(node)])(node)

    def number(self, node: nodes.Node) -> Scalar:
        """The value of a node that must be a number."""
        return tables.scalar(self.value(node))

    def at(self, name: str, value: Any, body: nodes.Node) -> Any:
        """The value of ``body`` with one name set."""
        missing = object()
        before = self.values.get(name, missing)
        self.values[name] = value
        try:
            return self.value(body)
        finally:
            if before is missing:
                del self.values[name]
            else:
                self.values[name] = before

    def analytic(self, node: nodes.Node) -> Any:
        """Integrals, limits, derivatives and expectations: the prover's evaluation has them."""
        raise UndefinedValueError(f"{type(node).__name__} has no value in plain numbers")

    def _number(self, node: nodes.Number) -> Any:
        return self.arithmetic.rational(node)

    def _name(self, node: nodes.Name) -> Any:
        return self._lookup(node.name)

    def _negate(self, node: nodes.Negate) -> Any:
        return tables.multiply(self.arithmetic.rational(-1), self.value(node.operand))

    def _matrix(self, node: nodes.Matrix) -> Any:
        return tuple(tuple(tables.scalar(self.value(item)) for item in row) for row in node.rows)

    def _transpose(self, node: nodes.Transpose) -> Any:
        return tables.transpose(self.value(node.operand))

    def _set(self, node: nodes.SetOf) -> Any:
        return frozenset(self.value(item) for item in node.elements)

    def _lookup(self, name: str) -> Any:
        if name not in self.values:
            raise UndefinedValueError(f"{name} has no value")
        return self.values[name]

    def _constant(self, node: nodes.Constant) -> Any:
        if node.name in ("true", "false"):
            return node.name == "true"
        return self.arithmetic.constant(node.name)

    def _index(self, node: nodes.Index) -> Any:
        base = self._lookup(node.base)
        places = [self.arithmetic.whole(self.number(index)) for index in node.indices]
        if callable(base):
            return base(*places)
        if not tables.is_table(base):
            raise UndefinedValueError(f"{node.base} has no elements")
        row, column = (places[0], places[1]) if len(places) == 2 else (places[0], 1)
        if len(places) == 1 and len(base) == 1:
            row, column = 1, places[0]
        if not (1 <= row <= len(base) and 1 <= column <= len(base[0])):
            raise UndefinedValueError(f"{node.base} has no element {places}")
        return base[row - 1][column - 1]

    def _add(self, node: nodes.Add) -> Any:
        total = self.value(node.terms[0])
        for term in node.terms[1:]:
            total = tables.add(total, self.value(term))
        return total

    def _multiply(self, node: nodes.Multiply) -> Any:
        product = self.value(node.factors[0])
        for factor in node.factors[1:]:
            product = tables.multiply(product, self.value(factor))
        return product

    def _divide(self, node: nodes.Divide) -> Any:
        denominator = self.number(node.denominator)
        if denominator == 0:
            raise ExcludedError("division by zero")
        numerator = self.value(node.numerator)
        if tables.is_table(numerator):
            return tables.multiply(numerator, 1 / denominator)
        return numerator / denominator

    def _power(self, node: nodes.Power) -> Any:
        base, exponent = self.value(node.base), self.number(node.exponent)
        if tables.is_table(base):
            return self._matrix_power(base, self.arithmetic.whole(exponent))
        return self._scalar_power(base, exponent)

    def _scalar_power(self, base: Scalar, exponent: Scalar) -> Scalar:
        if base == 0 and exponent != 0:
            real = exponent.real if hasattr(exponent, "real") else exponent
            if real < 0:
                raise ExcludedError("division by zero")
        return self.arithmetic.power(base, exponent)

    def _matrix_power(self, base: tables.Table, exponent: int) -> tables.Table:
        if abs(exponent) > 64:
            raise UndefinedValueError("a matrix to a power beyond 64")
        one, zero = (self.arithmetic.rational(number) for number in (1, 0))
        result = tables.identity(len(base), one, zero)
        factor = tables.inverse(base) if exponent < 0 else base
        for _ in range(abs(exponent)):
            result = tables.multiply(result, factor)
        return result

    def _call(self, node: nodes.Call) -> Any:
        known = self.values.get(node.function)
        if callable(known):
            arguments = [self.number(argument) for argument in node.arguments]
            return known(*arguments, primes=node.primes) if node.primes else known(*arguments)
        if node.function == "indicator":
            truth = self.truth(node.arguments[0])
            self.decided(node, truth)
            return self.arithmetic.rational(int(truth))
        values = [self.value(argument) for argument in node.arguments]
        function = FUNCTIONS.get(node.function)
        if function is None or node.primes:
            raise UndefinedValueError(f"{node.function} has no value")
        if function.of_matrices:
            return self._matrix_call(node.function, values)
        scalars = [tables.scalar(value) for value in values]
        self.decided(node, scalars)
        return self._called(function, scalars)

    def _called(self, function: Function, scalars: list[Any]) -> Any:
        """A function of numbers, by its definition where nothing else is known."""
        if (
            self.arithmetic.knows(function)
            or not function.definition
            or len(scalars) < len(function.names)
        ):
            return self.arithmetic.call(function, scalars)
        body = formula(function.definition, function.names)
        inner = Evaluation(self.arithmetic, dict(zip(function.names, scalars, strict=True)))
        return inner.value(body)

    def decided(self, node: nodes.Call | nodes.Piecewise, by: Any) -> None:
        """Called where a value goes by cases, with the arguments or the case that applies."""

    def _matrix_call(self, function: str, values: list[Any]) -> Any:
        return matrix_value(function, values, self.arithmetic)

    def _fold(self, node: nodes.Fold) -> Any:
        lower, upper = self.bounds(node)
        if upper < lower - 1:
            raise ExcludedError(f"a {node.kind} that runs backwards")
        if upper - lower > MOST_STEPS:
            raise UndefinedValueError("a sum with too many terms")
        items = [
            self.at(node.variable, self.arithmetic.rational(place), node.body)
            for place in range(lower, upper + 1)
        ]
        if node.kind in ("sum", "product"):
            total = self.arithmetic.rational(int(node.kind == "product"))
            join = tables.add if node.kind == "sum" else tables.multiply
            for position, item in enumerate(items):
                total = item if position == 0 else join(total, item)
            return total
        if not items:
            raise UndefinedValueError(f"the {node.kind} of nothing")
        best = 0
        for place, item in enumerate(items):
            order = self.arithmetic.order(item, items[best])
            if place and order == 0 and node.kind.startswith("arg"):
                raise UndefinedValueError("two elements tie")
            if order == (1 if node.kind.endswith("max") else -1):
                best = place
        if node.kind.startswith("arg"):
            return self.arithmetic.rational(lower + best)
        return items[best]

    def bounds(self, node: nodes.Fold) -> tuple[int, int]:
        """The bounds of a sum as integers."""
        return (
            self.arithmetic.whole(self.number(node.lower)),
            self.arithmetic.whole(self.number(node.upper)),
        )

    def truth(self, node: nodes.Node) -> bool:
        """The truth of a condition."""
        result = self.value(node)
        if not isinstance(result, bool):
            raise UndefinedValueError("a number where a condition is needed")
        return result

    def _relation(self, node: nodes.Relation) -> bool:
        values = [self.number(operand) for operand in node.operands]
        return all(
            self.holds(left, operator, right)
            for left, operator, right in zip(values, node.operators, values[1:], strict=False)
        )

    def holds(self, left: Scalar, operator: str, right: Scalar) -> bool:
        """Whether a relation of two numbers is true."""
        order = self.arithmetic.order(left, right)
        return {
            "=": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0,
            ">": order > 0, ">=": order >= 0,
        }[operator]  # fmt: skip

    def _logic(self, node: nodes.Logic) -> bool:
        if node.kind == "not":
            return not self.truth(node.operands[0])
        truths = [self.truth(operand) for operand in node.operands]
        return all(truths) if node.kind == "and" else any(truths)

    def _piecewise(self, node: nodes.Piecewise) -> Any:
        for case, (value, condition) in enumerate(zip(node.values, node.conditions, strict=True)):
            if self.truth(condition):
                self.decided(node, case)
                return self.value(value)
        raise UndefinedValueError("no case applies")
