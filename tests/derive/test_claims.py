"""Claims with and without premises: each true one is proved, no false one is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Relation
from studytui.derive.field import follows, identical, never_negative
from studytui.derive.field.combination import is_combination
from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Judgement, Verdict
from tests.derive.written_claims import WrittenClaim, claims
from tests.examples import examples

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)


def judged(prover: Prover, claim: WrittenClaim) -> Judgement:
    declared = dict(claim.declared)
    symbols = declare(declared)
    anyone = {name: Domain(kind="integer", integer=True) for name in "ijk"}
    loose = Symbols({**anyone, **symbols.domains})
    told = tuple(parse(text, loose) for text in claim.given)
    nodes = (parse(claim.text, symbols), *told)
    return prover.check("follows" if claim.given else "holds", nodes, declared)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.name)
def test_what_is_true_is_proved_and_what_is_false_is_not(
    claim: WrittenClaim, prover: Prover
) -> None:
    judgement = judged(prover, claim)
    if claim.true:
        assert judgement.verdict is Verdict.PROVED, judgement
    else:
        assert judgement.verdict not in ACCEPTED, judgement


def reals(point: Point) -> Iterator[Fraction]:
    """The numbers of a point, of complex ones both parts."""
    for number in point.numbers.values():
        yield from number if isinstance(number, tuple) else (number,)


NAMES = {"x": "real", "y": "nonnegative", "p": "0 <= p <= 1", "n": "integer, n >= 2"}
ATOMS = ("x", "y", "p", "n", "1", "2", "x*y", "p*x", "x^2", "max(x, y)", "abs(x - p)", "min(p, y)",
         "exp(x)", "1/n", "relu(x)", "(1 - p)*y", "exp(-y)", "exp(p)", "log(1 + y)", "log(n)",
    "floor(y)", "floor(n*p)", "log(1 + p)")  # fmt: skip
TERMS = st.lists(st.tuples(st.integers(-2, 2), st.sampled_from(ATOMS)), min_size=1, max_size=4)


@given(TERMS, TERMS, st.sampled_from(("<", "<=")))
@examples(30)  # 3 s of the processor
def test_no_inequality_is_shown_that_is_false_somewhere(
    smaller: list[tuple[int, str]], larger: list[tuple[int, str]], sign: str
) -> None:
    symbols = declare(NAMES)
    sides = [" + ".join(f"({number})*({atom})" for number, atom in side)
             for side in (smaller, larger)]  # fmt: skip
    claim = parse(f"{sides[0]} {sign} {sides[1]}", symbols)
    assert isinstance(claim, Relation)
    if not follows(claim, (), symbols):
        return
    source = points(sorted(NAMES), symbols)
    for _ in range(40):
        point = next(source)
        if any(abs(number) > 300 for number in reals(point)):
            continue  # exp(-300) is below what is computed
        with mpmath.workdps(900):
            first, second = (
                PreciseEvaluation(point.values()).number(side) for side in claim.operands
            )
            gap = second - first
        assert gap > -1e-20 and (sign == "<=" or gap > 0), (sides, point.shown())


@given(
    st.lists(st.integers(-3, 3), min_size=3, max_size=3),
    st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
@examples(60)
def test_a_combination_is_found_where_there_is_one_and_nowhere_else(
    wanted: list[int], vectors: list[list[int]], numbers: list[int]
) -> None:
    """What is made by a combination is found; what a hyperplane parts from all is not."""
    columns = [dict(enumerate(vector)) for vector in vectors]
    made = [
        sum(number * vector[row] for number, vector in zip(numbers, vectors, strict=False))
        for row in range(3)
    ]
    assert is_combination(dict(enumerate(made)), columns)
    if all(sum(Fraction(a * b) for a, b in zip(wanted, v, strict=True)) <= 0 for v in vectors):
        assert not any(wanted) or not is_combination(dict(enumerate(wanted)), columns)


def test_a_multiplier_is_the_same_for_all_terms() -> None:
    """With ``x_i`` of sum zero, ``max(x_i, 0) >= t x_i`` needs another t on either side."""
    symbols = declare({"n": "positive integer", "x": "sequence"})
    zero = parse("Sum(x[i], (i, 1, n)) = 0", symbols)
    assert isinstance(zero, Relation)
    for text, right in (("Sum(max(x[i], 0), (i, 1, n)) <= 0", False),
                        ("Sum(x[i]^2 + 2*x[i], (i, 1, n)) >= 0", True),
                        ("Sum(abs(x[i]), (i, 1, n)) <= 0", False)):  # fmt: skip
        claim = parse(text, symbols)
        assert isinstance(claim, Relation)
        assert follows(claim, (zero,), symbols) is right


def test_nothing_complex_has_an_order() -> None:
    symbols = declare({"x": "real", "z": "complex", "y": "real"})
    for text in ("x^2 + 2*i*x*y", "z^2", "x^2 + 2*z*x + z^2"):
        assert not never_negative(parse(text, symbols), symbols)


def test_what_was_shown_further_up_may_be_used(prover: Prover) -> None:
    """A quotient of what was concluded two lines and one line before."""
    declared = {"t": "positive integer", "c": "positive", "m": "function", "N": "function"}
    lines = (
        ("m(t) = c*t", ""),
        ("N(t) = t", ""),
        ("m(t)/N(t) = c", ""),
    )
    facts = ("m(t) - c*t = 0", "N(t) - t = 0")
    right = DerivationSource(
        "d", "a", "t", tuple(declared.items()), "c - c = 0", "m(t)/N(t) = c",
        tuple(StepSource(to=to, by=by) for to, by in lines), facts,
    )  # fmt: skip
    assert [item.verdict for item in verify_derivation(prover, right)] == [Verdict.PROVED] * 4
    wrong = replace(
        right, goal="m(t)/N(t) = c*t", steps=(*right.steps[:2], StepSource("m(t)/N(t) = c*t"))
    )
    assert verify_derivation(prover, wrong)[2].verdict is not Verdict.PROVED


NOISE = {"X": "independent sequence", "n": "natural", "s": "positive", "m": "real"}


@pytest.mark.parametrize(
    ("given_line", "right", "wrong", "fact"),
    [
        ("Var[X[1]] = s^2", "Var[Sum(X[i], (i, 1, n))] = n*s^2",
         "Var[Sum(X[i], (i, 1, n))] = n^2*s^2", "Var[X[i]] = s^2"),
        ("E[X[1]] = m", "E[Sum(X[i], (i, 1, n))] = n*m",
         "E[Sum(X[i], (i, 1, n))] = n*m + n^2 - n", "E[X[i]] = m"),
    ],
)  # fmt: skip
def test_an_induction_uses_facts_and_is_refuted_by_no_value_that_breaks_them(
    given_line: str, right: str, wrong: str, fact: str, prover: Prover
) -> None:
    verdicts = []
    for goal in (right, wrong):
        steps = (StepSource(goal, "induction n from 0"),)
        source = DerivationSource(
            "d", "a", "t", tuple(NOISE.items()), given_line, goal, steps, (fact,)
        )
        verdicts.append(verify_derivation(prover, source)[0].verdict)
    assert verdicts == [Verdict.PROVED, Verdict.UNDECIDED]


BODIES = (
    "a[i, j]",
    "a[j, i]",
    "x[i]*a[i, j]",
    "x[j]*a[i, j]",
    "x[n*(i - 1) + j]",
    "x[m*(i - 1) + j]",
    "x[i]*x[j]",
    "a[i, j]*delta(i, j)",
    "a[i, j]*delta(i, j + 1)",
    "if(j <= m, x[j], 0)",
    "if(i < n, x[i], a[i, j])",
    "x[i + j]",
)
ENDS = ("n", "m", "n + m", "n + 1")
NESTS = st.tuples(st.sampled_from(BODIES), st.sampled_from(ENDS), st.sampled_from(ENDS))
INDEXED = {"n": "positive integer", "m": "positive integer", "a": "sequence", "x": "sequence"}


@given(NESTS, NESTS, st.booleans())
@examples(50)  # 2 s of the processor
def test_sums_that_are_shown_to_be_equal_have_equal_values(
    one: tuple[str, str, str], other: tuple[str, str, str], alike: bool
) -> None:
    symbols = declare(INDEXED)
    body, first, second = one
    left = f"Sum(Sum({body}, (j, 1, {second})), (i, 1, {first}))"
    body, first, second = one if alike else (one[0], *other[1:])
    right = f"Sum(Sum({body}, (i, 1, {first})), (j, 1, {second}))"
    if not alike and other[0].startswith("x"):
        right = f"Sum(x[t], (t, 1, {other[1]}*{other[2]}))"
    sides = parse(left, symbols), parse(right, symbols)
    if not identical(*sides, symbols):
        return
    for point in islice(points(sorted(INDEXED), symbols), 12):
        if any(value > 12 for value in reals(point)):
            continue
        evaluation = PreciseEvaluation(point.values())
        values = [evaluation.number(side) for side in sides]
        assert abs(values[0] - values[1]) < 1e-9, (left, right, point.shown())


ROWS = st.lists(st.integers(-3, 3), min_size=3, max_size=3)


@given(st.lists(ROWS, min_size=1, max_size=3), ROWS, ROWS, st.integers(-2, 2))
@examples(50)
def test_what_follows_from_a_linear_system_is_true_of_its_solutions(
    rows: list[list[int]], solution: list[int], wanted: list[int], off: int
) -> None:
    symbols = declare(dict.fromkeys("xyz", "real"))

    def equation(row: list[int], value: int) -> Relation:
        left = " + ".join(f"({number})*{name}" for number, name in zip(row, "xyz", strict=True))
        node = parse(f"{left} = {value}", symbols)
        assert isinstance(node, Relation)
        return node

    def at(row: list[int]) -> int:
        return sum(a * b for a, b in zip(row, solution, strict=True))

    told = tuple(equation(row, at(row)) for row in rows)
    if follows(equation(wanted, at(wanted) + off), told, symbols):
        assert off == 0
        assert sympy.Matrix(rows).rank() == sympy.Matrix([*rows, wanted]).rank()
    elif off == 0:
        assert sympy.Matrix(rows).rank() < sympy.Matrix([*rows, wanted]).rank()
