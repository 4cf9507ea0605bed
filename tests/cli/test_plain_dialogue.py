"""The dialogue worked through pipes by who cannot see a screen: real processes, a real home."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.settings import load_settings
from studytui.store.events import Derived, Event, ReadingPlace, Review, SnippetRun
from studytui.store.journal import Journal
from tests.cli.plain_pack import write_pack
from tests.present import Some

ROOT = Path(__file__).parents[2]
PATIENCE = 120
HOME = "Number (Enter: 1): "
SECTION = "?: keys: "
FORBIDDEN = re.compile("[\u2500-\u259f\u2800-\u28ff\x1b\r\x08]")


class Listener:
    """Someone who hears lines and types lines."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "studytui", "--plain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            cwd=ROOT,
            env={**os.environ, "STUDYTUI_HOME": str(home)},
        )
        self.heard = ""
        self._ahead = ""

    def hears(self, words: str) -> str:
        """Wait for words; returns what was said up to them."""
        assert self.process.stdout is not None
        while words not in self._ahead:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
            data = self.process.stdout.read(65536) if ready else b""
            assert data, f"{words!r} was never said: {self.heard}{self._ahead}"
            self._ahead += data.decode()
        said, _, self._ahead = self._ahead.partition(words)
        self.heard += said + words
        return said + words

    def types(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())

    def answers(self, prompt: str, *lines: str) -> str:
        """Wait for a prompt, then type; returns what was said before it."""
        said = self.hears(prompt)
        self.types(*lines)
        return said

    def ends(self) -> int:
        """End the input, hear the rest; the status."""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.heard += self._ahead + rest.decode()
        return self.process.returncode


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_pack(tmp_path, new_from="begun")


def events(home: Path) -> list[Event]:
    with Journal.open(home / "data" / "journal.db") as journal:
        return list(journal.events())


def of_kind(home: Path, kind: type[Some]) -> list[Some]:
    return [event.body for event in events(home) if isinstance(event.body, kind)]


def test_an_article_a_snippet_a_derivation_and_a_review_are_worked_through_a_pipe(
    home: Path,
) -> None:
    reader = Listener(home)
    assert "2. Review cards: 0 due, 0 new" in reader.answers(HOME, "read")
    # An article, by a word of its title.
    assert "40. " in reader.answers("Number: ", "lines, and")
    assert "Formula: fraction, a, over b plus 1" in reader.answers(SECTION, "")
    section = reader.answers(SECTION, "1")
    assert "Section 2 of 2" in section
    assert "Number 1, snippet: lines/drawing" in section
    assert "Number 4, card: What is square root of 4" in section
    # Its snippet: the code is heard before it is trusted.
    reader.answers(HOME, "1")
    assert 'plt.title("Losses")' in reader.answers("Enter: do not: ", "1")
    ran = reader.answers(HOME, "0")
    assert "loss; 0.5" in ran
    assert "Line Adam: begins at 4 (step 0), ends at 1 (step 2)" in ran
    assert "The run ended: ok" in ran
    # The derivation: a wrong line is told where it is wrong, a right one ends it.
    reader.answers(SECTION, "2")
    assert "Goal: 2*x" in reader.answers("> ", "3*x")
    assert "no Not equal: at x = " in reader.answers("> ", "2*x")
    assert "done" in reader.answers(SECTION, "4")
    # The card in the text, and its grade.
    assert "What is square root of 4" in reader.answers("(Enter: show the answer) ", "")
    assert "2; two" in reader.answers("0: no grade: ", "4")
    assert "Asked again in" in reader.answers(SECTION, "")
    assert "The end of Lines, and what is x squared." in reader.answers(HOME, "review")
    # The review, which asks what is left.
    assert "Under an answer: 1 to 4" in reader.answers("s: show the lines. ", "s")
    reader.answers("(Enter: again)\n> ", "3")
    assert "saved: line-twice good" in reader.answers("q: leave): ", "q")
    assert "1 answer to 1 card" in reader.answers(HOME, "0")
    assert reader.ends() == 0
    assert "Until next time." in reader.heard
    assert not FORBIDDEN.findall(reader.heard)
    assert [place.fraction for place in of_kind(home, ReadingPlace)][-1] == 1.0
    assert [run.outcome for run in of_kind(home, SnippetRun)] == ["ok"]
    assert [(work.done, work.mistakes) for work in of_kind(home, Derived)] == [(True, 1)]
    assert [(each.card, int(each.grade)) for each in of_kind(home, Review)] == [
        ("line-card", 4),
        ("line-twice", 3),
    ]


def test_an_exercise_is_typed_and_judged_in_words(home: Path) -> None:
    reader = Listener(home)
    reader.answers(HOME, "exercise")
    reader.answers("Number: ", "twice a number")
    reader.answers("q: leave): ", "def double(x):", "    return x", ".")
    reader.answers("Enter: do not: ", "1")
    judged = reader.answers("q: leave): ", "def double(x):", "    return 2 * x", ".")
    assert "For x: 2" in judged
    assert "Came: 2 (differs)" in judged
    assert "Should be: 4 (differs)" in judged
    assert "Right: every property holds." in reader.answers("0: no grade: ", "")
    assert "Asked again in" in reader.answers(HOME, "0")
    assert reader.ends() == 0


def test_what_was_typed_is_kept_when_the_input_ends(home: Path) -> None:
    """Lines of a derivation, half an exercise, the place in an article."""
    reader = Listener(home)
    reader.answers(HOME, "read")
    reader.answers("Number: ", "lines, and")
    reader.answers(SECTION, "")
    reader.answers(SECTION, "2")
    reader.answers("> ", "x + x")
    reader.hears("> ")
    assert reader.ends() == 0
    (work,) = of_kind(home, Derived)
    assert (work.lines, work.done) == ("x + x", False)
    again = Listener(home)
    assert "1. Go on reading: Lines, and what is x squared" in again.answers(HOME, "")
    assert "You were at section 2." in again.answers(SECTION, "3")
    again.answers("q: leave): ", "def double(x):", "    return")
    assert again.ends() == 0
    told = again.heard.partition("What you typed is kept: ")[2]
    kept = Path(told.partition("\n")[0])
    assert kept.read_text() == "def double(x):\n    return\n"


@pytest.mark.skipif(sys.platform == "win32", reason="has no interrupts of this kind")
def test_ctrl_c_stops_a_run_and_then_leaves(home: Path) -> None:
    endless = '"""Waits."""\nimport time\nimport typer\n\n\ndef main():\n    """Wait."""\n'
    endless += '    print("waiting")\n    while True:\n        time.sleep(0.01)\n\n\n'
    endless += 'if __name__ == "__main__":\n    typer.run(main)\n'
    (home / "pack" / "snippets" / "lines" / "endless.py").write_text(endless)
    reader = Listener(home)
    reader.answers(HOME, "snippet")
    reader.answers("Number: ", "endless")
    reader.answers(HOME, "")
    reader.answers("Enter: do not: ", "1")
    reader.hears("waiting\n")
    reader.process.send_signal(signal.SIGINT)
    assert "The run ended: stopped" in reader.hears(HOME)
    reader.process.send_signal(signal.SIGINT)
    assert reader.ends() == 130
    assert [run.outcome for run in of_kind(home, SnippetRun)] == ["stopped"]


def test_a_setting_is_changed_in_the_readers_own_file(home: Path) -> None:
    path = home / "config" / "settings.toml"
    path.write_text(path.read_text() + "new_per_day = 7  # a few\n# mine\n")
    reader = Listener(home)
    reader.answers(HOME, "settings")
    reader.answers("Number: ", "new_per_day")
    reader.answers("Enter: leave it as it is): ", "many")
    assert "must be a whole number, not 'many'" in reader.answers(HOME, "settings")
    reader.answers("Number: ", "new_per_day")
    reader.answers("Enter: leave it as it is): ", "5")
    reader.answers("Number: ", "0")
    reader.answers(HOME, "0")
    assert reader.ends() == 0
    assert load_settings(path).review.new_per_day == 5
    assert "new_per_day = 5  # a few\n# mine\n" in path.read_text()
