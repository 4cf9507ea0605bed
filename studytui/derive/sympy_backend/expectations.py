"""The expectation as a linear operator on sympy expressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import sympy

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.sympy_backend.assumptions import assumptions


class Builder(Protocol):
    """What builds the expressions of one check."""

    symbols: Symbols

    def symbol(self, name: str) -> Any:
        """The symbol of a name."""

    def build(self, node: Node) -> Any:
        """The sympy expression of a node."""


class Mean(sympy.Function):  # type: ignore[misc]
    """The expectation of something that linearity takes no further apart."""

    nargs = 1

    def _eval_is_real(self) -> bool | None:
        return True if self.args[0].is_real else None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0].is_nonnegative else None


def expect(body: Any, builder: Builder) -> Any:
    """``E[body]``: constants out, sums and integrals out, independent factors apart."""
    laws = {name: domain for name, domain in builder.symbols.domains.items() if domain.law}
    return _linear(body, laws, builder)


def _is_random(expression: Any, laws: dict[str, Domain]) -> set[str]:
    settled = {mean: sympy.Integer(1) for mean in expression.atoms(Mean)}
    expression = expression.xreplace(settled)
    names = {symbol.name for symbol in expression.free_symbols if isinstance(symbol, sympy.Symbol)}
    names |= {str(base.label) for base in expression.atoms(sympy.IndexedBase)}
    return names & set(laws)


def _linear(body: Any, laws: dict[str, Domain], builder: Builder) -> Any:
    body = sympy.expand(body)
    total = sympy.Integer(0)
    for term in sympy.Add.make_args(body):
        outside, inside = sympy.Integer(1), []
        for factor in sympy.Mul.make_args(term):
            if _is_random(factor, laws):
                inside.append(factor)
            else:
                outside *= factor
        total += outside * _monomial(inside, laws, builder)
    return total


def _monomial(factors: list[Any], laws: dict[str, Domain], builder: Builder) -> Any:
    if not factors:
        return sympy.Integer(1)
    folds = [factor for factor in factors if isinstance(factor, sympy.Sum | sympy.Integral)]
    if folds:
        fold = folds[0]
        rest = sympy.Mul(*[factor for factor in factors if factor is not fold])
        if any(_is_random(sympy.Tuple(*limit[1:]), laws) for limit in fold.limits):
            raise ExpressionError("an expectation of a sum with random bounds")
        variable = fold.limits[0][0]
        if variable in rest.free_symbols:
            fresh = sympy.Symbol(f"{variable.name}'", **variable.assumptions0)
            fold = fold.xreplace({variable: fresh})
        return type(fold)(_linear(fold.function * rest, laws, builder), *fold.limits)
    product = sympy.Integer(1)
    for cluster in _clusters(factors, laws):
        product *= _moment(sympy.Mul(*cluster), laws, builder)
    return product


def _clusters(factors: Iterable[Any], laws: dict[str, Domain]) -> list[list[Any]]:
    """Factors grouped so that different groups are independent of one another."""
    factors = list(factors)
    groups: list[tuple[set[str], list[Any]]] = []
    whole = sympy.Tuple(*factors)
    found = [_keys(factor, laws, whole) for factor in factors]
    dependent = any("dependent" in keys for keys in found)
    for factor, keys in zip(factors, found, strict=True):
        if dependent and any(_may_depend(laws[name]) for name in _is_random(factor, laws)):
            # What is only called random may depend on a symbol with a known distribution.
            keys.add("dependent")
        joined = [group for group in groups if group[0] & keys]
        others = [group for group in groups if not group[0] & keys]
        merged = (
            set().union(keys, *(group[0] for group in joined)),
            [*(item for group in joined for item in group[1]), factor],
        )
        groups = [*others, merged]
    return [group[1] for group in groups]


def _may_depend(domain: Domain) -> bool:
    return not domain.independent


def _keys(factor: Any, laws: dict[str, Domain], whole: Any) -> set[str]:
    """What a factor depends on: itself for an independent symbol, one common key for the rest.

    Elements of an independent sequence are told apart only where all indices are numbers:
    ``g[i]`` may be ``g[1]``.
    """
    keys: set[str] = set()
    for name in _is_random(factor, laws):
        domain = laws[name]
        if domain.law == "any" and not domain.independent:
            keys.add("dependent")
        elif domain.kind == "sequence" and all(
            index.is_Integer for place in _places(whole, name) for index in place
        ):
            keys |= {f"{name}{place}" for place in _places(factor, name)}
        else:
            keys.add(name)
    return keys


def _places(expression: Any, name: str) -> list[Any]:
    elements = expression.atoms(sympy.Indexed)
    return [item.indices for item in elements if str(item.base.label) == name]


def _moment(factor: Any, laws: dict[str, Domain], builder: Builder) -> Any:
    names = _is_random(factor, laws)
    if len(names) == 1:
        name = next(iter(names))
        domain = laws[name]
        if domain.kind == "sequence":
            return _stationary(factor, name, domain)
        if domain.law != "any":
            value = _known_moment(factor, name, domain, builder)
            if value is not None:
                return value
    return Mean(factor)


def _stationary(factor: Any, name: str, domain: Domain) -> Any:
    """The elements of a random sequence are distributed alike: which one is no matter."""
    elements = [item for item in factor.atoms(sympy.Indexed) if str(item.base.label) == name]
    if len({item.indices for item in elements}) != 1:
        return Mean(factor)
    return Mean(factor.xreplace({elements[0]: sympy.Symbol(name, **assumptions(domain))}))


def _known_moment(factor: Any, name: str, domain: Domain, builder: Builder) -> Any:
    symbol = builder.symbol(name)
    parameters = [builder.build(parameter) for parameter in domain.parameters]
    if domain.law in ("bernoulli", "rademacher"):
        half = sympy.Rational(1, 2)
        pairs = [(half, 1), (half, -1)]
        if domain.law == "bernoulli":
            pairs = [(parameters[0], 1), (1 - parameters[0], 0)]
        return sum(weight * factor.subs(symbol, value) for weight, value in pairs)
    if not factor.is_polynomial(symbol):
        return _exponential_moment(factor, symbol, domain, parameters)
    powers = sympy.Poly(factor, symbol).all_terms()
    moments = [_raw_moment(domain.law, parameters, order) for (order,), _ in powers]
    if any(moment is None for moment in moments):
        return None
    return sum(
        coefficient * moment for (_, coefficient), moment in zip(powers, moments, strict=True)
    )


def _raw_moment(law: str, parameters: list[Any], order: int) -> Any:
    """E[x^order], exact."""
    if law == "normal":
        mean, deviation = parameters
        return sum(
            sympy.binomial(order, even) * mean ** (order - even) * deviation**even
            * sympy.factorial2(even - 1 if even else 1)
            for even in range(0, order + 1, 2)
        )  # fmt: skip
    if law == "uniform":
        low, high = parameters
        return sum(low**k * high ** (order - k) for k in range(order + 1)) / (order + 1)
    if law == "exponential":
        return sympy.factorial(order) / parameters[0] ** order
    if law == "gumbel":
        return {
            0: sympy.Integer(1), 1: sympy.EulerGamma,
            2: sympy.EulerGamma**2 + sympy.pi**2 / 6,
        }.get(order)  # fmt: skip
    return None


def _exponential_moment(factor: Any, symbol: Any, domain: Domain, parameters: list[Any]) -> Any:
    """E[exp(a x)] of a normal symbol: exp(a mean + a^2 deviation^2 / 2)."""
    joined = sympy.powsimp(factor, combine="exp")
    if domain.law != "normal" or not isinstance(joined, sympy.exp):
        return None
    exponent = sympy.Poly(joined.args[0], symbol) if joined.args[0].is_polynomial(symbol) else None
    if exponent is None or exponent.degree() > 1:
        return None
    slope, rest = exponent.coeff_monomial(symbol), exponent.coeff_monomial(1)
    mean, deviation = parameters
    return sympy.exp(rest + slope * mean + slope**2 * deviation**2 / 2)
