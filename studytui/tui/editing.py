"""The reader's own editor, opened upon the running interface."""

from __future__ import annotations

import os
import shlex
import subprocess

from textual.app import App, SuspendNotSupported

from studytui.study.asking import Place

LINE_FLAG = ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne")


def editor_command(place: Place, environment: dict[str, str]) -> list[str]:
    """The command that opens a file at a line, by ``$VISUAL`` or ``$EDITOR``."""
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    command = shlex.split(chosen)
    name = os.path.basename(command[0])  # noqa: PTH119 - a command, not a path of ours
    if name in ("code", "codium"):
        return [*command, "--wait", "--goto", f"{place.path}:{place.line}"]
    if name in ("hx", "helix", "zed", "subl"):
        return [*command, f"{place.path}:{place.line}"]
    line = [f"+{place.line}"] if name in LINE_FLAG and place.line > 0 else []
    return [*command, *line, str(place.path)]


def edit_source(app: App[object], place: Place) -> bool:
    """Hand the terminal to the editor and wait; False, told, when that is not possible."""
    try:
        command = editor_command(place, dict(os.environ))
        with app.suspend():
            code = subprocess.run(command, check=False).returncode
    except SuspendNotSupported:
        app.notify(f"No editor can be opened here: {place.path}:{place.line}", markup=False)
        return False
    except (OSError, ValueError) as error:
        app.notify(
            f"The editor cannot be opened: {error}. Set EDITOR.", severity="error", markup=False
        )
        return False
    if code:
        app.notify(f"The editor ended with status {code}", severity="warning", markup=False)
    return True
