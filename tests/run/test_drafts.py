"""How much of a function stands there when it is begun."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from studytui.authoring.python import syntax_tree
from studytui.run.drafts import empty_page, with_last_line_open
from studytui.run.exercise import Definition, read_exercise

SOURCE = dedent(
    """
    import numpy as np


    def observe(count: int, mean: float, *, x: float = 0.0) -> float:
        # exercise: the mean goes on
        # solution
        count += 1
        mean += (x - mean) / count * np.float64(1)
        return mean
        # end


    class Twice(list):
        # exercise: write it
        # solution
        def __init__(self, x: int) -> None:
            self.x = x + x

        def call(self):
            return self.x
        # end


    def half(x):
        # exercise: halve it
        # solution
        return x / 2
        # end


    def check():
        assert half(2) == 1
    """
).lstrip()


def definition(name: str) -> Definition:
    exercise = read_exercise(SOURCE, syntax_tree(SOURCE), Path("x.py"))
    assert exercise is not None
    found = exercise.definition(name)
    assert found is not None
    return found


def test_the_line_that_says_most_is_missing_and_a_bare_return_stays() -> None:
    draft = with_last_line_open(definition("observe"))
    assert "count += 1" in draft
    assert "np.float64" not in draft
    assert "raise NotImplementedError('one line is missing')" in draft
    assert draft.rstrip().endswith("return mean")
    syntax_tree(draft)


def test_of_a_single_line_nothing_can_stand_there() -> None:
    assert with_last_line_open(definition("half")) == definition("half").draft


def test_an_empty_page_says_what_it_is_called_and_with_what() -> None:
    assert empty_page(definition("observe")) == (
        "# Your turn: def observe(count, mean, *, x=0.0)\n"
    )
    assert empty_page(definition("Twice")).splitlines() == [
        "# Your turn: class Twice(list)",
        "# Your turn:     def __init__(self, x)",
        "# Your turn:     def call(self)",
    ]
