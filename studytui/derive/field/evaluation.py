"""The evaluator over the field: what an expression is where its names have no values yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from studytui.derive.evaluate.evaluator import Evaluation
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.normal_form import shape
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.differentiate import derived
from studytui.derive.field.element import Element
from studytui.derive.field.expectations import Means
from studytui.derive.field.functions import FieldArithmetic
from studytui.derive.field.powers import BOUND, Powers
from studytui.derive.field.ring import Kind, Ring, TooLargeError
from studytui.derive.field.sums_and_products import Folds
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import ladders, spelled_out, undefined, zeros

MOST_STEPS = 3000
_SMALL = (0, -1, 1)
"""Whole parts that are looked for."""
LARGEST_MATRIX = 4
"""Of which a determinant is multiplied out."""
_SCALARS = ("real", "integer", "complex")


Sign = Callable[[nodes.Node, Symbols, bool], bool]


class FieldEvaluation(Evaluation):
    """Names are atoms. What has no law, such as an integral, is left to others."""

    def __init__(
        self, symbols: Symbols, never_negative: Sign, with_integrals: bool = False
    ) -> None:
        self.symbols = symbols
        self.never_negative = never_negative
        """Shows that an expression is not negative, or positive. It evaluates in turn."""
        self.with_integrals = with_integrals
        """Whether integrals are atoms, known by how they are written, constants taken out: what is
        the same in two expressions is, whatever it is."""
        self.ring = Ring()
        self.powers = Powers(self.ring, symbols)
        self.arithmetic: FieldArithmetic
        self.folds = Folds(self.powers, self.number)
        self.means = Means(symbols, self.folds, self.number)
        super().__init__(FieldArithmetic(self.powers), {})

    def value(self, node: nodes.Node) -> Any:
        """The element that a node is, or a table of elements.

        :raises TooLargeError: there is too much of it.
        """
        if self.steps > MOST_STEPS:
            raise TooLargeError
        return super().value(node)

    def _matrix_call(self, function: str, values: list[Any]) -> Any:
        if function in ("det", "inverse") and len(values[0]) > LARGEST_MATRIX:
            raise TooLargeError
        return super()._matrix_call(function, values)

    def _lookup(self, name: str) -> Any:
        domain = self._domain(name)
        if domain.shape:
            rows, columns = domain.shape
            return tuple(
                tuple(self._entry(name, row, column) for column in range(columns))
                for row in range(rows)
            )
        if domain.kind not in _SCALARS:
            raise TooLargeError
        atom = self.ring.atom(("name", name), _kind(domain, frozenset({name})))
        self.powers.variables[atom] = name
        return self.powers.element(atom)

    def _domain(self, name: str) -> Domain:
        return _COUNTER if name.startswith(BOUND) else self.symbols.domain(name)

    def _entry(self, name: str, row: int, column: int) -> Element:
        kind = Kind(real=True, names=frozenset({name}))
        return self.arithmetic.atom(("entry", name, row, column), kind)

    def _index(self, node: nodes.Index) -> Any:
        domain = self._domain(node.base)
        if domain.kind != "sequence":
            return super()._index(node)
        places = [self.number(index) for index in node.indices]
        names = frozenset({node.base}).union(*(place.names for place in places))
        key = "index", node.base, tuple(place.frozen() for place in places)
        return self.arithmetic.atom(key, _kind(domain, names))

    def _scalar_power(self, base: Any, exponent: Any) -> Any:
        return self.arithmetic.power(base, exponent)

    def _call(self, node: nodes.Call) -> Any:
        if node.primes or node.function not in FUNCTIONS:
            arguments = [self.number(argument) for argument in node.arguments]
            domain = self.symbols.domain(node.function)
            names = frozenset({node.function}).union(*(item.names for item in arguments))
            key = node.function, node.primes, tuple(item.frozen() for item in arguments)
            real = all(item.is_real for item in arguments)
            kind = _kind(domain, names) if real and not node.primes else Kind(real, names=names)
            return self.arithmetic.atom(key, kind)
        if node.function == "indicator":
            return self._opaque(node)
        if node.function == "ceiling":
            whole = self._whole_part(nodes.Call("floor", (nodes.Negate(node.arguments[0]),)))
            if whole is not None:
                return -whole
        if node.function in ("floor", "mod"):
            whole = self._whole_part(node)
            if whole is not None:
                return whole
        if node.function == "sqrt" and isinstance(node.arguments[0], nodes.Power):
            base, exponent = node.arguments[0].base, node.arguments[0].exponent
            if exponent == nodes.Number(2):
                squared = self.number(base)
                if squared.is_real:
                    return self.arithmetic.call(FUNCTIONS["abs"], [squared])
        return super()._call(node)

    def _whole_part(self, node: nodes.Call) -> Element | None:
        """``floor(x)`` where ``k <= x < k + 1`` is shown for some small k; ``mod(a, b)`` by it."""
        top = node.arguments[0]
        inside = top if node.function == "floor" else nodes.Divide(*node.arguments)
        symbols = self.folds.here()
        if not nodes.free_names(inside) or not self.number(inside).is_real:
            return None
        for whole in _SMALL:
            above = nodes.Add((inside, nodes.Negate(nodes.Number(whole))))
            below = nodes.Add((nodes.Number(1), nodes.Negate(above)))
            if self.never_negative(above, symbols, False) and self.never_negative(
                below, symbols, True
            ):
                if node.function == "floor":
                    return self.powers.number(whole)
                rest: Element = self.number(top) - self.number(node.arguments[1]) * whole
                return rest
        return None

    def _piecewise(self, node: nodes.Piecewise) -> Any:
        return self._opaque(node)

    def _relation(self, node: Any) -> bool:
        raise TooLargeError

    _logic = _relation

    def _opaque(self, node: nodes.Node) -> Element:
        """An atom that is known by how it is written, up to order."""
        if self._has_tables(node):
            raise TooLargeError  # the order of matrices matters
        return self.arithmetic.atom(("node", shape(node)), Kind(names=nodes.free_names(node)))

    def analytic(self, node: nodes.Node) -> Any:
        """Derivatives and means; what else there is may have no value."""
        if isinstance(node, nodes.Derivative) and not self._has_tables(node):
            inner = derived(node) or node
            return self._opaque(inner) if isinstance(inner, nodes.Derivative) else self.value(inner)
        if isinstance(node, nodes.Integral) and node.lower is not None and self.with_integrals:
            return self._integral(node)
        if isinstance(node, nodes.Expectation):
            return self.means.mean(self.number(node.body))
        raise TooLargeError

    def _integral(self, node: nodes.Integral) -> Element:
        factors = node.body.factors if isinstance(node.body, nodes.Multiply) else (node.body,)
        fixed = tuple(item for item in factors if node.variable not in nodes.free_names(item))
        moving = tuple(item for item in factors if item not in fixed)
        inside = moving[0] if len(moving) == 1 else nodes.Multiply((*moving, nodes.Number(1)))
        outside: Element = self.number(nodes.Multiply((*fixed, nodes.Number(1))))
        return outside * self._opaque(nodes.Integral(inside, node.variable, node.lower, node.upper))

    def _has_tables(self, node: nodes.Node) -> bool:
        return any(
            isinstance(part, nodes.Matrix | nodes.Transpose) for part in nodes.walk(node)
        ) or any(self.symbols.domain(name).shape for name in nodes.free_names(node))

    def _fold(self, node: nodes.Fold) -> Any:
        """A fold, where nothing in it can be without a value: it could cancel unseen, or never be
        looked at where the fold is empty."""
        place = {node.variable: nodes.Add((nodes.Name(BOUND), node.lower))}
        for risky in _partial(spelled_out(node.body)):
            if node.variable not in nodes.free_names(risky) and self._is_never_empty(node):
                continue
            if self.powers.positive_sides(self.number(replaced(risky, place))) is None:
                raise TooLargeError
        return self.folds.fold(node)

    def _is_never_empty(self, node: nodes.Fold) -> bool:
        count = self.number(node.upper) - self.number(node.lower) + 1
        return self.powers.positive_sides(count) is not None


def _partial(body: nodes.Node) -> Iterator[nodes.Node]:
    """What must be positive for an expression to have a value wherever its parts have.

    :raises TooLargeError: it is not known of a function.
    """
    for part in nodes.walk(body):
        if isinstance(part, nodes.Divide):
            yield part.denominator
        elif isinstance(part, nodes.Power) and not (
            isinstance(part.exponent, nodes.Number) and part.exponent.numerator > 0
        ):
            yield part.base
        elif isinstance(part, nodes.Call) and part.function in FUNCTIONS and not part.primes:
            points = undefined(part)
            if points is None:
                raise TooLargeError
            yield from zeros(part)
            for rung, first in ladders(part):
                yield nodes.Add((rung, nodes.Number(-first)))


_COUNTER = Domain(kind="integer", integer=True, lower=Fraction(0))
"""Bound variables count from zero."""


def _kind(domain: Domain, names: frozenset[str]) -> Kind:
    real = domain.kind != "complex"
    return Kind(
        real,
        real and domain.positive,
        real and domain.nonnegative,
        real and domain.whole,
        names,
    )
