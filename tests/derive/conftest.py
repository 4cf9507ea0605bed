from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.derive.process.prover import Prover


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    """One warm prover for all tests of a process; generous, for a busy machine."""
    with Prover(seconds=10.0) as prover:
        yield prover
