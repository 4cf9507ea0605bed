"""Set the stage, run the script, tell how it went."""

from __future__ import annotations

import atexit
import hashlib
import inspect
import os
import random
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import IO, NoReturn

from studytui.run import message
from studytui.run.child import hooks
from studytui.run.child.failure import describe
from studytui.run.child.keyboard import Keyboard
from studytui.run.child.mismatch import mismatch
from studytui.run.events import Output
from studytui.run.request import Request
from studytui.run.variables import DONE, environment

PATIENCE = 1.0
"""Seconds after which it is told that threads keep the run from its end."""


def run(request: Request, typed: IO[bytes] | None = None) -> int:
    """Run the script in this process. Returns its exit status; the descriptors are in place.

    ``typed`` brings the lines that a reader types, when the request says that there is one.
    """
    os.environ.update(environment(request))
    tempfile.tempdir = None  # the run has a temporary folder of its own
    _offer_to_killer()
    channel = message.open_channel(request.token, Path(request.folder))
    _open_streams(channel, typed if request.keyboard else None)
    sys.dont_write_bytecode = True
    os.chdir(request.folder)
    sys.argv = [request.path, *request.arguments]
    # Behind the library: no file of a pack takes the place of a module that others import.
    sys.path.append(request.home)
    for name in ("SIGINT", "SIGBREAK"):  # the second is how Windows interrupts a group
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    _seed()
    hooks.install(channel)
    status = _guarded(request, channel)
    hooks.finish()
    _wait_for_threads(channel)
    channel.close(DONE)
    return status


def _wait_for_threads(channel: message.Channel) -> None:
    """Python waits for threads before it leaves; where that takes long, it is told."""
    threads = [
        thread
        for thread in threading.enumerate()
        if thread is not threading.main_thread() and not thread.daemon
    ]
    late = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, late - time.monotonic()))
    left = sum(thread.is_alive() for thread in threads)
    if left:
        count = "1 thread" if left == 1 else f"{left} threads"
        channel.send(Output(f"main is over; the run goes on for {count} of its own.\n", "note"))


def _offer_to_killer() -> None:
    """When the machine runs out of memory, the kernel shall take the snippet, not the reader."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
            file.write("900")
    except OSError:
        return  # not Linux, or not allowed: the supervisor's own limit still stands


def _open_streams(channel: message.Channel, typed: IO[bytes] | None) -> None:
    """New streams on the descriptors: those of the warm server were on other files."""
    nothing = open(0, "rb", closefd=False)  # noqa: SIM115
    sys.stdin = Keyboard(nothing, channel, typed)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(  # noqa: SIM115
            descriptor, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _seed() -> None:
    # Processes forked from one server would all draw the same numbers.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _guarded(request: Request, channel: message.Channel) -> int:
    try:
        _execute(request)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return (leaving.code or 0) & 0xFF
        print(leaving.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # noqa: BLE001 - whatever a snippet raises is told, not ours
        failed = describe(error, Path(request.path))
        compared = mismatch(error, Path(request.path)) if request.check else None
        try:
            if compared is not None:
                channel.send(compared)
            channel.send(failed)
        except OSError:
            print(failed.traceback, file=sys.stderr)
        return 1
    return 0


def _execute(request: Request) -> None:
    path = Path(request.path)
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != request.digest:
        raise RuntimeError("the file has changed since it was looked at: run it again")
    module = types.ModuleType("__main__" if not request.check else "__exercise__")
    module.__file__ = str(path)
    module.__dict__["__builtins__"] = __builtins__
    # Processes that multiprocessing spawns find the script by this module.
    sys.modules[module.__name__] = module
    code = compile(raw, str(path), "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102 - running the snippet is what this process is for
    if request.check:
        for name in request.check:
            judge(module.__dict__[name], request.seeds)
        print("The check passed.")


def judge(check: Callable[..., object], seeds: tuple[int, ...]) -> None:
    """Call an exercise's check: with each seed if it takes one, else once."""
    if "seed" not in inspect.signature(check).parameters:
        check()
        return
    for seed in seeds:
        check(seed=seed)


def leave(status: int) -> NoReturn:
    """End the process as Python would, without the parent's exit handlers."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for the snippet's threads
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue  # closed by the snippet, or replaced
    os._exit(status)
