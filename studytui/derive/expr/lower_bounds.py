"""The least value that a name, or a difference of two names, can have by what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Multiply, Name, Negate, Node, Number, Relation

_ORIGIN = ""
"""The name of zero."""
Gaps = dict[tuple[str, str], Fraction]
"""``(a, b): c`` where ``a - b >= c`` is declared."""


def least_value(node: Node, symbols: Symbols) -> Fraction | None:
    """A bound from below for ``n``, ``n + 1`` or ``n - k + 2``; None where nothing is declared.

    >>> from studytui.derive.syntax import parse
    >>> from studytui.derive.syntax.declarations import declare
    >>> symbols = declare({"b": "positive integer", "n": "integer, n > b"})
    >>> [least_value(parse(text, symbols), symbols) for text in ("n", "n - b - 1", "b - n")]
    [Fraction(2, 1), Fraction(0, 1), None]
    """
    ends = _difference(node)
    if ends is not None:
        larger, smaller, shift = ends
        gap = Fraction(0) if larger == smaller else _longest(larger, smaller, symbols)
        return None if gap is None else gap + shift
    linear = _linear(node)
    if linear is None:
        return None
    total = linear.pop(_ORIGIN, Fraction(0))
    for name, count in linear.items():
        ways = (name, _ORIGIN) if count > 0 else (_ORIGIN, name)
        gap = _longest(*ways, symbols) if count else Fraction(0)
        if gap is None:
            return None
        total += abs(count) * gap
    return total


def _difference(node: Node) -> tuple[str, str, Fraction] | None:
    """``n - k + 2`` as n, k and 2, with ``_ORIGIN`` where a name is missing."""
    linear = _linear(node)
    if linear is None:
        return None
    shift = linear.pop(_ORIGIN, Fraction(0))
    names = {name: count for name, count in linear.items() if count}
    if len(names) > 2 or sorted(names.values()) not in ([], [-1], [1], [-1, 1]):
        return None
    larger = next((name for name, count in names.items() if count == 1), _ORIGIN)
    smaller = next((name for name, count in names.items() if count == -1), _ORIGIN)
    return larger, smaller, shift


def _linear(node: Node) -> dict[str, Fraction] | None:
    """The coefficients of names, and of the origin that of one; None where it is not linear."""
    if isinstance(node, Number):
        return {_ORIGIN: Fraction(node.numerator, node.denominator)}
    if isinstance(node, Name):
        return {node.name: Fraction(1)}
    if isinstance(node, Negate):
        return _linear(Multiply((Number(-1), node.operand)))
    if isinstance(node, Add):
        total: dict[str, Fraction] = {}
        for term in node.terms:
            part = _linear(term)
            if part is None:
                return None
            for name, count in part.items():
                total[name] = total.get(name, Fraction(0)) + count
        return total
    if isinstance(node, Multiply) and len(node.factors) == 2:
        factor, rest = node.factors
        part = _linear(rest)
        if isinstance(factor, Number) and part is not None:
            size = Fraction(factor.numerator, factor.denominator)
            return {name: count * size for name, count in part.items()}
    return None


def _longest(start: str, end: str, symbols: Symbols) -> Fraction | None:
    """The largest sum of declared gaps on a way from one name to another (Bellman and Ford)."""
    gaps: Gaps = {}
    for pair, size in _declared(symbols):
        gaps[pair] = max(size, gaps.get(pair, size))
    best: dict[str, Fraction] = {start: Fraction(0)}
    for _ in range(len(symbols.domains) + 1):
        for (larger, smaller), size in gaps.items():
            if larger in best:
                reached = best[larger] + size
                best[smaller] = max(reached, best.get(smaller, reached))
    return best.get(end)


def _declared(symbols: Symbols) -> Iterator[tuple[tuple[str, str], Fraction]]:
    for name, domain in symbols.domains.items():
        if domain.kind not in ("real", "integer") or domain.law:
            continue
        lower = domain.least if domain.whole else domain.lower
        if lower is not None:
            yield (name, _ORIGIN), Fraction(lower)
        if domain.upper is not None:
            yield (_ORIGIN, name), -domain.upper
        for constraint in domain.constraints:
            if isinstance(constraint, Relation):
                yield from _between(constraint, symbols)


def _between(relation: Relation, symbols: Symbols) -> Iterator[tuple[tuple[str, str], Fraction]]:
    links = zip(relation.operands, relation.operators, relation.operands[1:], strict=False)
    for left, sign, right in links:
        if sign not in ("<", "<=", ">", ">="):
            continue
        larger, smaller = (left, right) if sign in (">", ">=") else (right, left)
        ends = _difference(Add((larger, Negate(smaller))))
        if ends is None or _ORIGIN in ends[:2]:
            continue
        whole = all(symbols.domain(name).whole for name in ends[:2]) and ends[2].denominator == 1
        yield ends[:2], int(whole and sign in ("<", ">")) - ends[2]
