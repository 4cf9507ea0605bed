"""A supervisor without a warm server: where there is no fork, or the server cannot be had.

The request comes on the first line of standard input, commands on the next; events go out by
standard output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from studytui.run.process import SET_SUBREAPER, control_process, start_command
from studytui.run.request import Request, from_line, to_line
from studytui.run.supervisor import Supervisor
from studytui.run.variables import REQUEST_VARIABLE


def supervise(request: Request) -> None:
    """Run ``request`` in a fresh Python, or by its command, and watch it."""
    control_process(SET_SUBREAPER, 1)
    listener = os.fdopen(os.dup(1), "wb")
    with tempfile.TemporaryDirectory(prefix="studytui-") as folder:
        path = Path(folder) / "request.json"
        path.write_bytes(to_line(request))
        os.environ[REQUEST_VARIABLE] = str(path)
        Supervisor(
            request,
            start_command(request),
            listener,
            sys.stdin.buffer,
            subreaper=sys.platform == "linux",
        ).run()


def main() -> None:
    """``python -m studytui.run.cold``."""
    line = sys.stdin.buffer.readline()
    if line:
        supervise(from_line(line))
        sys.stdout.flush()
        os._exit(0)  # a thread still waits for commands


if __name__ == "__main__":
    main()
