"""What of an article is on the screen, and which of its sections were read by now."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.library.outline import Section, section_id
from studytui.study.attention import Attention, Shares, Subject
from studytui.study.sections import newly_read, seconds_given, sections_read, to_read
from studytui.tui.home_model import FILE
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from studytui.study.desk import Desk
    from studytui.tui.shell import StudyApp
    from studytui.tui.widgets.page import Page


def is_file(article: str) -> bool:
    """Whether what is read is no article of a pack: nothing of it is kept."""
    return article.startswith(FILE)


def focused_live(page: Page) -> LiveBlock | None:
    """The live block that has the focus, or holds what has it.

    From the focus outwards: it is asked for at every key, and a page holds hundreds of widgets.
    """
    node: DOMNode | None = page.screen.focused
    while node is not None and node is not page:
        if isinstance(node, LiveBlock):
            return node
        node = node.parent
    return None


class NextStep(Enum):
    """What going on means in an article."""

    FURTHER = "further"
    ASK = "ask"
    DONE = "done"


class ReadingWatch:
    """Follows one article. ``read`` are the anchors of the sections that count as read."""

    def __init__(self, desk: Desk, article: str) -> None:
        entry = desk.library.entry(article)
        self.article = entry.id
        self.outline = entry.outline
        self.read: set[str] = set()
        self._ends: set[str] = set()
        self._doubted = ""
        self._given: dict[str, float] = {}
        try:
            journal = desk.ledger.journal
            known = sections_read(journal)
            self._given = seconds_given(journal, entry)
        except StudyError:
            return  # what was read cannot be known, and nothing can be kept
        self.read = {
            section.anchor
            for section in self.outline
            if section_id(self.article, section.anchor) in known
        }

    @property
    def is_whole(self) -> bool:
        """Whether all that is to be read was read."""
        wanted = to_read(self.outline)
        return bool(wanted) and all(section.anchor in self.read for section in wanted)

    def on_screen(self, page: Page) -> tuple[Section, ...]:
        """The sections that have a line on the screen."""
        document = page.document
        if document is None:
            return ()
        top = round(page.scroll_y)
        first = document.heading_above(page.spot)
        last = document.heading_above(page.spot_at(top + max(1, page.size.height) - 1))
        anchors = {document.contents[n].anchor for n in range(max(0, first), max(0, last) + 1)}
        if first <= 0:
            anchors.add("")
        return tuple(section for section in self.outline if section.anchor in anchors)

    def shares(self, page: Page) -> Shares:
        """The live block with the focus, or each section on the screen by the time it takes."""
        block = focused_live(page)
        if block is not None and block.subject is not None:
            return {block.subject: 1.0}
        return {
            self._subject(section.anchor): max(1.0, section.seconds)
            for section in self.on_screen(page)
        }

    def keep(self, shell: StudyApp, page: Page) -> None:
        """Write down which sections were read by now."""
        self.follow(page)
        sections = self.newly_read(shell.attention)
        shell.keep_sections(self.article, sections, whole=self.is_whole)

    def next_step(self, shell: StudyApp, page: Page) -> NextStep:
        """What going on means here: the section of the plan, or the first unread on the screen."""
        self.keep(shell, page)
        anchor = self._wanted(shell, page)
        if anchor is None or anchor in self.read:
            return NextStep.DONE
        if anchor not in self._ends:
            return NextStep.FURTHER
        if self._doubted != anchor:
            # Some know it already, or read on paper: asked again, it counts.
            self._doubted = anchor
            return NextStep.ASK
        shell.keep_sections(self.article, self.mark(anchor), whole=self.is_whole)
        return NextStep.DONE

    def goes_further(self, shell: StudyApp, page: Page) -> bool:
        """Whether going on would only turn the page."""
        self.follow(page)
        anchor = self._wanted(shell, page)
        return anchor is not None and anchor not in self.read | self._ends

    def _wanted(self, shell: StudyApp, page: Page) -> str | None:
        piece = shell.plan.piece
        if piece is not None and piece.activity is Activity.READ and piece.article == self.article:
            return piece.anchor
        unread = (
            section.anchor
            for section in self.on_screen(page)
            if section.anchor not in self.read and not section.back_matter
        )
        return next(unread, None)

    def follow(self, page: Page) -> None:
        """Note whose last line can be seen."""
        shown = self.on_screen(page)
        at_end = page.scroll_y >= page.max_scroll_y - 1 and page.is_settled
        self._ends.update(section.anchor for section in (shown if at_end else shown[:-1]))

    def newly_read(self, attention: Attention) -> tuple[str, ...]:
        """The ids of the sections that count as read from now on."""
        seconds = {
            section.anchor: self._given.get(section.anchor, 0.0)
            + attention.seconds(self._subject(section.anchor))
            for section in self.outline
        }
        return self.mark(
            *newly_read(self.outline, ends=self._ends, seconds=seconds, read=self.read)
        )

    def mark(self, *anchors: str) -> tuple[str, ...]:
        """Count sections as read; their ids."""
        self.read.update(anchors)
        return tuple(section_id(self.article, anchor) for anchor in anchors)

    def _subject(self, anchor: str) -> Subject:
        return Subject(Activity.READ, section_id(self.article, anchor))
