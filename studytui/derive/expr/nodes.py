"""The nodes of an expression: frozen values without behaviour, the same for every syntax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import chain
from operator import attrgetter
from typing import Any

from studytui.derive.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Node:
    """Any expression, relation or collection."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An exact rational; ``0.1`` is 1/10. In lowest terms, the denominator positive."""

    numerator: int
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """``pi``, ``e``, ``i`` (the imaginary unit), ``oo``, ``true`` or ``false``."""

    name: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A declared symbol, or a bound variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """An element of a sequence, vector or matrix: ``x[i]``, ``A[i, j]``."""

    base: str
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Add(Node):
    """A sum of terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Multiply(Node):
    """A product of factors, in order: matrices do not commute."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Divide(Node):
    """A fraction."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """The negative of an expression."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    """A power; the principal value where it is complex."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A known or declared function; ``primes`` counts derivatives, ``f''(x)``."""

    function: str
    arguments: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """``kind`` (sum, product, max, min, argmax, argmin) of ``body`` for an integer variable."""

    kind: str
    body: Node
    variable: str
    lower: Node
    upper: Node


@dataclass(frozen=True, slots=True)
class Integral(Node):
    """A definite integral, or an antiderivative where both bounds are missing."""

    body: Node
    variable: str
    lower: Node | None = None
    upper: Node | None = None


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    """``order`` times the derivative; ``variable`` is a Name or an Index."""

    body: Node
    variable: Node
    order: int = 1


@dataclass(frozen=True, slots=True)
class Limit(Node):
    """``side`` is ``+`` (from above), ``-`` (from below) or empty (both)."""

    body: Node
    variable: str
    point: Node
    side: str = ""


@dataclass(frozen=True, slots=True)
class Expectation(Node):
    """``E[body]`` over every random symbol in it."""

    body: Node


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """A chain ``a = b <= c``; operators are ``= != < <= > >=``, one fewer than operands."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` of relations, ``not`` of one."""

    kind: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SetOf(Node):
    """A finite set."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """Rows of equal length; a vector is a matrix of one column."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    """The transpose of a matrix."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Piecewise(Node):
    """Values with the conditions under which they hold, the first that is true counts."""

    values: tuple[Node, ...]
    conditions: tuple[Node, ...]


KINDS: dict[str, type[Node]] = {kind.__name__: kind for kind in Node.__subclasses__()}
FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS.values()}
"""The names of each kind's fields, in order."""
_CHILDREN: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    Number: lambda _: (),
    Constant: lambda _: (),
    Name: lambda _: (),
    Index: attrgetter("indices"),
    Add: attrgetter("terms"),
    Multiply: attrgetter("factors"),
    Divide: attrgetter("numerator", "denominator"),
    Negate: lambda node: (node.operand,),
    Power: attrgetter("base", "exponent"),
    Call: attrgetter("arguments"),
    Fold: attrgetter("body", "lower", "upper"),
    Integral: lambda node: tuple(
        part for part in (node.body, node.lower, node.upper) if part is not None
    ),
    Derivative: attrgetter("body", "variable"),
    Limit: attrgetter("body", "point"),
    Expectation: lambda node: (node.body,),
    Relation: attrgetter("operands"),
    Logic: attrgetter("operands"),
    SetOf: attrgetter("elements"),
    Matrix: lambda node: tuple(chain.from_iterable(node.rows)),
    Transpose: lambda node: (node.operand,),
    Piecewise: lambda node: node.values + node.conditions,
}


_OWN_NAME: dict[type[Node], Callable[[Any], str]] = {
    Name: attrgetter("name"),
    Index: attrgetter("base"),
    Call: lambda node: node.function if node.primes or node.function not in FUNCTIONS else "",
}


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under this one."""
    return _CHILDREN[type(node)](node)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, from left to right."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        below = _CHILDREN[type(here)](here)
        if below:
            waiting.extend(below[::-1])


def kinds(*sides: Node) -> frozenset[type[Node]]:
    """Which kinds of nodes stand in some expressions: one walk, where several ask."""
    found: set[type[Node]] = set()
    waiting = list(sides)
    while waiting:
        here = waiting.pop()
        kind = type(here)
        found.add(kind)
        waiting.extend(_CHILDREN[kind](here))
    return frozenset(found)


def rebuild(node: Node, change: dict[int, Node]) -> Node:
    """A copy in which children are replaced, keyed by ``id`` of the child."""
    values = [_replaced(getattr(node, name), change) for name in FIELDS[type(node)]]
    return type(node)(*values)


def _replaced(value: object, change: dict[int, Node]) -> object:
    if isinstance(value, Node):
        return change.get(id(value), value)
    if isinstance(value, tuple):
        return tuple(_replaced(item, change) for item in value)
    return value


def bound_variable(node: Node) -> str | None:
    """The variable that a node binds, if it binds one."""
    if isinstance(node, Fold | Limit):
        return node.variable
    if isinstance(node, Integral) and node.lower is not None:
        return node.variable
    return None


def free_names(node: Node) -> frozenset[str]:
    """Names, called functions and sequences that are not bound inside; not the known functions."""
    found: set[str] = set()
    _collect(node, frozenset(), found)
    return frozenset(found)


def _collect(node: Node, bound: frozenset[str], found: set[str]) -> None:
    """Add the names in ``node`` that are not among the ``bound`` ones around it."""
    name = _OWN_NAME.get(type(node))
    if name is not None and (own := name(node)) and own not in bound:
        found.add(own)
    variable = bound_variable(node)
    for child in _CHILDREN[type(node)](node):
        inside = variable is not None and child is node.body  # type: ignore[attr-defined]
        _collect(child, bound | {variable} if inside and variable else bound, found)
