"""Whether a line of plain arithmetic would be right with another number at one place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.positivity import never_negative
from studytui.derive.field.ring import Polynomial, TooLargeError

_PLAIN = frozenset({nodes.Add, nodes.Multiply, nodes.Name, nodes.Negate, nodes.Number, nodes.Power})
_OTHER = "c~"


def is_one_number_off(written: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether some number in place of one of the written ones makes it equal to the right line."""
    if not nodes.kinds(written, right) <= _PLAIN:
        return False
    symbols = symbols.with_domains({_OTHER: Domain()})
    return any(_has_root(line, right, symbols) for line in _with_one_open(written))


def _with_one_open(node: nodes.Node) -> Iterator[nodes.Node]:
    """The line with a name in place of one number, which is no exponent."""
    if isinstance(node, nodes.Number):
        yield nodes.Name(_OTHER)
    for child in nodes.children(node):
        if isinstance(node, nodes.Power) and child is node.exponent:
            continue
        for other in _with_one_open(child):
            yield nodes.rebuild(node, {id(child): other})


def _has_root(line: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether they are equal for one value of the open number, which comes in no power."""
    evaluation = FieldEvaluation(symbols, never_negative)
    try:
        gap = evaluation.number(nodes.Add((line, nodes.Negate(right))))
    except (TooLargeError, UndefinedValueError, RecursionError, ValueError):
        return False
    place = evaluation.ring.numbers.get(("name", _OTHER))
    slope: Polynomial = {}
    rest: Polynomial = {}
    for monomial, number in gap.top.items():
        power = dict(monomial).get(place, 0) if place is not None else 0
        if power > 1:
            return False
        kept = tuple(pair for pair in monomial if pair[0] != place)
        (slope if power else rest)[kept] = number
    if not rest or slope.keys() != rest.keys():
        return False
    return len({Fraction(rest[key], slope[key]) for key in slope}) == 1
