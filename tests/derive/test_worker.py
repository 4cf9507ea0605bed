"""The worker dies with its owner, whatever way that one went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

OWNER = """
import sys, time
from studytui.derive.prover import Prover
prover = Prover(seconds=60)
prover.equal("x", "x")
print(prover._service._process.pid, flush=True)
prover.equal("Sum(sin(k^2)/k, (k, 1, n))", "Sum(sin(k^2)/k, (k, 1, n)) + 10^-40 * n")
time.sleep(60)
"""


def test_a_killed_owner_leaves_no_worker_behind() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    worker = psutil.Process(int(owner.stdout.readline()))
    family = [worker, *worker.children(recursive=True)]
    time.sleep(0.1)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    # The check that runs ends first; its last resort is an alarm after the limit.
    for process in family[1:]:
        process.kill()
    _, alive = psutil.wait_procs([worker], timeout=20)
    assert not alive
