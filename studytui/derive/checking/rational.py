"""Rational functions of whatever is not one itself, compared exactly and without sympy."""

from __future__ import annotations

from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Add,
    Call,
    Constant,
    Divide,
    Integral,
    Limit,
    Matrix,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    SetOf,
    Transpose,
    walk,
)
from studytui.derive.shape import shape

MOST_TERMS = 300
MOST_EXPONENT = 12
_STRANGE = (Integral, Limit, Matrix, SetOf, Transpose)

Monomial = tuple[tuple[int, int], ...]
"""Pairs of an atom's number and its power, in order."""
Polynomial = dict[Monomial, int]
"""Coefficients that are not zero."""
Fraction = tuple[Polynomial, Polynomial]


class _TooLargeError(Exception):
    """The comparison is left to others."""


def identical(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether two expressions are one rational function of their parts.

    A yes is a proof wherever both have a value; a no says nothing. Where something may be
    infinite, or does not commute, the answer is no.
    """
    for side in (left, right):
        for part in walk(side):
            if isinstance(part, _STRANGE) or part in _CONSTANTS:
                return False
            if isinstance(part, Name) and symbols.domain(part.name).shape:
                return False
    atoms: dict[Node, int] = {}
    try:
        top, bottom = _fraction(left, atoms)
        other_top, other_bottom = _fraction(right, atoms)
        return _product(top, other_bottom) == _product(other_top, bottom)
    except (_TooLargeError, RecursionError):
        return False


def roots(node: Node) -> tuple[tuple[str, int, int], ...] | None:
    """Where a rational function of names is zero or has a pole: a name, and the root as a ratio.

    None where that is not plain: only products of names, and first degrees in one name, are.
    """
    atoms: dict[Node, int] = {}
    try:
        sides = _fraction(node, atoms)
    except (_TooLargeError, RecursionError):
        return None
    names = [atom.name if isinstance(atom, Name) else "" for atom in atoms]
    found: dict[tuple[str, int, int], None] = {}
    for side in sides:
        used = {atom for monomial in side for atom, _ in monomial}
        if not all(names[atom] for atom in used):
            return None
        if len(side) == 1:
            found.update(dict.fromkeys((names[atom], 0, 1) for atom in used))
            continue
        slope = side.get(((min(used), 1),), 0) if len(used) == 1 else 0
        constant = side.get((), 0)
        if len(side) != 2 or not (slope and constant):
            return None
        sign = -1 if slope > 0 else 1
        found[names[min(used)], sign * constant, abs(slope)] = None
    return tuple(found)


def is_linear(node: Node) -> bool:
    """Whether it is a polynomial of first degree in names, with rational coefficients."""
    atoms: dict[Node, int] = {}
    try:
        top, bottom = _fraction(node, atoms)
    except (_TooLargeError, RecursionError):
        return False
    plain = all(isinstance(atom, Name) for atom in atoms)
    return plain and set(bottom) == {()} and all(_degree(item) <= 1 for item in top)


def _degree(monomial: Monomial) -> int:
    return sum(power for _, power in monomial)


_CONSTANTS = (Constant("oo"), Constant("true"), Constant("false"))
_E = Constant("e")
_ONE: Polynomial = {(): 1}


def _fraction(node: Node, atoms: dict[Node, int]) -> Fraction:
    if isinstance(node, Number):
        return ({(): node.numerator} if node.numerator else {}), {(): node.denominator}
    if isinstance(node, Negate):
        top, bottom = _fraction(node.operand, atoms)
        return {monomial: -number for monomial, number in top.items()}, bottom
    if isinstance(node, Add):
        return _added([_fraction(term, atoms) for term in node.terms])
    if isinstance(node, Multiply):
        top, bottom = _ONE, _ONE
        for factor in node.factors:
            above, below = _fraction(factor, atoms)
            top, bottom = _product(top, above), _product(bottom, below)
        return top, bottom
    if isinstance(node, Divide):
        (top, bottom), (above, below) = (
            _fraction(node.numerator, atoms),
            _fraction(node.denominator, atoms),
        )
        return _product(top, below), _not_zero(_product(bottom, above))
    if isinstance(node, Power):
        exponent = _whole(node.exponent)
        if exponent is not None and exponent:
            top, bottom = _fraction(node.base, atoms)
            if exponent < 0:
                top, bottom = bottom, _not_zero(top)
            return _power(top, abs(exponent)), _power(bottom, abs(exponent))
    if isinstance(node, Call) and node.primes == 0 and len(node.arguments) == 1:
        known = _exponential(node.function, node.arguments[0], atoms)
        if known is not None:
            return known
    if node == _E:
        return _exp(Number(1), 1, atoms)
    if isinstance(node, Power) and node.base == _E:
        return _exp(node.exponent, 1, atoms)
    place = atoms.setdefault(node if isinstance(node, Name) else shape(node), len(atoms))
    return {((place, 1),): 1}, _ONE


def _exponential(function: str, argument: Node, atoms: dict[Node, int]) -> Fraction | None:
    """A function of the exponential, as a rational function of it; None for another function."""
    if function == "exp":
        return _exp(argument, 1, atoms)
    if function == "sigmoid":
        top, bottom = _exp(argument, 1, atoms)
        return top, _not_zero(_sum(top, bottom))
    if function not in ("sinh", "cosh", "tanh"):
        return None
    top, bottom = _exp(argument, 2, atoms)
    less = _sum(top, {monomial: -number for monomial, number in bottom.items()})
    more = _sum(top, bottom)
    if function == "tanh":
        return less, _not_zero(more)
    once, under = _exp(argument, 1, atoms)
    two: Polynomial = {(): 2}
    above = less if function == "sinh" else more
    return _product(above, under), _product(two, _product(once, bottom))


def _exp(argument: Node, times: int, atoms: dict[Node, int]) -> Fraction:
    """``exp(times * argument)``: a product over the terms, each a whole power of one atom."""
    top, bottom = _ONE, _ONE
    for term in argument.terms if isinstance(argument, Add) else (argument,):
        sign = times
        while isinstance(term, Negate):
            term, sign = term.operand, -sign
        factors = term.factors if isinstance(term, Multiply) else (term,)
        whole, rest = 1, []
        for factor in factors:
            number = _whole(factor)
            if number is None:
                rest.append(factor)
            else:
                whole *= number
        power = sign * whole
        if abs(power) > MOST_EXPONENT:
            raise _TooLargeError
        if not power:
            continue
        body = shape(Multiply(tuple(rest))) if rest else Number(1)
        place = atoms.setdefault(Call("exp", (body,)), len(atoms))
        factor_of: Polynomial = {((place, abs(power)),): 1}
        if power > 0:
            top = _product(top, factor_of)
        else:
            bottom = _product(bottom, factor_of)
    return top, bottom


def _whole(node: Node) -> int | None:
    sign = 1
    if isinstance(node, Negate):
        node, sign = node.operand, -1
    if not isinstance(node, Number) or node.denominator != 1:
        return None
    if abs(node.numerator) > MOST_EXPONENT:
        raise _TooLargeError
    return sign * node.numerator


def _not_zero(polynomial: Polynomial) -> Polynomial:
    if not polynomial:
        raise _TooLargeError
    return polynomial


def _added(parts: list[Fraction]) -> Fraction:
    top, bottom = parts[0]
    for above, below in parts[1:]:
        if below == bottom:
            top = _sum(top, above)
        else:
            top = _sum(_product(top, below), _product(above, bottom))
            bottom = _product(bottom, below)
    return top, bottom


def _sum(first: Polynomial, second: Polynomial) -> Polynomial:
    total = dict(first)
    for monomial, number in second.items():
        value = total.get(monomial, 0) + number
        if value:
            total[monomial] = value
        else:
            del total[monomial]
    return total


def _product(first: Polynomial, second: Polynomial) -> Polynomial:
    if first == _ONE:
        return second
    if second == _ONE:
        return first
    if len(first) * len(second) > MOST_TERMS * 10:
        raise _TooLargeError
    total: Polynomial = {}
    for one, number in first.items():
        for other, factor in second.items():
            powers = dict(one)
            for atom, power in other:
                powers[atom] = powers.get(atom, 0) + power
            monomial = tuple(sorted(powers.items()))
            total[monomial] = total.get(monomial, 0) + number * factor
    result = {monomial: number for monomial, number in total.items() if number}
    if len(result) > MOST_TERMS:
        raise _TooLargeError
    return result


def _power(base: Polynomial, exponent: int) -> Polynomial:
    result = base
    for _ in range(exponent - 1):
        result = _product(result, base)
    return result
