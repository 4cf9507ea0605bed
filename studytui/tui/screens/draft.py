"""A card or a note of the reader's own, written in place, with what it will look like below."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from studytui.cards.cloze import ClozeCard
from studytui.errors import StudyError
from studytui.library.layout.title import titled
from studytui.study.own import Draft, Form, Written, add, refuse_incomplete, rewrite
from studytui.tui.actions import bindings_over
from studytui.tui.guard import AsAWhole
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk

_TITLES = {Form.CARD: "card", Form.CLOZE: "gaps", Form.NOTE: "note"}
_LABELS = {
    Form.CARD: ("Question", "Answer"),
    Form.CLOZE: ("Text with gaps", "Shown after the answer"),
    Form.NOTE: ("Note", ""),
}
_GAP = re.compile(r"\{\{c(\d+)::")


class DraftField(TextArea):
    """Some lines of Markdown."""

    TAKES_LETTERS = True

    def __init__(self, id: str) -> None:
        super().__init__(show_line_numbers=False, compact=True, id=id, tab_behavior="focus")


class DraftLine(OneLine):
    """One line of it."""

    TAKES_LETTERS = True


class DraftScreen(AsAWhole, ModalScreen[Written | None]):
    """The form. It gives what was written, None when nothing was.

    ``drafts`` are what it begins with for each form: what is typed into one stays there while
    another is looked at. ``written`` is what is being changed, if it is not new.
    """

    SCOPE = "draft"
    CSS_PATH = "../styles/draft.tcss"
    BINDINGS = bindings_over(SCOPE)
    holds_what_was_typed = True
    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        palette: Palette,
        drafts: dict[Form, Draft],
        form: Form,
        written: Written | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.drafts = {**drafts}
        self.begun = {**drafts}
        self.form = form
        self.written = written
        self._warned = False

    def compose(self) -> ComposeResult:
        """The forms, the place, the fields, the preview, the keys."""
        with Vertical(id="draft"):
            yield Lines([], self.palette, id="draft-head")
            yield Lines([], self.palette, id="front-label")
            yield DraftField("front")
            yield Lines([], self.palette, id="back-label")
            yield DraftField("back")
            yield DraftLine(placeholder="tags, with blanks between", id="tags", compact=True)
            yield Lines([], self.palette, id="draft-told")
            with VerticalScroll(id="draft-preview", can_focus=False):
                yield Fragment(self.palette, id="preview-front")
                yield Fragment(self.palette, id="preview-back")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """What it begins with."""
        self._fill()
        front = self.query_one("#front", DraftField)
        front.move_cursor(front.document.end)
        front.focus()

    # What is in the fields -------------------------------------------------------------------

    def _fill(self) -> None:
        draft = self.drafts[self.form]
        self.query_one("#front", DraftField).load_text(draft.front)
        self.query_one("#back", DraftField).load_text(draft.back)
        self.query_one("#tags", DraftLine).value = " ".join(draft.tags)
        above, below = _LABELS[self.form]
        self.query_one("#front-label", Lines).show([[(above, "soft")]])
        self.query_one("#back-label", Lines).show([[(below, "soft")]])
        is_note = self.form is Form.NOTE
        for name in ("#back-label", "#back", "#tags"):
            self.query_one(name).display = not is_note
        self.query_one("#draft-head", Lines).show(self._head())
        self._tell("")

    def _head(self) -> list[Styled]:
        tones = {self.form: "accent strong"}
        forms = [(f" {_TITLES[form]} ", tones.get(form, "faint")) for form in self.drafts]
        line = [("Your own  ", "heading.1"), *forms]
        cites = self.drafts[self.form].cites
        if cites is None:
            return [line]
        place = f"{self._title(cites.article)}: {titled(cites.quote)}"
        room = max(20, self.app.size.width - 8)
        return [line, [(place if len(place) <= room else f"{place[: room - 1]}…", "faint")]]

    def _title(self, article: str) -> str:
        known = shell_of(self).shelf.entry(article)
        return titled(known.title) if known else article

    def typed(self) -> Draft:
        """What stands in the fields."""
        return replace(
            self.drafts[self.form],
            front=self.query_one("#front", DraftField).text,
            back=self.query_one("#back", DraftField).text,
            tags=tuple(dict.fromkeys(self.query_one("#tags", DraftLine).value.split())),
        )

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Show what it will look like."""
        event.stop()
        self._warned = False
        self._tell("")
        self._preview()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tags."""
        event.stop()
        self._warned = False

    def _preview(self) -> None:
        draft = self.typed()
        front, back = draft.front, draft.back
        if draft.form is Form.CLOZE and _GAP.search(front):
            card = ClozeCard(id="preview", article="", text=front)
            try:
                front = card.question(card.scheduled_ids[0], 0).prompt
            except StudyError as error:
                self._tell(str(error), "warn")
        self.query_one("#preview-front", Fragment).show(front)
        self.query_one("#preview-back", Fragment).show(back and f"---\n\n{back}")

    def _tell(self, text: str, tone: str = "warn") -> None:
        told = self.query_one("#draft-told", Lines)
        told.show([[(text, tone)]] if text else [])
        told.display = bool(text)

    def on_resize(self, event: events.Resize) -> None:
        """The place is cut to the width."""
        self.query_one("#draft-head", Lines).show(self._head())

    # Actions ---------------------------------------------------------------------------------

    def action_turn(self) -> None:
        """Make it another form; what was typed in this one stays in it."""
        self.drafts[self.form] = self.typed()
        forms = list(self.drafts)
        self.form = forms[(forms.index(self.form) + 1) % len(forms)]
        self._fill()

    def action_gap(self) -> None:
        """Hide the selected words; of a plain card that makes a text with gaps."""
        field = self.query_one("#front", DraftField)
        if self.form is Form.CARD and Form.CLOZE in self.drafts and not field.selected_text:
            self.action_turn()
            self._tell("select words with shift and the arrows, then F3 hides them", "soft")
            return
        words = field.selected_text
        if not words.strip():
            self._tell("select words with shift and the arrows, then F3 hides them", "soft")
            return
        numbers = [int(number) for number in _GAP.findall(field.text)]
        start, end = sorted((field.selection.start, field.selection.end))
        field.replace(f"{{{{c{max(numbers, default=0) + 1}::{words}}}}}", start, end)
        if self.form is Form.CARD and Form.CLOZE in self.drafts:
            text = field.text
            self.drafts[Form.CLOZE] = replace(self.drafts[Form.CLOZE], front=text)
            self.form = Form.CLOZE
            self._fill()
            self._preview()

    def action_save(self) -> None:
        """Write it; it stays here when that is not possible."""
        draft = self.typed()
        try:
            refuse_incomplete(draft)
            if self.written is None:
                done = add(self.desk, draft)
            else:
                rewrite(self.desk, self.written, draft)
                done = self.written
        except StudyError as error:
            self._tell(str(error), "bad")
            return
        self.dismiss(done)

    def action_close(self) -> None:
        """Leave; what was typed is only thrown away when asked for twice."""
        self.drafts[self.form] = self.typed()
        if self.drafts != self.begun and not self._warned:
            self._warned = True
            self._tell("Not saved yet: ctrl+s saves, another Esc throws it away")
            return
        self.dismiss(None)
