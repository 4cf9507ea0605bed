"""Every golden formula still looks as a person judged it."""

from __future__ import annotations

import pytest

from tests.maths.golden import Golden, read_golden

GOLDEN = list(read_golden())


@pytest.mark.parametrize("golden", GOLDEN, ids=[f"{one.file}-{one.title}" for one in GOLDEN])
def test_looks_as_judged(golden: Golden) -> None:
    assert golden.drawn() == golden.picture


def test_there_are_many_and_none_twice() -> None:
    names = [(one.file, one.title) for one in GOLDEN]
    assert len(names) == len(set(names)) >= 120
