"""Expectations as numbers: an opaque random symbol becomes a small distribution of its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

import mpmath

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.analysis import Analysis
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.moments import degree, has_rule, rule
from studytui.derive.evaluate.turning_points import turning_points
from studytui.derive.expr.nodes import Add, Expectation, Node, free_names

Atoms = list[tuple[Any, Any]]
"""Pairs of a weight and a value."""

MOST_ELEMENTS = 6


@dataclass(frozen=True, slots=True)
class Law:
    """How a random symbol is distributed at one sampled point.

    ``name`` is ``any`` (``atoms`` are an invented distribution, shared among dependent symbols by
    position) or a known distribution with ``parameters``. ``elements`` tells a random sequence.
    """

    name: str
    atoms: tuple[tuple[Fraction, Fraction], ...] = ()
    parameters: tuple[Node, ...] = ()
    independent: bool = False
    elements: bool = False


def expectation(evaluation: Analysis, node: Expectation) -> Any:
    """``E[body]`` over the random symbols in it."""
    names = sorted(free_names(node.body) & set(evaluation.laws))
    if not names:
        return evaluation.value(node.body)
    known = [name for name in names if evaluation.laws[name].name != "any"]
    invented = [name for name in names if name not in known]
    if _may_depend(evaluation, known) and _may_depend(evaluation, invented):
        if isinstance(node.body, Add):
            parts = [evaluation.value(Expectation(term)) for term in node.body.terms]
            return reduce(tables.add, parts)
        raise UndefinedValueError("the joint distribution of two random names is not known")
    return _over_known(
        evaluation, known, node.body, lambda: _over_invented(evaluation, invented, node.body)
    )


def _may_depend(evaluation: Analysis, names: list[str]) -> bool:
    """Whether one of them is not declared independent of all else."""
    return any(not evaluation.laws[name].independent for name in names)


def _over_known(
    evaluation: Analysis, names: list[str], body: Node, inner: Callable[[], Any]
) -> Any:
    if not names:
        return inner()
    name, rest = names[0], names[1:]
    law = evaluation.laws[name]
    parameters = [evaluation.number(parameter) for parameter in law.parameters]
    for parameter in parameters:
        if mpmath.im(parameter) != 0:
            raise UndefinedValueError("a distribution with a complex parameter")

    def at(value: Any) -> Any:
        saved = evaluation.values.get(name)
        evaluation.values[name] = value
        try:
            return tables.scalar(_over_known(evaluation, rest, body, inner))
        finally:
            evaluation.values[name] = saved

    if law.elements:
        raise UndefinedValueError("the expectation of a sequence with a known distribution")
    if law.name in ("bernoulli", "rademacher"):
        return sum(weight * at(value) for weight, value in _two_points(law.name, parameters))
    order = degree(body, name) if has_rule(law.name) else None
    if order is not None:
        return _mean_of_polynomial(law.name, parameters, order, at)
    if law.name == "uniform":
        return _uniform(evaluation, parameters, at, (name, body))
    return _continuous(evaluation, law.name, parameters, at)


def _two_points(name: str, parameters: list[Any]) -> Atoms:
    if name == "rademacher":
        half = mpmath.mpf(1) / 2
        return [(half, mpmath.mpf(1)), (half, mpmath.mpf(-1))]
    return [(parameters[0], mpmath.mpf(1)), (1 - parameters[0], mpmath.mpf(0))]


def _mean_of_polynomial(
    law: str, parameters: list[Any], order: int, at: Callable[[Any], Any]
) -> Any:
    """The exact mean of a polynomial of degree ``order``."""
    start, scale = _standardised(law, parameters)
    with mpmath.workdps(mpmath.mp.dps + 10 + order):  # weights have both signs
        total = mpmath.mpf(0)
        for place, weight in rule(law, order):
            shifted = start + scale * mpmath.mpf(place.numerator) / place.denominator
            total += mpmath.mpf(weight.numerator) / weight.denominator * at(shifted)
    return +total


def _standardised(law: str, parameters: list[Any]) -> tuple[Any, Any]:
    """``start`` and ``scale`` with which a number is ``start + scale * (the standard one)``.

    :raises UndefinedValueError: there is no such law.
    """
    if law == "normal":
        if parameters[1] <= 0:
            raise UndefinedValueError("a deviation that is not positive")
        return parameters[0], parameters[1]
    if law == "uniform":
        if not parameters[0] < parameters[1]:
            raise UndefinedValueError("an empty uniform distribution")
        return parameters[0], parameters[1] - parameters[0]
    if parameters[0] <= 0:
        raise UndefinedValueError("a rate that is not positive")
    return mpmath.mpf(0), 1 / parameters[0]


def _uniform(
    evaluation: Analysis,
    bounds: list[Any],
    at: Callable[[Any], Any],
    of: tuple[str, Node],
) -> Any:
    low, high = bounds
    if not low < high:
        raise UndefinedValueError("an empty uniform distribution")
    name, body = of
    turns = turning_points(
        body, name, lambda value, part: evaluation.at(name, value, part), low, high
    )
    inside = [turn for turn in turns if low < turn < high]
    return evaluation.integral(at, low, high, inside) / (high - low)


def _continuous(
    evaluation: Analysis, name: str, parameters: list[Any], at: Callable[[Any], Any]
) -> Any:
    integral = evaluation.integral
    if name == "normal":
        mean, deviation = parameters
        if deviation <= 0:
            raise UndefinedValueError("a deviation that is not positive")
        root = mpmath.sqrt(2 * mpmath.pi)
        return _between(
            evaluation, lambda z: at(mean + deviation * z) * mpmath.exp(-z * z / 2) / root, -16, 16
        )
    if name == "exponential":
        rate = parameters[0]
        return integral(lambda x: at(x) * rate * mpmath.exp(-rate * x), mpmath.mpf(0), mpmath.inf)
    if name == "gumbel":
        return _between(evaluation, lambda x: at(x) * mpmath.exp(-x - mpmath.exp(-x)), -6, 60)
    raise UndefinedValueError(f"the distribution {name} is not known")


def _between(evaluation: Analysis, function: Callable[[Any], Any], low: int, high: int) -> Any:
    """The integral over the whole line of what has died away at both bounds.

    :raises UndefinedValueError: it has not.
    """
    lower, upper = mpmath.mpf(low), mpmath.mpf(high)
    result = evaluation.integral(function, lower, upper)
    tail = max(abs(function(lower)), abs(function(upper))) / max(abs(result), 1e-9)
    if tail > 1e-12:
        raise UndefinedValueError("an expectation whose weight lies far out")
    evaluation.error = max(evaluation.error, float(100 * tail))
    return result


def _over_invented(evaluation: Analysis, names: list[str], body: Node) -> Any:
    """Sum over the joint values: independent symbols in all combinations, the others in step."""
    if not names:
        return evaluation.value(body)
    saved = {name: evaluation.values.get(name) for name in names}
    total: Any = None
    try:
        for weight in _combinations(evaluation, names, body):
            term = tables.multiply(weight, evaluation.value(body))
            total = term if total is None else tables.add(total, term)
    finally:
        for name, value in saved.items():
            evaluation.values[name] = value
    return total


def _combinations(evaluation: Analysis, names: list[str], body: Node) -> Iterator[Any]:
    """Set the values of each combination in turn and give its weight."""
    laws = evaluation.laws
    number = evaluation.arithmetic.rational
    independent = [name for name in names if laws[name].independent and not laws[name].elements]
    sequences = [name for name in names if laws[name].independent and laws[name].elements]
    joint = [name for name in names if not laws[name].independent]
    used = {name: _elements_used(evaluation, name, body, names) for name in sequences}
    slots = [(name, place) for name in sequences for place in used[name]]
    if len(slots) + len(independent) > MOST_ELEMENTS:
        raise UndefinedValueError("too many independent random elements to enumerate")
    shared = laws[joint[0]].atoms if joint else ((Fraction(1), Fraction(0)),)
    for position, (weight, _) in enumerate(shared):
        for name in joint:
            evaluation.values[name] = _joint_value(laws[name], position, number)
        choices = [laws[name].atoms for name in independent]
        choices += [laws[name].atoms for name, _ in slots]
        for chosen in product(*choices):
            total = weight
            for name, (share, value) in zip(independent, chosen, strict=False):
                evaluation.values[name] = number(value)
                total *= share
            elements: dict[str, dict[tuple[int, ...], Any]] = {name: {} for name in sequences}
            for (name, place), (share, value) in zip(
                slots, chosen[len(independent) :], strict=True
            ):
                elements[name][place] = number(value)
                total *= share
            for name in sequences:
                evaluation.values[name] = _lookup(elements[name])
            yield number(total)


def _lookup(elements: dict[tuple[int, ...], Any]) -> Callable[..., Any]:
    return lambda *places: elements[places]


def _joint_value(law: Law, position: int, number: Callable[[Fraction], Any]) -> Any:
    """Dependent symbols move in step; each element of a sequence takes the values in an order of
    its own, so that they are dependent and yet all distributed alike."""
    if not law.elements:
        return number(law.atoms[position][1])

    def element(*places: int) -> Any:
        order = list(range(len(law.atoms)))
        random.Random(f"{places} of {law.atoms}").shuffle(order)
        return number(law.atoms[order[position]][1])

    return element


def _elements_used(
    evaluation: Analysis, name: str, body: Node, names: list[str]
) -> list[tuple[int, ...]]:
    """Which elements of an independent sequence the body reads."""
    seen: dict[tuple[int, ...], None] = {}
    number = evaluation.arithmetic.rational

    def record(*places: int) -> Any:
        seen[places] = None
        return number(Fraction(1, 2) + Fraction(sum(places), 7))

    saved = {other: evaluation.values.get(other) for other in names}
    for other in names:
        law = evaluation.laws[other]
        evaluation.values[other] = (
            (lambda *places: number(Fraction(1, 3))) if law.elements else number(law.atoms[0][1])
        )
    evaluation.values[name] = record
    try:
        evaluation.value(body)
    finally:
        for other, value in saved.items():
            evaluation.values[other] = value
    return list(seen)
