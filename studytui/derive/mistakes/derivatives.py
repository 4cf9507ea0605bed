"""Mistakes in differentiating: a rule is missed somewhere, and all others are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.nodes import (
    Add,
    Call,
    Derivative,
    Divide,
    Fold,
    Index,
    Multiply,
    Name,
    Negate,
    Node,
    Power,
    walk,
)
from studytui.derive.mistakes.differentiation import (
    Level,
    by,
    by_element,
    derivative,
    falling,
    lowered,
    outer,
)
from studytui.derive.mistakes.logs_and_exps import exponent_of
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    TWO,
    argument,
    call,
    depends,
    fraction,
    is_call,
    minus,
    negated,
    over,
    plus,
    power,
    quotient,
    shifted,
    signed_terms,
    summed,
    times,
    without,
)

_X = (("x", "real"), ("f", "function"), ("g", "function"))


def _inner_lost(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Call) and len(body.arguments) == 1 and argument(body) != variable:
        slope = outer(body)
        if slope is not None:
            yield slope
            inside = argument(body)
            if isinstance(inside, Call | Power | Multiply | Divide | Negate | Add):
                yield from (times(slope, wrong) for wrong in _half_inner(inside, variable))
    if isinstance(body, Power) and not depends(body.exponent, variable) and body.base != variable:
        yield lowered(body)
    if isinstance(body, Power) and not depends(body.base, variable) and body.exponent != variable:
        yield times(call("log", body.base), body)
    if isinstance(body, Divide) and not depends(body.numerator, variable):
        yield negated(falling(body, ONE))


def _half_inner(inside: Node, variable: Node) -> Iterator[Node]:
    """Of an inner factor only its constants kept, or all but those."""
    terms = [item for item in signed_terms(inside) if depends(item[1], variable)]
    if len(terms) != 1:
        return
    sign, above, below = fraction(terms[0][1])
    sign *= terms[0][0]
    still = [factor for factor in above if not depends(factor, variable)]
    moving = [factor for factor in above if depends(factor, variable)]
    if any(depends(factor, variable) for factor in below):
        return
    if still or below or sign < 0:
        yield quotient(sign, still, below)
        yield quotient(sign, [derivative(times(*moving), variable)], [])


def _inner_for_outer(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Call) and len(body.arguments) == 1 and argument(body) != variable:
        inside = derivative(argument(body), variable)
        slope = outer(Call(body.function, (inside,), body.primes))
        if slope is not None:
            yield slope
        yield Call(body.function, (inside,), body.primes)


def _factors_apart(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Multiply):
        moving = [factor for factor in body.factors if depends(factor, variable)]
        still = [factor for factor in body.factors if factor not in moving]
        for place, factor in enumerate(moving[:-1]):
            rest = times(*without(moving, place))
            slopes = derivative(factor, variable), derivative(rest, variable)
            yield times(*still, *slopes)


def _product_half(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Multiply):
        moving = [factor for factor in body.factors if depends(factor, variable)]
        if len(moving) < 2:
            return
        for place, factor in enumerate(body.factors):
            if factor in moving:
                yield times(derivative(factor, variable), *without(body.factors, place))
        for place, factor in enumerate(body.factors):
            if factor in moving:
                rest = times(*without(body.factors, place))
                one = times(derivative(factor, variable), rest)
                yield minus(one, times(factor, derivative(rest, variable)))


def _parts(body: Node, variable: Node) -> tuple[Divide, Node, Node] | None:
    if isinstance(body, Divide) and depends(body.denominator, variable):
        return (
            body,
            derivative(body.numerator, variable),
            derivative(body.denominator, variable),
        )
    return None


def _quotient_rule(body: Node, variable: Node) -> Iterator[Node]:
    found = _parts(body, variable)
    if found is None or not depends(found[0].numerator, variable):
        return
    whole, up, down = found
    top, bottom = whole.numerator, whole.denominator
    yield over(up, down)
    rising, falling = times(up, bottom), times(top, down)
    yield over(minus(falling, rising), power(bottom, 2))
    yield over(plus(rising, falling), power(bottom, 2))
    yield over(minus(rising, falling), bottom)
    yield minus(rising, falling)


def _has_exponential(node: Node) -> bool:
    return any(exponent_of(part) is not None for part in walk(node))


def _held(softmax: bool) -> Level:
    def level(body: Node, variable: Node) -> Iterator[Node]:
        found = _parts(body, variable)
        if found is None:
            return
        whole, up, down = found
        if (_has_exponential(whole.numerator) and _has_exponential(whole.denominator)) != softmax:
            return
        if depends(whole.numerator, variable):
            yield over(up, whole.denominator)
            yield negated(falling(whole, down))

    return level


def _power_rule(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Power) and not depends(body.exponent, variable):
        slope = derivative(body.base, variable)
        less = shifted(body.exponent, -1)
        lowered = power(body.base, less)
        yield times(body.exponent, body, slope)
        yield times(lowered, slope)
        yield times(less, lowered, slope)


def _exponential_rule(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Power) and depends(body.exponent, variable):
        slope = derivative(body.exponent, variable)
        if not depends(body.base, variable):
            yield times(lowered(body), slope)
            yield times(body, slope)
            yield lowered(body)
    elif is_call(body, "exp"):
        inside = argument(body)
        slope = derivative(inside, variable)
        falling = call("exp", minus(inside, ONE))
        yield times(inside, falling, slope)
        yield times(inside, falling)


def _log_rule(body: Node, variable: Node) -> Iterator[Node]:
    if is_call(body, "log"):
        slope = derivative(argument(body), variable)
        yield slope
        yield over(ONE, slope)
        yield times(body, slope)


def _sign(body: Node, variable: Node) -> Iterator[Node]:
    if is_call(body, "sin", "cos") and isinstance(body, Call):
        slope = outer(body)
        assert slope is not None
        yield times(negated(slope), derivative(argument(body), variable))
    if isinstance(body, Divide) and not depends(body.numerator, variable):
        yield falling(body, derivative(body.denominator, variable))
    if isinstance(body, Call | Power):
        inside = argument(body) if isinstance(body, Call) else body.base
        if len(signed_terms(inside)) > 1 or isinstance(inside, Negate):
            yield negated(Derivative(body, variable))


def _sigmoid(body: Node, variable: Node) -> Iterator[Node]:
    if not isinstance(body, Call) or body.primes:
        return
    slope = derivative(argument(body), variable)
    if body.function == "sigmoid":
        for wrong in (
            times(body, plus(ONE, body)),
            times(body, minus(body, ONE)),
            minus(ONE, body),
            body,
            minus(ONE, power(body, 2)),
        ):
            yield times(wrong, slope)
    if body.function == "tanh":
        for wrong in (
            minus(ONE, body),
            plus(ONE, power(body, 2)),
            times(body, minus(ONE, body)),
            power(minus(ONE, body), 2),
        ):
            yield times(wrong, slope)


def _root(body: Node, variable: Node) -> Iterator[Node]:
    if is_call(body, "sqrt"):
        slope = derivative(argument(body), variable)
        for wrong in (over(ONE, body), over(body, TWO), over(TWO, body)):
            yield times(wrong, slope)


def _sum_kept(body: Node, variable: Node) -> Iterator[Node]:
    is_sum = isinstance(body, Fold) and body.kind == "sum"
    if isinstance(body, Fold) and is_sum and isinstance(variable, Index):
        own = Index(variable.base, (Name(body.variable),))
        yield replace(body, body=by_element(body.body, own))
    elif isinstance(variable, Index):
        others = {
            part
            for part in walk(body)
            if isinstance(part, Index) and part.base == variable.base and part != variable
        }
        if len(others) == 1:
            yield by_element(body, others.pop())


def _constant_kept(body: Node, variable: Node) -> Iterator[Node]:
    if isinstance(body, Add):
        terms = signed_terms(body)
        fixed = [item for item in terms if not depends(item[1], variable)]
        moving = [item for item in terms if depends(item[1], variable)]
        if fixed and moving:
            yield plus(derivative(summed(moving), variable), summed(fixed))
        for sign, term in fixed if moving else ():
            if isinstance(term, Power) and isinstance(term.base, Name):
                # As if one differentiated by it: a^2 as 2 a.
                slope = times(term.exponent, power(term.base, shifted(term.exponent, -1)))
                yield summed([(1, derivative(summed(moving), variable)), (sign, slope)])
    if isinstance(body, Multiply):
        moving_factors = [item for item in body.factors if depends(item, variable)]
        if len(moving_factors) < len(body.factors):
            yield derivative(times(*moving_factors), variable)


MISTAKES = (
    Mistake(
        "derivative-keeps-the-sum",
        "All terms kept where one element is differentiated by",
        "Only the term with that element depends on it: d/dx_i of sum_j f(x_j) is f'(x_i).",
        Example("diff(sum(x[j]^2, j, 1, n), x[i])", "sum(2*x[j], j, 1, n)",
                (("x", "sequence"), ("n", "positive integer"), ("i", "integer, 1 <= i <= n"))),
        by(_sum_kept),
    ),
    Mistake(
        "chain-rule-inner-lost",
        "The chain rule's inner factor lost",
        "The inner factor of the chain rule is missing: (f(g(x)))' = f'(g(x)) g'(x).",
        Example("diff(exp(-3*x), x)", "exp(-3*x)", _X),
        by(_inner_lost),
    ),
    Mistake(
        "product-rule-lost",
        "The derivative of a product taken factor by factor",
        "You multiplied the derivatives: (f g)' = f' g + f g'.",
        Example("diff(x^2*sin(x), x)", "2*x*cos(x)", _X),
        by(_factors_apart),
    ),
    Mistake(
        "product-rule-half",
        "One term of the product rule lost, or subtracted",
        "A term of the product rule is missing or has a wrong sign: (f g)' = f' g + f g'.",
        Example("diff(x^2*sin(x), x)", "2*x*sin(x)", _X),
        by(_product_half),
    ),
    Mistake(
        "softmax-off-diagonal",
        "Softmax differentiated with its denominator held",
        "Every logit moves the denominator too: d p_i/d s_j = p_i (delta_ij - p_j), not p_i "
        "delta_ij.",
        Example("diff(exp(x)/(exp(x) + exp(y)), x)", "exp(x)/(exp(x) + exp(y))",
                (("x", "real"), ("y", "real"))),
        by(_held(True)),
    ),
    Mistake(
        "quotient-rule",
        "The quotient rule turned round, or without its square",
        "The quotient rule is (f/g)' = (f' g - f g')/g^2, in this order and with the square.",
        Example("diff(x/(1 + x^2), x)", "1/(2*x)", _X),
        by(_quotient_rule),
    ),
    Mistake(
        "denominator-held",
        "One part of a quotient held while the other is differentiated",
        "Both parts of the quotient move: (f/g)' = f'/g - f g'/g^2.",
        Example("diff(x/(1 + x^2), x)", "1/(1 + x^2)", _X),
        by(_held(False)),
    ),
    Mistake(
        "sigmoid-derivative",
        "The derivative of sigmoid or tanh wrong",
        "The derivatives are sigma' = sigma (1 - sigma) and tanh' = 1 - tanh^2.",
        Example("diff(sigmoid(x), x)", "sigmoid(x)*(1 + sigmoid(x))", _X),
        by(_sigmoid),
    ),
    Mistake(
        "log-derivative",
        "The derivative of a logarithm without what it divides by",
        "The log derivative divides by the function: (log f)' = f'/f.",
        Example("diff(log(1 + x^2), x)", "2*x", _X),
        by(_log_rule),
    ),
    Mistake(
        "root-derivative",
        "The derivative of a root wrong",
        "The derivative of a root is (sqrt(f))' = f'/(2 sqrt(f)).",
        Example("diff(sqrt(1 + x^2), x)", "2*x/sqrt(1 + x^2)", _X),
        by(_root),
    ),
    Mistake(
        "power-rule",
        "The power rule without its factor, or the exponent not lowered",
        "The power rule brings the exponent down and lowers it by one: (x^n)' = n x^(n-1).",
        Example("diff(x^3, x)", "3*x^3", _X),
        by(_power_rule),
    ),
    Mistake(
        "exponential-by-the-power-rule",
        "An exponential differentiated like a power",
        "In an exponential the variable stands above: (a^x)' = a^x log a.",
        Example("diff(2^x, x)", "x*2^(x - 1)", _X),
        by(_exponential_rule),
    ),
    Mistake(
        "inner-for-outer",
        "The outer derivative taken at the inner one",
        "The outer derivative is taken at g(x), not at g'(x): (f(g(x)))' = f'(g(x)) g'(x).",
        Example("diff(exp(x^2), x)", "exp(2*x)", _X),
        by(_inner_for_outer),
    ),
    Mistake(
        "derivative-of-a-constant",
        "A constant term kept, or a constant factor lost, in a derivative",
        "A constant term has the derivative 0, and a constant factor stays.",
        Example("diff(x^2 + a, x)", "2*x + a", (("x", "real"), ("a", "real"))),
        by(_constant_kept),
    ),
    Mistake(
        "derivative-sign",
        "A derivative's sign lost",
        "A sign of the derivative is wrong: cos' = -sin, (1/x)' = -1/x^2.",
        Example("diff(cos(x), x)", "sin(x)", _X),
        by(_sign),
    ),
)  # fmt: skip
