"""Copying that tells where the text went: the terminal, a clipboard program, or a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROGRAMS: tuple[tuple[str, ...], ...] = (
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("pbcopy",),
    ("clip.exe",),
)
LONGEST_SEQUENCE = 74_000
"""Bytes; several terminals drop an OSC 52 sequence that is longer than 100,000 characters."""


def program(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """The clipboard program of this desktop, if one can work here."""
    remote = "SSH_CONNECTION" in environment or "SSH_TTY" in environment
    for command in PROGRAMS:
        if remote and command[0] != "clip.exe":
            continue
        if command[0] == "wl-copy" and "WAYLAND_DISPLAY" not in environment:
            continue
        if command[0] in ("xclip", "xsel") and "DISPLAY" not in environment:
            continue
        if command[0] == "pbcopy" and sys.platform != "darwin":
            continue
        found = shutil.which(command[0])
        if found:
            return (found, *command[1:])
    return None


def by_program(text: str, command: tuple[str, ...]) -> bool:
    """Hand the text to a clipboard program; False when it fails or hangs."""
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", errors="replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def to_file(text: str, folder: Path) -> Path:
    """Write the text to ``copied.txt`` in a folder. OSError when that is not possible."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "copied.txt"
    path.write_text(text, encoding="utf-8", errors="replace")
    return path


def fits_terminal(text: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal can be expected to take the text by OSC 52."""
    if environment.get("TERM") in ("linux", "dumb"):
        return False
    return len(text.encode("utf-8", errors="replace")) <= LONGEST_SEQUENCE
