from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from studytui.authoring.problems import Report
from studytui.library.source import MAX_BYTES, clean, decode
from tests.examples import examples


def report() -> Report:
    return Report(Path("a.md"))


def told(text: str) -> list[tuple[int, str]]:
    found = report()
    clean(text, found)
    return [(problem.line, problem.what) for problem in found.problems()]


def test_plain_text_is_left_alone() -> None:
    text = "Words, $x$, 偏差修正, café, \t tab\nand lines\n"
    assert clean(text, report()) == text
    assert told(text) == []


def test_what_a_terminal_would_obey_is_replaced_and_told() -> None:
    assert clean("a\x1b[31mb", report()) == "a\ufffd[31mb"
    assert told("one\ntwo\x1b\x1b\nthree\u202e") == [
        (2, "a control character in the text"),
        (3, "a control character in the text"),
    ]


def test_invisible_characters_are_taken_out() -> None:
    assert clean("a\u200bb\U000e0041", report()) == "ab"


def test_marks_pile_up_only_so_far() -> None:
    assert len(clean("e" + "\u0301" * 1_000, report())) == 5


def test_a_long_file_is_cut_between_characters() -> None:
    found = report()
    text = decode("偏".encode() * (MAX_BYTES // 3 + 9), found)
    assert set(text) == {"偏"}
    assert "longer" in found.problems()[0].what


@examples(60)
@given(st.binary(max_size=300))
def test_any_bytes_become_text_that_encodes(data: bytes) -> None:
    found = report()
    clean(decode(data, found), found).encode("utf-8")
