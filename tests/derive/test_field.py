"""The field of functions: what it calls identical is so at every point, branches included."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Name, Node, Number
from studytui.derive.field import identical, is_linear, nonzero_unless
from studytui.derive.field.differentiate import differentiate
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from tests.derive.pairs import corpus
from tests.derive.test_random_expressions import DOMAINS, expressions, rewritten, spoiled
from tests.examples import examples

SAME = """
x^a x^b ~ x^(a + b)
(x y)^n ~ x^n y^n ; n: integer
(x^a)^n ~ x^(a n) ; n: integer
(x^a)^b ~ x^(a b) ; x: positive; a: real
x^log(y) ~ y^log(x) ; x: positive; y: positive
(-1)^(2n) ~ 1 ; n: integer
cos(n pi) ~ (-1)^n ; n: integer
sin(x)^2 + cos(x)^2 ~ 1 ; x: complex
exp(i x) ~ cos(x) + i sin(x) ; x: complex
tan(x) ~ sin(2x)/(1 + cos(2x))
log(x^3/y) ~ 3 log(x) - log(y) ; x: positive; y: positive
log(12) ~ 2 log(2) + log(3)
log(sigmoid(x)) ~ -softplus(-x)
sigmoid(logit(p)) ~ p ; p: 0 < p < 1
1/(sqrt(2) + 1) ~ sqrt(2) - 1
sqrt((x - 1)^2) ~ abs(x - 1)
abs(z)^2 ~ z conjugate(z) ; z: complex
abs(p - 1) ~ 1 - p ; p: 0 <= p <= 1
max(x, y) + min(x, y) ~ x + y
max(x + c, y + c) ~ max(x, y) + c
floor(x + 3) ~ floor(x) + 3
ceil(x) ~ -floor(-x)
(n + 2)!/n! ~ (n + 1)(n + 2) ; n: natural
sum(i^3, i, 1, n) ~ sum(i, i, 1, n)^2
sum(x[i] + c, i, 1, n) ~ n c + sum(x[j], j, 1, n) ; x: sequence
sum(x[i + 1], i, 0, n) ~ sum(x[i], i, 1, n + 1) ; x: sequence
sum(x[i], i, 1, n + 1) ~ x[n + 1] + sum(x[i], i, 1, n) ; x: sequence
sum(sum(x[i] x[j], j, 1, m), i, 1, n) ~ sum(x[i], i, 1, n) sum(x[i], i, 1, m) ; x: sequence
sum(exp(s[j])/sum(exp(s[i]), i, 1, n), j, 1, n) ~ 1 ; s: sequence; n: positive integer
prod(exp(x[i]), i, 1, n) ~ exp(sum(x[i], i, 1, n)) ; x: sequence
log(prod(x[i], i, 1, n)) ~ sum(log(x[i]), i, 1, n) ; x: positive sequence
E[a X + b] ~ a E[X] + b ; X: random
Var[a X + b] ~ a^2 Var[X] ; X: random
E[X Y] ~ E[X] E[Y] ; X: independent; Y: independent
E[(m + s Z)^2] ~ m^2 + s^2 ; Z: normal(0, 1)
E[U^3] ~ 1/4 ; U: uniform(0, 1)
E[sum(c[i] g[i], i, 1, n)] ~ sum(c[i] E[g[i]], i, 1, n) ; c: sequence; g: random sequence
diff(x^n, x) ~ n x^(n - 1)
diff(exp(-x^2/2), x, 2) ~ (x^2 - 1) exp(-x^2/2)
diff(f(g(x)), x) ~ f'(g(x)) g'(x) ; f: function; g: function
(A B)^T ~ B^T A^T ; A: matrix 2x2; B: matrix 2x2
det(A B) ~ det(A) det(B) ; A: matrix 2x2; B: matrix 2x2
"""
OTHER = """
sqrt(x^2) ~ x
log(x y) ~ log(x) + log(y)
log(x^2) ~ 2 log(x)
sqrt(x y) ~ sqrt(x) sqrt(y)
(x y)^a ~ x^a y^a
(x^a)^b ~ x^(a b)
(x^2)^(1/2) ~ x
log(exp(z)) ~ z ; z: complex
exp(z)^(1/2) ~ exp(z/2) ; z: complex
abs(z)^2 ~ z^2 ; z: complex
sign(x)^2 ~ 1
sign(x)^2 ~ 1 ; x: nonnegative
floor(x + y) ~ floor(x) + floor(y)
floor(x + 1/2) ~ floor(x) + 1/2
(n + 1)!/n! ~ n
(-1)^(2x) ~ 1
(-1)^n ~ 1 ; n: integer
cos(n pi/2)^2 ~ 1 ; n: integer
max(x, y) ~ max(x, -y)
conjugate(log(z)) ~ log(conjugate(z)) ; z: complex
conjugate(sqrt(z)) ~ sqrt(conjugate(z)) ; z: complex
sum(x[i], i, 1, n) ~ sum(x[i], i, 0, n) ; x: sequence
sum(x[i], i, 1, n) ~ sum(x[i + 1], i, 1, n) ; x: sequence
sum(x[i] y[i], i, 1, n) ~ sum(x[i], i, 1, n) sum(y[i], i, 1, n) ; x: sequence; y: sequence
sum((k - 500)/(k - 500), k, 1, n) ~ n ; n: natural
E[X Y] ~ E[X] E[Y] ; X: random; Y: random
E[g[1] g[2]] ~ E[g[1]] E[g[2]] ; g: random sequence
E[X^2] ~ E[X]^2 ; X: independent
E[1/X] ~ 1/E[X] ; X: independent
diff(abs(x), x) ~ 1
E[X exp(X Y)] ~ E[X] E[exp(X Y)] ; X: independent; Y: independent
diff(E[Z], mu) ~ 0 ; Z: normal(mu, 1)
sum(E[Z], mu, 1, n) ~ n mu ; Z: normal(mu, 1)
sign(x^(k - 1)) ~ sign(x^k) sign(x) ; k: positive integer
sign(1 + sum(1/y, i, 1, n)) ~ sign(y + n) sign(y) ; n: natural
abs(sum(exp(i), i, 1, n + 1) - exp(n + 1)) ~ sum(exp(i), i, 1, n + 1) - exp(n + 1) ; n: integer
sum(sum(x[j], j, i, n), i, 1, n) ~ sum(sum(x[2j + 1], j, 0, n - i), i, 1, n) ; x: sequence
sum(m/k, n, 0, k - 1) ~ m ; k: natural
prod(n - i, i, m, n) ~ 0
prod(n - i, i, 0, n) ~ 0 ; n: integer
sign(prod(i, i, m, n)) ~ sign(n) ; m: positive integer; n: natural
sign(prod(i, i, 1, n + 3)) ~ sign((n + 1) (n + 2) (n + 3)) ; n: integer
E[X indicator(X + Y > 3)] ~ E[X] E[indicator(X + Y > 3)] ; X: independent; Y: independent
argmax(abs(i), i, -3, 2) ~ argmax(i, i, -3, 2)
indicator(trace(A B A^T) > 3) ~ indicator(trace(A A B^T) > 3) ; A: matrix 2x2; B: matrix 2x2
A B ~ B A ; A: matrix 2x2; B: matrix 2x2
diff(A^2, x) ~ 2 A ; A: matrix 2x2
"""


def read(lines: str) -> list[tuple[str, str, dict[str, str]]]:
    rows = []
    for line in lines.strip().splitlines():
        sides, *assumed = line.split(" ; ")
        a, b = sides.split(" ~ ")
        parts = (item.split(": ") for text in assumed for item in text.split("; "))
        rows.append((a, b, {name.strip(): domain for name, domain in parts}))
    return rows


def judged(a: str, b: str, assumptions: dict[str, str], syntax: str = "ascii") -> bool:
    symbols = declare(assumptions, open_names=True)
    return identical(parse(a, symbols, syntax), parse(b, symbols, syntax), symbols)


@pytest.mark.parametrize(("a", "b", "assumptions"), read(SAME))
def test_laws_hold(a: str, b: str, assumptions: dict[str, str]) -> None:
    assert judged(a, b, assumptions)


@pytest.mark.parametrize(("a", "b", "assumptions"), read(OTHER))
def test_what_is_no_law_is_not_used(a: str, b: str, assumptions: dict[str, str]) -> None:
    assert not judged(a, b, assumptions)


def test_a_bound_name_is_never_taken_for_another() -> None:
    above = "sum(indicator(sum({} j, j, 1, 3) > 60), i, 1, n)"
    assert not judged(above.format("i"), above.format("(j + 1)"), {"n": "natural"})
    declared = {"j": "real", "j'": "real"}
    inner = "sum(sum(i j, j, 1, 2), i, 1, j + j'{})"
    last = "sum((j + {} + 1) k, k, 1, 2)"
    assert judged(
        inner.format(" + 1"), f"{inner.format('')} + {last.format('j' + chr(39))}", declared
    )
    assert not judged(inner.format(" + 1"), f"{inner.format('')} + {last.format('k')}", declared)


def test_nothing_unequal_in_the_corpus_is_identical() -> None:
    wrong = [
        pair.name
        for pair in corpus()
        if not pair.same and judged(pair.a, pair.b, dict(pair.assumptions), pair.syntax)
    ]
    # Of these neither side has a value anywhere: the checker looks for points first.
    assert all("E[exp(Z^2)]" in pair.a for pair in corpus() if pair.name in wrong)


def agree(first: Node, second: Node) -> bool:
    """Whether two expressions agree at some points of ``DOMAINS`` at which both have a value."""
    generator = random.Random(5)
    with mpmath.workdps(40):
        for _ in range(6):
            values = {
                "x": mpmath.mpf(generator.randrange(1, 500)) / 97,
                "y": mpmath.mpf(generator.randrange(-500, 500)) / 89,
                "p": mpmath.mpf(generator.randrange(1, 96)) / 97,
                "n": mpmath.mpf(generator.randrange(1, 9)),
            }
            try:
                one, other = (PreciseEvaluation(values).value(node) for node in (first, second))
            except UndefinedValueError:
                continue
            if abs(one - other) > mpmath.mpf(10) ** -25 * max(1, abs(one), abs(other)):
                return False
    return True


@examples(200)
@given(expressions, st.integers(0, 10**6))
def test_what_is_identical_has_equal_values(node: Node, seed: int) -> None:
    generator = random.Random(seed)
    symbols = declare(DOMAINS)
    for other in (rewritten(node, generator), spoiled(node, generator)):
        if identical(node, other, symbols):
            assert agree(node, other), (node, other)


@examples(60)
@given(expressions)
def test_a_derivative_is_the_slope(node: Node) -> None:
    slope = differentiate(node, "x")
    if slope is None:
        return
    place = Fraction(17, 23)
    with mpmath.workdps(40):
        values = {"y": mpmath.mpf(3) / 7, "p": mpmath.mpf(2) / 5, "n": mpmath.mpf(2)}
        x, step = mpmath.mpf(place.numerator) / place.denominator, mpmath.mpf(10) ** -12
        try:
            here = PreciseEvaluation({**values, "x": x}).value(slope)
            right, left = (
                PreciseEvaluation({**values, "x": x + shift}).value(node) for shift in (step, -step)
            )
        except UndefinedValueError:
            return
        assert abs((right - left) / (2 * step) - here) < 1e-8 * max(1, abs(here))


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("x - 1", (("x", Number(1)),)),
        ("2x y + x", (("x", Number(0)), ("y", Number(-1, 2)))),
        ("y - x", (("x", Name("y")),)),
        ("1 + exp(x)", ()),
        ("x^2 + 1", ()),
        ("p (1 - p)", (("p", Number(0)), ("p", Number(1)))),
        ("x^2 - 2", None),
        ("sin(x)", None),
    ],
)
def test_where_a_denominator_vanishes(text: str, roots: object) -> None:
    symbols = declare({}, open_names=True)
    assert nonzero_unless(parse(text, symbols), symbols) == roots


def test_what_is_linear() -> None:
    symbols = Symbols(open=True)
    assert is_linear(parse("2x - y/3 + 1", symbols))
    assert not is_linear(parse("x y", symbols))
    assert not is_linear(parse("x/y", symbols))
    assert not is_linear(parse("exp(x)", symbols))


MOST_CALLS = 1_000_000


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called in doing something: what it costs on every machine."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "text",
    [
        "(a + b + c + d + f + g)^12",
        "(((x^400 + 1)^12 + 1)^12 + 1)^12",
        "exp(exp(exp(exp(x + y) + z) + w) + 1)",
        "det([[a,b,c,d,f],[b,c,d,f,a],[c,d,f,a,b],[d,f,a,b,c],[f,a,b,c,x]])",
        "sin(a + b + c + d + f + g + h)^9",
        "10^390 x^9999",
        "((10^200)^1000)^999",
        "diff(x^x^x sin(x^x) exp(x^2), x, 8)",
        "diff(x^x^x^x^x, x)",
        "sqrt(((3^1000)^1000)^9)",
        "det(inverse(identity(8)))",
        "sum(sum(sum(sum(sum(i j k l m, i, 1, 9), j, 1, 9), k, 1, 9), l, 1, 9), m, 1, 9)",
        "sum(sum(sum((i + j + k)^6, i, 1, n), j, 1, n), k, 1, n)",
    ],
)
def test_what_is_too_large_is_left_to_others_soon(text: str) -> None:
    assert calls_of(lambda: judged(text, f"{text} + x", {})) < MOST_CALLS
