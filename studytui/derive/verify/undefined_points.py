"""Where functions have no value: the gamma function and its kin, and the tangent's family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.lower_bounds import least_value
from studytui.derive.expr.offsets import plus, split_shift
from studytui.derive.expr.signs import plainly_nonzero, plainly_positive
from studytui.derive.expr.substitute import replaced
from studytui.derive.field import never_negative, never_vanishes
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.formulas import ladders, undefined
from studytui.derive.syntax.print_ascii import to_text


@dataclass(frozen=True, slots=True)
class Condition:
    """What an equation needs besides the declarations. ``is_thin``: it leaves out single points, or
    a curve or so, as ``x != 0`` does; what leaves out more is no small print."""

    text: str
    is_thin: bool = True


FEW_PLACES = 2
"""A condition such as ``n >= 1`` may leave out so many of the whole numbers that are declared."""


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Poles at ``rest = first`` and at every whole number below it."""

    rest: nodes.Node
    first: int
    whole: bool
    typed: nodes.Node = field(compare=False)
    """``rest`` as it was typed, where it was typed alone."""

    def condition(self, symbols: Symbols) -> Condition:
        """What keeps off the poles."""
        text = to_text(self.typed)
        if self.whole:
            thin = _leaves_few_out(self.rest, self.first, symbols)
            return Condition(f"{text} >= {self.first + 1}", thin)
        thin = is_thin(self.rest, symbols)
        text = f"{text} is not {self.first}, {self.first - 1}, {self.first - 2}, ..."
        return Condition(text, thin)


def _leaves_few_out(rest: nodes.Node, last: int, symbols: Symbols) -> bool:
    """Whether only a few of a name's declared whole numbers are up to ``last``."""
    least = symbols.domain(rest.name).least if isinstance(rest, nodes.Name) else None
    return least is not None and last - least < FEW_PLACES


def is_thin(base: nodes.Node, symbols: Symbols) -> bool:
    """Whether what makes an expression zero is a small part of the domains: the expression is
    smooth in a name that is not only whole, or a polynomial in whole ones; without names it has a
    value or has none."""
    if isinstance(base, nodes.Multiply):
        return all(is_thin(factor, symbols) for factor in base.factors)
    if isinstance(base, nodes.Call) and base.function == "sqrt":
        return is_thin(base.arguments[0], symbols)
    names = [symbols.domain(name) for name in nodes.free_names(base)]
    continuous = any(not domain.whole or domain.kind in ("function",) for domain in names)
    if not names:
        return True
    plain = (
        nodes.Add,
        nodes.Divide,
        nodes.Index,
        nodes.Multiply,
        nodes.Name,
        nodes.Negate,
        nodes.Number,
        nodes.Power,
    )
    for part in nodes.walk(base):
        if isinstance(part, nodes.Call) and (
            part.function not in FUNCTIONS or (continuous and _is_analytic(part, symbols))
        ):
            continue
        if (
            isinstance(
                part,
                nodes.Constant | nodes.Matrix | nodes.Transpose | nodes.Fold | nodes.Expectation,
            )
            and continuous
        ):
            continue
        if isinstance(part, nodes.Power) and not continuous and nodes.free_names(part.exponent):
            return False
        if not isinstance(part, plain):
            return False
    return True


def _is_analytic(call: nodes.Call, symbols: Symbols) -> bool:
    """Whether a function is constant nowhere, but for constants."""
    if call.function == "sqrt":
        return plainly_positive(call.arguments[0], symbols)
    return FUNCTIONS[call.function].is_analytic


def poles(
    left: nodes.Node, right: nodes.Node, symbols: Symbols
) -> tuple[set[Condition], set[Condition]]:
    """What each side needs so that its functions have a value, in words.

    Of two ladders of poles of the same thing only the longer is told.
    """
    if not any(_may_need(part) for side in (left, right) for part in nodes.walk(side)):
        return set(), set()
    ladders = [_ladders(side, symbols) for side in (left, right)]
    told = [backwards(side, symbols) | _inside(side, symbols) for side in (left, right)]
    for rest in {ladder.rest for side in ladders for ladder in side}:
        tops = [max((item.first for item in side if item.rest == rest), default=None)
                for side in ladders]  # fmt: skip
        for place, (top, other) in enumerate(zip(tops, tops[::-1], strict=True)):
            if top is not None and (other is None or top > other):
                told[place] |= {
                    item.condition(symbols)
                    for item in ladders[place]
                    if item.rest == rest and item.first == top
                }
    return told[0], told[1]


def _may_need(part: nodes.Node) -> bool:
    return isinstance(part, nodes.Fold) or (isinstance(part, nodes.Call) and bool(ladders(part)))


def backwards(node: nodes.Node, symbols: Symbols) -> set[Condition]:
    """What keeps sums and products from running backwards: they have no value then."""
    told = set()
    for part, bound in parts(node):
        if not isinstance(part, nodes.Fold) or bound & nodes.free_names(
            nodes.Relation((part.lower, part.upper), ())
        ):
            continue
        if part.kind not in ("sum", "product") or part.upper == nodes.Constant("oo"):
            continue
        length = nodes.Add((part.upper, nodes.Negate(part.lower)))
        rest, shift = split_shift(length)
        if rest is None or _is_above(length, -2, symbols):
            continue
        if isinstance(rest, nodes.Name):
            thin = _leaves_few_out(rest, -2 - shift, symbols)
            told.add(Condition(f"{rest.name} >= {-1 - shift}", thin))
        else:
            least = to_text(plus(part.lower, -1))
            told.add(Condition(f"{to_text(part.upper)} >= {least}", False))
    return told


def _inside(node: nodes.Node, symbols: Symbols) -> set[Condition]:
    """What a term of a sum or a product divides by, and no index may make zero."""
    told = set()
    for part, bound in parts(node):
        if not isinstance(part, nodes.Fold) or part.kind not in ("sum", "product"):
            continue
        inner = {name for item in nodes.walk(part.body) if (name := nodes.bound_variable(item))}
        for item in nodes.walk(part.body):
            divisor = _divisor(item)
            if divisor is None or part.variable not in nodes.free_names(divisor):
                continue
            if (bound | inner) & nodes.free_names(divisor):
                continue
            own = symbols.with_domains({part.variable: Domain()})
            if plainly_nonzero(divisor, own):
                continue
            if not never_vanishes(divisor, part.variable, part.lower, symbols):
                # Under one letter, so that both sides say the same.
                others = nodes.free_names(divisor) - {part.variable}
                index = next((name for name in "kijlq" if name not in others), part.variable)
                shown = replaced(divisor, {part.variable: nodes.Name(index)})
                thin = is_thin(divisor, symbols) and any(
                    not symbols.domain(name).whole for name in others
                )
                told.add(Condition(f"{to_text(shown)} != 0 for every {index}", thin))
    return told


def _divisor(part: nodes.Node) -> nodes.Node | None:
    if isinstance(part, nodes.Divide):
        return part.denominator
    if isinstance(part, nodes.Power) and (
        isinstance(part.exponent, nodes.Negate)
        or (isinstance(part.exponent, nodes.Number) and part.exponent.numerator < 0)
    ):
        return part.base
    return None


def needing(
    node: nodes.Node, what: Callable[[nodes.Node], Iterable[nodes.Node]]
) -> list[nodes.Node]:
    """What ``what`` finds in the parts of ``node``, where no variable is bound that stands in it.

    Of a product the factors are looked at one by one.
    """
    found = []
    for part, bound in parts(node):
        for base in what(part):
            factors = base.factors if bound and isinstance(base, nodes.Multiply) else (base,)
            found += [item for item in factors if not bound & nodes.free_names(item)]
    return list(dict.fromkeys(found))


def parts(
    node: nodes.Node, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[nodes.Node, frozenset[str]]]:
    """The node and everything under it, each with the variables that are bound there."""
    waiting = [(node, bound)]
    while waiting:
        here, around = waiting.pop()
        yield here, around
        name, below = nodes.bound_variable(here), nodes.children(here)
        if name is None:
            waiting.extend((child, around) for child in reversed(below))
            continue
        body, inner = getattr(here, "body", None), around | {name}
        waiting.extend((child, inner if child is body else around) for child in reversed(below))


def _ladders(node: nodes.Node, symbols: Symbols) -> set[_Ladder]:
    found = set()
    for part, bound in parts(node):
        if not isinstance(part, nodes.Call) or _is_rescued(part, symbols):
            continue
        for argument, first in ladders(part):
            rest, shift = split_shift(argument)
            if rest is None or bound & nodes.free_names(argument):
                continue
            if not _is_above(argument, first, symbols):
                typed = rest if shift else argument
                found.add(_Ladder(rest, first - shift, _is_whole(rest, symbols), typed))
    return found


def _is_rescued(call: nodes.Call, symbols: Symbols) -> bool:
    """Whether a function has a value on its ladders after all, as ``binomial(n, 2)`` has."""
    points, function = undefined(call), FUNCTIONS.get(call.function)
    if points is None or function is None or not points.unless_whole:
        return False
    place = function.names.index(points.unless_whole)
    return _is_whole(call.arguments[place], symbols)


def _is_above(argument: nodes.Node, first: int, symbols: Symbols) -> bool:
    """Whether an argument is declared to stay above its first pole."""
    least = least_value(argument, symbols)
    if plainly_positive(argument, symbols) or (least is not None and least > first):
        return True
    return never_negative(
        nodes.Add((argument, nodes.Negate(nodes.Number(first)))), symbols, strict=True
    )


def _is_whole(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether only whole numbers are added and multiplied in it."""
    kinds = (nodes.Add, nodes.Multiply, nodes.Negate, nodes.Name, nodes.Number)
    return all(
        isinstance(part, kinds)
        and (not isinstance(part, nodes.Name) or symbols.domain(part.name).whole)
        and (not isinstance(part, nodes.Number) or part.denominator == 1)
        for part in nodes.walk(node)
    )
