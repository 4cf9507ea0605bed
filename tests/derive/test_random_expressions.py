"""Expressions rewritten at random stay accepted; spoiled at random they are never accepted."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Divide,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    children,
    rebuild,
    walk,
)
from studytui.derive.process.prover import Prover
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Verdict
from tests.examples import examples

DOMAINS = {"x": "positive", "y": "real", "p": "0 < p < 1", "n": "positive integer"}
ACCEPTED = (Verdict.PROVED, Verdict.AGREES)

leaves = st.one_of(
    st.sampled_from([Name(name) for name in DOMAINS]),
    st.integers(1, 9).map(Number),
    st.tuples(st.integers(1, 9), st.integers(2, 9)).map(
        lambda pair: Divide(Number(pair[0]), Number(pair[1]))
    ),
)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(Add),
        pairs.map(Multiply),
        pairs.map(lambda pair: Divide(pair[0], Add((Number(1), Power(pair[1], Number(2)))))),
        inner.map(Negate),
        inner.map(lambda node: Power(node, Number(2))),
        inner.map(lambda node: Call("sin", (node,))),
        inner.map(lambda node: Call("sigmoid", (node,))),
        inner.map(lambda node: Call("abs", (node,))),
        pairs.map(lambda pair: Call("max", pair)),
    )


expressions = st.recursive(leaves, _grown, max_leaves=6)


def rewritten(node: Node, generator: random.Random) -> Node:
    """The same value, written in another way at every level."""
    inner = {id(child): rewritten(child, generator) for child in children(node)}
    node = rebuild(node, inner)
    choice = generator.randrange(5)
    if choice == 0 and isinstance(node, Add):
        return Add(tuple(reversed(node.terms)))
    if choice == 1 and isinstance(node, Multiply) and isinstance(node.factors[1], Add):
        return Add(tuple(Multiply((node.factors[0], term)) for term in node.factors[1].terms))
    if choice == 2:
        return Add((node, Name("y"), Negate(Name("y"))))
    if choice == 3:
        return Divide(Multiply((node, Name("x"))), Name("x"))
    if choice == 4 and isinstance(node, Power):
        return Multiply((node.base, node.base))
    return node


def spoiled(node: Node, generator: random.Random) -> Node:
    """One small part changed: a number, a sign, a name."""
    target = generator.choice(list(walk(node)))

    def changed(part: Node) -> Node:
        if part is target:
            if isinstance(part, Number):
                return Number(part.numerator + 1, part.denominator)
            if isinstance(part, Name):
                return Name(generator.choice([name for name in DOMAINS if name != part.name]))
            return generator.choice([Negate(part), Add((part, Divide(Number(1), Number(10**12))))])
        return rebuild(part, {id(child): changed(child) for child in children(part)})

    return changed(node)


def apart(first: Node, second: Node) -> bool:
    """Whether the two differ at some point, by plain numbers."""
    for x, y, p, n in ((0.7, -1.3, 0.3, 2), (2.9, 0.4, 0.8, 5), (0.2, 3.1, 0.6, 1)):
        values = {"x": x, "y": y, "p": p, "n": n}
        try:
            one, other = evaluate(first, values), evaluate(second, values)
        except UndefinedValueError:
            continue
        if abs(one - other) > 1e-7 * max(1.0, abs(one), abs(other)):
            return True
    return False


@examples(60)
@given(expressions, st.integers(0, 10**6))
def test_rewritten_expressions_stay_accepted(prover: Prover, node: Node, seed: int) -> None:
    other = rewritten(node, random.Random(seed))
    judgement = prover.equal(to_text(node), to_text(other), DOMAINS)
    assert judgement.verdict in ACCEPTED, (to_text(node), to_text(other), judgement)


@examples(120)
@given(expressions, st.integers(0, 10**6))
def test_spoiled_expressions_are_never_accepted(prover: Prover, node: Node, seed: int) -> None:
    generator = random.Random(seed)
    other = spoiled(rewritten(node, generator), generator)
    if apart(node, other):
        judgement = prover.equal(to_text(node), to_text(other), DOMAINS)
        assert judgement.verdict not in ACCEPTED, (to_text(node), to_text(other), judgement)
