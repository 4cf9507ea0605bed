"""Signs that are seen without any computation."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.lower_bounds import least_value
from studytui.derive.functions import FUNCTIONS


def plainly_nonzero(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether it is made of factors that are declared not to vanish."""
    if isinstance(node, nodes.Name):
        domain = symbols.domain(node.name)
        return domain.nonzero and domain.kind != "complex"
    if isinstance(node, nodes.Multiply):
        return all(plainly_nonzero(factor, symbols) for factor in node.factors)
    if isinstance(node, nodes.Call) and _is(node, "never_zero"):
        return True
    if isinstance(node, nodes.Add):
        # The real part of a root is never negative, of whatever it is the root.
        rest = [term for term in node.terms if not _is_multiple_of_root(term, symbols)]
        if len(rest) < len(node.terms):
            return bool(rest) and all(plainly_positive(term, symbols) for term in rest)
    return plainly_positive(node, symbols)


def _is_multiple_of_root(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether it is a square root, perhaps times what is plainly positive."""
    factors = node.factors if isinstance(node, nodes.Multiply) else (node,)
    rest = [each for each in factors if not (isinstance(each, nodes.Call) and _is_root(each))]
    return len(rest) == len(factors) - 1 and all(plainly_positive(each, symbols) for each in rest)


def _is_root(call: nodes.Call) -> bool:
    return call.function == "sqrt" and not call.primes and len(call.arguments) == 1


def plainly_positive(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether it is made of what is declared to be positive, without a minus."""
    if isinstance(node, nodes.Number):
        return node.numerator > 0
    if isinstance(node, nodes.Constant):
        return node.name in ("e", "pi")
    if isinstance(node, nodes.Name):
        domain = symbols.domain(node.name)
        return domain.positive and domain.kind in ("real", "integer")
    if isinstance(node, nodes.Index):
        domain = symbols.domain(node.base)
        return domain.positive and domain.kind == "sequence"
    if isinstance(node, nodes.Add):
        return all(plainly_positive(term, symbols) for term in node.terms) or _is_rest_of_one(
            node, symbols
        )
    if isinstance(node, nodes.Multiply):
        return all(plainly_positive(factor, symbols) for factor in node.factors)
    if isinstance(node, nodes.Divide):
        return all(plainly_positive(part, symbols) for part in nodes.children(node))
    if isinstance(node, nodes.Call) and _is(node, "is_positive"):
        return plainly_real(node.arguments[0], symbols)
    if isinstance(node, nodes.Call) and _is_root(node):
        return plainly_positive(node.arguments[0], symbols)
    if isinstance(node, nodes.Fold) and node.kind in ("sum", "product"):
        length = least_value(nodes.Add((node.upper, nodes.Negate(node.lower))), symbols)
        endless = node.upper == nodes.Constant("oo")
        filled = node.kind == "product" or endless or (length is not None and length >= 0)
        return filled and plainly_positive(node.body, _inside(node, symbols))
    return isinstance(node, nodes.Power) and all(
        plainly_positive(part, symbols) for part in nodes.children(node)
    )


def _is_rest_of_one(node: nodes.Add, symbols: Symbols) -> bool:
    """Whether it is ``1 - p`` with ``p < 1`` declared."""
    if (
        len(node.terms) != 2
        or node.terms[0] != nodes.Number(1)
        or not isinstance(node.terms[1], nodes.Negate)
    ):
        return False
    name = node.terms[1].operand
    if not isinstance(name, nodes.Name) or symbols.domain(name.name).kind not in (
        "real",
        "integer",
    ):
        return False
    domain = symbols.domain(name.name)
    return domain.upper is not None and (
        domain.upper < 1 or (domain.upper == 1 and domain.upper_open)
    )


def plainly_real(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether it is made of real names in ways that leave the real numbers nowhere."""
    if isinstance(node, nodes.Number):
        return True
    if isinstance(node, nodes.Constant):
        return node.name in ("e", "pi")
    if isinstance(node, nodes.Name):
        domain = symbols.domain(node.name)
        return domain.kind in ("real", "integer")
    if isinstance(node, nodes.Index):
        return symbols.domain(node.base).kind == "sequence"
    if isinstance(node, nodes.Call):
        return _is_real_call(node, symbols)
    if isinstance(node, nodes.Fold):
        ends = (node.lower, node.upper)
        return plainly_real(node.body, _inside(node, symbols)) and all(
            end == nodes.Constant("oo") or plainly_real(end, symbols) for end in ends
        )
    if isinstance(node, nodes.Power):
        whole = isinstance(node.exponent, nodes.Number) and node.exponent.denominator == 1
        base = plainly_real if whole else plainly_positive
        return base(node.base, symbols) and plainly_real(node.exponent, symbols)
    if isinstance(node, nodes.Add | nodes.Multiply | nodes.Divide | nodes.Negate):
        return all(plainly_real(part, symbols) for part in nodes.children(node))
    return False


def _is_real_call(node: nodes.Call, symbols: Symbols) -> bool:
    """Whether a function has real values, as far as it has values."""
    function = FUNCTIONS.get(node.function)
    if symbols.domain(node.function).kind == "function":
        return all(plainly_real(argument, symbols) for argument in node.arguments)
    if function is None or function.real is None or node.primes:
        return False
    sure = plainly_positive if function.real == "positive" else plainly_real
    return node.function == "indicator" or all(sure(item, symbols) for item in node.arguments)


def _is(node: nodes.Call, what: Literal["is_positive", "never_zero"]) -> bool:
    function = FUNCTIONS.get(node.function)
    return function is not None and not node.primes and getattr(function, what) is True


def _inside(fold: nodes.Fold, symbols: Symbols) -> Symbols:
    """The symbols inside of a sum, whose index is another than a declared name."""
    lower = fold.lower
    least = Fraction(lower.numerator) if isinstance(lower, nodes.Number) else None
    return symbols.with_domains({fold.variable: Domain(kind="integer", integer=True, lower=least)})
