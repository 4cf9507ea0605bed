"""The worker dies with its owner, and takes nothing from where the user stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict
from tests.patience import PATIENCE, wait_until

OWNER = """
import sys, time
from studytui.derive.process.prover import Prover
prover = Prover(seconds=2)
prover.equal("x", "x")
print(prover.worker.process.pid, flush=True)
prover.equal("int(sin(x^2)/(1 + x^4), x, 0, oo)", "1/3 + sum(sin(k)/k^5, k, 1, oo)")
time.sleep(60)
"""


def test_a_killed_owner_leaves_no_worker_behind() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    worker = psutil.Process(int(owner.stdout.readline()))
    (checking,) = worker.children()
    before = checking.cpu_times().user
    wait_until(lambda: checking.cpu_times().user > before + 0.1)  # in the middle of the check
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    # A check that runs ends first: at its limit, by an alarm of its own.
    _, alive = psutil.wait_procs([worker, checking], timeout=PATIENCE)
    assert not alive


def test_nothing_in_the_current_folder_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sympy", "mpmath", "random", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'CANARY')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    with Prover(seconds=10) as prover:
        assert prover.equal("x + x", "2 x").verdict is Verdict.PROVED
    assert not (tmp_path / "CANARY").exists()
