"""From what was taken to the form, and from the form into the reader's own pack."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from studytui.errors import StudyError
from studytui.study.own import Draft, Form, Written, draft_of, written_of
from studytui.tui.messages import OwnChanged, ReviewChanged
from studytui.tui.taking import Taken
from studytui.tui.typed_app import shell_of

if TYPE_CHECKING:
    from textual.screen import Screen

    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette

SEEN_FOR = 5
"""Seconds that it is told where something was written."""


def drafts_of(taken: Taken) -> dict[Form, Draft]:
    """What each form begins with: what was taken is the answer, the text with gaps, the quote."""
    return {
        Form.CARD: Draft(Form.CARD, taken.cue, taken.markdown, (), taken.cites),
        Form.CLOZE: Draft(Form.CLOZE, taken.markdown or taken.cue, "", (), taken.cites),
        Form.NOTE: Draft(Form.NOTE, "", "", (), taken.cites),
    }


def write_draft(
    screen: Screen[Any], desk: Desk, palette: Palette, taken: Taken, form: Form
) -> None:
    """Open the form; what is written is told, and the screen hears of it."""
    from studytui.tui.screens.draft import DraftScreen

    done = partial(_written, screen, "Saved")
    screen.app.push_screen(DraftScreen(desk, palette, drafts_of(taken), form), done)


def edit_draft(
    screen: Screen[Any], desk: Desk, palette: Palette, id: str, done: Callable[[], None]
) -> None:
    """Change a card or a note in the form; one that the form has no fields for in the editor."""
    from studytui.tui.screens.draft import DraftScreen
    from studytui.tui.versions import edit_version

    try:
        draft, written = draft_of(desk, id), written_of(desk, id)
    except StudyError as error:
        screen.notify(str(error), severity="error", markup=False)
        return

    def finished(saved: Written | None) -> None:
        if saved is not None:
            done()
            _written(screen, "Changed", saved)

    if draft is not None:
        form = DraftScreen(desk, palette, {draft.form: draft}, draft.form, written)
        screen.app.push_screen(form, finished)
    elif edit_version(screen.app, desk, id, lambda: finished(written)):
        finished(written)


def _written(screen: Screen[Any], how: str, written: Written | None) -> None:
    if written is None:
        return
    told = f"{how} in {written.path}:{written.line}"
    screen.notify(told, title="Your own", timeout=SEEN_FOR, markup=False)
    app = shell_of(screen)
    app.post_message(ReviewChanged())
    app.post_message(OwnChanged())
