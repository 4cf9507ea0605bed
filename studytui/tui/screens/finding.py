"""Find in the article, and copying from it.

Nearly all of it is actions and handlers, which Textual looks for on the reader itself: therefore a
mix-in, and no object that the reader holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.library.blocks import CardBlock, DerivationBlock, SnippetBlock
from studytui.library.layout.layout_lines import Item
from studytui.library.plain import text_of
from studytui.library.walker import walk
from studytui.tui.copying import copy_out
from studytui.tui.find import folded
from studytui.tui.messages import FindChanged, FindClosed, FindMoved
from studytui.tui.widgets.bars import bar_of, open_bar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.screen import Screen

    from studytui.library.blocks import Block
    from studytui.tui.document import Document
    from studytui.tui.widgets.page import Page

    _Base = Screen[None]
else:
    _Base = object

_NAMES = {"formula": "Formula (TeX)", "code": "Listing", "table": "Table", "picture": "Path"}

SAID_FOR = 15
"""Seconds that the words of a formula stand there."""


class Finding(_Base):
    """Actions of the reader that look for words, and those that copy."""

    document: Document | None
    page: Page
    said: tuple[int, int, int] | None = None
    """The formula that was said last."""

    def action_find(self) -> None:
        """Type words to find."""
        from studytui.tui.widgets.filter import FindBar

        open_bar(self, FindBar, lambda: FindBar(self.page.marks.words))

    def on_find_changed(self, message: FindChanged) -> None:
        """Other words: mark them, and go to the first from here on."""
        marks = self.page.marks
        marks.words = message.words.strip()
        marks.match = None
        if marks.words:
            self._to_match(1, stay=True)
        self._tell_matches()
        self.page.repaint()

    def on_find_moved(self, message: FindMoved) -> None:
        """To another match."""
        self.action_match(message.by)

    def on_find_closed(self, message: FindClosed) -> None:
        """Back to the text; the words stay marked until Escape."""
        from studytui.tui.widgets.filter import FindBar

        # First: where the focus goes when its widget is taken away, there the page would scroll.
        self.set_focus(self.page, scroll_visible=False)
        for bar in self.query(FindBar):
            bar.remove()
        self._tell_matches()

    def action_match(self, by: int) -> None:
        """To the next or the previous match."""
        if self.page.marks.words:
            self._to_match(by)
            self._tell_matches()
            self.page.repaint()

    def _blocks_with_words(self) -> list[tuple[int, int]]:
        """The blocks that may have the words, (part, block): only these are laid out."""
        assert self.document is not None
        wanted = folded(self.page.marks.words)
        return [
            (part.number, index)
            for part in self.document.parts
            for index, block in enumerate(part.blocks)
            if (_may_have(block, wanted) if part.is_prose else wanted in folded(asked_by(block)))
        ]

    def _matches(self) -> list[tuple[int, int, int]]:
        """Every match: (part, block, number within the block); a live block is one."""
        found: list[tuple[int, int, int]] = []
        for part, block in self._blocks_with_words():
            prose = self.page.prose(part)
            count = len(prose.matches(block)) if prose is not None else 1
            found.extend((part, block, n) for n in range(count))
        return found

    def _to_match(self, by: int, stay: bool = False) -> None:
        matches = self._matches()
        if not matches:
            self.page.marks.match = None
            return
        here = self.page.marks.match
        if here is None or stay:
            spot = self.page.spot
            here = (spot.part, spot.block, -1)
        if by > 0:
            found = next((match for match in matches if match > here), matches[0])
        else:
            found = next((match for match in reversed(matches) if match < here), matches[-1])
        self.page.marks.match = found
        part, block, number = found
        prose = self.page.prose(part)
        line = 0
        if prose is not None:
            line = prose.laid.tops[block] + prose.matches(block)[number][0][0]
        self.page.reveal(part, line)

    def _tell_matches(self) -> None:
        from studytui.tui.widgets.filter import FindBar

        words = self.page.marks.words
        if not words:
            self.query_one(KeyBar).say("")
            return
        matches = self._matches()
        here = self.page.marks.match
        number = matches.index(here) + 1 if here in matches else 0
        told = f"{number} of {len(matches)}" if matches else "not in this article"
        if bar_of(self, FindBar) is None:
            told += ", esc clears"  # the marks stay for n and N
        self.query_one(KeyBar).say(told)

    def action_escape(self) -> None:
        """Take marks and selection away."""
        marks = self.page.marks
        marks.words, marks.match, marks.link, marks.item = "", None, None, None
        self.clear_selection()
        self._tell_matches()
        self.page.focus(scroll_visible=False)
        self.page.repaint()

    # Copying ---------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """The selection, or the next formula, listing or table on the screen."""
        selected = self.get_selected_text()
        if selected:
            copy_out(self, selected, "Selection")
            return
        items = self._items()
        if not items:
            self.notify("Nothing to copy on this screen; select words with the mouse.", timeout=3)
            return
        marked = self.page.marks.item
        keys = [key for key, _ in items]
        index = (keys.index(marked) + 1) % len(keys) if marked in keys else 0
        key, item = items[index]
        self.page.marks.item = key
        self.page.repaint()
        more = f" · {index + 1} of {len(keys)}, y for the next" if len(keys) > 1 else ""
        copy_out(self, item.copy, _NAMES.get(item.kind, "Text") + more)

    def action_say(self) -> None:
        """The marked formula in words, for those who hear the screen; then the next one."""
        from studytui.maths import speech

        formulas = [(key, item) for key, item in self._items() if item.kind == "formula"]
        if not formulas:
            self.notify("There is no formula on this screen that stands by itself.", timeout=3)
            return
        marks = self.page.marks
        keys = [key for key, _ in formulas]
        index = keys.index(marks.item) if marks.item in keys else 0
        if marks.item in keys and marks.item == self.said:
            index = (index + 1) % len(keys)
        key, item = formulas[index]
        self.said = marks.item = key
        self.page.repaint()
        more = f" · {index + 1} of {len(keys)}, w for the next" if len(keys) > 1 else ""
        words = speech(item.copy)
        self.notify(words, title=f"Formula in words{more}", timeout=SAID_FOR, markup=False)
        copy_out(self, words, "The words")

    def action_copy_text(self) -> None:
        """Ctrl+C copies what is selected; with nothing selected it is the app's."""
        from textual.actions import SkipAction

        selected = self.get_selected_text()
        if not selected:
            raise SkipAction
        copy_out(self, selected, "Selection")

    def _items(self) -> list[tuple[tuple[int, int, int], Item]]:
        """What can be copied on the screen, from the top."""
        found: dict[tuple[int, int, int], Item] = {}
        for widget, first, last in self.page.on_screen():
            if not isinstance(widget, Prose):
                continue
            for line in range(first, last):
                known = widget.item_at(line)
                if known is not None:
                    item, top = known
                    key = (widget.part.number, top + item.first, top + item.last)
                    found.setdefault(key, item)
        return list(found.items())


def asked_by(block: Block) -> str:
    """The words of a live block that stand open from the start: no answer is found by them."""
    match block:
        case CardBlock():
            return next(iter(block.card.shown()), "")
        case DerivationBlock():
            return f"{block.derivation.title} {block.derivation.given}"
        case SnippetBlock():
            return f"{block.name} {block.caption}"
        case _:
            return text_of(block)


def _may_have(block: Block, wanted: str) -> bool:
    """Whether the words are in a block; formulas look otherwise on the screen, so they may be."""
    text = " ".join(text_of(inner) for inner in walk((block,)))
    return "$" in text or wanted in folded(text)
