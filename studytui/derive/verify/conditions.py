"""What an equation needs beyond the declared domains: denominators that must not vanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import sympy

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.signs import plainly_nonzero
from studytui.derive.field import never_negative, nonzero_unless
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.syntax.formulas import spelled_out, zeros
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verify.kinks import kinks, off_kinks
from studytui.derive.verify.undefined_points import Condition, is_thin, needing, poles

_NEVER_ZERO = (sympy.factorial, sympy.gamma)
_MAY_NEED = frozenset({nodes.Call, nodes.Derivative, nodes.Divide, nodes.Power})
"""What may have no value where something vanishes."""


def needed(
    left: nodes.Node, right: nodes.Node, builder: Builder
) -> tuple[tuple[Condition, ...], frozenset[Any]]:
    """Conditions that only one side needs to have a value, and all that do not vanish where both
    have one."""
    sides = [_nonzero(_bases(side), builder) for side in (left, right)]
    told = poles(left, right, builder.symbols)
    first, second = (_needs(found) | here for found, here in zip(sides, told, strict=True))
    return _in_order(first ^ second), frozenset(item for side in sides for _, item in side)


def needed_by_one(left: nodes.Node, right: nodes.Node, builder: Builder) -> tuple[Condition, ...]:
    """Conditions that only one side needs to have a value.

    What must not vanish on both sides is factored only where something is left to be told.
    """
    first, second = _bases(left), _bases(right)
    both = first & second
    told = poles(left, right, builder.symbols)
    one, other = (
        _needs(_nonzero(bases - both, builder)) | here
        for bases, here in zip((first, second), told, strict=True)
    )
    apart = one ^ other
    return _in_order(apart - _needs(_nonzero(both, builder))) if apart else ()


def _needs(found: set[tuple[Condition, Any]]) -> set[Condition]:
    return {need for need, _ in found}


def _in_order(needs: set[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(needs, key=lambda need: need.text))


def smooth_symbols(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> Symbols:
    """The symbols without the single values at which a derivative of one side has none."""
    roots = [
        (name, Fraction(root.numerator, root.denominator))
        for base in dict.fromkeys([*kinks(left), *kinks(right)])
        for name, root in nonzero_unless(base, symbols) or ()
        if isinstance(root, nodes.Number) and symbols.domain(name).kind == "real"
    ]
    return off_kinks(symbols, roots) if roots else symbols


def _nonzero(bases: Iterable[nodes.Node], builder: Builder) -> set[tuple[Condition, Any]]:
    """Conditions and factors of what must not vanish, without what plainly does not."""
    found: set[tuple[Condition, Any]] = set()
    for base in bases:
        if plainly_nonzero(base, builder.symbols) or _has_one_sign(base, builder.symbols):
            continue
        thin = is_thin(base, builder.symbols)
        found |= {(Condition(text, thin), factor) for text, factor in _factors(base, builder)}
    return found


def _bases(node: nodes.Node) -> frozenset[nodes.Node]:
    """What must not vanish."""
    if not nodes.kinds(node) & _MAY_NEED:
        return frozenset()
    return frozenset((*needing(spelled_out(node), _divisors), *kinks(node)))


def _has_one_sign(base: nodes.Node, symbols: Symbols) -> bool:
    """Whether a sum is shown to be positive everywhere, or negative."""
    return isinstance(base, nodes.Add) and any(
        never_negative(side, symbols, strict=True) for side in (base, nodes.Negate(base))
    )


def _divisors(part: nodes.Node) -> tuple[nodes.Node, ...]:
    """What must not vanish for a part to have a value."""
    if isinstance(part, nodes.Divide):
        return (part.denominator,)
    if isinstance(part, nodes.Power) and _is_negative(part.exponent):
        return (part.base,)
    return zeros(part)


def _is_negative(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Negate) or (isinstance(node, nodes.Number) and node.numerator < 0)


def _factors(base: nodes.Node, builder: Builder) -> set[tuple[str, Any]]:
    roots = nonzero_unless(base, builder.symbols)
    if roots is not None:
        return {
            (f"{name} != {to_text(root)}", builder.build(nodes.Name(name)) - builder.build(root))
            for name, root in roots
            if _is_possible(name, root, builder.symbols)
        }
    try:
        factors = list(_split(builder.build(base)))
    except (ExpressionError, sympy.PolynomialError, AttributeError, TypeError, ValueError):
        return set()
    found = set()
    for plain in factors:
        if plain.is_number or plain.is_zero is False or isinstance(plain, _NEVER_ZERO):
            continue
        if _outside(plain, builder):
            continue
        found.add(_told(plain))
    return found


def _split(value: Any) -> Iterator[Any]:
    """What is zero where a product, a power or a root of products is."""
    for factor in sympy.Mul.make_args(sympy.factor(value)):
        base, exponent = factor.as_base_exp()
        if exponent == 1:
            yield base
        else:
            yield from _split(base)


def _is_possible(name: str, root: nodes.Node, symbols: Symbols) -> bool:
    domain = symbols.domain(name)
    if not isinstance(root, nodes.Number) or domain.kind == "complex":
        return True
    return not domain.shape and domain.contains(Fraction(root.numerator, root.denominator))


def _told(factor: Any) -> tuple[str, Any]:
    """``x - 1`` is told as ``x != 1``."""
    symbols = sorted(factor.free_symbols, key=str)
    for symbol in symbols:
        if isinstance(symbol, sympy.Symbol) and factor.diff(symbol).is_number:
            value = sympy.solve(factor, symbol)
            if len(value) == 1:
                return f"{symbol} != {_text(value[0])}", sympy.expand(symbol - value[0])
    return f"{_text(factor)} != 0", factor


def _text(value: Any) -> str:
    """An expression of sympy's as it is typed here."""
    text = str(value).replace("**", "^")
    return re.sub(r"\b(Abs|Max|Min|E|I)\b", lambda word: word[0].lower(), text)


def _outside(factor: Any, builder: Builder) -> bool:
    """Whether the zero of a linear factor of one symbol lies outside of its domain."""
    if _below_one_in_power(factor, builder):
        return True
    symbols = list(factor.free_symbols)
    if len(symbols) != 1 or not isinstance(symbols[0], sympy.Symbol):
        return False
    symbol = symbols[0]
    slope = factor.diff(symbol)
    if not slope.is_Rational or slope == 0:
        return False
    root = symbol - factor / slope
    root = sympy.expand(root)
    if not root.is_Rational:
        return False
    domain = builder.symbols.domain(symbol.name)
    return domain.kind != "complex" and not domain.contains(Fraction(int(root.p), int(root.q)))


def _below_one_in_power(factor: Any, builder: Builder) -> bool:
    """Whether it is ``1 - b^e``, up to sign, with 0 < b < 1 and e > 0."""
    for side in (factor, -factor):
        power = sympy.expand(1 - side)
        if isinstance(power, sympy.Pow) and isinstance(power.base, sympy.Symbol):
            upper = builder.symbols.domain(power.base.name).upper
            inside = upper is not None and upper <= 1 and power.base.is_positive
            if inside and (1 - power.base) != 0 and power.exp.is_positive:
                return not builder.symbols.domain(power.base.name).contains(Fraction(1))
    return False
