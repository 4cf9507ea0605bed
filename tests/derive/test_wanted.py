"""The lines that the articles want: all are proved but those that are asked back, or are false."""

from __future__ import annotations

import pytest

from benchmarks.wanted import ASKED, wanted
from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource
from studytui.derive.verdict import Verdict

FALSE = (86,)


@pytest.mark.parametrize(
    ("number", "source"), enumerate(wanted(), 1), ids=lambda item: str(item)[:9]
)
def test_a_wanted_line_is_proved(number: int, source: DerivationSource, prover: Prover) -> None:
    judgement = verify_derivation(prover, source)[len(source.steps) - 1]
    if number in ASKED:
        assert judgement.verdict in (Verdict.UNDECIDED, Verdict.ERROR)
        assert ASKED[number] in judgement.why
    elif number in FALSE:
        assert judgement.verdict is Verdict.REFUTED
    else:
        assert judgement.verdict is Verdict.PROVED, judgement
