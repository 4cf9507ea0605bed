"""One is told in the singular, everywhere in the interface."""

import re
from pathlib import Path

import pytest

import studytui
from studytui.counting import many

HOME = Path(studytui.__file__).parent
SHOWN = [*HOME.glob("tui/**/*.py"), HOME / "study" / "pages.py", *HOME.glob("study/plain/*.py")]
COUNTED = re.compile(
    r"\{[^{}':]*\} (?:more |new )?(?:cards|days|reviews|answers|events|files|lines)\b"
)


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [
        (0, "card", "0 cards"),
        (1, "card", "1 card"),
        (2, "day", "2 days"),
        (1_000, "entry", "1,000 entries"),
        (3, "process", "3 processes"),
        (2, "new card", "2 new cards"),
    ],
)
def test_a_number_of_things(count: int, noun: str, told: str) -> None:
    assert many(count, noun) == told


def test_the_interface_never_says_one_things() -> None:
    said = [
        f"{path.name}: {found}"
        for path in SHOWN
        for found in COUNTED.findall(path.read_text("utf-8"))
    ]
    assert said == []
