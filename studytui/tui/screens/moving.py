"""How one moves in the reader: lines, pages, sections, live blocks, links, and sideways.

Nearly all of it is actions and handlers, which Textual looks for on the reader itself: therefore a
mix-in, and no object that the reader holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from textual.widget import Widget

from studytui.tui.copying import copy_out
from studytui.tui.document import TOP, Spot, cut
from studytui.tui.messages import FollowLink
from studytui.tui.reading_watch import NextStep
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.screen import Screen

    from studytui.study.attention import Shares
    from studytui.tui.document import Document
    from studytui.tui.history import Visit
    from studytui.tui.palette import Palette
    from studytui.tui.reading_watch import ReadingWatch
    from studytui.tui.widgets.page import Page

    class _Base(Screen[None]):
        """What the reader has."""

        wanted: tuple[str, str, int]

        @property
        def visit(self) -> Visit: ...
        def open(self, article: str, anchor: str = "", line: int = 0) -> bool: ...
        def action_leave(self) -> None: ...
        def _go_to(self, anchor: str, line: int) -> None: ...
else:
    _Base = object

FURTHEST = 400
"""Cells that wide blocks can be moved sideways."""


class Moving(_Base):
    """Actions of the reader that change what is seen."""

    document: Document | None
    drawn: Document | None = None
    """The document as it is drawn, while its formulas are shown as TeX."""
    page: Page
    palette: Palette
    reading: ReadingWatch | None

    def action_scroll_lines(self, by: int) -> None:
        """Some lines up or down."""
        self.page.scroll_relative(y=by, animate=False, immediate=True)

    def action_scroll_pages(self, share: float) -> None:
        """A share of the screen up or down; a whole one keeps two lines."""
        height = self.page.size.height
        lines = round(height * share)
        if abs(share) == 1:
            lines -= 2 if share > 0 else -2
        self.page.scroll_relative(y=lines or 1, animate=False, immediate=True)

    def action_go_on(self) -> None:
        """A screen further in what is to be read; where it was read, the next thing of today."""
        shell = shell_of(self)
        step = self.reading.next_step(shell, self.page) if self.reading else NextStep.FURTHER
        match step:
            case NextStep.FURTHER:
                self.action_scroll_pages(1.0)
            case NextStep.ASK:
                self.notify("That was quick: c again counts it as read.", timeout=4)
            case NextStep.DONE:
                shell.plan.go_on()
            case _:
                assert_never(step)

    def looked_at(self) -> Shares:
        """What the time counts for that is spent here."""
        return self.reading.shares(self.page) if self.reading is not None else {}

    def action_claims(self) -> None:
        """The check blocks of the section at the top of the screen, and of those after it."""
        from studytui.tui.screens.claims import ClaimsScreen

        if self.document is not None:
            claims = tuple(self.document.claims_from(self.page.spot))
            self.app.push_screen(ClaimsScreen(self.palette, claims))

    def action_top(self) -> None:
        """To the beginning."""
        self.page.go(TOP)

    def action_bottom(self) -> None:
        """To the end."""
        self.page.go_to_end()

    def action_section(self, by: int) -> None:
        """To the next or the previous heading."""
        if self.document is None:
            return
        here = self.page.spot
        spots = [entry.spot for entry in self.document.contents]
        place = (here.part, here.block)
        if by > 0:
            found = next((s for s in spots if (s.part, s.block) > place), None)
        else:
            earlier = [s for s in spots if (s.part, s.block) < place]
            if here.line > 2 and any((s.part, s.block) == place for s in spots):
                earlier.append(Spot(*place))
            found = earlier[-1] if earlier else TOP
        if found is not None:
            self.page.go(found)

    def action_live(self, by: int) -> None:
        """To the next or the previous snippet, derivation, card or picture."""
        if self.document is None:
            return
        here = self._focused_part()
        live = [part.number for part in self.document.parts if not part.is_prose]
        if by > 0:
            found = next((number for number in live if number > here), None)
        else:
            found = next((number for number in reversed(live) if number < here), None)
        if found is not None:
            self.go_to_live(found)

    def _focused_part(self) -> int:
        """The part with the focus, else the one at the upper edge (half, to come before it)."""
        widget: Widget | None = self.focused
        while widget is not None and widget is not self.page:
            number = getattr(widget, "part_number", None)
            if number is not None:
                return int(number)
            parent = widget.parent
            widget = parent if isinstance(parent, Widget) else None
        return self.page.spot.part

    def go_to_live(self, number: int) -> None:
        """Bring a live block into sight and give it the focus."""
        self.page.go_near(Spot(number))
        widget = self.page.widget_of(number)
        if widget is not None:
            self._focus_within(widget)

    def _focus_within(self, widget: Widget) -> None:
        if widget.can_focus:
            widget.focus(scroll_visible=False)
            return
        inner = next((child for child in widget.query("*") if child.focusable), None)
        if inner is not None:
            inner.focus(scroll_visible=False)

    # Links and things to do ------------------------------------------------------------------

    def action_stop(self, by: int) -> None:
        """To the next link on the screen or below, or into the next live block."""
        if self.document is None or self._stop_within_live(by):
            return
        stops = self._stops()
        here = self._present_stop()
        if by > 0:
            found = next((stop for stop in stops if stop[0] > here), None)
        else:
            found = next((stop for stop in reversed(stops) if stop[0] < here), None)
        if found is None:
            self._leave_screen(by)
            return
        (part, line, start), end, target = found
        marks = self.page.marks
        if not target:
            marks.link, marks.target = None, ""
            self.go_to_live(part)
        else:
            marks.link, marks.target = (part, line, start, end), target
            self.page.focus(scroll_visible=False)
            self.page.reveal(part, line)
        self.page.repaint()

    def _stop_within_live(self, by: int) -> bool:
        focused = self.focused
        if focused is None or focused is self.page:
            return False
        owner = self.page.widget_of(self._focused_part())
        if owner is None or isinstance(owner, Prose) or owner not in focused.ancestors_with_self:
            return False
        chain = [w for w in (owner, *owner.query("*")) if isinstance(w, Widget) and w.focusable]
        index = chain.index(focused) + by if focused in chain else -1
        if 0 <= index < len(chain):
            chain[index].focus()
            return True
        return False

    def _present_stop(self) -> tuple[int, int, int]:
        focused = self.focused
        if focused is not None and focused is not self.page:
            return (self._focused_part(), 0, 1)
        link = self.page.marks.link
        visible = self.page.on_screen()
        if link is not None and any(
            getattr(widget, "part_number", -1) == link[0] and first <= link[1] < last
            for widget, first, last in visible
        ):
            return link[:3]
        if not visible:
            return (self.page.spot.part, 0, -1)
        widget, first, _ = visible[0]
        return (getattr(widget, "part_number", 0), first, -1)

    def _stops(self) -> list[tuple[tuple[int, int, int], int, str]]:
        """What Tab can reach from here: (part, line, character), end, and target of links."""
        height = self.page.size.height
        found: list[tuple[tuple[int, int, int], int, str]] = []
        self.page.mount_near()
        for widget, first, last in self.page.near(height):
            number = getattr(widget, "part_number", 0)
            if isinstance(widget, Prose):
                found.extend(
                    ((number, line, start), end, target)
                    for line, start, end, target in widget.links(first, last)
                )
            else:
                found.append(((number, 0, 0), 0, ""))
        return found

    def _leave_screen(self, by: int) -> None:
        """Nothing to stop at nearby: a screen further, and the mark goes."""
        self.page.marks.link = None
        self.page.focus(scroll_visible=False)
        self.action_scroll_pages(float(by))
        self.page.repaint()

    def action_follow(self) -> None:
        """Open the marked link."""
        if self.page.marks.link is not None and self.page.marks.target:
            self.post_message(FollowLink(self.page.marks.target))

    def on_follow_link(self, message: FollowLink) -> None:
        """Open what a link leads to."""
        target = message.target
        if "://" in target or target.startswith("mailto:"):
            copy_out(self, target, "Link")
            return
        article, _, anchor = target.partition("#")
        if article and article != self.wanted[0]:
            shell_of(self).open_article(article, anchor)
        else:
            shell_of(self).visits.leave(self.visit)
            self._go_to(anchor, 0)

    def action_back(self) -> None:
        """Where one came from; from the first article back home."""
        visit = shell_of(self).go_back(self.visit)
        if visit is None:
            self.action_leave()
        else:
            self.open(visit.article, "", visit.line)

    def action_forward(self) -> None:
        """Undo going back."""
        visit = shell_of(self).go_forward(self.visit)
        if visit is None:
            self.notify("There is nothing further.", timeout=2)
        else:
            self.open(visit.article, "", visit.line)

    # Sideways --------------------------------------------------------------------------------

    def action_tex(self) -> None:
        """Show the formulas as they were typed, or as they are drawn."""
        from studytui.library.tex import with_tex

        if self.document is None:
            return
        self.drawn, shown = (None, self.drawn) if self.drawn else (self.document, None)
        if shown is None:
            article = self.document.article
            shown = cut(replace(article, blocks=with_tex(article.blocks)))
        self.document = shown
        self.page.exchange(shown)

    def action_shift(self, by: int) -> None:
        """Move wide blocks sideways."""
        marks = self.page.marks
        shift = max(0, min(FURTHEST, marks.shift + by))
        if shift != marks.shift:
            marks.shift = shift
            self.page.repaint()
