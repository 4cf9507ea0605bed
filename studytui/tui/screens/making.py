"""Cards and notes made while reading: of what is selected, focused, marked, or chosen by keys.

Nearly all of it is actions and handlers, which Textual looks for on the reader itself: therefore a
mix-in, and no object that the reader holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.library.layout.layout_lines import Item
from studytui.library.markdown import escaped, fenced
from studytui.study.own import Form
from studytui.tui.capturing import write_draft
from studytui.tui.document import Spot
from studytui.tui.find import matches_in
from studytui.tui.messages import PickClosed, PickMoved, PickTaken
from studytui.tui.taking import (
    Taken,
    Unit,
    citation_at,
    cue_at,
    live_taken,
    taken,
    taken_words,
    units,
)
from studytui.tui.widgets.bars import open_bar
from studytui.tui.widgets.derivation_lines import Worked
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.pick_bar import PickBar
from studytui.tui.widgets.prose import Prose
from studytui.tui.widgets.question import QuestionView

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from studytui.library.blocks import Block
    from studytui.study.desk import Desk
    from studytui.tui.document import Document
    from studytui.tui.palette import Palette
    from studytui.tui.widgets.page import Page

    class _Base(Screen[None]):
        """What the reader has."""

        desk: Desk
        palette: Palette

        def _focused_part(self) -> int: ...
        def _items(self) -> list[tuple[tuple[int, int, int], Item]]: ...
else:
    _Base = object


LISTED = 60
"""Lines of a program that are put into the form; the reader leaves what matters."""


@dataclass
class Picking:
    """What is being chosen: the units from ``first`` to ``last`` (both in), for a form."""

    units: Sequence[Unit]
    first: int
    last: int
    form: Form

    @property
    def chosen(self) -> Sequence[Unit]:
        """The units."""
        return self.units[self.first : self.last + 1]


class Taking(_Base):
    """Mix into the reader."""

    document: Document | None
    page: Page
    picking: Picking | None = None

    # Making ----------------------------------------------------------------------------------

    def action_card(self) -> None:
        """A card of what is chosen, or choose first."""
        self._make(Form.CARD)

    def action_note(self) -> None:
        """A note beside what is chosen, or choose first."""
        self._make(Form.NOTE)

    def _make(self, form: Form) -> None:
        if self.document is None:
            return
        found = self._selected() or self._focused() or self._marked()
        if found is None:
            self._pick(form)
            return
        self.clear_selection()
        write_draft(self, self.desk, self.palette, found, form)

    def _selected(self) -> Taken | None:
        """What was selected with the mouse."""
        assert self.document is not None
        words = self.get_selected_text()
        if not words or not words.strip():
            return None
        widget, selection = next(iter(self.selections.items()))
        if isinstance(widget, Prose):
            line = selection.start.y if selection.start is not None else 0
            spot = Spot(widget.part.number, widget.laid.index_at(line))
            exact = taken_words(self.document, spot, words)
            if exact is not None:
                return exact
            block = widget.part.blocks[spot.block]
            quote = Unit(spot.part, spot.block, block).words
            cites = citation_at(self.document, spot, quote)
            return Taken(escaped(words), cites, cue_at(self.document, spot))
        part = self._part_of(widget)
        if part < 0:
            return None
        found = live_taken(self.document, part)
        text = fenced(words, "python") if widget.id == "snippet-source" else escaped(words)
        return Taken(text, found.cites, cue_at(self.document, Spot(part)))

    def _part_of(self, widget: Widget) -> int:
        for each in widget.ancestors_with_self:
            if isinstance(each, LiveBlock):
                return int(getattr(each, "part_number", -1))
        return -1

    def _focused(self) -> Taken | None:
        """What the focused live block gives."""
        assert self.document is not None
        block = self.focused_block()
        if block is None:
            return None
        part = self._focused_part()
        widget = self.page.widget_of(part)
        source = _shown_source(widget) if widget is not None else ""
        views = widget.query(QuestionView) if widget is not None else ()
        is_answered = all(view.is_open for view in views)
        return live_taken(self.document, part, source, is_answered=is_answered)

    def _marked(self) -> Taken | None:
        """The formula, listing or table that was marked by copying it, while it is seen."""
        assert self.document is not None
        mark = self.page.marks.item
        item = dict(self._items()).get(mark) if mark is not None else None
        prose = self.page.prose(mark[0]) if mark is not None and item is not None else None
        if mark is None or item is None or prose is None:
            return None
        index = prose.laid.index_at(mark[1])
        spot = Spot(mark[0], index)
        text = {"formula": f"$$\n{item.copy}\n$$", "code": fenced(item.copy)}.get(item.kind)
        unit = Unit(mark[0], index, prose.part.blocks[index])
        whole = unit.markdown(self.document.article.id)
        cites = citation_at(self.document, spot, unit.words)
        return Taken(text or whole, cites, cue_at(self.document, spot))

    # Choosing by keys ------------------------------------------------------------------------

    def _pick(self, form: Form) -> None:
        assert self.document is not None
        if self.picking is not None:
            # Asked again while choosing: what is chosen stays, for what was asked last.
            self.picking.form = form
            self._open_pick_bar(form)
            return
        found = list(units(self.document))
        first = self._first_in_sight(found)
        if first is None:
            self.notify("No words to choose are on the screen: scroll to some.", timeout=3)
            return
        self.picking = Picking(found, first, first, form)
        self._open_pick_bar(form)
        self._mark_chosen()

    def _first_in_sight(self, found: Sequence[Unit]) -> int | None:
        """The first unit that begins on the screen, or else the first of which some is there."""
        partly: int | None = None
        for widget, first, last in self.page.on_screen():
            if not isinstance(widget, Prose) or first >= last:
                continue
            number, flow = widget.part.number, widget.laid
            seen = range(flow.index_at(first), flow.index_at(last - 1) + 1)
            for place, unit in enumerate(found):
                if unit.part != number or unit.index not in seen:
                    continue
                rows = [row for _, row, _, _ in _stretches(widget, unit)]
                if rows and first <= rows[0] < last:
                    return place
                if partly is None and any(first <= row < last for row in rows):
                    partly = place
        return partly

    def _open_pick_bar(self, form: Form) -> None:
        open_bar(self, PickBar, lambda: PickBar(self.palette, form.value)).ask(form.value)

    def on_pick_moved(self, message: PickMoved) -> None:
        """Another unit, or more of them."""
        picking = self.picking
        if picking is None:
            return
        end = len(picking.units) - 1
        if message.more:
            picking.last = max(picking.first, min(end, picking.last + message.by))
        else:
            picking.first = picking.last = max(0, min(end, picking.first + message.by))
        self._show_pick()

    def _show_pick(self) -> None:
        """Mark what is chosen, and bring it onto the screen."""
        assert self.picking is not None
        stretches = self._mark_chosen()
        if stretches:
            # What was added last stays in sight.
            part, line = stretches[-1][:2] if len(self.picking.chosen) > 1 else stretches[0][:2]
            self.page.reveal(part, line)

    def _mark_chosen(self) -> list[tuple[int, int, int, int]]:
        """Mark what is chosen; where that stands."""
        assert self.picking is not None
        stretches: list[tuple[int, int, int, int]] = []
        for unit in self.picking.chosen:
            prose = self.page.prose(unit.part)
            if prose is not None:
                stretches += _stretches(prose, unit)
        self.page.marks.taken = tuple(stretches)
        self.page.repaint()
        return stretches

    def on_pick_taken(self, message: PickTaken) -> None:
        """Make something of it."""
        picking = self.picking
        self.on_pick_closed(PickClosed())
        if picking is not None and self.document is not None:
            found = taken(self.document, picking.chosen)
            write_draft(self, self.desk, self.palette, found, picking.form)

    def on_pick_closed(self, message: PickClosed) -> None:
        """Back to the text."""
        self.picking = None
        self.page.marks.taken = ()
        self.set_focus(self.page, scroll_visible=False)
        for bar in self.query(PickBar):
            bar.remove()
        self.page.repaint()

    def end_picking(self) -> None:
        """Another text comes: what could be chosen is not there any more."""
        if self.picking is not None:
            self.on_pick_closed(PickClosed())

    def focused_block(self) -> Block | None:
        """The live block that has the focus."""
        if self.document is None or self.focused in (None, self.page):
            return None
        part = self.document.parts[self._focused_part()]
        return None if part.is_prose else part.blocks[0]


def _shown_source(widget: Widget) -> str:
    """The program that a live block shows, as a listing, or the last line of a derivation."""
    for each in widget.query(Worked):
        written = [row.text for row in each.rows if row.text]
        return written[-1] if len(written) > 1 else ""
    for listing in widget.query("#snippet-source").results(Fragment):
        # Its lines without the fence, which is longer than it need be.
        lines = listing.markdown.split("\n")[1:-1][:LISTED]
        return fenced("\n".join(lines), "python") if lines else ""
    return ""


def _stretches(prose: Prose, unit: Unit) -> list[tuple[int, int, int, int]]:
    """Where a unit stands in a run of prose: a sentence by its words, a block by its lines."""
    flow = prose.laid
    piece, top = flow.piece(unit.index), flow.tops[unit.index]
    found = matches_in(piece, unit.shown) if unit.inlines else ()
    if found:
        return [(unit.part, top + row, start, end) for row, start, end in found[0]]
    return [
        (unit.part, top + row, line.indent, len(line.text))
        for row, line in enumerate(piece.lines)
        if line.text.strip()
    ]
