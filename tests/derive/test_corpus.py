"""The corpus: no wrong acceptance, and right work accepted and mostly proved.

A pair's judgement is shared with ``test_limits``, which replays some within smaller limits. Where
each pair takes long a sample is judged: all are by ``python -m benchmarks derive``, or where
``CORPUS=whole`` is set.
"""

from __future__ import annotations

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict
from tests.derive.conftest import amply
from tests.derive.pairs import Pair, corpus, sample

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
SAMPLED = {"unseen": 10, "traps": 15, "laws": 25, "calculus": 35}
"""How many equal and how many unequal pairs of a topic are judged here."""
TOPICS = sorted({pair.topic for pair in corpus()})
GROUPED = [
    pytest.param(topic, marks=pytest.mark.xdist_group(f"corpus-{topic}")) for topic in TOPICS
]
"""One process has all that is asked of a topic, and asks each pair once."""


def judged_here(topic: str, *, same: bool) -> tuple[Pair, ...]:
    pairs = tuple(pair for pair in corpus((topic,)) if pair.same is same)
    return sample(pairs, SAMPLED[topic]) if topic in SAMPLED else pairs


def test_the_corpus_is_large_and_mixed() -> None:
    pairs = corpus()
    assert sum(pair.same for pair in pairs) >= 486
    assert sum(not pair.same for pair in pairs) >= 426


@pytest.mark.parametrize("topic", GROUPED)
def test_what_is_not_equal_is_never_accepted(topic: str, prover: Prover) -> None:
    refuted = 0
    pairs = judged_here(topic, same=False)
    for pair in pairs:
        judgement = amply(prover, pair)
        assert judgement.verdict not in ACCEPTED, (pair.name, judgement)
        refuted += judgement.verdict is Verdict.REFUTED
    # Divergent things have no value at which they could be refuted.
    assert topic in ("traps", "unseen") or refuted == len(pairs)


@pytest.mark.parametrize("topic", GROUPED)
def test_what_is_equal_is_accepted_and_mostly_proved(topic: str, prover: Prover) -> None:
    pairs = judged_here(topic, same=True)
    proved = 0
    for pair in pairs:
        judgement = amply(prover, pair)
        assert judgement.verdict in ACCEPTED, (pair.name, judgement)
        proved += judgement.verdict is Verdict.PROVED
    assert proved >= (0.8 if topic == "unseen" else 0.9) * len(pairs)
