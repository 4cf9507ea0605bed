"""The catalogue: each mistake has a name and a law, and explains its own example."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.derive.mistakes.catalogue import BY_NAME, MISTAKES, ROOMS
from studytui.derive.mistakes.explain import explain_equal
from studytui.derive.mistakes.mistake import Mistake
from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict

PAGE = Path(__file__).parents[3] / "docs" / "mistakes.md"
HEAD = """# Mistakes that are named

Where a line of yours is wrong, studytui says which classical mistake it is, if it can prove that:
the line above with that mistake made in it is equal to your line, by the same checker that proves
right lines, and differs from the line above at values that it computed. What is right is never
named, and neither is what only looks alike. Where two mistakes explain a line, the one that stands
first here is named.

The catalogue is `studytui/derive/mistakes/`; this page is printed from it by
`python -m tests.derive.mistakes.test_catalogue`, and a test compares the two.
"""


def page() -> str:
    rows = [HEAD]
    for title, room in ROOMS:
        rows.append(f"## {title}\n")
        rows.append("| mistake | right | written | the law |\n|---|---|---|---|")
        for each in room:
            right, wrong = (
                text.replace("|", "\\|") for text in (each.example.right, each.example.wrong)
            )
            says = each.says.replace("|", "\\|")
            rows.append(f"| {each.title} | `{right}` | `{wrong}` | {says} |")
        rows.append("")
    return "\n".join(rows)


def test_there_are_forty_mistakes_and_more_each_with_a_name_of_its_own() -> None:
    assert len(MISTAKES) >= 40
    assert len(BY_NAME) == len(MISTAKES)
    assert all(mistake.says.endswith(".") and mistake.title for mistake in MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_the_example_of_a_mistake_is_wrong_and_is_named_by_it(
    mistake: Mistake, prover: Prover
) -> None:
    example = mistake.example
    symbols = dict(example.symbols)
    assert prover.equal(example.right, example.wrong, symbols).verdict is Verdict.REFUTED
    found = explain_equal(prover, example.right, example.wrong, symbols)
    assert [named.name for named in found] == [mistake.name]


def test_the_page_of_mistakes_is_the_catalogue() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
