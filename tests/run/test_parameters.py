from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.run.arguments import arguments, check_all
from studytui.run.command_line import describe, parse_words, usage
from studytui.run.limits import Limits, limits_from, machine_memory, parse_size
from studytui.run.parameters import ParameterError
from studytui.run.signature import Snippet, read_snippet


@pytest.fixture
def snippet(tmp_path: Path) -> Snippet:
    path = tmp_path / "s.py"
    path.write_text(
        "def main(place: str, n: Annotated[int, Option(min=1, max=9)] = 3,"
        " rate: Annotated[float, Option(min=0, help='how fast')] = 0.5, causal: bool = True,"
        " mode: Literal['Fast', 'slow'] = 'slow', out_path: Path = Path('a'),"
        " seed: int | None = None): pass\n"
    )
    return read_snippet(path)


def test_words_become_values(snippet: Snippet) -> None:
    words = ["here", "--n", "4", "--rate=-1", "--no-causal", "--out-path", "x", "--seed", "-3"]
    assert parse_words(snippet, words) == {
        "place": "here",
        "n": "4",
        "rate": "-1",
        "causal": "false",
        "out_path": "x",
        "seed": "-3",
    }
    assert parse_words(snippet, ["--out_path", "y", "--", "--odd"]) == {
        "out_path": "y",
        "place": "--odd",
    }
    assert parse_words(snippet, ["-5"]) == {"place": "-5"}


@pytest.mark.parametrize(
    ("words", "what", "todo"),
    [
        (["--rat", "1"], "no parameter 'rat'", "Did you mean --rate"),
        (["--xyz"], "no parameter 'xyz'", "It takes --place, --n"),
        (["--n"], "--n needs a value", "studytui run"),
        (["a", "b"], "no place for 'b'", "studytui run"),
    ],
)
def test_words_that_do_not_fit(snippet: Snippet, words: list[str], what: str, todo: str) -> None:
    with pytest.raises(ParameterError, match=what) as told:
        parse_words(snippet, words)
    assert todo in told.value.todo


@pytest.mark.parametrize(
    ("name", "value", "todo"),
    [
        ("n", "0", "It is 1 to 9."),
        ("n", "10", "It is 1 to 9."),
        ("n", "1.5", "It is a whole number."),
        ("n", "", "It is a whole number."),
        ("rate", "-0.1", "It is at least 0."),
        ("rate", "nan", "It is a number."),
        ("rate", "x" * 100, "It is a number."),
        ("causal", "maybe", "It is true or false."),
        ("mode", "fat", "It is one of: Fast, slow. Did you mean Fast?"),
        ("place", "a\0b", "It is text without zero bytes."),
    ],
)
def test_values_that_do_not_fit(snippet: Snippet, name: str, value: str, todo: str) -> None:
    with pytest.raises(ParameterError, match=name) as told:
        check_all(snippet, {"place": "x", name: value})
    assert told.value.todo == todo


def test_what_is_missing_is_told(snippet: Snippet) -> None:
    with pytest.raises(ParameterError, match="needs a value for place"):
        check_all(snippet, {})
    with pytest.raises(ParameterError, match="no parameter"):
        check_all(snippet, {"place": "x", "speed": "1"})


def test_values_become_a_command_line_without_defaults(snippet: Snippet) -> None:
    values = check_all(
        snippet,
        {"place": "-x", "n": " 3 ", "rate": "0.25", "causal": "no", "mode": "FAST", "seed": ""},
    )
    assert values["mode"] == "Fast"
    assert arguments(snippet, values) == ["--rate=0.25", "--no-causal", "--mode=Fast", "--", "-x"]


def test_the_help_of_a_snippet(snippet: Snippet) -> None:
    assert usage(snippet).startswith("PLACE [--n INTEGER] [--rate NUMBER] [--causal]")
    assert "  --rate               number, at least 0, default 0.5. how fast" in describe(snippet)


@pytest.mark.parametrize(
    ("text", "size"),
    [("12", 12), ("1K", 1024), ("500M", 500 * 2**20), ("1.5 GiB", 3 * 2**29), ("2gb", 2**31)],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


def test_limits_of_a_person_go_over_the_settings() -> None:
    base = Limits(seconds=5, memory_bytes=7)
    assert limits_from(base, 0, "", "") == base
    assert limits_from(base, 9, "1K", "2K") == Limits(9, 1024, 2048)
    with pytest.raises(StudyError, match="no size"):
        limits_from(base, 0, "much", "")
    assert 0 < Limits().memory() < machine_memory()
