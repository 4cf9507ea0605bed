"""Formulas, listings and what is to be worked take time too."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.library.parse import parse_article
from studytui.library.reading_time import seconds_to_read, seconds_to_work

FRONT = "---\nid: a\ntitle: A\ntrack: t\n---\n"
WORDS = "word " * 200
CARD = "```{card} c\nkind: number\nask: A?\nanswer: '1 + 1'\n```\n"
DERIVATION = """```{derivation} d
title: T
symbols: {x: real}
given: 'x + x'
goal: '2*x'
steps:
  - to: '(1 + 1)*x'
  - to: '2*x'
```
"""


def times(body: str) -> tuple[int, int]:
    article = parse_article(FRONT + body, Path("t/a.md")).article
    return seconds_to_read(article), seconds_to_work(article)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (WORDS, (60, 0)),
        (f"- {WORDS}\n- {WORDS}", (120, 0)),
        (f"{WORDS} with $a^2 + b^2$ and **$c$**", (67, 0)),
        ("$$\na = b\n$$", (10, 0)),
        (r"""$$
\begin{aligned} a &= b \\ &= c \end{aligned}
$$""", (20, 0)),
        ("```python\na = 1\n\nb = 2\n```", (6, 0)),
        ("```{check}\nassert 1 < 2\n```", (0, 0)),
        (CARD, (0, 40)),
        (DERIVATION, (0, 90)),
        ("```{snippet} t/s\n```", (0, 60)),
        ("```{exercise} t/s:f\ntitle: T\nask: Write it.\n```", (0, 480)),
    ],
)  # fmt: skip
def test_seconds_to_read_and_to_work(body: str, expected: tuple[int, int]) -> None:
    assert times(body) == expected
