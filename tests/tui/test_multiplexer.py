"""Pictures through a real tmux, in a pseudo-terminal that calls itself kitty: by the bytes."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pexpect
import pytest
from PIL import Image

from studytui.tui.multiplexer import takes_placeholders
from tests.tui.terminal import OURS, ROOT

PLACEHOLDER = "\U0010eeee".encode()
COMMAND = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
PATIENCE = 120.0
TERMINFO = "xterm-kitty|a terminal that shows pictures,\n\tuse=xterm-256color,\n"

needs_tmux = pytest.mark.skipif(
    not (shutil.which("tmux") and shutil.which("tic")), reason="there is no tmux here"
)


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        ("xterm-kitty on 256,RGB,title\n", True),
        ("xterm-ghostty all RGB\n", True),
        ("xterm-kitty 1 RGB\n", True),
        ("xterm-kitty on 256,title\n", False),
        ("xterm-kitty off 256,RGB\n", False),
        ("xterm-256color on 256,RGB\n", False),
        ("xterm-kitty\n", False),
        ("", False),
    ],
)
def test_what_tmux_says_of_the_terminal_outside(answer: str, holds: bool) -> None:
    assert takes_placeholders(answer) is holds


class Shown:
    """What the terminal around tmux was sent."""

    def __init__(self, child: pexpect.spawn) -> None:
        self.child = child
        self.written = b""

    def until(self, words: bytes) -> None:
        late = monotonic() + PATIENCE
        while words not in self.written:
            assert monotonic() < late, self.written[-2000:]
            try:
                self.written += self.child.read_nonblocking(65536, timeout=0.2)
            except pexpect.TIMEOUT:
                continue

    def commands(self) -> list[tuple[dict[bytes, bytes], bytes]]:
        """The graphics commands: keys, and payload."""
        return [
            (dict(part.split(b"=") for part in found[1].split(b",")), found[2] or b"")
            for found in COMMAND.finditer(self.written)
        ]


@contextmanager
def opened_in_tmux(folder: Path, passthrough: str) -> Iterator[Shown]:
    """An article with a picture, opened by the real program in a real tmux."""
    Image.new("RGB", (60, 40), (200, 30, 30)).save(folder / "red.png")
    (folder / "article.md").write_text("# Pictures\n\nBefore.\n\n![A field](red.png)\n\nAfter.\n")
    (folder / "kitty.ti").write_text(TERMINFO)
    subprocess.run(["tic", "-x", "-o", folder / "info", folder / "kitty.ti"], check=True)
    (folder / "tmux.conf").write_text(
        f"set -g allow-passthrough {passthrough}\n"
        "set -as terminal-features ',xterm-kitty:RGB'\nset -g status off\n"
    )
    socket = ["-S", str(folder / "socket")]
    child = pexpect.spawn(
        "tmux",
        [
            *[*socket, "-u", "-f", str(folder / "tmux.conf"), "new-session"],
            *[sys.executable, "-m", "studytui", "open", str(folder / "article.md")],
        ],
        dimensions=(24, 80),
        cwd=str(ROOT),
        env={
            **{name: value for name, value in os.environ.items() if name not in (*OURS, "TMUX")},
            "TERM": "xterm-kitty",
            "TERMINFO": str(folder / "info"),
            "COLORTERM": "truecolor",
            "COLORFGBG": "15;0",
            "STUDYTUI_HOME": str(folder / "home"),
        },
    )
    try:
        yield Shown(child)
    finally:
        subprocess.run(["tmux", *socket, "kill-server"], capture_output=True, check=False)
        child.close(force=True)


@needs_tmux
def test_a_picture_goes_past_tmux_and_stands_in_placeholders(tmp_path: Path) -> None:
    with opened_in_tmux(tmp_path, "on") as shown:
        shown.until(PLACEHOLDER)
        shown.until(b"Help")
    sent = [each for each in shown.commands() if b"f" in each[0]]
    placed = [keys for keys, _ in shown.commands() if keys.get(b"a") == b"p"]
    assert placed
    number = placed[-1][b"i"]
    data = b"".join(payload for keys, payload in sent if keys[b"i"] == number)
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.convert("RGB").getpixel((1, 1)) == (200, 30, 30)
    assert placed[-1][b"U"] == b"1", "it stands where placeholders are"
    columns, rows = int(placed[-1][b"c"]), int(placed[-1][b"r"])
    assert shown.written.count(PLACEHOLDER) >= columns * rows
    red, green, blue = int(number).to_bytes(4, "big")[1:]
    assert f"\x1b[38;2;{red};{green};{blue}m".encode() in shown.written, "its number is the colour"


@needs_tmux
def test_without_passthrough_it_is_drawn_in_blocks(tmp_path: Path) -> None:
    with opened_in_tmux(tmp_path, "off") as shown:
        shown.until(b"48;2;200;30;30")
        shown.until(b"Help")
    assert b"\x1b_G" not in shown.written
    assert PLACEHOLDER not in shown.written
