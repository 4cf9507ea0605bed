from __future__ import annotations

from pathlib import Path

from studytui.study.check import check
from tests.library.writing import notes

NUMBER = """```{card} c-one
kind: number
ask: "What is {{n}}?"
answer: "%s"
fresh: {n: {integers: [0, 3]}}
```
"""
EXPRESSION = "```{card} c-two\nkind: expression\nask: A?\nanswer: '%s'\nsymbols: {x: %s}\n```\n"
DERIVATION = """```{derivation} d-one
title: T
symbols: {x: %s}
given: '%s'
goal: '2*x'
steps:
  - to: 'x + 0*x + x'
  - to: '%s'
```
"""


def told(root: Path) -> list[str]:
    return [problem.what for problem in check([root])]


def test_sound_maths_is_not_told(tmp_path: Path) -> None:
    body = (
        NUMBER % "n + 1" + EXPRESSION % ("x^2", "real") + DERIVATION % ("real", "(x + x)*1", "2*x")
    )
    assert told(notes(tmp_path / "mine", one=body)) == []


def test_a_derivation_that_cannot_be_read(tmp_path: Path) -> None:
    (problem,) = told(notes(tmp_path / "mine", one=DERIVATION % ("real", "2*(x", "2*x")))
    assert problem.startswith("the setting of 'd-one' cannot be used")
    body = (DERIVATION % ("real", "(x + x)*1", "2*x")).replace("x + 0*x + x", "x + y")
    (problem,) = told(notes(tmp_path / "two", one=body))
    assert problem.startswith("step 1 'x + y' of 'd-one' cannot be used")


def test_a_derivation_that_proves_nothing(tmp_path: Path) -> None:
    vacuous = (DERIVATION % ("real", "x + x", "2*x")).replace("  - to: 'x + 0*x + x'\n", "")
    root = notes(tmp_path / "mine", one=vacuous)
    problem, other = check([root])
    assert problem.what.startswith("'d-one' is finished by copying its goal")
    assert other.what.startswith("one law gives the goal of 'd-one' from its first line")
    assert problem.where.endswith("one.md:6")
    assert problem.todo.startswith("Add the line that carries the idea")


def test_a_rule_that_is_not_known(tmp_path: Path) -> None:
    body = (DERIVATION % ("real", "(x + x)*1", "2*x")).replace(
        "- to: '2*x'\n```", "- to: '2*x'\n    by: magic\n```"
    )
    (problem,) = told(notes(tmp_path / "mine", one=body))
    assert problem.startswith("the rule 'magic' of step 2 of 'd-one' cannot be used")


def test_symbols_that_cannot_be_read(tmp_path: Path) -> None:
    (problem,) = told(
        notes(tmp_path / "mine", one=DERIVATION % ("quite positive", "(x + x)*1", "2*x"))
    )
    assert problem.startswith("the setting of 'd-one' cannot be used")


def test_an_expression_that_cannot_be_read(tmp_path: Path) -> None:
    (problem,) = told(notes(tmp_path / "mine", one=EXPRESSION % ("x^^2", "real")))
    assert problem.startswith("the answer of 'c-two' cannot be used")


def test_an_answer_without_a_value_for_some_draw(tmp_path: Path) -> None:
    (problem,) = told(notes(tmp_path / "mine", one=NUMBER % "1/n"))
    assert "at n = 0" in problem
    (problem,) = told(notes(tmp_path / "mine", one=NUMBER % "m"))
    assert "m" in problem


def test_a_snippet_and_its_parameters(tmp_path: Path) -> None:
    body = "```{snippet} notes/a\nwith: {steps: 0}\n```\n\n```{snippet} notes/b\n```\n"
    root = notes(tmp_path / "mine", one=body)
    folder = root / "snippets" / "notes"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("def main(size: int = 1) -> None:\n    pass\n")
    (folder / "b.py").write_text("def other() -> None:\n    pass\n")
    first, second = told(root)
    assert first.startswith("the snippet notes/a")
    assert "there is no function main" in second


def test_two_packs_with_one_id(tmp_path: Path) -> None:
    one = notes(tmp_path / "a" / "mine", one="Words.")
    two = notes(tmp_path / "b" / "mine", two="Words.")
    (problem,) = check([one, two])
    assert problem.what == f"the pack's id 'mine' is that of {one} too"


def test_an_exercise_has_its_gap(tmp_path: Path) -> None:
    names = ("notes/a:half", "notes/a:third", "notes/a:main", "notes/gone:half")
    body = "".join(f"```{{exercise}} {name}\ntitle: T\nask: A\n```\n\n" for name in names)
    root = notes(tmp_path / "mine", one=body)
    folder = root / "snippets" / "notes"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(
        "def half(x):\n    # exercise: halve it\n    # solution\n    return x / 2\n    # end\n\n\n"
        "def check():\n    assert half(4) == 2\n\n\ndef main() -> None:\n    print(half(4))\n"
    )
    assert [(problem.line, problem.what.split(" in /")[0]) for problem in check([root])] == [
        (11, "notes/a has no function or class third"),
        (16, "notes/a has no gap in main"),
        (21, "there is no snippet 'notes/gone'"),
    ]


def test_a_goal_that_is_not_the_last_step(tmp_path: Path) -> None:
    body = (DERIVATION % ("real", "(x + x)*1", "3*x - x")).replace("goal: '2*x'", "goal: '2*x + 0'")
    (problem,) = check([notes(tmp_path / "mine", one=body)])
    assert (problem.line, problem.todo) == (13, "Add a last step to: 2*x + 0")
    assert problem.what == (
        "the last step '3*x - x' of 'd-one' cannot be used: it is not the goal '2*x + 0'"
    )
