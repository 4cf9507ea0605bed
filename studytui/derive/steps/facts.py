"""Facts of a derivation: definitions, recursions, and other relations used for rewriting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.offsets import plus, split_shift
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import MOST_NODES
from studytui.derive.expr.substitute import apart, mapped, replaced

MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` or ``name(parameters)`` stands for ``body``."""

    name: str
    parameters: tuple[str, ...]
    body: nodes.Node


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` at ``variable + shift`` is ``body``, in which it stands at earlier places."""

    name: str
    variable: str
    shift: int
    body: nodes.Node


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be used without proof, sorted by how it is used."""

    definitions: tuple[Definition, ...] = ()
    steps: tuple[Step, ...] = ()
    starts: dict[tuple[str, int], nodes.Node] = field(default_factory=dict)
    others: tuple[tuple[nodes.Node, nodes.Node], ...] = ()
    symbols: Symbols = field(default_factory=Symbols)
    restricting: tuple[nodes.Relation, ...] = ()
    """Facts that are no equations."""

    def without(self, name: str) -> Facts:
        """The facts but for those that say what a name stands for."""
        return replace(
            self,
            definitions=tuple(item for item in self.definitions if item.name != name),
            others=tuple(item for item in self.others if item[0] != nodes.Name(name)),
        )

    def names(self) -> set[str]:
        """Every name of which a fact says something."""
        told = {item.name for item in self.definitions} | {item.name for item in self.steps}
        for relation in self.restricting:
            told |= nodes.free_names(relation)
        for pair in self.others:
            told |= nodes.free_names(pair[0]) | nodes.free_names(pair[1])
        return told

    def steps_of(self, name: str) -> list[Step]:
        """The recursions of a name."""
        return [step for step in self.steps if step.name == name]

    def solved(self) -> dict[str, nodes.Node] | None:
        """Names that the other facts say the value of, as ``mu`` in ``E[g[i]] = mu``; an index
        that stands for any is 1. None where some fact says no such thing."""
        found: dict[str, nodes.Node] = {}
        for left, right in self.others:
            names = nodes.free_names(left)
            if not isinstance(right, nodes.Name) or right.name in found or right.name in names:
                return None
            domain = self.symbols.domain(right.name)
            plain = domain.kind == "real" and domain.lower is None and domain.upper is None
            if not plain or domain.constraints or domain.excluded or domain.law:
                return None
            loose = [name for name in names if name not in self.symbols.domains]
            found[right.name] = replaced(left, dict.fromkeys(loose, nodes.Number(1)))
        used = {name for value in found.values() for name in nodes.free_names(value)}
        return None if used & set(found) else found

    def applied(self, node: nodes.Node, only: nodes.Node | None = None) -> nodes.Node:
        """The expression with definitions put in, recursions unrolled and other facts used.

        Where ``only`` is given, recursions are unrolled at that place and nowhere else.
        """
        if self.definitions or self.steps or self.starts or self.others:
            # Facts speak of the declared names: a bound variable of that name is another one.
            node = apart(node, self.symbols.domains)
        for _ in range(MOST_ROUNDS):
            bound = _bound(node, self.symbols)
            after = mapped(
                _defined(node, self.definitions, self.symbols),
                partial(self._rewritten, only=only, bound=bound),
            )
            if after == node:
                break
            node = after
            if sum(1 for _ in nodes.walk(node)) > MOST_NODES:
                raise ExpressionError(
                    f"with the facts put in, the line has more than {MOST_NODES} parts"
                )
        return node

    def _rewritten(
        self, node: nodes.Node, only: nodes.Node | None, bound: dict[str, Domain]
    ) -> nodes.Node | None:
        for left, right in self.others:
            found = _matched(left, node, self.symbols)
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
            if step.name == name and self._applies(step, (rest, shift), argument, only, bound):
                body = replaced(step.body, {step.variable: plus(argument, -step.shift)})
                return mapped(body, _tidied)
        return None

    def _applies(
        self,
        step: Step,
        place: tuple[nodes.Node | None, int],
        argument: nodes.Node,
        only: nodes.Node | None,
        bound: dict[str, Domain],
    ) -> bool:
        rest, shift = place
        domain = self.symbols.domain(step.variable)
        variable = plus(argument, -step.shift)
        if rest is None:
            starts = [first for name, first in self.starts if name == step.name]
            inside = not domain.declared or fits(variable, domain, self.symbols, bound)
            return bool(starts) and shift > max(starts) and inside
        if only is not None:
            return same_shape(argument, only)
        if shift < max(step.shift, 0):
            return False
        if variable != nodes.Name(step.variable) and not fits(
            variable, domain, self.symbols, bound
        ):
            return False
        return all(
            fits(argument, Domain(integer=True, lower=Fraction(first + 1)), self.symbols, bound)
            for name, first in self.starts
            if name == step.name
        )

    def reaches(self, step: Step) -> int:
        """The first place at which a recursion says something."""
        return step.shift + (self.symbols.domain(step.variable).least or 0)

    def recursions(self) -> tuple[tuple[str, int, nodes.Node, str, nodes.Node], ...]:
        """Recursions with a start: name, first place, start, variable, step."""
        found = []
        for step in self.steps:
            last = max((first for name, first in self.starts if name == step.name), default=0)
            if self.symbols.domain(step.variable).declared and self.reaches(step) > last + 1:
                continue
            for (name, first), start in self.starts.items():
                if name == step.name:
                    body = replaced(
                        step.body, {step.variable: plus(nodes.Name(step.variable), -step.shift)}
                    )
                    found.append((name, first, start, step.variable, body))
        return tuple(found)


def _tidied(node: nodes.Node) -> nodes.Node | None:
    """``w(n + 1 - 1)`` as ``w(n)``."""
    place = recursion_place(node)
    if place is None:
        return None
    rest, shift = split_shift(place[1])
    tidy = nodes.Number(shift) if rest is None else plus(rest, shift)
    if isinstance(node, nodes.Call):
        return nodes.Call(node.function, (tidy,))
    return nodes.Index(place[0], (tidy,))


def collect(relations: Iterable[nodes.Relation], symbols: Symbols) -> Facts:
    """Sort relations ``left = right`` into definitions, recursions and others.

    A parameter is a name that is not declared, or an integer in which the right side is written:
    ``f(a) = 0`` with a declared says something of one place only, and so does ``f(p) = p``.
    """
    restricting: list[nodes.Relation] = []
    definitions: list[Definition] = []
    steps: list[Step] = []
    starts: dict[tuple[str, int], nodes.Node] = {}
    others: list[tuple[nodes.Node, nodes.Node]] = []
    for relation in relations:
        if relation.operators != ("=",):
            restricting.append(relation)
            continue
        left, right = relation.operands
        place = recursion_place(left)
        if isinstance(left, nodes.Name) and left.name not in nodes.free_names(right):
            definitions.append(Definition(left.name, (), right))
        elif place is not None and isinstance(place[1], nodes.Number):
            starts[place[0], place[1].numerator] = right
        elif place is not None and place[0] in nodes.free_names(right):
            rest, shift = split_shift(place[1])
            if isinstance(rest, nodes.Name):
                if any(step.name == place[0] for step in steps):
                    raise ExpressionError(f"two facts say how {place[0]} goes on")
                steps.append(Step(place[0], rest.name, shift, right))
            else:
                others.append((left, right))
        elif _defines(left, right, symbols):
            definitions.append(Definition(_name(left), _parameters(left) or (), right))
        else:
            others.append((left, right))
    recursive = {step.name for step in steps}
    for (name, first), start in list(starts.items()):
        if name not in recursive:
            del starts[name, first]
            others += [
                (nodes.Call(name, (nodes.Number(first),)), start),
                (nodes.Index(name, (nodes.Number(first),)), start),
            ]
    return Facts(
        tuple(definitions), tuple(steps), starts, tuple(others), symbols, tuple(restricting)
    )


def _defines(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    parameters = _parameters(left)
    names = nodes.free_names(right)
    return (
        parameters is not None
        and _name(left) not in names
        and all(_is_index(name, names, symbols) for name in parameters)
    )


def _is_index(name: str, names: frozenset[str], symbols: Symbols) -> bool:
    """Whether a parameter stands for any value: it is not declared, or an integer on which the
    right side depends."""
    if name not in symbols.domains:
        return True
    return name in names and symbols.domain(name).whole


def recursion_place(node: nodes.Node) -> tuple[str, nodes.Node] | None:
    """Name and place of ``w(k)`` or ``w[k]``."""
    if isinstance(node, nodes.Call) and len(node.arguments) == 1 and node.primes == 0:
        return node.function, node.arguments[0]
    if isinstance(node, nodes.Index) and len(node.indices) == 1:
        return node.base, node.indices[0]
    return None


def _name(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Call | nodes.Index)
    return node.function if isinstance(node, nodes.Call) else node.base


def _parameters(node: nodes.Node) -> tuple[str, ...] | None:
    """The bare names in ``f(x, y)``, all different."""
    items: tuple[nodes.Node, ...] = ()
    if isinstance(node, nodes.Call) and node.primes == 0:
        items = node.arguments
    elif isinstance(node, nodes.Index):
        items = node.indices
    names = tuple(item.name for item in items if isinstance(item, nodes.Name))
    return names if names and len(names) == len(items) == len(set(names)) else None


def fits(value: nodes.Node, domain: Domain, symbols: Symbols, bound: dict[str, Domain]) -> bool:
    """Whether a place is seen to lie in a domain, whatever the values of its names."""
    if domain == Domain() or not domain.declared:
        return True
    if domain.constraints:
        return False
    if isinstance(value, nodes.Number):
        return domain.contains(Fraction(value.numerator, value.denominator))
    rest, shift = split_shift(value)
    if not isinstance(rest, nodes.Name):
        return False
    own = bound.get(rest.name, symbols.domain(rest.name))
    if domain.whole and not own.whole:
        return False
    lower = domain.least if domain.whole else domain.lower
    own_lower = own.least if own.whole else own.lower
    for wanted, given, sign in ((lower, own_lower, 1), (domain.upper, own.upper, -1)):
        if wanted is None:
            continue
        if given is None or sign * (given + shift - wanted) < 0:
            return False
        edge = domain.lower_open and not domain.whole if sign == 1 else domain.upper_open
        own_edge = own.lower_open if sign == 1 else own.upper_open
        if given + shift == wanted and edge and not own_edge:
            return False
    return not domain.excluded or (shift == 0 and set(domain.excluded) <= set(own.excluded))


def _bound(node: nodes.Node, symbols: Symbols) -> dict[str, Domain]:
    """The domains of the indices of sums and the like; of two with one name the wider."""
    found: dict[str, Domain] = {}
    for part in nodes.walk(node):
        if not isinstance(part, nodes.Fold):
            continue
        rest, shift = split_shift(part.lower)
        lower: Fraction | None = Fraction(shift)
        if rest is not None:
            given = symbols.domain(rest.name).least if isinstance(rest, nodes.Name) else None
            lower = None if given is None else Fraction(given + shift)
        was = found.get(part.variable)
        if was is not None:
            lower = None if lower is None or was.lower is None else min(lower, was.lower)
        found[part.variable] = Domain(kind="integer", integer=True, lower=lower)
    return found


def _defined(node: nodes.Node, definitions: tuple[Definition, ...], symbols: Symbols) -> nodes.Node:
    plain = {item.name: item.body for item in definitions if not item.parameters}
    node = replaced(node, plain)
    named = {item.name: item for item in definitions if item.parameters}
    if not named:
        return node
    bound = _bound(node, symbols)

    def change(part: nodes.Node) -> nodes.Node | None:
        if isinstance(part, nodes.Call) and part.function in named and part.primes == 0:
            values = part.arguments
        elif isinstance(part, nodes.Index) and part.base in named:
            values = part.indices
        else:
            return None
        definition = named[_name(part)]
        if len(values) != len(definition.parameters):
            return None
        put = dict(zip(definition.parameters, values, strict=True))
        if not all(
            value == nodes.Name(name) or fits(value, symbols.domain(name), symbols, bound)
            for name, value in put.items()
        ):
            return None
        return replaced(definition.body, put)

    return mapped(node, change)


def _matched(
    pattern: nodes.Node, node: nodes.Node, symbols: Symbols
) -> dict[str, nodes.Node] | None:
    """The names to replace if the node is the pattern; an index that is not declared fits any."""
    if same_shape(pattern, node):
        return {}
    if type(pattern) is not type(node):
        return None
    holes = sorted(_holes(pattern) - set(symbols.domains))
    if len(holes) != 1:
        return None
    hole = holes[0]
    for value in _index_values(node):
        if same_shape(replaced(pattern, {hole: value}), node):
            return {hole: value}
    return None


def _holes(pattern: nodes.Node) -> set[str]:
    """Names that stand as an index somewhere in a pattern."""
    return {value.name for value in _index_values(pattern) if isinstance(value, nodes.Name)}


def _index_values(node: nodes.Node) -> list[nodes.Node]:
    return [
        index
        for part in nodes.walk(node)
        if isinstance(part, nodes.Index)
        for index in part.indices
    ]
