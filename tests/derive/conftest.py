from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Judgement
from tests.derive.pairs import Pair


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    """One warm prover for all tests of a process; generous, for a busy machine."""
    with Prover(seconds=10.0) as prover:
        yield prover


AMPLE = 4.0
"""Seconds of the processor: the corpus's dearest proof takes 2."""
_JUDGED: dict[Pair, Judgement] = {}


def amply(prover: Prover, pair: Pair) -> Judgement:
    """The judgement of a pair of the corpus that is given all it takes: asked once in a process."""
    if pair not in _JUDGED:
        _JUDGED[pair] = prover.equal(
            pair.a, pair.b, dict(pair.assumptions), pair.syntax, seconds=AMPLE
        )
    return _JUDGED[pair]
