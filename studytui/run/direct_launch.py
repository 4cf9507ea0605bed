"""A supervisor without a warm server: where there is no fork, or the server cannot be had.

The request comes on the first line of standard input, commands on the next; events go out by
standard output.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO

from studytui.run import devices
from studytui.run.events import Ended
from studytui.run.process import SET_SUBREAPER, control_process, start_command
from studytui.run.request import Request, from_line, to_line
from studytui.run.supervisor import STOP, Supervisor
from studytui.run.temporary import VARIABLES, own_folder
from studytui.run.variables import REQUEST_VARIABLE

POLL = 0.2
"""Seconds between two looks for the stop file."""


def supervise(request: Request, listener: IO[bytes] | None, control: IO[bytes] | None) -> Ended:
    """Run ``request`` in a fresh Python, or by its command, and watch it."""
    control_process(SET_SUBREAPER, 1)
    with own_folder(request) as request:
        path = Path(request.environment[VARIABLES[0]]) / "request.json"
        path.write_bytes(to_line(request))
        os.environ[REQUEST_VARIABLE] = str(path)
        process = start_command(request)
        subreaper = sys.platform == "linux"
        return Supervisor(request, process, listener, control, subreaper=subreaper).run()


def supervise_job(path: Path, stop: Path) -> str:
    """Inside a cluster's job: run the request at ``path`` until it ends or ``stop`` appears."""
    request = from_line(path.read_bytes())
    if request.device == devices.AUTO:
        request = replace(
            request, device="cuda" if os.environ.get("CUDA_VISIBLE_DEVICES") else "cpu"
        )
    titles = {device.name: device.title for device in devices.found()}
    request = replace(request, device_name=titles.get(request.device, ""))
    reader, writer = os.pipe()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(POLL):
            if stop.exists():
                os.write(writer, STOP)
                return

    threading.Thread(target=watch, daemon=True).start()
    ended = supervise(request, None, os.fdopen(reader, "rb"))
    over.set()
    return ended.status


def main() -> None:
    """``python -m studytui.run.direct_launch``."""
    line = sys.stdin.buffer.readline()
    if line:
        supervise(from_line(line), os.fdopen(os.dup(1), "wb"), sys.stdin.buffer)
        os._exit(0)  # a thread still waits for commands


if __name__ == "__main__":
    main()
