"""Every verb in plain: in a real terminal nothing is drawn, coloured or moved."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pexpect
import pytest

from studytui.cli import FAMILIES
from tests.cli.plain_pack import write_pack

ROOT = Path(__file__).parents[2]
DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff]")
COLUMNS = re.compile(r"\S(?: {2,}|\t)\S")
"""Blanks that only an eye follows; a listing may have them."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
"""Whatever moves, colours or overwrites; a terminal ends lines with a return and a line feed."""
PATIENCE = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("plain"))


def plainly(home: Path, *arguments: str, typed: str = "", **variables: str) -> str:
    """What a verb writes to a terminal; it must end by itself."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "studytui", *arguments],
        dimensions=(24, 80),
        cwd=str(ROOT),
        timeout=PATIENCE,
        echo=False,
        env={
            **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
            "TERM": "xterm-256color",
            "STUDYTUI_HOME": str(home),
            "EDITOR": "true",
            **variables,
        },
    )
    child.send(typed + "\x04" * 4)
    written = bytes(child.read()).decode()
    child.close()
    assert child.exitstatus in (0, 1, 2), written
    assert "Traceback" not in written
    return written


READ = (
    "Heading 1: Lines",
    "Formula: fraction, a, over b plus 1, end fraction",
    "Table, 2 columns, 1 row. Row 1. n: 1; ms: x sub i plus 1 end sub",
    "loss; 0.1",
)
RUN = (
    "red words",
    "loss; 0.5",
    "Figure: Losses.",
    "Line Adam: begins at 4 (step 0), ends at 1 (step 2), lowest 1 (step 2)",
)
VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "read": (("read", "lines"), READ),
    "open": (("open", "{home}/pack/lines/lines.md"), READ),
    "search": (("search", "drawing"), ("Words of a drawing, a over b",)),
    "guide": (("guide", "shell"), ("Heading 1: The shell, plain text, and the browser",)),
    "maths": (("maths", r"\frac{a}{b}"), ("a over b",)),
    "run": (("run", "{home}/drawing.py"), RUN),
    "trust": (("trust", "lines/drawing"), ("Let this code run",)),
    "equal": (("equal", "x + x", "2*x"), ("proved",)),
    "derive": (("derive", "line-twice"), ("Given: x + x + 0", "hint 1:", "next: 2*x")),
    "exercise": (("exercise", "lines/drawing:double"), ("Hint 1: What is x plus x?",)),
    "review": (("review", "--track", "lines"), ("Under an answer: 1 to 4 grade it",)),
    "due": (("due",), ("cards wait today",)),
    "replay": (("replay", "{home}/log.csv"), ("learning",)),
    "cards": (("cards", "article:lines"), ("3 cards",)),
    "stats": (("stats",), ("This week:",)),
    "plan": (("plan",), ("Day 1:", "read")),
    "next": (("next",), (":",)),
    "place": (("place",), ("At most 12 questions", "Question 1.")),
    "notes": (("notes",), ("0 notes",)),
    "fit": (("fit",), ("studytui:",)),
    "simulate": (("simulate", "--cards", "5"), ("Retention 90%",)),
    "check": (("check", "{home}/pack"), ("problem",)),
    "verify": (("verify", "line-twice"), ("all 2 hold",)),
    "preview": (("preview", "line-card"), ("Card line-card, basic.", "square root of 4")),
    "new": (("new", "pack", "{home}/another"), ("wrote",)),
    "doctor": (("doctor",), ("all is well",)),
    "sync": (("sync", "{home}"), ("events written",)),
    "export": (("export", "{home}/journal.jsonl"), ("journal.jsonl",)),
    "import": (("import", "{home}/nothing.jsonl"), ("studytui:",)),
    "serve": (("serve", "--host", "no.such.host.invalid"), ("cannot listen",)),
}
WITH_CODE = {"read", "open", "guide", "run", "trust", "exercise"}
TYPED = {"derive": "?\n!\nq\n", "review": "\nq\n\nq\n", "exercise": "?\nq\n", "trust": "n\n"}


def test_every_verb_is_tried() -> None:
    assert set(VERBS) == {verb for verbs in FAMILIES.values() for verb in verbs}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_draws_and_moves_nothing(home: Path, verb: str) -> None:
    arguments, expected = VERBS[verb]
    own = [argument.replace("{home}", str(home)) for argument in arguments]
    written = plainly(home, *own, "--plain", typed=TYPED.get(verb, ""))
    told = " ".join(written.split())
    assert not [words for words in expected if words not in told], written
    assert not DRAWN.findall(written)
    assert not CONTROL.findall(written)
    assert verb in WITH_CODE or not COLUMNS.findall(written)


def test_nothing_stands_in_columns_or_is_cut(home: Path) -> None:
    """Lists of things, and the sentences of the help, which were cut at the width of a screen."""
    for asked in (("exercise",), ("run", "--list"), ("guide",), ("trust", "--list"), ("plan",)):
        written = plainly(home, *asked, "--plain")
        assert not COLUMNS.findall(written), written
        assert "…" not in written
    told = plainly(home, "--help", "--plain")
    assert not re.search(r"\w\.\.\.", told)
    assert "in a pipe its chapters are listed, or one is printed." in told


def test_without_it_the_same_article_is_drawn(home: Path) -> None:
    """Else the test above would hold whatever ``--plain`` did."""
    written = plainly(home, "read", "lines")
    assert DRAWN.search(written)
    assert "\x1b[" in written


def test_the_variable_is_as_good_as_the_option(home: Path) -> None:
    asked = ("maths", r"\frac{a}{b}")
    assert plainly(home, *asked, STUDYTUI_PLAIN="1") == "a over b\r\n"
    assert "─" in plainly(home, *asked, STUDYTUI_PLAIN="0")


def test_the_whole_dialogue_draws_and_moves_nothing(home: Path) -> None:
    typed = "read\nlines\n\n\n1\n\n0\nc\n0\n0\nstatistics\nsettings\n0\nsearch\ndrawing\n0\n0\n"
    written = plainly(home, "--plain", typed=typed)
    assert "Until next time." in written
    assert not DRAWN.findall(written)
    assert not CONTROL.findall(written)
