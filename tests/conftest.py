"""What tests of several packages share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import is_hypothesis_test

from tests.left_open import LEFT_OPEN

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell: all that tests start would not hear Ctrl+C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anybody imports torch: threads that spin while they wait take the processor from the other
# workers, as they would from a reader (studytui sets this for all that it starts).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every property is one that `.ci/run fuzz` tries on other examples."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("fuzz")


@pytest.fixture(autouse=True)
def what_was_left_open_is_closed() -> Iterator[None]:
    """Close what the test wrapped in :func:`~tests.left_open.closed_behind`, the last first."""
    yield
    LEFT_OPEN.close()
