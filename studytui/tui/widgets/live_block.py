"""What all live blocks of an article have in common: a head line, a body, and who answers keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from rich.segment import Segment as RichSegment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.library.layout.layout_lines import Line, Span
from studytui.library.layout.safe import cells
from studytui.library.layout.title import titled
from studytui.library.layout.wrap import wrap
from studytui.study.attention import Subject
from studytui.tui.actions import Action
from studytui.tui.guard import NOTHING, Things
from studytui.tui.messages import KeysChanged
from studytui.tui.painting import paint
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widget_lifecycle import UntilGone, is_gone
from studytui.tui.widgets.painted import Even, Painted, Sized

if TYPE_CHECKING:
    from studytui.memory.ledger import Outcome
    from studytui.memory.rating import Rating
    from studytui.study.desk import Desk

_MARK = 3
"""Cells of the mark, with the blanks after it."""
_KIND_GAP = 2
_ASIDE = " · "


class HeadLine(Painted, Widget):
    """A mark, the title, and at the right what kind of thing this is: on one line if it fits."""

    def __init__(self, mark: str, title: str, kind: str, palette: Palette) -> None:
        super().__init__()
        self.mark = mark
        self.title = title
        self.kind = kind
        self.aside = ""
        self.palette = palette

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines of the title, and one for the kind where it does not fit beside the last."""
        return len(self._lines(width))

    def look(self) -> object:
        """The words and the theme."""
        return self.mark, self.title, self.kind, self.aside, self.palette.generation

    def _lines(self, width: int) -> list[Line]:
        """What stands at the left, line by line."""
        room = width - _MARK - _KIND_GAP
        lines = wrap([Span(self.title, "title")], max(room - self._kind_cells, 1))
        if len(lines) == 1 or room < 1:
            return lines
        lines = wrap([Span(self.title, "title")], room)
        return lines if lines[-1].width + self._kind_cells <= room else [*lines, Line()]

    @property
    def _kind_cells(self) -> int:
        return cells(self.kind) + (cells(self.aside) + len(_ASIDE) if self.aside else 0)

    def render_line(self, y: int) -> Strip:
        """One line of the title, and the kind at the right of the last."""
        width, style = self.size.width, self.palette.style
        lines = self._lines(width)
        mark = f"{self.mark:<{_MARK}}" if y == 0 else " " * _MARK
        shown = Strip([RichSegment(mark, style("accent"))])
        if y < len(lines):
            room = max(0, width - _MARK)
            shown = Strip.join([shown, paint(lines[y], self.palette, room)])
        if y != len(lines) - 1:
            return shown.adjust_cell_length(width)
        aside = [RichSegment(f"{self.aside}{_ASIDE}", style("accent"))] if self.aside else []
        kind = Strip([*aside, RichSegment(self.kind, style("faint"))])
        left = shown.adjust_cell_length(max(0, width - kind.cell_length))
        return Strip.join([left, kind]).adjust_cell_length(width)

    def remark(self, aside: str) -> None:
        """Put a word before those at the right: whose version it is, that there is a note."""
        self.aside = aside
        self.refresh(layout=True)

    def say(self, kind: str) -> None:
        """Put other words at the right."""
        if kind != self.kind:
            self.kind = kind
            self.refresh(layout=True)


TAKEN_FOR = 6
"""Seconds that it stands there which grade was taken."""
_PAGES = ("page", "review-page")
"""What scrolls: of the reader, of the review."""


class LiveBlock(UntilGone, Even, Sized, Vertical, can_focus=True, inherit_bindings=False):
    """Base of the widgets that stand for snippets, derivations and cards in the text.

    A subclass sets ``SCOPE`` (its table in :mod:`studytui.tui.actions`), ``BINDINGS =
    bindings(SCOPE)``, and yields its body from :meth:`body`. It is as wide as the column of text
    and as high as its content; the page keeps the reader's place whatever its height does. While
    ``is_busy`` is true the page never takes it away. ``subject`` is what time counts for here.
    """

    SCOPE = ""
    MARK = "◆"
    is_read = True
    """Whether what it shows has been read; one that reads it in a worker says so."""
    outcome: Outcome | None = None
    """The grade that was given here, as long as it stands."""
    is_seen = False
    """Whether some of it is on the screen, as the page told it last."""

    def __init__(self, title: str, kind: str, palette: Palette) -> None:
        super().__init__(classes="live")
        self.subject: Subject | None = None
        self.palette = palette
        self._in_sight: tuple[tuple[str, ...], object] = (), None
        """What is to stay on the screen, and where the page stood when it was brought there."""
        self.head = HeadLine(self.MARK, titled(title), kind, palette)

    def focus(self, scroll_visible: bool = False) -> Self:
        """Give it the keys. The page stays: it would show the top of what is higher than it is."""
        return super().focus(scroll_visible)

    def interrupt(self) -> bool:
        """Stop what runs here; whether anything did."""
        return False

    def take_seconds(self) -> float:
        """What was spent here and is not written down yet."""
        return shell_of(self).attention.take(self.subject) if self.subject else 0.0

    def acts_on(self, item: Action | None) -> Things:
        """Itself; until a grade is proposed, beginning only opens a field or the answer."""
        if item is not None and item.call == "begin" and getattr(self, "proposed", None) is None:
            return NOTHING
        return frozenset((self,))

    def label_of(self, item: Action) -> str:
        """What the key bar calls an action here: nothing, where its key would do nothing."""
        return item.label

    @property
    def is_judging(self) -> bool:
        """Whether it judges what was typed."""
        return False

    @property
    def is_answering(self) -> bool:
        """Whether it reads or judges something before it can take the next key."""
        return self.is_judging or (not self.is_read and self._works())

    def _works(self) -> bool:
        """Whether a worker of its own is at work: whatever became of it, keys go on after that."""
        return any(each.node is self and not each.is_finished for each in self.app.workers)

    @property
    def is_busy(self) -> bool:
        """Whether something would be lost if the widget were made anew."""
        return False

    def take_proposed(self) -> Rating | None:
        """Record the grade that the work here was judged to be worth, if one is proposed.

        Returns:
            What was recorded.

        Raises:
            StudyError: It cannot be recorded.
        """
        return None

    def leave_sight(self) -> None:
        """Whoever turns away from what was judged has taken its grade; that is told.

        Only here, while it is what the reader has just seen: never later, out of sight.
        """
        if not self.is_seen:
            return
        self.is_seen = False
        try:
            taken = self.take_proposed()
        except StudyError as error:
            self.app.notify(str(error), severity="error", markup=False)
            return
        if taken is not None:
            told = f"{self.head.title}: taken as {taken.name.lower()} · ctrl+z"
            self.app.notify(told, timeout=TAKEN_FOR, markup=False)

    def on_unmount(self) -> None:
        """The article was left, or the app, while it was seen."""
        self.leave_sight()

    def compose(self) -> ComposeResult:
        """The head line and the body."""
        yield self.head
        yield from self.body()

    def body(self) -> ComposeResult:
        """What stands under the head line."""
        yield from ()

    async def on_mount(self) -> None:
        """Fill the body."""
        await self.begin()

    async def begin(self) -> None:
        """Show what there is, once the body stands."""

    def look_again(self, desk: Desk) -> None:
        """Whether the grade given here still stands: elsewhere it may have been taken back."""
        given = self.outcome
        if given is None:
            return  # and the journal need not be open
        if desk.ledger.state(given.card).last_event != given.after.last_event:
            self.outcome = None
            self.call_later(self.ask_again)

    async def ask_again(self) -> None:
        """Show what there is now that the grade given here is gone."""

    def keep_in_sight(self, *parts: str) -> None:
        """Bring the widgets of these ids or classes onto the screen, and keep them there.

        Where they do not fit together, the first named is what stays. They are kept while the
        block grows, until the reader moves.
        """
        self._in_sight = parts, None
        self.call_after_refresh(self._bring_into_sight)

    def on_resize(self) -> None:
        """What was said last may be laid out only now: a refresh does not wait for children."""
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        parts, place = self._in_sight
        page = self._page()
        if page is None or is_gone(self):
            return
        if place not in (None, _place_of(page)):
            parts = ()  # the reader has moved on
        for part in reversed(parts):
            for widget in self.query(part).results():
                if widget.display and widget.region.height:
                    page.scroll_to_widget(widget, animate=False, immediate=True)
        self._in_sight = parts, _place_of(page)

    def _page(self) -> Widget | None:
        pages = (each for each in self.ancestors if isinstance(each, Widget) and each.id in _PAGES)
        return next(pages, None)

    def is_in_sight(self, part: Widget) -> bool:
        """Whether all of a part can be seen; else it is brought there, for the next key."""
        page = self._page()
        if page is None or not part.region.area or page.region.contains_region(part.region):
            return True
        page.scroll_to_widget(part, animate=False, immediate=True)
        return False

    def on_focus(self, event: events.Focus) -> None:
        """The key bar shows what can be done here."""
        self.post_message(KeysChanged())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The key bar shows what can be done here."""
        self.post_message(KeysChanged())

    def _now(self) -> datetime:
        return self.app.now()  # type: ignore[attr-defined, no-any-return]


def _place_of(page: Widget) -> object:
    """What changes when the reader moves, and not when the page above is laid out anew."""
    return getattr(page, "spot", page.scroll_y)
