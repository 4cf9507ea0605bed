"""The reader's own editor, opened upon the running interface; in a browser one in its place."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import App, SuspendNotSupported

from studytui.study.editors import editor_command, word_before
from studytui.study.questions import Place

if TYPE_CHECKING:
    from studytui.tui.shell import StudyApp


def edit_source(app: App[object], place: Place, then: Callable[[], object] | None = None) -> bool:
    """Hand the terminal to the editor and wait; False when it was not, or not yet, edited.

    In a browser the file is edited in place: ``then`` is called when that is done. Where no editor
    can be opened that is told.
    """
    if app.is_web:
        _edit_in_place(cast("StudyApp", app), place, then)
        return False
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


def _edit_in_place(app: StudyApp, place: Place, then: Callable[[], object] | None) -> None:
    from studytui.tui.screens.editor import EditorScreen

    try:
        text = place.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        app.notify(f"It cannot be read: {error}", severity="error", markup=False)
        return

    def closed(_result: None) -> None:
        if then is not None:
            app.call_later(then)

    app.push_screen(EditorScreen(app.palette, place, text), closed)
