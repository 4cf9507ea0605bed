"""What prose says in numbers and names, and nothing claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.library.claims.unclaimed import unclaimed
from studytui.library.parse import parse_article
from tests.library.writing import article


def told(body: str, *scripts: str) -> list[tuple[int, str]]:
    """Line, counted from that of the body, and text of everything that nothing claims."""
    text = article("one", body)
    first = text.count("\n") - body.count("\n")
    found = unclaimed(parse_article(text, Path("notes/one.md")).article, scripts, text.split("\n"))
    return [(each.line - first, each.text) for each in found]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("It takes 3.2 steps.", ["3.2"]),
        ("In $-0.0266$ and $0.45\\,\\eta$.", ["-0.0266", "0.45"]),
        ("In $2.1 \\times 10^{-3}$.", ["2.1 \\times 10^{-3}"]),
        ("Its $2(N-1)/N$, $x^{64}$, $w_{100}$, $\\sqrt{1 - 0.9^t}$ and $e^{-1.5x}$.", []),
        ("With $\\beta_1 = 0.9$ and $t = 1000$.", ["0.9", "1000"]),
        ("Two of 12, in three ways, twice and half.", []),
        ("Some 13 or twenty, a thousand, 1/80.", ["13", "twenty", "thousand", "1/80"]),
        ("By Kingma and Ba (2015), in 2017; GPT-3 in FP32 on an H100, arXiv:1412.6980.", []),
        ("A window of 2048 tokens, in 2000 steps, 16-bit, version 2.4.1.", ["2048", "2000"]),
        ("In 2017 it was new, since 2020 (both before 2024; as in Adam, 2014).", []),
        ("At `1e-8` and `f(64)`.", ["1e-8"]),
        ("A $\\frac{1}{80}$ of it.", ["\\frac{1}{80}"]),
    ],
)  # fmt: skip
def test_numbers(words: str, numbers: list[str]) -> None:
    assert [text for _, text in told(f"{words}\n")] == numbers


def test_lines_are_those_of_the_file() -> None:
    body = (
        "Words that go on\nfor two lines with 3.2.\n\n"
        "| a | b |\n|---|---|\n| 0.40 | x |\n| 0.16 | 0.40 |\n\n"
        ":::{note} At 99\nIn it 98.\n:::\n\n"
        "- item\n- item 97\n\n$$\nx = 96.5\n$$\n"
    )
    assert told(body) == [
        (2, "3.2"),
        (6, "0.40"),
        (7, "0.16"),
        (7, "0.40"),
        (9, "99"),
        (10, "98"),
        (14, "97"),
        (17, "96.5"),
    ]


def test_headings_listings_references_terms_and_live_blocks_are_no_prose() -> None:
    body = (
        "## The 99 steps\n\n```python\nx = 98\n```\n\n"
        "```{card} c-one\nkind: basic\nask: 97?\nanswer: 96\n```\n\n"
        "## References\n\n- Someone, 95 things, 2014.\n\n## Terms\n\nSome 94.\n"
    )
    assert told(body) == []


def test_a_claim_holds_in_its_section_and_what_is_given_everywhere() -> None:
    check = "```{check}\nsays('3.2', 3.2)\ngiven('0.9')\n```\n"
    body = f"## One\n\nIt is 3.2 or 0.9.\n\n{check}\n## Two\n\nIt is 3.2 or 0.9.\n"
    assert told(body) == [(12, "3.2")]


def test_literals_may_stand_in_a_table_that_a_loop_runs_over() -> None:
    check = "```{check}\nfor row in [('0.40', 0.4), ('0.16', 0.16)]:\n    says(*row)\n```\n"
    assert told(f"First 0.40, then 0.16.\n\n{check}") == []


def test_a_claim_of_a_part_is_no_claim_of_the_whole() -> None:
    check = "```{check}\nsays('0.0266', 0.0266)\nsays('3', 3)\n```\n"
    assert [text for _, text in told(f"A step of $-0.0266$, or 3.5.\n\n{check}")] == [
        "-0.0266",
        "3.5",
    ]


def test_names_are_claimed_by_code_that_is_run() -> None:
    body = "Use `torch.no_grad`, `grad_fn`, `torch.compile()` and `len(x)`, or `a + b`, `x`.\n"
    check = "\n```{check}\nshows('grad_fn', 'grad_fn')\n```\n"
    assert [
        text for _, text in told(body + check, "import torch\nwith torch.no_grad(): ...\n")
    ] == ["torch.compile()"]


def test_formulas_on_lines_of_their_own_demand_what_stands_alone() -> None:
    assert [text for _, text in told("$$\n\\frac{2(N-1)}{N} \\cdot 64 \\approx 13.5\n$$\n")] == [
        "13.5"
    ]
