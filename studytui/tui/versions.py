"""The reader's own version of a card, from wherever it is shown: made, edited, gone back from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.study.own_files import own_problems
from studytui.study.own_versions import editable, go_back, settle
from studytui.study.questions import Place
from studytui.tui.editing import edit_source

if TYPE_CHECKING:
    from textual.app import App

    from studytui.study.desk import Desk
    from studytui.study.own import Written

LONG = 8
"""Seconds for what takes reading."""


def edit_version(
    app: App[object], desk: Desk, card: str, then: Callable[[], object] | None = None
) -> bool:
    """Open the card's source, or a copy of a shipped one, in the editor; whether it may differ.

    In a browser it is edited in place: ``then`` is called when that is done.
    """
    try:
        written = editable(desk, card)
    except StudyError as error:
        app.notify(str(error), title="Not edited", severity="error", markup=False)
        return False

    def done() -> None:
        if _settled(app, desk, written) and then is not None:
            app.call_later(then)

    edited = edit_source(app, Place(written.path, written.line), done)
    if app.is_web:
        return False
    return _settled(app, desk, written) and edited


def _settled(app: App[object], desk: Desk, written: Written) -> bool:
    """Look at what the editor left, and tell; whether anything is the reader's now."""
    try:
        changed = settle(desk, written)
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
