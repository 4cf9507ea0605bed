"""The environment of a run: what a snippet may read there, and what its processes tell each other.

A snippet may use ``STUDYTUI_DEVICE`` (cuda, mps or cpu), ``STUDYTUI_RUN`` (the run's id) and
``STUDYTUI_FOLDER`` (its folder, also the current one); without studytui they are not set.
"""

from __future__ import annotations

from pathlib import Path

from studytui.run.request import Request

DEVICE_VARIABLE = "STUDYTUI_DEVICE"
RUN_VARIABLE = "STUDYTUI_RUN"
FOLDER_VARIABLE = "STUDYTUI_FOLDER"
TOKEN_VARIABLE = "STUDYTUI_TOKEN"  # the name of a variable, not a secret
REQUEST_VARIABLE = "STUDYTUI_REQUEST"
KEYBOARD_VARIABLE = "STUDYTUI_KEYBOARD"
"""The descriptor by which lines that were typed come to a process that was not forked."""
BACK_END = "module://studytui.run.child.canvas"
LAUNCHER_FILE = "launcher.txt"
"""What torchrun says of itself, in the run's folder."""
LAUNCHER_BYTES = 200_000
DONE = "done"
"""What the child says last: without it, the run left by ``os._exit``."""


def temporary_files(folder: Path) -> dict[str, str]:
    """The variables by which every system finds the folder for temporary files."""
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))


def environment(request: Request) -> dict[str, str]:
    """The variables that a run adds to its environment."""
    variables = {
        RUN_VARIABLE: request.run_id,
        DEVICE_VARIABLE: request.device,
        TOKEN_VARIABLE: request.token,
        FOLDER_VARIABLE: request.folder,
        "MPLBACKEND": BACK_END,
        "COLUMNS": str(request.columns),
        "TTY_INTERACTIVE": "0",  # Rich does not animate its output
        "PYTHONUNBUFFERED": "1",
        # What is trusted is the source: bytecode that lay beside it would run in its place.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    }
    if request.device != "cuda":
        variables["CUDA_VISIBLE_DEVICES"] = ""
    return variables | request.environment
