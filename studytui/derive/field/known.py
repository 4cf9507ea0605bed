"""What is known of the parts of an expression: by declarations, by what they are, by what is told.

What is declared of a name, an element or a function is known at every place where it stands.
``|x|`` is at least x and -x, ``floor(x)`` is at most x and above x - 1; ``1 - 1/t <= log t`` and
``log t <= t - 1`` for t > 0, and ``exp t >= 1 + t`` and ``(1 - t) exp t <= 1`` for real t: the
curves lie on one side of their tangents, also at other places: ``exp b >= exp(a) (1 + b - a)``,
``log b <= log a + (b - a)/a``, from which it follows that both rise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import islice, permutations

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Divide,
    Index,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    bound_variable,
    children,
    free_names,
    walk,
)
from studytui.derive.expr.signs import plainly_positive, plainly_real
from studytui.derive.expr.substitute import exchanged, replaced
from studytui.derive.field.cases import Gap, gap_of, pivot
from studytui.derive.field.certificates import Known
from studytui.derive.field.element import Element
from studytui.derive.field.elimination import put
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.powers import BOUND
from studytui.derive.field.ring import TooLargeError
from studytui.derive.syntax.formulas import known as function_called

MOST_PAIRS = 12
MOST_PLACES = 4
"""Indices for which what is known for any is said once more."""
FAILURES = (TooLargeError, UndefinedValueError, RecursionError, ValueError)
"""What there is no element for."""
_ANY = "e~"
"""The name of any element of a sequence."""


def elements(gaps: Iterable[Gap], evaluation: FieldEvaluation) -> list[Known]:
    """The gaps as elements; between whole numbers ``a > b`` is ``a >= b + 1`` too."""
    found = []
    for gap in gaps:
        try:
            value = evaluation.number(gap.node)
        except FAILURES:
            continue
        if value.names or value.top:
            found.append(Known(value, gap.strict))
        if gap.strict and value.is_whole:
            found.append(Known(value - 1))
    return found


def of_atoms(evaluation: FieldEvaluation, known: tuple[Gap, ...]) -> Iterator[Known]:
    """What is known of atoms by what they are: signs, absolute values, elements of sequences."""
    ring, powers = evaluation.ring, evaluation.powers
    gaps: dict[str, list[Known]] = {}
    for key, atom in list(ring.numbers.items()):
        kind, value = ring.kinds[atom], powers.element(atom)
        if kind.positive or kind.nonnegative:
            yield Known(value, kind.positive)
        if not isinstance(key, tuple) or any(name.startswith(BOUND) for name in kind.names):
            continue
        if key[0] == "floor" and len(key) == 3:
            inside = Element(ring, dict(key[2][0][0]), dict(key[2][0][1]))
            if inside.is_real:
                yield Known(inside - value)
                yield Known(value + 1 - inside, True)
        elif key[0] == "abs":
            inside = Element(ring, dict(key[1][0]), dict(key[1][1]))
            if inside.is_real:
                yield Known(value - inside)
                yield Known(value + inside)
        elif key[0] == "index":
            base = str(key[1])
            if base not in gaps:
                facts = _of_elements(base, evaluation.symbols, known)
                gaps[base] = elements(list(facts), evaluation)
            any_one = ring.numbers.get(("name", _ANY))
            for gap in gaps[base]:
                assert any_one is not None
                yield Known(put(gap.value, any_one, value), gap.strict)


def _of_elements(base: str, symbols: Symbols, known: tuple[Gap, ...]) -> Iterator[Gap]:
    """What is declared of each element of a sequence, and what ``l[i] <= L`` says of it: i, which
    is not declared, is any."""
    domain, element = symbols.domain(base), Name(_ANY)
    if domain.kind != "sequence" or domain.law:
        return
    yield from _bounds(element, domain)
    for constraint in domain.constraints:
        yield from gap_of(replaced(constraint, {base: element})) or ()
    for gap in known:
        loose = [part for part in walk(gap.node) if isinstance(part, Index) and part.base == base]
        name = loose_index(gap.node, symbols)
        if name is not None and len(loose) == 1 and loose[0].indices == (Name(name),):
            of_any = exchanged(gap.node, loose[0], element)
            if name not in free_names(of_any) and pivot(of_any, symbols) is None:
                yield Gap(of_any, gap.strict)


def loose_index(node: Node, symbols: Symbols) -> str | None:
    """The one index in an expression that is not declared, and so stands for any."""
    names = {
        index.name
        for part in outside(node)
        if isinstance(part, Index)
        for index in part.indices
        if isinstance(index, Name) and index.name not in symbols.domains
    }
    return names.pop() if len(names) == 1 and not symbols.open else None


def at_places(known: tuple[Gap, ...], node: Node, symbols: Symbols) -> tuple[Gap, ...]:
    """What is known for any index, for those that stand in an expression too."""
    indices = [part.indices for part in outside(node) if isinstance(part, Index)]
    places = list(dict.fromkeys(place for item in indices for place in item))[:MOST_PLACES]
    found = dict.fromkeys(known)
    for gap in known:
        name = loose_index(gap.node, symbols)
        if name is not None:
            moved = (Gap(replaced(gap.node, {name: place}), gap.strict) for place in places)
            found.update(dict.fromkeys(moved))
    return tuple(found)


def told(nodes: tuple[Node, ...], symbols: Symbols) -> Iterator[Gap]:
    """What is declared of the names and elements in expressions, and of logs and exponentials."""
    parts = list(dict.fromkeys(part for node in nodes for part in outside(node)))
    waiting = {name for part in parts for name in free_names(part)}
    names: dict[str, None] = {}
    while waiting:
        name = waiting.pop()
        if name in names:
            continue
        names[name] = None
        for other, domain in symbols.domains.items():
            for constraint in domain.constraints:
                mentioned = free_names(constraint) | {other}
                if name in mentioned and domain.kind in ("real", "integer"):
                    waiting |= mentioned - set(names)
    for name in sorted(names):
        domain = symbols.domain(name)
        if domain.kind in ("real", "integer") and not domain.law:
            yield from _bounds(Name(name), domain)
            for constraint in domain.constraints:
                yield from gap_of(constraint) or ()
    for part in parts:
        yield from _of_part(part, symbols)
    yield from _of_pairs(parts, symbols)


def _of_part(part: Node, symbols: Symbols) -> Iterator[Gap]:
    if isinstance(part, Call) and not part.primes:
        domain = symbols.domain(part.function)
        if domain.kind == "function":
            if all(plainly_real(argument, symbols) for argument in part.arguments):
                yield from _bounds(part, domain)
        elif part.function == "log" and len(part.arguments) == 1:
            (argument,) = part.arguments
            if plainly_positive(argument, symbols):
                yield Gap(Add((argument, Number(-1), Negate(part))))
                yield Gap(Add((part, Number(-1), Divide(Number(1), argument))))
        elif part.function == "exp" and plainly_real(part.arguments[0], symbols):
            below = Add((Number(1), Negate(part.arguments[0])))
            yield Gap(Add((part, Number(-1), Negate(part.arguments[0]))))
            yield Gap(Add((Number(1), Negate(Multiply((below, part))))))


def of_rising(parts: Iterable[Node], symbols: Symbols) -> Iterator[tuple[Call, Call, Node]]:
    """Pairs of calls of one function that rises strictly, and how far the first argument is above
    the other: where that is not negative, the values are in the same order."""
    calls = [part for part in dict.fromkeys(parts) if isinstance(part, Call)]
    rising = [call for call in calls if _rises(call, symbols)]
    for first, other in islice(permutations(rising, 2), MOST_PAIRS):
        if first.function == other.function:
            yield first, other, Add((first.arguments[0], Negate(other.arguments[0])))


def _rises(call: Call, symbols: Symbols) -> bool:
    """Whether it is a function that rises strictly and has a real value here. Of exponentials and
    logarithms more is known."""
    function = function_called(call)
    if function is None or not function.is_monotone or len(call.arguments) != 1:
        return False
    return call.function not in ("exp", "log") and plainly_real(call, symbols)


def _of_pairs(parts: Iterable[Node], symbols: Symbols) -> Iterator[Gap]:
    """Two exponentials, or two logarithms: each lies on one side of its tangent at the other."""
    calls = [part for part in parts if isinstance(part, Call) and len(part.arguments) == 1]
    for first, other in islice(permutations(calls, 2), MOST_PAIRS):
        (place,), (point,) = first.arguments, other.arguments
        gap = Add((point, Negate(place)))
        functions = first.function, other.function
        if functions == ("exp", "exp") and _all(plainly_real, (place, point), symbols):
            yield Gap(Add((other, Negate(Multiply((first, Add((Number(1), gap))))))))
        if functions == ("log", "log") and _all(plainly_positive, (place, point), symbols):
            yield Gap(Add((Multiply((place, Add((first, Negate(other))))), gap)))


def _all(check: Callable[[Node, Symbols], bool], nodes: tuple[Node, ...], symbols: Symbols) -> bool:
    return all(check(node, symbols) for node in nodes)


def _bounds(node: Node, domain: Domain) -> Iterator[Gap]:
    lower: Fraction | None = domain.lower
    if domain.whole and domain.least is not None:
        lower = Fraction(domain.least)
    if lower is not None:
        yield Gap(Add((node, Negate(_number(lower)))), domain.lower_open and not domain.whole)
    if domain.upper is not None:
        yield Gap(Add((_number(domain.upper), Negate(node))), domain.upper_open)


def _number(value: Fraction) -> Node:
    return Number(value.numerator, value.denominator)


def outside(node: Node) -> Iterator[Node]:
    """The parts that stand outside of what binds a variable."""
    yield node
    if bound_variable(node) is None:
        for child in children(node):
            yield from outside(child)
