"""The whole program in a pseudo-terminal: start, read, leave, and terminals that are difficult."""

import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from studytui.tui.terminal import dark_by_environment, dark_by_reply
from tests.tui.terminal import ROOT, Terminal

ENTER, ESCAPE, CONTROL_C = "\r", "\x1b", "\x03"


def test_start_read_and_leave(home: Path) -> None:
    with Terminal(home) as terminal:
        terminal.see("begin with")
        terminal.press(ENTER)
        terminal.see("Contents")
        terminal.press(" ", "j", "t")
        terminal.see("Go there")
        terminal.press(ESCAPE)
        terminal.see_gone("Go there")
        terminal.press("q")
        terminal.see("P plan")
        terminal.press("q")
        assert terminal.ended() == 0
    with Terminal(home, size=(120, 40)) as terminal:
        terminal.see("P plan")
        terminal.press("c")
        terminal.see("Next link")
        terminal.press("\x11")
        assert terminal.ended() == 0


def test_control_c_twice_leaves(home: Path) -> None:
    with Terminal(home) as terminal:
        terminal.see("begin with")
        terminal.press(CONTROL_C)
        terminal.see("Ctrl+C again")
        terminal.press(CONTROL_C)
        assert terminal.ended() == 0


def test_a_terminal_of_twenty_columns(home: Path) -> None:
    with Terminal(home, size=(20, 24)) as terminal:
        terminal.see("studytui needs")
        assert "40 × 10" in terminal.text
        terminal.press(CONTROL_C, CONTROL_C)
        assert terminal.ended() == 0


def test_no_colour_when_none_is_wanted(home: Path) -> None:
    with Terminal(home, NO_COLOR="1") as terminal:
        terminal.see("begin with")
        terminal.press(ENTER)
        terminal.see("Contents")
        terminal.press("y", "/", "a")
        terminal.see("of")
        colours = re.findall(rb"\x1b\[[0-9;]*m", terminal.written)
        assert colours
        for code in colours:
            numbers = [int(number) for number in code[2:-1].split(b";") if number]
            assert not any(30 <= n <= 49 or 90 <= n <= 107 for n in numbers), code
        terminal.press(ESCAPE, "q")


def test_a_pipe_is_told_to_use_a_verb(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "studytui"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert "studytui --help" in done.stderr


def test_reading_in_the_shell(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "studytui", "read"]
    article = str(Path(__file__).parent / "pack" / "notes" / "averages.md")
    done = subprocess.run(
        [*command, article, "--width", "60"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "\x1b" not in done.stdout
    assert "Running averages" in done.stdout
    assert "1 − βᵗ" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    missing = subprocess.run(
        [*command, "no-such-article"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert missing.returncode == 2
    assert "no-such-article" in missing.stderr
    with Terminal(tmp_path, "read", article) as terminal:
        terminal.see("The last words")
        assert b"\x1b[1;34m" in terminal.written


@pytest.mark.parametrize(
    ("value", "dark"), [("15;0", True), ("0;15", False), ("0;default;7", False), ("", None)]
)
def test_what_the_environment_says_of_the_background(value: str, dark: bool | None) -> None:
    assert dark_by_environment({"COLORFGBG": value}) is dark


@pytest.mark.parametrize(
    ("reply", "dark"),
    [
        (b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;c", True),
        (b"\x1b]11;rgb:ff/fe/f0\x07", False),
        (b"\x1b[?62;c", None),
        (b"", None),
    ],
)
def test_what_the_terminal_says_of_the_background(reply: bytes, dark: bool | None) -> None:
    assert dark_by_reply(reply) is dark


def test_served_to_a_browser(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Terminal(
        tmp_path, "serve", "--host", "127.0.0.1", "--port", str(port), size=(100, 30)
    ) as terminal:
        page = _page(terminal)
        assert "studytui" in page
        assert "textual.js" in page
        taken = subprocess.run(
            [sys.executable, "-m", "studytui", "serve", "--host", "127.0.0.1", "--port", str(port)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
            check=False,
        )
        assert taken.returncode == 2
        assert "--port" in taken.stderr
        terminal.press(CONTROL_C)
        terminal.ended()


def _page(terminal: Terminal) -> str:
    """The page at the address that the command prints."""
    terminal.see("token=")
    found = re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", terminal.text)
    assert found is not None
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(found[0], timeout=60) as answer:
        return str(answer.read(), "utf-8")
