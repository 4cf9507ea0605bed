"""The terminal (or the pipe) that a verb talks to."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size

from studytui.cli.plainness import is_plain
from studytui.errors import StudyError
from studytui.study.plain.terminal import Terminal

WIDEST = 100


def terminal() -> Terminal:
    """Standard input and output. Linear text that is piped is not broken into lines."""
    seen = sys.stdout.isatty()
    width = min(get_terminal_size().columns, WIDEST)
    return Terminal(
        ask,
        say,
        lambda: datetime.now(UTC),
        width if seen or not is_plain() else None,
        is_plain(),
        edit if seen and sys.stdin.isatty() else None,
    )


def ask(invitation: str) -> str:
    """A line of standard input. Raises EOFError at its end."""
    # What is typed in a terminal ends the line; a pipe shows nothing of it.
    say(invitation, end="" if sys.stdin.isatty() else "\n")
    return read_line()


def read_line() -> str:
    """A line of standard input, without an invitation. Raises EOFError at its end."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def say(text: str, *, end: str = "\n") -> None:
    """A line of standard output, at once."""
    print(text, end=end, flush=True)


def edit(path: Path, line: int = 1) -> None:
    """Open a file in the reader's editor and wait. Raises StudyError when none can be started."""
    from studytui.study.editors import editor_command

    try:
        subprocess.run(editor_command(path, line, os.environ), check=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"the editor cannot be started: {error}", todo="Set EDITOR") from error
