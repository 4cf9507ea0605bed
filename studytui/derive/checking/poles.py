"""Where functions have no value: the gamma function and its kin, and the tangent's family."""

from __future__ import annotations

from dataclasses import dataclass, field

from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Add,
    Call,
    Fold,
    Integral,
    Limit,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Relation,
    children,
    walk,
)
from studytui.derive.shifts import split_shift
from studytui.derive.signs import plainly_positive
from studytui.derive.text import to_text

_ZERO_BELOW = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin"}
"""What must not vanish for a trigonometric function to have a value."""
_FIRST_POLE = {"gamma": 0, "factorial": -1}


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Poles at ``rest = first`` and at every whole number below it."""

    rest: Node
    first: int
    whole: bool
    typed: Node = field(compare=False)
    """``rest`` as it was typed, where it was typed alone."""

    def told(self) -> str:
        text = to_text(self.typed)
        if self.whole:
            return f"{text} >= {self.first + 1}"
        return f"{text} is not {self.first}, {self.first - 1}, {self.first - 2}, ..."


def poles(left: list[Node], right: list[Node], symbols: Symbols) -> tuple[set[str], set[str]]:
    """What each side needs so that its functions have a value, in words.

    Of two ladders of poles of the same thing only the longer is told.
    """
    ladders = [_ladders(side, symbols) for side in (left, right)]
    told: list[set[str]] = [_below(side) for side in (left, right)]
    for rest in {ladder.rest for side in ladders for ladder in side}:
        tops = [max((item.first for item in side if item.rest == rest), default=None)
                for side in ladders]  # fmt: skip
        for place, (top, other) in enumerate(zip(tops, tops[::-1], strict=True)):
            if top is not None and (other is None or top > other):
                told[place] |= {
                    item.told()
                    for item in ladders[place]
                    if item.rest == rest and item.first == top
                }
    return told[0], told[1]


def outer(node: Node) -> list[Node]:
    """The parts outside of forms that bind a variable."""
    if isinstance(node, Fold | Integral | Limit):
        return [node]
    parts = [node]
    for child in children(node):
        parts += outer(child)
    return parts


def _below(parts: list[Node]) -> set[str]:
    return {
        f"{_ZERO_BELOW[part.function]}({to_text(part.arguments[0])}) != 0"
        for part in parts
        if isinstance(part, Call) and part.function in _ZERO_BELOW and not part.primes
    }


def _ladders(parts: list[Node], symbols: Symbols) -> set[_Ladder]:
    found = set()
    for part in parts:
        if not isinstance(part, Call) or part.primes or part.function not in _FIRST_POLE:
            continue
        argument, first = part.arguments[0], _FIRST_POLE[part.function]
        rest, shift = split_shift(argument)
        if rest is not None and not _is_above(argument, first, symbols):
            typed = rest if shift else argument
            found.add(_Ladder(rest, first - shift, _is_whole(rest, symbols), typed))
    return found


def _is_above(argument: Node, first: int, symbols: Symbols) -> bool:
    """Whether an argument is declared to stay above its first pole."""
    if plainly_positive(argument, symbols):
        return True
    rest, shift = split_shift(argument)
    if isinstance(rest, Name):
        domain = symbols.domain(rest.name)
        least = domain.least if domain.whole else domain.lower
        return least is not None and least + shift > first
    return shift > first and rest is not None and _is_ordered(rest, symbols)


def _is_ordered(rest: Node, symbols: Symbols) -> bool:
    """Whether it is ``n - k`` with ``k <= n`` declared."""
    if not (isinstance(rest, Add) and len(rest.terms) == 2):
        return False
    names = {part.name for part in walk(rest) if isinstance(part, Name)}
    declared = [item for name in names for item in symbols.domain(name).constraints]
    orders = [
        (item.operands[0], item.operands[1])
        if item.operators[0] in ("<", "<=")
        else (item.operands[1], item.operands[0])
        for item in declared
        if isinstance(item, Relation) and item.operators[0] in ("<", "<=", ">", ">=")
    ]
    return any(
        split_shift(Add((larger, Negate(smaller)))) == split_shift(rest)
        for smaller, larger in orders
    )


def _is_whole(node: Node, symbols: Symbols) -> bool:
    """Whether only whole numbers are added and multiplied in it."""
    kinds = (Add, Multiply, Negate, Name, Number)
    return all(
        isinstance(part, kinds)
        and (not isinstance(part, Name) or symbols.domain(part.name).whole)
        and (not isinstance(part, Number) or part.denominator == 1)
        for part in walk(node)
    )
