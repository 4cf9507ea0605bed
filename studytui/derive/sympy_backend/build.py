"""Nodes to sympy, one by one, inside the prover's process. No text ever reaches sympy's parser."""

from __future__ import annotations

from typing import Any

import sympy

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.sympy_backend.assumptions import assumptions, sign_facts
from studytui.derive.sympy_backend.expectations import expect
from studytui.derive.sympy_backend.uninterpreted import opaque_function
from studytui.derive.syntax.formulas import definition, known

MOST_EXPLICIT = 40
"""Sums with number bounds and at most this many terms are written out."""

_RELATIONS = {
    "=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge,
}  # fmt: skip


class Builder:
    """Builds sympy expressions of one check, so that a name is the same symbol on both sides."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.bound: list[dict[str, Any]] = []
        self.known: dict[str, Any] = {}

    def build(self, node: nodes.Node) -> Any:
        """The sympy expression, relation or matrix.

        :raises ExpressionError: it has no counterpart there.
        """
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise ExpressionError(f"a {type(node).__name__} cannot be proved about")
        return handler(node)

    def symbol(self, name: str) -> Any:
        """The symbol of a name with what its domain says; a matrix of them for a matrix."""
        for scope in reversed(self.bound):
            if name in scope:
                return scope[name]
        if name not in self.known:
            domain = self.symbols.domain(name)
            if domain.shape:
                rows, columns = domain.shape
                facts = assumptions(domain)
                self.known[name] = sympy.Matrix(
                    rows, columns, lambda r, c: sympy.Symbol(f"{name}_{r + 1}_{c + 1}", **facts)
                )
            else:
                self.known[name] = sympy.Symbol(name, **assumptions(domain))
        return self.known[name]

    def fresh(self, name: str, **facts: bool) -> Any:
        """The symbol of a bound variable: named by its depth, so that its letter is no matter."""
        symbol = sympy.Symbol(f"_{len(self.bound) + 1}", **facts)
        self.bound.append({name: symbol})
        return symbol

    def _number(self, node: nodes.Number) -> Any:
        return sympy.Rational(node.numerator, node.denominator)

    def _constant(self, node: nodes.Constant) -> Any:
        return {
            "pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo,
            "true": sympy.true, "false": sympy.false,
        }[node.name]  # fmt: skip

    def _name(self, node: nodes.Name) -> Any:
        return self.symbol(node.name)

    def _index(self, node: nodes.Index) -> Any:
        indices = [self.build(index) for index in node.indices]
        domain = self.symbols.domain(node.base)
        if not domain.shape:
            base = sympy.IndexedBase(node.base, **assumptions(domain))
            return base[tuple(indices)] if len(indices) > 1 else base[indices[0]]
        table = self.symbol(node.base)
        if not all(index.is_Integer for index in indices):
            raise ExpressionError("an element of a matrix needs a number as its index")
        places = [int(index) - 1 for index in indices]
        row, column = places if len(places) == 2 else (places[0], 0)
        if len(places) == 1 and table.rows == 1:
            row, column = 0, places[0]
        if not (0 <= row < table.rows and 0 <= column < table.cols):
            raise ExpressionError(f"{node.base} has no element {places}")
        return table[row, column]

    def _add(self, node: nodes.Add) -> Any:
        total = self.build(node.terms[0])
        for term in node.terms[1:]:
            total = total + self.build(term)
        return total

    def _multiply(self, node: nodes.Multiply) -> Any:
        product = self.build(node.factors[0])
        for factor in node.factors[1:]:
            product = _times(product, self.build(factor))
        return product

    def _divide(self, node: nodes.Divide) -> Any:
        return self.build(node.numerator) / _scalar(self.build(node.denominator))

    def _negate(self, node: nodes.Negate) -> Any:
        return -self.build(node.operand)

    def _power(self, node: nodes.Power) -> Any:
        return self.build(node.base) ** _scalar(self.build(node.exponent))

    def _transpose(self, node: nodes.Transpose) -> Any:
        value = self.build(node.operand)
        return value.T if isinstance(value, sympy.MatrixBase) else value

    def _matrix(self, node: nodes.Matrix) -> Any:
        return sympy.Matrix([[_scalar(self.build(item)) for item in row] for row in node.rows])

    def _call(self, node: nodes.Call) -> Any:
        domain = self.symbols.domains.get(node.function)
        arguments = [self.build(argument) for argument in node.arguments]
        if domain is not None and domain.kind == "function":
            return opaque_function(node.function, node.primes, sign_facts(domain))(*arguments)
        function = known(node)
        if function is None:
            raise ExpressionError(f"{node.function} cannot be proved about")
        if callable(function.sympy):
            return function.sympy(sympy, *arguments)
        if function.sympy and len(arguments) == (function.fewest or len(arguments)):
            return getattr(sympy, function.sympy)(*arguments)
        inner = definition(node)
        if inner is None:
            raise ExpressionError(f"{node.function} cannot be proved about")
        return self.build(inner)

    def _fold(self, node: nodes.Fold) -> Any:
        lower, upper = _scalar(self.build(node.lower)), _scalar(self.build(node.upper))
        if lower.is_Integer and upper.is_Integer and upper - lower < MOST_EXPLICIT:
            return self._explicit(node, int(lower), int(upper))
        if node.kind not in ("sum", "product"):
            raise ExpressionError(f"{node.kind} over a symbolic range cannot be proved about")
        facts = {"integer": True}
        if lower.is_positive:
            facts["positive"] = True
        elif lower.is_nonnegative:
            facts["nonnegative"] = True
        variable = self.fresh(node.variable, **facts)
        body = self.build(node.body)
        self.bound.pop()
        kind = sympy.Sum if node.kind == "sum" else sympy.Product
        return kind(_scalar(body), (variable, lower, upper))

    def _explicit(self, node: nodes.Fold, lower: int, upper: int) -> Any:
        if upper < lower - 1:
            raise ExpressionError(f"a {node.kind} that runs backwards")
        items = []
        for place in range(lower, upper + 1):
            self.bound.append({node.variable: sympy.Integer(place)})
            items.append(self.build(node.body))
            self.bound.pop()
        if node.kind in ("max", "min") and items:
            return (sympy.Max if node.kind == "max" else sympy.Min)(*items)
        if node.kind not in ("sum", "product"):
            raise ExpressionError(f"{node.kind} cannot be proved about")
        total = sympy.Integer(int(node.kind == "product"))
        for place, item in enumerate(items):
            if place == 0:
                total = item
            else:
                total = total + item if node.kind == "sum" else _times(total, item)
        return total

    def _integral(self, node: nodes.Integral) -> Any:
        if node.lower is None or node.upper is None:
            variable = self.symbol(node.variable)
            return sympy.Integral(self.build(node.body), variable)
        lower, upper = _scalar(self.build(node.lower)), _scalar(self.build(node.upper))
        facts = {"real": True}
        if lower.is_nonnegative and (upper - lower).is_nonnegative is not False:
            facts = {"positive": True}
        variable = self.fresh(node.variable, **facts)
        body = _scalar(self.build(node.body))
        self.bound.pop()
        return sympy.Integral(body, (variable, lower, upper))

    def _derivative(self, node: nodes.Derivative) -> Any:
        variable = self.build(node.variable)
        body = self.build(node.body)
        if isinstance(variable, sympy.Integer):
            raise ExpressionError("a derivative by an index that runs over numbers")
        for _ in range(node.order):
            body = body.diff(variable)
        return body

    def _limit(self, node: nodes.Limit) -> Any:
        point = _scalar(self.build(node.point))
        domain = self.symbols.domains.get(node.variable)
        facts = assumptions(domain) if domain is not None else {"real": True}
        if point is sympy.oo:
            facts = {**facts, "positive": True}
        elif point is sympy.S.Zero and node.side == "+" and not domain:
            facts = {"positive": True}
        elif point is -sympy.oo:
            # sympy takes some limits at -oo for those at oo: it is asked for the mirrored one.
            variable = self.fresh(node.variable, positive=True)
            self.bound[-1] = {node.variable: -variable}
            body = _scalar(self.build(node.body))
            self.bound.pop()
            return sympy.Limit(body, variable, sympy.oo, "-")
        variable = self.fresh(node.variable, **facts)
        body = _scalar(self.build(node.body))
        self.bound.pop()
        return sympy.Limit(body, variable, point, node.side or ("-" if point is sympy.oo else "+-"))

    def _expectation(self, node: nodes.Expectation) -> Any:
        return expect(_scalar(self.build(node.body)), self)

    def _relation(self, node: nodes.Relation) -> Any:
        parts = [_scalar(self.build(operand)) for operand in node.operands]
        links = [
            _RELATIONS[operator](left, right)
            for left, operator, right in zip(parts, node.operators, parts[1:], strict=False)
        ]
        return links[0] if len(links) == 1 else sympy.And(*links)

    def _logic(self, node: nodes.Logic) -> Any:
        parts = [self.build(operand) for operand in node.operands]
        kinds = {"and": sympy.And, "or": sympy.Or, "not": sympy.Not}
        return kinds[node.kind](*parts)

    def _piecewise(self, node: nodes.Piecewise) -> Any:
        return sympy.Piecewise(
            *(
                (_scalar(self.build(value)), self.build(condition))
                for value, condition in zip(node.values, node.conditions, strict=True)
            )
        )


def _times(left: Any, right: Any) -> Any:
    """A product; a matrix of one element counts as a number where shapes would not fit."""
    both = isinstance(left, sympy.MatrixBase) and isinstance(right, sympy.MatrixBase)
    if both and left.cols != right.rows:
        left = _scalar(left) if left.shape == (1, 1) else left
        right = _scalar(right) if right.shape == (1, 1) else right
    return left * right


def _scalar(value: Any) -> Any:
    if isinstance(value, sympy.MatrixBase):
        if value.shape != (1, 1):
            raise ExpressionError("a matrix where a number is needed")
        return value[0, 0]
    return value
