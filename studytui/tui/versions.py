"""The reader's own version of a card, from wherever it is shown: made, edited, gone back from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.study.asking import Place
from studytui.study.own_files import own_problems
from studytui.study.own_versions import editable, go_back, settle
from studytui.tui.editing import edit_source

if TYPE_CHECKING:
    from textual.app import App

    from studytui.study.desk import Desk

LONG = 8
"""Seconds for what takes reading."""


def edit_version(app: App[object], desk: Desk, card: str) -> bool:
    """Open the card's source, or a copy of a shipped one, in the editor; whether it may differ."""
    try:
        written = editable(desk, card)
        edited = edit_source(app, Place(written.path, written.line))
        changed = settle(desk, written) and edited
    except StudyError as error:
        app.notify(str(error), title="Not edited", severity="error", markup=False)
        return False
    if not changed:
        return False
    broken = [
        problem
        for problem in own_problems(desk.directories.own, desk.library)
        if problem.path == written.path
    ]
    if broken:
        app.notify(
            str(broken[0]),
            title="Your file has a problem",
            severity="warning",
            timeout=LONG,
            markup=False,
        )
    elif written.fresh:
        app.notify(
            "This is your version from now on, with the same history. O goes back to the original.",
            timeout=LONG,
            markup=False,
        )
    return True


def leave_version(app: App[object], desk: Desk, card: str) -> bool:
    """Go back to the original; whether there was a version to leave."""
    try:
        aside = go_back(desk, card)
    except StudyError as error:
        app.notify(str(error), markup=False)
        return False
    told = f"The original again, with the same history. Yours is kept in {aside}"
    app.notify(told, timeout=LONG, markup=False)
    return True
