"""The corpus: no wrong acceptance, and right work accepted and mostly proved.

The whole of it takes minutes of the processor, most of which goes into `unseen` and `traps`: of
these a seeded sample is judged here, and all of them by ``python -m benchmarks derive``, or where
``CORPUS=whole`` is set.
"""

from __future__ import annotations

import os
import random

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict
from tests.derive.pairs import Pair, corpus

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
SAMPLED = {"unseen": 14, "traps": 14}
"""How many pairs of a topic are judged where each of them takes long."""
TOPICS = sorted({pair.topic for pair in corpus()})


def judged_here(topic: str) -> tuple[Pair, ...]:
    pairs = corpus((topic,))
    if topic not in SAMPLED or os.environ.get("CORPUS") == "whole":
        return pairs
    return tuple(random.Random(topic).sample(pairs, SAMPLED[topic]))


def test_the_corpus_is_large_and_mixed() -> None:
    pairs = corpus()
    assert sum(pair.same for pair in pairs) >= 486
    assert sum(not pair.same for pair in pairs) >= 426


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_not_equal_is_never_accepted(topic: str, prover: Prover) -> None:
    refuted = 0
    for pair in judged_here(topic):
        if not pair.same:
            judgement = prover.equal(pair.a, pair.b, dict(pair.assumptions), pair.syntax)
            assert judgement.verdict not in ACCEPTED, (pair.name, judgement)
            refuted += judgement.verdict is Verdict.REFUTED
    # Divergent things have no value at which they could be refuted.
    unequal = sum(not pair.same for pair in judged_here(topic))
    assert topic in ("traps", "unseen") or refuted == unequal


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_equal_is_accepted_and_mostly_proved(topic: str, prover: Prover) -> None:
    pairs = [pair for pair in judged_here(topic) if pair.same]
    proved = 0
    for pair in pairs:
        judgement = prover.equal(pair.a, pair.b, dict(pair.assumptions), pair.syntax)
        assert judgement.verdict in ACCEPTED, (pair.name, judgement)
        proved += judgement.verdict is Verdict.PROVED
    assert proved >= (0.8 if topic == "unseen" else 0.9) * len(pairs)
