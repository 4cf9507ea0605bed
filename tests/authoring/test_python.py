"""Parsing Python, from any thread."""

import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from studytui.authoring.python import SyntaxProblem, parse_python, syntax_tree

DEEP = ("x = " + "[" * 60 + "1" + "]" * 60 + "\n") * 20


class Yields:
    """Garbage whose collection lets another thread in."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        time.sleep(0)


@pytest.fixture
def eager_collector() -> Iterator[None]:
    """Garbage is collected all the time, also while a tree is under construction."""
    before = gc.get_threshold()
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)


def test_several_threads_parse_at_once(eager_collector: None) -> None:
    def parse(code: str) -> int:
        Yields()
        return len(syntax_tree(code).body)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(parse, [DEEP] * 40)) == {20}


def test_what_is_not_python_is_told_with_its_line() -> None:
    assert parse_python("a = 1\nb = (\n") == SyntaxProblem(2, "'(' was never closed")
