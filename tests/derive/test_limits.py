"""A verdict depends on what is claimed, never on how fast the machine is or what it may take."""

from __future__ import annotations

import ast
import os
import random
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.derive.expr.nodes import Node
from studytui.derive.process.prover import Prover
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Judgement, Verdict
from tests.derive.conftest import amply
from tests.derive.pairs import Pair, corpus, sample
from tests.derive.test_random_expressions import DOMAINS, apart, expressions, rewritten, spoiled
from tests.examples import examples

DERIVE = Path(__file__).resolve().parents[2] / "studytui" / "derive"
ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
LIMITS = (0.003, 0.02, 0.1, 0.5, 2.0)
"""Seconds of processor time, from what hardly suffices for anything to what the bench grants."""
PAIRS = [
    pytest.param(pair, id=pair.name, marks=pytest.mark.xdist_group(f"corpus-{pair.topic}"))
    for pair in sample(corpus(), 240)
]
"""A sample; ``CORPUS=whole`` replays all."""


def judged(prover: Prover, pair: Pair, seconds: float) -> Judgement:
    return prover.equal(pair.a, pair.b, dict(pair.assumptions), pair.syntax, seconds=seconds)


@pytest.mark.parametrize("pair", PAIRS)
def test_no_limit_makes_a_verdict_wrong_or_another_one(pair: Pair, prover: Prover) -> None:
    """Ten milliseconds of the processor for most; up to 7 s for what no limit suffices for. The
    240 together take 34 s, of which 17 s are shared with ``test_corpus``."""
    ample = amply(prover, pair)
    right = ACCEPTED if pair.same else (Verdict.REFUTED, Verdict.ERROR)
    assert ample.verdict in (*right, Verdict.UNDECIDED)
    for seconds in LIMITS:
        if ample.seconds * 2 < seconds:
            continue  # the limit would not pass, and nothing else depends on it
        found = judged(prover, pair, seconds)
        if found.verdict is not Verdict.UNDECIDED:
            assert found.verdict is ample.verdict, (seconds, found, ample)


@examples(50)  # 5 s of the processor
@given(expressions, st.integers(0, 10**6))
def test_random_pairs_are_judged_alike_at_every_limit(
    prover: Prover, node: Node, seed: int
) -> None:
    generator = random.Random(seed)
    same = rewritten(node, generator)
    other = spoiled(same, generator)
    for right, is_same in ((same, True), (other, False)):
        for seconds in (0.001, 0.004, 0.02, 2.0):
            found = prover.equal(to_text(node), to_text(right), DOMAINS, seconds=seconds)
            if is_same:
                assert found.verdict is not Verdict.REFUTED, (node, right, found)
            elif apart(node, other):
                assert found.verdict not in ACCEPTED, (node, right, found)


def test_a_limit_that_passes_is_told_and_leaves_it_undecided(prover: Prover) -> None:
    hard = next(pair for pair in corpus(("unseen",)) if pair.line == 17)
    found = judged(prover, hard, 0.5)
    assert found.verdict is Verdict.UNDECIDED
    assert found.why.startswith("the limit of 0.5 s passed")


def test_the_start_of_the_prover_is_not_charged_to_a_check() -> None:
    with Prover(seconds=0.25) as cold:
        found = cold.equal("(x + 1)^2", "x^2 + 2x + 1")
    assert found.verdict is Verdict.PROVED
    assert found.seconds < 0.25


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be halted here")
def test_a_process_that_gets_no_processor_is_waited_for() -> None:
    with Prover(seconds=0.5) as prover:
        assert prover.equal("x", "x + 0").verdict is Verdict.PROVED
        child = prover.worker.child
        os.kill(child, signal.SIGSTOP)
        awake = threading.Timer(1.5, os.kill, (child, signal.SIGCONT))
        awake.start()
        assert prover.equal("2x", "x + x").verdict is Verdict.PROVED
        awake.join()


CLOCKS = {"time", "datetime"}


JUDGING = ("evaluate", "field", "functions", "mistakes", "steps", "sympy_backend", "verify")


@pytest.mark.parametrize("folder", JUDGING)
def test_nothing_that_judges_reads_a_clock(folder: str) -> None:
    paths = list((DERIVE / folder).rglob("*.py"))
    assert paths
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not CLOCKS & set(names), path


EXACT = [
    ("E[((mu + s*Z)^2*Z/s)^2]", "mu^4/s^2 + 14*mu^2 + 15*s^2 + 4*mu^2"),
    ("Var[(mu + s*Z)^2*Z/s]", "mu^4/s^2 + 14*mu^2 + 15*s^2"),
    ("E[(mu + s*Z)^8]", "mu^8 + 28*mu^6*s^2 + 210*mu^4*s^4 + 420*mu^2*s^6 + 105*s^8"),
    ("E[U^5*Z^4]", "1/2"),
    ("E[T^4]", "24/s^4"),
]


@pytest.mark.parametrize(("a", "b"), EXACT)
def test_moments_of_known_laws_are_exact(a: str, b: str, prover: Prover) -> None:
    laws = {"mu": "real", "s": "positive", "Z": "normal(0, 1)", "U": "uniform(0, 1)",
            "T": "exponential(s)"}  # fmt: skip
    right = prover.equal(a, b, laws)
    assert (right.verdict, right.conditions) == (Verdict.PROVED, ())
    assert right.points, "the numbers are exact too: they need no quadrature"
    assert prover.equal(a, f"{b} + 10^-25*mu", laws).verdict is Verdict.REFUTED


CUT = [
    ("Sum(x[i], (i, 1, n)) - Sum(x[i], (i, 1, k))", "Sum(x[i], (i, k+1, n))",
     {"k": "natural", "n": "natural", "x": "sequence"}, {"k": "natural, k <= n"}),
    ("Sum(1, (i, a, b))", "b - a + 1", {"a": "integer", "b": "integer"}, {"b": "integer, b >= a"}),
    ("Sum(i, (i, 1, n))", "n*(n+1)/2", {"n": "integer"}, {"n": "natural"}),
    ("n!/(n-1)!", "n", {"n": "integer"}, {"n": "natural"}),
    ("binomial(n, k)", "n!/(k!*(n-k)!)", {"n": "natural", "k": "natural"},
     {"k": "natural, k <= n"}),
    ("relu(x)/relu(x)", "1", {"x": "real"}, {"x": "positive"}),
    ("mod(n, 2)/mod(n, 2)", "1", {"n": "integer"}, None),
    ("sum(1/(k-3) - 1/(k-3), k, 1, n)", "0", {"n": "positive integer"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "wide", "narrow"), CUT)
def test_a_condition_that_leaves_out_a_part_of_what_is_declared_is_no_small_print(
    a: str, b: str, wide: dict[str, str], narrow: dict[str, str] | None, prover: Prover
) -> None:
    found = prover.equal(a, b, wide)
    assert found.verdict is Verdict.UNDECIDED
    assert "only, and more is declared" in found.why
    if narrow is not None:
        assert prover.equal(a, b, {**wide, **narrow}).verdict is Verdict.PROVED
