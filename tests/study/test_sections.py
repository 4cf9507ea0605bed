"""A section is read when its end was seen and it was given some of its time."""

from __future__ import annotations

import pytest

from studytui.library.outline import Section
from studytui.study.sections import newly_read

OUTLINE = (
    Section("", "Adam", 1, 50),
    Section("idea", "The idea", 10, 100),
    Section("bias", "The bias", 60, 10),
    Section("references", "References", 90, 60, back_matter=True),
)


@pytest.mark.parametrize(
    ("ends", "seconds", "read", "expected"),
    [
        ("idea", {"idea": 40}, "", "idea"),
        ("idea", {"idea": 39}, "", ""),
        ("", {"idea": 400}, "", ""),
        ("idea bias", {"idea": 44}, "", "idea bias"),  # short ones share a screen
        ("idea bias", {"bias": 4}, "", "bias"),
        ("idea bias", {"idea": 41}, "idea", ""),
        ("references", {"references": 99}, "", ""),
    ],
)
def test_a_section_needs_its_end_and_its_time(
    ends: str, seconds: dict[str, float], read: str, expected: str
) -> None:
    found = newly_read(OUTLINE, ends=ends.split(), seconds=seconds, read=read.split())
    assert found == tuple(expected.split())


def test_a_jump_to_the_end_reads_nothing() -> None:
    assert newly_read(OUTLINE, ends=["bias", "references"], seconds={"": 3}, read=()) == ()
