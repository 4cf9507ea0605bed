"""What a reader does with the code of a snippet: see, trust, edit, compare it; keep its output.

Nearly all of it is actions and handlers, which Textual looks for on the panel itself: therefore a
mix-in, and no object that the panel holds.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from studytui.errors import StudyError
from studytui.run.outputs import kept_events
from studytui.run.transcript import transcript
from studytui.study.questions import Place
from studytui.tui.copying import copy_out
from studytui.tui.editing import edit_source
from studytui.tui.messages import SnippetBroken
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.run_messages import untrusted_line
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.text_lines import Styled

if TYPE_CHECKING:
    from studytui.library.blocks import SnippetBlock
    from studytui.run.edits import Copy
    from studytui.run.signature import Snippet
    from studytui.study.desk import Desk
    from studytui.study.running import Script, Workbench
    from studytui.tui.palette import Palette

    class _Panel(Widget):
        """What the panel has."""

        palette: Palette
        block: SnippetBlock
        desk: Desk
        snippet: Snippet | None
        copy: Copy | None
        script: Script | None
        trusted: bool
        _shown: str

        @property
        def workbench(self) -> Workbench: ...
        def say(self, line: Styled) -> None: ...
        def on_snippet_broken(self, message: SnippetBroken) -> None: ...
        def describe(self) -> None: ...
        def read_again(self) -> None: ...
        def keep_in_sight(self, *parts: str) -> None: ...
        @property
        def output(self) -> RunOutput: ...
        def _now(self) -> datetime: ...
else:
    # Textual takes the style sheet of the first base that is a widget: a mix-in may not be one.
    _Panel = object


class OwnCopy(_Panel):
    """Mix into the snippet panel, which holds the snippet, its copy and the workbench."""

    def action_source(self) -> None:
        """Show or hide the source."""
        listing = self.query_one("#snippet-source", Fragment)
        if listing.display:
            listing.show("")
        else:
            self.show_source()

    def show_source(self) -> None:
        """Show the source that would run: the copy's, if there is one."""
        if self.snippet is not None:
            source = self.copy.snippet.source if self.copy else self.snippet.source
            self.listing(source, "python")

    def listing(self, text: str, language: str) -> None:
        """Show code, all of it: no line of it can end the listing and be read as something else.

        Nothing hides the listing.
        """
        fence = "`" * (8 + max(map(len, re.findall("`+", text)), default=0))
        block = f"{fence}{language}\n{text}\n{fence}" if text else ""
        self.query_one("#snippet-source", Fragment).show(block)
        if block and self.has_focus_within:
            self.keep_in_sight("#snippet-state", "#snippet-source")

    def action_trust(self) -> None:
        """Let this code run from now on, once all of it has been shown."""
        if self.script is None or self.trusted:
            return
        bench = self.workbench
        try:
            seen = bench.untrusted(self.script)
            if seen is not None and seen.digest != self._shown:
                self._shown = seen.digest
                self.listing(seen.listing(), "python")
                self.say(untrusted_line(len(seen.files)))
                return
            if seen is not None:
                bench.trust(self.script, seen)
        except StudyError as error:
            self.on_snippet_broken(SnippetBroken(error))
            return
        self.trusted = True
        self.listing("", "python")
        self.say([("Trusted. ", "soft"), ("ctrl+j", "key"), (" runs it.", "soft")])

    def action_edit(self) -> None:
        """Edit a copy in the reader's editor; it is run from then on."""
        if self.snippet is None:
            return
        try:
            path = self.workbench.edits.make(self.snippet)
        except StudyError as error:
            self.say([(str(error), "warn")])
            return
        line = self.snippet.exercise.gaps[0].start if self.snippet.exercise else 1
        if edit_source(self.app, Place(path, line), self._take_copy):
            self._take_copy()

    def _take_copy(self) -> None:
        self.listing("", "")  # what it shows is not the code any more
        self.read_again()

    def action_difference(self) -> None:
        """Show how the copy differs from the original."""
        if self.snippet is None:
            return
        changes = self.workbench.edits.difference(self.snippet)
        if changes:
            self.listing(changes, "diff")
        else:
            self.say([("There is no copy that differs: ", "soft"), ("e", "key"), (" edit", "soft")])

    def action_original(self) -> None:
        """Back to the original; the copy is put aside, not thrown away."""
        if self.snippet is None or self.copy is None:
            return
        aside = self.workbench.edits.give_up(self.snippet)
        self.copy = None
        self.listing("", "")
        self.describe()
        self.say([(f"The original again. Your copy is kept: {aside}", "soft")])

    def action_copy_output(self) -> None:
        """Copy what was printed."""
        text = self.output.lines.text
        if text:
            copy_out(self, text, "The output")

    def action_whole(self) -> None:
        """Show all that the present run said."""
        from studytui.tui.screens.whole_output import WholeOutputScreen

        lines = self._whole()
        if lines:
            self.app.push_screen(WholeOutputScreen(self.palette, lines))
        else:
            self.say([("It has said nothing yet.", "soft")])

    def _whole(self) -> list[str]:
        """Every line that is kept of the present run; what the screen has, where none is."""
        folder = self.output.folder
        kept = list(transcript(kept_events(folder))) if folder is not None else []
        return kept or self.output.lines.text.splitlines()

    def action_save_output(self) -> None:
        """Write what was printed to a file, and say which."""
        text = "\n".join(self._whole())
        folder = self.desk.directories.data / "saved"
        path = folder / f"{self.block.name.replace('/', '-')}-{self._now():%Y%m%d-%H%M%S}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            self.say([(f"It cannot be saved: {error}", "bad")])
            return
        self.say([(f"Saved: {path}", "soft")])
