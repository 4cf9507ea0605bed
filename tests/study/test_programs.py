from __future__ import annotations

import psutil
import pytest

from studytui.errors import StudyError
from studytui.study.programs import program_output
from tests.patience import wait_until


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
    wait_until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
