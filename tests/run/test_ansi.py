from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.run.ansi import STRING_LIMIT, Message, Reducer
from tests.examples import examples


def reduce(*chunks: bytes, token: str = "") -> str:
    reducer = Reducer(token)
    pieces = [piece for chunk in chunks for piece in reducer.feed(chunk)]
    pieces += reducer.feed(b"", final=True)
    return "".join(piece for piece in pieces if isinstance(piece, str))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("cursor movement", b"\x1b[2A\x1b[10;20H\x1b[s\x1b[u"),
        ("erasing", b"\x1b[2J\x1b[K\x1b[3X"),
        ("modes", b"\x1b[?25l\x1b[?1049h\x1b[?2004h\x1b[4h"),
        ("device reports", b"\x1b[c\x1b[6n\x1b[>c\x1b[?1;2c"),
        ("private colour", b"\x1b[>4;2m\x1b[?4m"),
        ("colour with an intermediate", b"\x1b[1 m"),
        ("window manipulation", b"\x1b[8;50;100t"),
        ("title, bell and ST", b"\x1b]0;title\x07\x1b]2;title\x1b\\"),
        ("clipboard", b"\x1b]52;c;aGVsbG8=\x07"),
        ("hyperlink", b"\x1b]8;;http://example.org\x1b\\\x1b]8;;\x1b\\"),
        ("device control", b"\x1bP+q544e\x1b\\\x1bP1$r0m\x1b\\"),
        ("sixel", b"\x1bPq#0;2;0;0;0~-\x1b\\"),
        ("application, privacy, start of string", b"\x1b_G;x\x1b\\\x1b^p\x1b\\\x1bXs\x1b\\"),
        ("character sets", b"\x1b(0\x1b)B\x1b#8\x1b%G"),
        ("single functions", b"\x1bc\x1b7\x1b8\x1bM\x1b=\x1b>"),
        ("shifts and bells", b"\x0e\x0f\x07\x00\x7f\x05"),
        ("8-bit CSI", "\x9b2J\x9b?25l".encode()),
        (
            "8-bit OSC, DCS, APC, PM, SOS",
            "\x9d0;t\x9c\x90q\x9c\x9fa\x9c\x9ep\x9c\x98s\x9c".encode(),
        ),
        ("8-bit index, next line, tabs", "\x84\x85\x88\x8d\x8e\x8f".encode()),
        ("aborted", b"\x1b[12\x18\x1b]0;x\x1a"),
        ("an escape inside a string", b"\x1b]0;x\x1b[2J"),
    ],
)
def test_what_a_terminal_would_act_on_is_swallowed(name: str, raw: bytes) -> None:
    assert reduce(b"a" + raw + b"b") == "ab"
    assert reduce(b"a", *(raw[k : k + 1] for k in range(len(raw))), b"b") == "ab"


@pytest.mark.parametrize("colour", [b"\x1b[m", b"\x1b[1;31m", b"\x1b[38;5;196m", b"\x1b[4:3m"])
def test_colour_passes(colour: bytes) -> None:
    assert reduce(b"a" + colour + b"b") == "a" + colour.decode() + "b"


def test_an_8_bit_colour_comes_out_in_its_7_bit_form() -> None:
    assert reduce("\x9b31mred".encode()) == "\x1b[31mred"


def test_a_control_inside_a_sequence_acts_at_once() -> None:
    assert reduce(b"\x1b[3\n1mred") == "\n\x1b[31mred"


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    assert reduce(b"a\xff\xfe\x9bb") == "a\ufffd\ufffd\ufffdb"
    assert reduce(b"\xe4\xb8", b"\xad") == "中"
    assert reduce(b"\xe4\xb8") == "\ufffd"


@pytest.mark.parametrize("start", [b"\x1b]0;", b"\x1bP", b"\x1b_", b"\x1b[", b"\x1b ", b"\x9d"])
def test_a_sequence_that_never_ends_hides_little(start: bytes) -> None:
    text = reduce(start + b"1 " * STRING_LIMIT + b"\nshown\n")
    assert text.endswith("\nshown\n")


def test_a_message_needs_the_token_of_the_run() -> None:
    raw = b"a\x1b_studytui;secret;payload\x1b\\b\x1b_studytui;guess;payload\x1b\\c"
    assert Reducer("secret").feed(raw) == ["a", Message("payload"), "bc"]
    assert Reducer().feed(b"\x1b_studytui;;payload\x1b\\c") == ["c"]


@examples(200)
@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5))
def test_the_result_is_text_and_does_not_depend_on_how_the_bytes_come(
    raw: bytes, cuts: list[int]
) -> None:
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    whole = reduce(raw)
    assert reduce(*(raw[a:b] for a, b in itertools.pairwise(edges))) == whole
    bare = re.sub(r"\x1b\[[0-9;:]*m", "", whole)
    assert not [c for c in bare if (c < " " and c not in "\n\t\r\b") or "\x7f" <= c <= "\x9f"]


@examples(50)
@given(st.text(st.characters(blacklist_categories=("Cc", "Cs"))))
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert reduce(text.encode()) == text
