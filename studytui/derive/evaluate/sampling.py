"""Points of the declared domains, from a seeded generator: readable ones first, then wilder."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.inventions import exact, invented_function
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.randomness import Law
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Name, Node, Relation

_TRIES = 60
Elements = dict[tuple[int, ...], Fraction]
"""Elements of an invented sequence by their places."""


@dataclass(frozen=True, slots=True)
class Point:
    """One choice of every name: exact values, so that it can be evaluated at any precision."""

    numbers: Mapping[str, Fraction | tuple[Fraction, Fraction]]
    tables: Mapping[str, tuple[tuple[Fraction, ...], ...]] = field(default_factory=dict)
    seeds: Mapping[str, tuple[int, Domain]] = field(default_factory=dict)
    laws: Mapping[str, Law] = field(default_factory=dict)
    elements: dict[str, Elements] = field(default_factory=dict, init=False, compare=False)
    """Of invented sequences those that were asked for."""

    def values(self) -> dict[str, Any]:
        """The values at the present precision of mpmath."""
        result: dict[str, Any] = {name: exact(value) for name, value in self.numbers.items()}
        for name, table in self.tables.items():
            result[name] = tuple(tuple(exact(item) for item in row) for row in table)
        for name, (seed, domain) in self.seeds.items():
            result[name] = (
                invented_function(seed, domain)
                if domain.kind == "function"
                else invented_sequence(seed, domain, self._elements_of(name))
            )
        return result

    def floats(self) -> dict[str, Any]:
        """Those of the values that are real numbers, or sequences of them, in doubles."""
        result: dict[str, Any] = {
            name: float(value)
            for name, value in self.numbers.items()
            if not isinstance(value, tuple)
        }
        for name, (seed, domain) in self.seeds.items():
            if domain.kind == "sequence":
                result[name] = invented_sequence(seed, domain, self._elements_of(name), float)
        return result

    def _elements_of(self, name: str) -> Elements:
        return self.elements.setdefault(name, {})

    def key(self) -> tuple[Any, ...]:
        """Equal for equal choices."""
        return (
            tuple(self.numbers.items()),
            tuple(self.tables.items()),
            tuple((name, seed) for name, (seed, _) in self.seeds.items()),
            tuple((name, law.atoms) for name, law in self.laws.items()),
        )

    def shown(self) -> tuple[tuple[str, str], ...]:
        """Names and values as a person reads them."""
        rows = [
            (name, _text(value)) for name, value in self.numbers.items() if name not in self.laws
        ]
        for name, table in self.tables.items():
            body = "; ".join(", ".join(_text(item) for item in row) for row in table)
            rows.append((name, f"[{body}]"))
        rows += [
            (name, f"an invented {domain.kind}")
            for name, (_, domain) in self.seeds.items()
            if name not in self.laws
        ]
        rows += [
            (name, "an invented distribution" if law.name == "any" else f"a {law.name} number")
            for name, law in self.laws.items()
        ]
        return tuple(rows)


def _text(value: Fraction | tuple[Fraction, Fraction]) -> str:
    if isinstance(value, tuple):
        sign = "-" if value[1] < 0 else "+"
        return f"{_text(value[0])} {sign} {_text(abs(value[1]))}i"
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.6g}"
    return text if Fraction(text) == value else f"{value.numerator}/{value.denominator}"


def points(
    names: list[str],
    symbols: Symbols,
    interesting: Callable[[], tuple[Fraction, ...]] = tuple,
    seed: int = 20260,
) -> Iterator[Point]:
    """Points without end: three rounds of small readable values, then growing intervals.

    ``interesting`` gives the numbers at and beside which something may change; it is asked when
    the readable values have been tried.
    Points that break a constraint between symbols are drawn again; where that keeps failing the
    iterator ends.
    """
    generator = random.Random(seed)
    level = 0
    while True:
        for _ in range(_TRIES):
            stage = level, interesting() if level >= 2 else ()
            point = _drawn(names, symbols, stage, generator)
            if point is not None:
                break
        else:
            return
        yield point
        level += 1


Stage = tuple[int, tuple[Fraction, ...]]
"""How far the sampling has come, and the interesting numbers."""


def _drawn(
    names: list[str], symbols: Symbols, stage: Stage, generator: random.Random
) -> Point | None:
    numbers: dict[str, Fraction | tuple[Fraction, Fraction]] = {}
    tables: dict[str, tuple[tuple[Fraction, ...], ...]] = {}
    seeds: dict[str, tuple[int, Domain]] = {}
    laws: dict[str, Law] = {}
    constraints: list[tuple[str, Node]] = []
    for name in names:
        domain = symbols.domain(name)
        if domain.kind not in ("function", "sequence"):
            constraints += [(name, relation) for relation in domain.constraints]
        if domain.law:
            weights = UNEQUAL if domain.independent else EQUAL
            laws[name] = Law(
                domain.law,
                _atoms(weights, domain, stage, generator),
                domain.parameters,
                domain.independent,
                domain.kind == "sequence",
            )
        if domain.kind in ("function", "sequence"):
            seeds[name] = (generator.randrange(10**9), domain)
        elif domain.shape:
            rows, columns = domain.shape
            tables[name] = tuple(
                tuple(_real(domain, stage, generator) for _ in range(columns)) for _ in range(rows)
            )
        elif domain.kind == "complex":
            free = Domain()
            numbers[name] = (_real(free, stage, generator), _real(free, stage, generator))
        else:
            numbers[name] = _real(domain, stage, generator)
    _focus(numbers, symbols, stage)
    if stage[0] >= 3 and len(numbers) > 1 and generator.random() < 0.25:
        _tie(numbers, symbols, generator)
    for name, relation in constraints:
        _fit(name, relation, numbers, symbols, generator)
    for name, (seed, domain) in seeds.items():
        bounded = _bounded(name, domain, numbers)
        if bounded is None:
            return None
        seeds[name] = seed, bounded
    point = Point(numbers, tables, seeds, laws)
    held = all(holds(relation, point) for _, relation in constraints)
    return point if held else None


def _bounded(name: str, domain: Domain, numbers: Mapping[str, Any]) -> Domain | None:
    """The domain of a sequence's elements where they are bounded by names that have values now;
    None where nothing lies between, or where the bounds are something else."""
    for relation in domain.constraints:
        if not isinstance(relation, Relation) or len(relation.operands) != 2:
            return None
        left, right = relation.operands
        is_upper = (left == Name(name)) == (relation.operators[0] in ("<", "<="))
        other = right if left == Name(name) else left
        value = numbers.get(other.name) if isinstance(other, Name) else None
        if not isinstance(value, Fraction) or relation.operators[0] not in ("<", "<=", ">", ">="):
            return None
        is_open = relation.operators[0] in ("<", ">")
        if is_upper and (domain.upper is None or value < domain.upper):
            domain = replace(domain, upper=value, upper_open=is_open)
        elif not is_upper and (domain.lower is None or value > domain.lower):
            domain = replace(domain, lower=value, lower_open=is_open)
    return None if domain.is_empty else domain


def _atoms(
    weights: tuple[Fraction, ...], domain: Domain, stage: Stage, generator: random.Random
) -> tuple[tuple[Fraction, Fraction], ...]:
    """An invented distribution; now and then a constant, or one value far from the others."""
    values = [_real(domain, stage, generator) for _ in weights]
    if stage[0] % 6 == 4:
        values = [values[0]] * len(values)
    elif stage[0] % 6 == 5:
        values = [values[0], *[values[1]] * (len(values) - 1)]
        if domain.contains(Fraction(0)):
            values[1:] = [Fraction(0)] * (len(values) - 1)
    return tuple(zip(weights, values, strict=True))


def _focus(numbers: dict[str, Any], symbols: Symbols, stage: Stage) -> None:
    """On every other point, one number stands at or beside one of the interesting ones, in turn."""
    level, interesting = stage
    names = [name for name, value in sorted(numbers.items()) if isinstance(value, Fraction)]
    if not interesting or not names or level < 2 or level % 2:
        return
    turn, place = divmod(level // 2 - 1, len(names))
    turn, which = divmod(turn, len(interesting))
    near = interesting[which]
    value = (
        near,
        near - Fraction(1, 7),
        near + Fraction(1, 7),
        near / 2,
        near * 2,
        near + 1,
        near - 1,
    )[turn % 7]
    domain = symbols.domain(names[place])
    if domain.contains(value) and abs(value) <= (10**4 if domain.whole else 10**12):
        numbers[names[place]] = value


def _tie(numbers: dict[str, Any], symbols: Symbols, generator: random.Random) -> None:
    """Make two numbers equal, or opposite: where cases meet."""
    first, second = generator.sample(sorted(numbers), 2)
    value = numbers[first]
    if isinstance(value, Fraction) and isinstance(numbers[second], Fraction):
        for candidate in generator.sample((value, -value), 2):
            if symbols.domain(second).contains(candidate):
                numbers[second] = candidate
                return


def _fit(
    name: str,
    relation: Node,
    numbers: dict[str, Any],
    symbols: Symbols,
    generator: random.Random,
) -> None:
    """Move a number below a bound that is another number, when it is above it."""
    if not isinstance(relation, Relation) or len(relation.operands) != 2:
        return
    left, right = relation.operands
    if not (isinstance(left, Name) and isinstance(right, Name)):
        return
    smaller, larger = left.name, right.name
    if relation.operators[0] in (">", ">="):
        smaller, larger = larger, smaller
    low, high = numbers.get(smaller), numbers.get(larger)
    if not isinstance(low, Fraction) or not isinstance(high, Fraction) or low < high:
        return
    first, second = symbols.domain(smaller), symbols.domain(larger)
    if first.contains(high) and second.contains(low) and low != high:
        numbers[smaller], numbers[larger] = high, low


def holds(relation: Node, point: Point) -> bool:
    """Whether a relation is true at a point."""
    try:
        return PreciseEvaluation(point.values()).truth(relation)
    except (UndefinedValueError, ArithmeticError, ValueError):
        return False


EQUAL = (Fraction(1, 5),) * 5
"""Weights of an invented distribution: equal, so that a sequence in another order is the same."""
UNEQUAL = (Fraction(1, 7), Fraction(2, 7), Fraction(4, 7))
"""Weights where elements are independent: lopsided, so that no odd moment vanishes."""
INNER = 2
"""A level at which values are readable, and not at the edges of their domain."""
_SPREADS = {number: Fraction(number) for number in (3, 10, 60, 2000)}
_SPECIAL = tuple(Fraction(text) for text in ("0", "1", "-1", "2", "1/2", "-2", "3"))


def _real(domain: Domain, stage: Stage, generator: random.Random) -> Fraction:
    edge = _edge(domain, stage[0])
    if edge is not None and domain.contains(edge):
        return edge
    at_edge = stage[0] >= 5 and domain.lower is not None and generator.random() < 0.1
    if at_edge and domain.lower is not None and domain.contains(domain.lower):
        return domain.lower
    for _ in range(_TRIES):
        value = _candidate(domain, stage, generator)
        if domain.contains(value):
            return value
    return _inside(domain, generator)


def _edge(domain: Domain, level: int) -> Fraction | None:
    """At two levels the edges of the domain, or just inside of them."""
    bound = {1: domain.lower, 3: domain.upper}.get(level)
    if bound is None or domain.contains(bound) or domain.whole:
        return bound
    width = abs(bound) or Fraction(1)
    if domain.lower is not None and domain.upper is not None:
        width = min(width, domain.upper - domain.lower)
    return bound + (1 if level == 1 else -1) * width / 1000


def _candidate(domain: Domain, stage: Stage, generator: random.Random) -> Fraction:
    """A value that suits the level: special ones at times, finer and larger ones later."""
    level, interesting = stage
    spread = _SPREADS[3 if level < 4 else 10 if level < 8 else 60 if level < 14 else 2000]
    if interesting and level >= 2 and generator.random() < 0.25:
        near = generator.choice(interesting) * generator.choice((1, 1, -1))
        step = generator.choice((0, 1, -1, Fraction(1, 7), Fraction(-1, 7)))
        if domain.contains(near + step) and abs(near) <= (1000 if domain.whole else 10**6):
            return near + step
    if domain.whole:
        base = domain.lower if domain.lower is not None else None
        width = 4 if level < 5 else 9 if level < 12 else 30
        if level in (20, 26):
            width = 150
        if base is not None:
            return Fraction(-(-base.numerator // base.denominator) + generator.randrange(width))
        if domain.upper is not None:
            return Fraction(domain.upper.__floor__() - generator.randrange(width))
        return Fraction(generator.randrange(-width, width + 1))
    if level >= 6 and not domain.whole and generator.random() < 0.12:
        wild = generator.choice((1, -1)) * Fraction(generator.randrange(1, 1000), 7)
        wild *= Fraction(10) ** generator.randrange(-8, 7)
        if domain.contains(wild):
            return wild
    if level >= 3 and generator.random() < 0.18:
        special = generator.choice(_SPECIAL)
        if domain.contains(special):
            return special
    low, high = domain.lower, domain.upper
    if low is None and high is None:
        low, high = -spread, spread
    elif low is None and high is not None:
        low = high - spread
    elif high is None and low is not None:
        high = low + spread
    assert low is not None and high is not None
    parts = 10 if level < 4 else 997 if level < 10 else 10**6 + 3
    span = high - low
    if span < 2:
        parts *= 10
    # low + span*count/parts, made as one fraction: most of a point's time went into three.
    count, under = generator.randrange(0, parts + 1), span.denominator * parts
    return Fraction(
        low.numerator * under + count * span.numerator * low.denominator, low.denominator * under
    )


def _inside(domain: Domain, generator: random.Random) -> Fraction:
    """Somewhere between the bounds, whatever it looks like."""
    low = domain.lower if domain.lower is not None else Fraction(-2)
    high = domain.upper if domain.upper is not None else low + 5
    value = low + (high - low) * Fraction(generator.randrange(1, 1000), 1000)
    return Fraction(round(value)) if domain.whole else value


def invented_sequence(
    seed: int, domain: Domain, drawn: Elements, number: Callable[[Fraction], Any] = exact
) -> Callable[..., Any]:
    """A sequence whose elements depend on nothing but the seed and the index.

    ``drawn`` are those of the point that were asked for before, by either side and at any
    precision: each is drawn once.
    """

    def element(*places: int) -> Any:
        value = drawn.get(places)
        if value is None:
            generator = random.Random(f"{seed}:{places}")
            value = drawn[places] = _real(domain, (INNER, ()), generator)
        return number(value)

    return element
