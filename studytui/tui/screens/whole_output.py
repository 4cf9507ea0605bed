"""All that a run said, however long: a screen that lays out only the lines that are seen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment as RichSegment
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.counting import many
from studytui.library.layout.safe import cells, clean
from studytui.tui.actions import bindings_over
from studytui.tui.copying import copy_out
from studytui.tui.painting import window
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.painted import Painted


class OutputView(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text, none of them folded: where one goes on out of sight, a mark says so."""

    DEFAULT_CSS = "OutputView { height: 1fr; }"

    def __init__(self, lines: Sequence[str], palette: Palette) -> None:
        super().__init__()
        self.lines = lines
        self.palette = palette
        self.virtual_size = Size(max(map(cells, lines), default=0) + 1, len(lines))

    def render_line(self, y: int) -> Strip:
        """One line, from where it was moved to."""
        left, top = self.scroll_offset
        place = top + y
        text = clean(self.lines[place]) if place < len(self.lines) else ""
        strip = Strip([RichSegment(text, self.palette.style(""))])
        shown = window(strip, left, self.size.width, self.palette.style("faint"))
        return shown.adjust_cell_length(self.size.width)


class WholeOutputScreen(ModalScreen[None]):
    """What a run said, from its first line to its last."""

    SCOPE = "output"
    BINDINGS = bindings_over(SCOPE)

    def __init__(self, palette: Palette, lines: Sequence[str]) -> None:
        super().__init__()
        self.palette = palette
        self.lines = lines

    def compose(self) -> ComposeResult:
        """The lines and the keys."""
        yield OutputView(self.lines, self.palette)
        bar = KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))
        count = len(self.lines)
        bar.say(many(count, "line"))
        yield bar

    def _view(self) -> OutputView:
        return self.query_one(OutputView)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self._view().scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scroll by screens."""
        view = self._view()
        view.scroll_relative(y=by * max(1, view.size.height - 1), animate=False)

    def action_top(self) -> None:
        """To the beginning."""
        self._view().scroll_home(animate=False)

    def action_bottom(self) -> None:
        """To the end."""
        self._view().scroll_end(animate=False)

    def action_shift(self, by: int) -> None:
        """Move long lines."""
        self._view().scroll_relative(x=by, animate=False)

    def action_copy(self) -> None:
        """Copy all of it."""
        copy_out(self, "\n".join(self.lines), "The output")

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss()
