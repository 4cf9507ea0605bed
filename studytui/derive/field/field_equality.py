"""What the field knows of expressions: that two are equal, and where one may vanish."""

from __future__ import annotations

from fractions import Fraction

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.element import Element
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.positivity import never_negative
from studytui.derive.field.powers import BOUND
from studytui.derive.field.ring import ONE, Polynomial, TooLargeError, negative
from studytui.derive.functions import FUNCTIONS

_TRUE = nodes.Constant("true")
_FAILURES = (TooLargeError, UndefinedValueError, RecursionError, ValueError)
"""What there is no element for; a ValueError comes of tables whose shapes do not fit."""


def identical(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether two expressions are the same element of the field.

    A yes is a proof wherever both have a value; a no says nothing. Where something may be
    infinite the answer is no.
    """
    parameters = _parameters(symbols)
    kinds: set[type[nodes.Node]] = set()
    for side in (left, right):
        if _has_truth_values(side):
            return False
        for part in nodes.walk(side):
            kinds.add(type(part))
            if _is_strange(part, symbols, parameters):
                return False
    summed = nodes.Fold in kinds
    return _are_same(left, right, symbols, True) or (
        summed and _are_same(left, right, symbols, False)
    )


def _are_same(left: nodes.Node, right: nodes.Node, symbols: Symbols, term_by_term: bool) -> bool:
    evaluation = FieldEvaluation(symbols, never_negative)
    evaluation.folds.term_by_term = term_by_term
    try:
        first, second = evaluation.value(left), evaluation.value(right)
        if tables.is_table(first) != tables.is_table(second):
            return False
        return bool(first == second) or _are_same_exponentials(first, second, evaluation)
    except _FAILURES:
        return False


def _are_same_exponentials(first: object, other: object, evaluation: FieldEvaluation) -> bool:
    """Whether both are products of exponentials whose exponents come to the same."""
    if not isinstance(first, Element) or not isinstance(other, Element) or not other.top:
        return False
    ratio = first / other
    if len(ratio.top) != 1 or list(ratio.top.values()) != list(ratio.bottom.values()):
        return False
    total = evaluation.powers.number(0)
    for side, sign in ((ratio.top, 1), (ratio.bottom, -1)):
        ((monomial, _),) = side.items()
        for atom, power in monomial:
            exponent = evaluation.powers.exponent(atom)
            if exponent is None:
                return False
            total += exponent * (power * sign)
    return not total.top


def _is_strange(part: nodes.Node, symbols: Symbols, parameters: frozenset[str]) -> bool:
    """Whether the field has no element for a part by itself."""
    match part:
        case nodes.Integral() | nodes.Limit() | nodes.SetOf():
            return True
        case nodes.Constant():
            return part.name in ("oo", "false")
        case nodes.Call():
            return part.function in symbols.domains and part.function in FUNCTIONS
        case nodes.Fold():
            return part.variable in parameters
        case nodes.Derivative():
            return bool(parameters & nodes.free_names(part.variable))
        case _:
            return False


def _has_truth_values(node: nodes.Node) -> bool:
    """Whether ``true`` stands elsewhere than as the condition of what holds otherwise."""
    parts = [
        part for part in nodes.walk(node) if isinstance(part, nodes.Constant | nodes.Piecewise)
    ]
    pieces = (part for part in parts if isinstance(part, nodes.Piecewise))
    return parts.count(_TRUE) != sum(piece.conditions.count(_TRUE) for piece in pieces)


def _parameters(symbols: Symbols) -> frozenset[str]:
    """The names on which distributions depend, unseen where a mean is written."""
    found: frozenset[str] = frozenset()
    for domain in symbols.domains.values():
        for parameter in domain.parameters:
            found |= nodes.free_names(parameter)
    return found


def is_linear(node: nodes.Node) -> bool:
    """Whether it is a polynomial of first degree in names, with rational coefficients."""
    found = _element(node, Symbols())
    if found is None:
        return False
    value, evaluation = found
    return value.bottom.keys() == {()} and all(
        not monomial
        or (
            len(monomial) == 1
            and monomial[0][1] == 1
            and monomial[0][0] in evaluation.powers.variables
        )
        for monomial in value.top
    )


def nonzero_unless(node: nodes.Node, symbols: Symbols) -> tuple[tuple[str, nodes.Node], ...] | None:
    """Where an expression is zero or has a pole: a name, and what it would have to be equal to.

    None where that is not plain: only products of names and first degrees are.
    """
    found = _element(node, symbols)
    if found is None:
        return None
    value, evaluation = found
    roots: dict[tuple[str, nodes.Node], None] = {}
    for side in (value.top, value.bottom):
        here = _roots(side, evaluation)
        if here is None:
            return None
        roots.update(dict.fromkeys(here))
    return tuple(roots)


def never_vanishes(node: nodes.Node, variable: str, lower: nodes.Node, symbols: Symbols) -> bool:
    """Whether an expression surely has one sign for every index from ``lower`` on."""
    place = {variable: nodes.Add((nodes.Name(BOUND), lower))}
    found = _element(replaced(node, place), symbols)
    return found is not None and any(
        found[1].powers.positive_sides(value) is not None for value in (found[0], -found[0])
    )


def _element(node: nodes.Node, symbols: Symbols) -> tuple[Element, FieldEvaluation] | None:
    evaluation = FieldEvaluation(symbols, never_negative)
    try:
        value = evaluation.value(node)
    except _FAILURES:
        return None
    return (value, evaluation) if isinstance(value, Element) else None


def _roots(
    polynomial: Polynomial, evaluation: FieldEvaluation
) -> list[tuple[str, nodes.Node]] | None:
    powers, ring = evaluation.powers, evaluation.ring
    if not polynomial:
        return None
    found: list[tuple[str, nodes.Node]] = []
    _, common, rest = ring.primitive(polynomial)
    for atom, _ in common:
        if powers.never_vanishes(atom):
            continue
        name = powers.variables.get(atom)
        if name is None:
            return None
        found.append((name, nodes.Number(0)))
    if rest == ONE or powers.is_positive(rest):
        return found
    if powers.is_positive(negative(rest)):
        return found
    linear = powers.linear(rest)
    if linear is not None:
        name, slope, constant = linear
        root = Fraction(-constant, slope)
        return [*found, (name, nodes.Number(root.numerator, root.denominator))]
    pair = _two_names(rest, evaluation)
    return None if pair is None else [*found, (pair[0], nodes.Name(pair[1]))]


def _two_names(polynomial: Polynomial, evaluation: FieldEvaluation) -> tuple[str, str] | None:
    """The names in ``x - y``, in order."""
    if sorted(polynomial.values()) != [-1, 1]:
        return None
    names = [
        evaluation.powers.variables.get(monomial[0][0])
        for monomial in polynomial
        if len(monomial) == 1 and monomial[0][1] == 1
    ]
    first, second = (*names, None, None)[:2]
    return None if first is None or second is None else (min(first, second), max(first, second))
