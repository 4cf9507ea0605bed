"""What the scheduler says of a job, and how it is told to end it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import Protocol

import psutil

PATIENCE = 15.0
"""Seconds for one command of the scheduler."""


@dataclass(frozen=True, slots=True)
class State:
    """``text`` for a person; ``waiting`` in the queue; ``over`` when the job is no more."""

    text: str
    waiting: bool = False
    over: bool = False


class Scheduler(Protocol):
    """Knows one job."""

    def state(self) -> State:
        """How the job stands now. Never raises."""

    def cancel(self) -> None:
        """End the job. Never raises."""


class Slurm:
    """By squeue and scancel: sacct would need an accounting database."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id

    def state(self) -> State:
        """``squeue``: a job that it no longer knows is over."""
        answer = _command("squeue", "--noheader", "--jobs", self._job_id, "--format", "%T %R")
        if answer is None:
            return State("the scheduler does not answer; the run itself may well go on")
        code, out, err = answer
        if code:
            if "Invalid job id" in err:
                return State("", over=True)
            return State(f"the scheduler does not answer: {err.strip()[-200:]}")
        word, _, reason = out.strip().partition(" ")
        if not word or word in ("COMPLETED", "COMPLETING"):
            return State("", over=not word)
        if word in ("PENDING", "CONFIGURING"):
            return State(f"waiting {reason.replace('(None)', '')}".strip(), waiting=True)
        over = word in ("CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL")
        return State(word.lower(), over=over)

    def cancel(self) -> None:
        """``scancel``."""
        _command("scancel", self._job_id)


class Local:
    """submitit's own executor, which starts the job as a process of this machine."""

    def __init__(self, job_id: str) -> None:
        self._pid = int(job_id)

    def state(self) -> State:
        """By the process: its id is the job's."""
        try:
            over = psutil.Process(self._pid).status() == psutil.STATUS_ZOMBIE
        except psutil.Error:
            over = True
        return State("", over=over)

    def cancel(self) -> None:
        """Kill it; its own supervisor takes the rest along."""
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGTERM)


def scheduler_of(name: str, job_id: str) -> Scheduler:
    """The scheduler that knows the job."""
    return Slurm(job_id) if name == "slurm" else Local(job_id)


def _command(*words: str) -> tuple[int, str, str] | None:
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout, done.stderr
