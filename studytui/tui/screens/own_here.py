"""The reader's own cards and notes of an article, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from studytui.errors import StudyError
from studytui.library.layout.title import titled
from studytui.study.own import OwnItem, remove, written_of
from studytui.tui.actions import Action, bindings_over
from studytui.tui.guard import Things
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from studytui.study.desk import Desk


class OwnEntry(Vertical):
    """A card or a note: its place, and what it says."""

    def __init__(self, item: OwnItem, palette: Palette) -> None:
        super().__init__(classes="own-entry")
        self.item = item
        self.palette = palette

    def compose(self) -> ComposeResult:
        """Place and text."""
        quote = titled(self.item.cites.quote) or self.item.cites.of
        kind = "note" if self.item.is_note else "card"
        yield Lines([[(f"{kind}  ", "accent"), (quote, "faint")]], self.palette)
        yield Fragment(self.palette, self.item.text)


class OwnHereScreen(ModalScreen[OwnItem | None]):
    """All of them; it gives the one whose place is to be shown."""

    SCOPE = "own"
    CSS_PATH = "../styles/draft.tcss"
    BINDINGS = bindings_over(SCOPE)

    def __init__(
        self, desk: Desk, palette: Palette, items: Sequence[OwnItem], cursor: int = 0
    ) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.items = list(items)
        self.cursor = cursor
        self.changed = False

    def compose(self) -> ComposeResult:
        """The list and the keys."""
        with VerticalScroll(id="own-here", can_focus=False):
            for item in self.items:
                yield OwnEntry(item, self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """The one that is nearest."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        entries = list(self.query(OwnEntry))
        self.cursor = max(0, min(self.cursor, len(entries) - 1))
        for number, entry in enumerate(entries):
            entry.set_class(number == self.cursor, "chosen")
        if entries:
            self.query_one("#own-here").scroll_to_widget(entries[self.cursor], animate=False)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; a click on what is under it goes there."""
        entries = list(self.query(OwnEntry))
        place = next(
            (n for n, each in enumerate(entries) if each.region.contains(*event.screen_offset)),
            None,
        )
        if place is None:
            return
        if place == self.cursor:
            self.action_open()
        else:
            self.action_move(place - self.cursor)

    def in_sight(self) -> Things:
        """Those on the screen."""
        return frozenset(
            entry.item.id for entry in self.query(OwnEntry) if entry.region.overlaps(self.region)
        )

    def acts_on(self, item: Action | None) -> Things:
        """The one under the cursor."""
        return frozenset((self.item.id,))

    @property
    def item(self) -> OwnItem:
        """The one under the cursor."""
        return self.items[self.cursor]

    def action_move(self, by: int) -> None:
        """To another one."""
        self.cursor += by
        self._show()

    def action_open(self) -> None:
        """To its place."""
        self.dismiss(self.item)

    def action_edit(self) -> None:
        """Change it in the form, or in the editor where it is of another kind."""
        from studytui.tui.capturing import edit_draft

        edit_draft(self, self.desk, self.palette, self.item.id, self._edited)

    def _edited(self) -> None:
        self.changed = True
        self.dismiss(None)

    async def action_remove(self) -> None:
        """Take it away."""
        try:
            aside = remove(self.desk, written_of(self.desk, self.item.id))
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.notify(f"Taken away; its text is kept in {aside}", markup=False)
        self.changed = True
        del self.items[self.cursor]
        if not self.items:
            self.dismiss(None)
            return
        await list(self.query(OwnEntry))[self.cursor].remove()
        self._show()

    def action_close(self) -> None:
        """Back to the text."""
        self.dismiss(None)
