"""Facts of a derivation: definitions, recursions, and other relations used for rewriting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from studytui.derive.nodes import (
    Add,
    Call,
    Index,
    Name,
    Negate,
    Node,
    Number,
    Relation,
    free_names,
)
from studytui.derive.replace import mapped, replaced
from studytui.derive.shape import same_shape, shape

MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` or ``name(parameters)`` stands for ``body``."""

    name: str
    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` at ``variable + shift`` is ``body``, in which it stands at earlier places."""

    name: str
    variable: str
    shift: int
    body: Node


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be used without proof, sorted by how it is used."""

    definitions: tuple[Definition, ...] = ()
    steps: tuple[Step, ...] = ()
    starts: dict[tuple[str, int], Node] = field(default_factory=dict)
    others: tuple[tuple[Node, Node], ...] = ()

    def applied(self, node: Node, only: Node | None = None) -> Node:
        """The expression with definitions put in, recursions unrolled and other facts used.

        Where ``only`` is given, recursions are unrolled at that place and nowhere else.
        """
        for _ in range(MOST_ROUNDS):
            after = mapped(
                _defined(node, self.definitions), lambda part: self._rewritten(part, only)
            )
            if after == node:
                break
            node = after
        return node

    def _rewritten(self, node: Node, only: Node | None) -> Node | None:
        for left, right in self.others:
            found = _matched(left, node)
            if found is not None:
                return replaced(right, found)
        place = recursion_place(node)
        if place is None:
            return None
        name, argument = place
        rest, shift = split_shift(argument)
        if rest is None and (name, shift) in self.starts:
            return self.starts[name, shift]
        for step in self.steps:
            if step.name == name and self._applies(step, rest, shift, argument, only):
                body = replaced(step.body, {step.variable: plus(argument, -step.shift)})
                return mapped(body, _tidied)
        return None

    def _applies(
        self, step: Step, rest: Node | None, shift: int, argument: Node, only: Node | None
    ) -> bool:
        if rest is None:
            return any(name == step.name and shift > first for name, first in self.starts)
        if only is not None:
            return same_shape(argument, only)
        return shift >= max(step.shift, 0)

    def recursions(self) -> tuple[tuple[str, int, Node, str, Node], ...]:
        """Recursions with a start: name, first place, start, variable, step."""
        found = []
        for step in self.steps:
            for (name, first), start in self.starts.items():
                if name == step.name:
                    body = replaced(
                        step.body, {step.variable: plus(Name(step.variable), -step.shift)}
                    )
                    found.append((name, first, start, step.variable, body))
        return tuple(found)


def _tidied(node: Node) -> Node | None:
    """``w(n + 1 - 1)`` as ``w(n)``."""
    place = recursion_place(node)
    if place is None:
        return None
    rest, shift = split_shift(place[1])
    tidy = Number(shift) if rest is None else plus(rest, shift)
    if isinstance(node, Call):
        return Call(node.function, (tidy,))
    return Index(place[0], (tidy,))


def collect(relations: Iterable[Relation]) -> Facts:
    """Sort relations ``left = right`` into definitions, recursions and others."""
    definitions: list[Definition] = []
    steps: list[Step] = []
    starts: dict[tuple[str, int], Node] = {}
    others: list[tuple[Node, Node]] = []
    for relation in relations:
        if relation.operators != ("=",):
            continue
        left, right = relation.operands
        place = recursion_place(left)
        if isinstance(left, Name) and left.name not in free_names(right):
            definitions.append(Definition(left.name, (), right))
        elif place is not None and isinstance(place[1], Number):
            starts[place[0], place[1].numerator] = right
        elif place is not None and place[0] in free_names(right):
            rest, shift = split_shift(place[1])
            if isinstance(rest, Name):
                steps.append(Step(place[0], rest.name, shift, right))
            else:
                others.append((left, right))
        elif _parameters(left) is not None and _name(left) not in free_names(right):
            definitions.append(Definition(_name(left), _parameters(left) or (), right))
        else:
            others.append((left, right))
    recursive = {step.name for step in steps}
    for (name, first), start in list(starts.items()):
        if name not in recursive:
            del starts[name, first]
            others += [
                (Call(name, (Number(first),)), start),
                (Index(name, (Number(first),)), start),
            ]
    return Facts(tuple(definitions), tuple(steps), starts, tuple(others))


def recursion_place(node: Node) -> tuple[str, Node] | None:
    """Name and place of ``w(k)`` or ``w[k]``."""
    if isinstance(node, Call) and len(node.arguments) == 1 and node.primes == 0:
        return node.function, node.arguments[0]
    if isinstance(node, Index) and len(node.indices) == 1:
        return node.base, node.indices[0]
    return None


def split_shift(node: Node) -> tuple[Node | None, int]:
    """``k + 2`` as k and 2; a place that is only a number has no first part."""
    flat = shape(node)
    if isinstance(flat, Number):
        return None, flat.numerator
    if isinstance(flat, Add) and isinstance(flat.terms[-1], Number):
        number = flat.terms[-1]
        if number.denominator == 1:
            rest = flat.terms[:-1]
            return (rest[0] if len(rest) == 1 else Add(rest)), number.numerator
    return flat, 0


def plus(node: Node, number: int) -> Node:
    """``node + number``, tidied."""
    if number == 0:
        return node
    total = shape(Add((node, Number(number))))
    if isinstance(total, Add) and isinstance(total.terms[-1], Number):
        last = total.terms[-1]
        if last.numerator < 0:
            return Add((*total.terms[:-1], Negate(Number(-last.numerator, last.denominator))))
    return total


def _name(node: Node) -> str:
    assert isinstance(node, Call | Index)
    return node.function if isinstance(node, Call) else node.base


def _parameters(node: Node) -> tuple[str, ...] | None:
    """The bare names in ``f(x, y)``, all different."""
    items: tuple[Node, ...] = ()
    if isinstance(node, Call) and node.primes == 0:
        items = node.arguments
    elif isinstance(node, Index):
        items = node.indices
    names = tuple(item.name for item in items if isinstance(item, Name))
    return names if names and len(names) == len(items) == len(set(names)) else None


def _defined(node: Node, definitions: tuple[Definition, ...]) -> Node:
    plain = {item.name: item.body for item in definitions if not item.parameters}
    node = replaced(node, plain)
    named = {item.name: item for item in definitions if item.parameters}

    def change(part: Node) -> Node | None:
        if isinstance(part, Call) and part.function in named and part.primes == 0:
            values = part.arguments
        elif isinstance(part, Index) and part.base in named:
            values = part.indices
        else:
            return None
        definition = named[_name(part)]
        if len(values) != len(definition.parameters):
            return None
        return replaced(definition.body, dict(zip(definition.parameters, values, strict=True)))

    return mapped(node, change) if named else node


def _matched(pattern: Node, node: Node) -> dict[str, Node] | None:
    """The names to replace if the node is the pattern; indices of the pattern fit anything."""
    if same_shape(pattern, node):
        return {}
    if type(pattern) is not type(node):
        return None
    holes = sorted(_holes(pattern))
    if len(holes) != 1:
        return None
    hole = holes[0]
    for value in _index_values(node):
        if same_shape(replaced(pattern, {hole: value}), node):
            return {hole: value}
    return None


def _holes(pattern: Node) -> set[str]:
    """Names that stand as an index somewhere in a pattern."""
    return {value.name for value in _index_values(pattern) if isinstance(value, Name)}


def _index_values(node: Node) -> list[Node]:
    from studytui.derive.nodes import walk

    return [index for part in walk(node) if isinstance(part, Index) for index in part.indices]
