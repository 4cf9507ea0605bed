from __future__ import annotations

import time

import psutil
import pytest

from studytui.errors import StudyError
from studytui.study.programs import program_output


def test_a_program_is_run() -> None:
    assert program_output("print(6 * 7)") == "42\n"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; sys.exit(3)", "fails"),
        ("print('x' * 10**6)", "64 KiB"),
        ("while True: print('x' * 4096)", "64 KiB"),
        ("while True: pass", "takes over"),
        ("import torch", "ModuleNotFoundError"),
    ],
)
def test_what_goes_wrong_is_told(code: str, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        program_output(code, seconds=1.5)


def test_children_that_are_left_behind_are_killed() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid)"
    )
    pid = int(program_output(code))
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
