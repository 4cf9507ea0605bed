"""The corpus: no wrong acceptance, and right work accepted and mostly proved.

A pair's judgement is shared with ``test_limits``, which replays each within smaller limits.
"""

from __future__ import annotations

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict
from tests.derive.conftest import amply
from tests.derive.pairs import corpus

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
TOPICS = sorted({pair.topic for pair in corpus()})
GROUPED = [
    pytest.param(topic, marks=pytest.mark.xdist_group(f"corpus-{topic}")) for topic in TOPICS
]
"""One process has all that is asked of a topic, and asks each pair once."""


def test_the_corpus_is_large_and_mixed() -> None:
    pairs = corpus()
    assert sum(pair.same for pair in pairs) >= 486
    assert sum(not pair.same for pair in pairs) >= 426


@pytest.mark.slow  # 15 s for `unseen`, 5 s for `traps`, which `test_limits` has not to spend again
@pytest.mark.parametrize("topic", GROUPED)
def test_what_is_not_equal_is_never_accepted(topic: str, prover: Prover) -> None:
    refuted = 0
    for pair in corpus((topic,)):
        if not pair.same:
            judgement = amply(prover, pair)
            assert judgement.verdict not in ACCEPTED, (pair.name, judgement)
            refuted += judgement.verdict is Verdict.REFUTED
    # Divergent things have no value at which they could be refuted.
    unequal = sum(not pair.same for pair in corpus((topic,)))
    assert topic in ("traps", "unseen") or refuted == unequal


@pytest.mark.parametrize("topic", GROUPED)
def test_what_is_equal_is_accepted_and_mostly_proved(topic: str, prover: Prover) -> None:
    pairs = [pair for pair in corpus((topic,)) if pair.same]
    proved = 0
    for pair in pairs:
        judgement = amply(prover, pair)
        assert judgement.verdict in ACCEPTED, (pair.name, judgement)
        proved += judgement.verdict is Verdict.PROVED
    assert proved >= (0.8 if topic == "unseen" else 0.9) * len(pairs)
