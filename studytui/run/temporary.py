"""A temporary folder for each run, that goes with it: what mkdtemp, torchrun and torch leave."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from studytui.paths import directories
from studytui.run.request import Request

PREFIX = "studytui-run-"
VARIABLES = ("TMPDIR", "TEMP", "TMP")
COMPILED = "TORCHINDUCTOR_CACHE_DIR"
"""What torch has compiled serves later runs too, and lies with what may be deleted at any time."""


@contextmanager
def own_folder(request: Request) -> Iterator[Request]:
    """The request with a temporary folder of its own; it is taken away at the end.

    It lies in the system's, under a short name: sockets of processes live in it, whose paths may
    not be long.
    """
    system = Path(tempfile.gettempdir())
    _sweep(system)
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=system)
    variables = dict.fromkeys(VARIABLES, folder)
    if COMPILED not in os.environ:
        variables[COMPILED] = str(directories().cache / "compiled")
    try:
        yield replace(request, environment={**variables, **request.environment})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove(request: Request) -> None:
    """Take the run's own folder away now."""
    folder = request.environment.get(VARIABLES[0], "")
    if Path(folder).name.startswith(PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(system: Path) -> None:
    """Take away the folders of runs whose watcher was killed."""
    for folder in system.glob(f"{PREFIX}*-*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        try:
            mine = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
            if mine and number.isdecimal() and not psutil.pid_exists(int(number)):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another run has just taken it away
