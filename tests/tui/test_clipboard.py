"""Copying finds its way: a program of the desktop, the terminal, or a file."""

import os
import stat
from pathlib import Path

import pytest

from studytui.tui.clipboard import by_program, fits_terminal, program, to_file


def fake(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


def test_the_program_of_the_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = tmp_path / "copied"
    fake(tmp_path, "xclip", f"cat > {copied}")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = program({"DISPLAY": ":0"})
    assert command is not None
    assert by_program("梯度 θ", command)
    assert copied.read_text(encoding="utf-8") == "梯度 θ"
    assert program({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}) is None
    assert program({}) is None


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    fake(tmp_path, "bad", "exit 1")
    assert not by_program("x", (str(tmp_path / "bad"),))
    assert not by_program("x", (str(tmp_path / "missing"),))


def test_what_the_terminal_can_take() -> None:
    assert fits_terminal("x", {"TERM": "xterm-256color"})
    assert not fits_terminal("x", {"TERM": "linux"})
    assert not fits_terminal("x" * 80_000, {"TERM": "xterm"})


def test_a_file_is_the_last_resort(tmp_path: Path) -> None:
    path = to_file("words", tmp_path / "data")
    assert path.read_text(encoding="utf-8") == "words"
