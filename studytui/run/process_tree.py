"""All processes of a run: found, counted, measured, and ended without exception."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

import psutil

from studytui.run.variables import RUN_VARIABLE

ROUNDS = 400
HELPERS = ("forkserver", "resource_tracker")
CENSUS = 0.25
"""Seconds between two counts of all processes; the snippet's own is looked at every time."""


class Family:
    """The snippet's process and all that it started, whatever session they moved to.

    On Linux orphans become children of the supervisor (it is their subreaper), so that nothing
    can hide. Elsewhere those once seen are remembered, and the run's mark in the environment is
    looked for.
    """

    def __init__(self, pid: int, run_id: str, folder: str, *, subreaper: bool) -> None:
        self.pid = pid
        self.count = 1
        self.peak_bytes = 0
        self._run_id = run_id
        self._folder = folder
        self._subreaper = subreaper
        self._seen: dict[int, psutil.Process] = {}
        self._own: psutil.Process | None = None
        self._next_census = 0.0
        with contextlib.suppress(psutil.Error):
            self._own = psutil.Process(pid)

    def peak(self) -> int:
        """The most resident bytes at once, as far as was seen; at least the largest process's."""
        if sys.platform == "win32":
            return self.peak_bytes
        import resource

        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        # The system counts in KiB, except Apple's.
        return max(self.peak_bytes, largest * (1 if sys.platform == "darwin" else 1024))

    def measure(self) -> int:
        """Resident bytes of all; cheap enough for fifty times a second."""
        now = time.monotonic()
        if now >= self._next_census:
            used = self._census()
            # A count of many processes is dear: it may take a tenth of the time at most.
            self._next_census = now + max(CENSUS, 10 * (time.monotonic() - now))
        else:
            used = _resident(self._own) if self._own else 0
        self.peak_bytes = max(self.peak_bytes, used)
        return used

    def _census(self) -> int:
        members = self.members()
        self.count = len(members)
        if len(members) <= 1:
            return sum(map(_resident, members))
        # Forked processes share most of their memory: shared pages are counted once.
        return sum(map(_proportional, members))

    def members(self) -> list[psutil.Process]:
        """All that are alive, the snippet's own first. Reaps adopted ones that have ended."""
        found: dict[int, psutil.Process] = {}
        with contextlib.suppress(psutil.Error):
            if self._subreaper:
                found = {each.pid: each for each in psutil.Process().children(recursive=True)}
            elif self._own is not None:
                children = self._own.children(recursive=True)
                found = {each.pid: each for each in (self._own, *children)}
        if not self._subreaper:
            found |= {pid: each for pid, each in self._seen.items() if each.is_running()}
        alive = {pid: each for pid, each in found.items() if not self._reaped(each)}
        self._seen = alive
        return sorted(alive.values(), key=lambda each: each.pid != self.pid)

    def _reaped(self, process: psutil.Process) -> bool:
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                return False
            if process.pid != self.pid and process.ppid() == os.getpid():
                os.waitpid(process.pid, getattr(os, "WNOHANG", 0))
        except (psutil.Error, ChildProcessError):
            return True
        return True

    def interrupt(self) -> None:
        """Ask the snippet's process group to stop, as Ctrl+C does."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.pid, signal.SIGINT)
            else:
                os.kill(self.pid, getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))

    def end(self) -> int:
        """Kill all, until nobody is left. Returns how many there were besides the snippet's own.

        Those that multiprocessing starts for itself are not counted: nobody forgot them.
        """
        ended: set[int] = set()
        helpers = {each.pid for each in self.members() if _is_helper(each)}
        for _ in range(ROUNDS):
            members = self.members() or self._marked()
            if not members:
                break
            for each in members:
                # First stop, then kill: who is stopped cannot fork while the others are killed.
                with contextlib.suppress(psutil.Error):
                    if os.name == "posix" and len(members) > 1:
                        each.send_signal(signal.SIGSTOP)
            for each in members:
                ended.add(each.pid)
                with contextlib.suppress(psutil.Error):
                    each.kill()
            time.sleep(0.005)
        return len(ended - helpers - {self.pid})

    def _marked(self) -> list[psutil.Process]:
        """Those that bear the run's mark: needed where there is no subreaper."""
        if self._subreaper:
            return []
        found = []
        for each in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if each.pid != os.getpid() and self._bears_mark(each) and not self._reaped(each):
                    found.append(each)
        return found

    def _bears_mark(self, process: psutil.Process) -> bool:
        # What was forked without exec shows its parent's environment: it is known by its folder.
        if process.cwd() == self._folder:
            return True
        return process.environ().get(RUN_VARIABLE) == self._run_id


def _is_helper(process: psutil.Process) -> bool:
    """Whether it is multiprocessing's fork server or its resource tracker, or ends just now."""
    try:
        words = " ".join(process.cmdline())
    except psutil.Error:
        return True
    return not words or any(f"from multiprocessing.{name} import" in words for name in HELPERS)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _proportional(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.uss)
    except (psutil.Error, OSError):
        return _resident(process)
