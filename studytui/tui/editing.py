"""The reader's own editor, opened upon the running interface."""

from __future__ import annotations

import os
import subprocess

from textual.app import App, SuspendNotSupported

from studytui.study.asking import Place
from studytui.study.editors import editor_command, word_before


def edit_source(app: App[object], place: Place) -> bool:
    """Hand the terminal to the editor and wait; False, told, when that is not possible."""
    try:
        command = editor_command(place.path, place.line, os.environ)
        with app.suspend():
            if says := word_before(command, os.environ):
                input(f"{says}\nEnter goes on. ")
            code = subprocess.run(command, check=False).returncode
    except SuspendNotSupported:
        app.notify(f"No editor can be opened here: {place.path}:{place.line}", markup=False)
        return False
    except (OSError, ValueError, EOFError) as error:
        app.notify(
            f"The editor cannot be opened: {error}. Set EDITOR.", severity="error", markup=False
        )
        return False
    if code:
        app.notify(f"The editor ended with status {code}", severity="warning", markup=False)
    return True
