"""The one key that always does the right next thing, from wherever one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.tui.messages import WorkFailed

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App

    from studytui.study.attention import Attention
    from studytui.study.desk import Desk
    from studytui.study.planning.pieces import Piece
    from studytui.study.planning.today import Today
    from studytui.tui.home_model import Shelf
    from studytui.tui.palette import Palette

    class _Base(App[None]):
        """What the app has."""

        def now(self) -> datetime: ...
        def must_wait(self, go: Callable[[], None]) -> bool: ...
        def must_wait_for_cards(self, go: Callable[[], None]) -> bool: ...
        def open_article(self, article: str, anchor: str = "", line: int = 0) -> None: ...
        def read_shelf(self) -> None: ...
else:
    _Base = object


class Planning(_Base):
    """Mix into the app, which owns desk, shelf and attention."""

    desk: Desk
    shelf: Shelf
    palette: Palette
    attention: Attention
    piece: Piece | None = None
    """What ``go_on`` opened last."""
    _left: frozenset[tuple[int, str]] = frozenset()
    """What was left undone by going on: the study day, and the first card of it."""
    _told_back = 0
    """The study day on which the way back was shown."""

    def go_on(self) -> None:
        """Do the next thing of the day; what was opened last and not done waits for tomorrow."""
        if self.must_wait_for_cards(self.go_on) or self.must_wait(self.go_on):
            return
        try:
            for body in self.attention.take_rest():
                self.desk.ledger.record(body, self.now())
            today = self._today()
        except StudyError as error:
            self.post_message(WorkFailed(error))
            return
        if today is None:
            self._go_on_without_plan()
        else:
            self._do_next(today)

    def _today(self) -> Today | None:
        from studytui.study.planning.today import plan_today

        return plan_today(self.desk, self.now())

    def _do_next(self, today: Today) -> None:
        from studytui.study.planning.compose import ABSENCE
        from studytui.tui.screens.day import DayScreen

        day = today.history.day
        left = {name for when, name in self._left if when == day}
        pieces = [p for p in today.day.pieces if not (p.cards and p.cards[0] in left)]
        piece = pieces[0] if pieces else None
        is_same = piece is not None and self.piece is not None and self.piece.cards == piece.cards
        if piece is not None and piece.cards and is_same and not self._is_home:
            self._left |= {(day, piece.cards[0])}
            self._do_next(today)
            return
        self._go_home()
        if today.day.away >= ABSENCE and self._told_back != day:
            self._told_back = day
            self.push_screen(DayScreen(self.palette, today, is_back=True))
            return
        self.piece = piece
        if piece is None:
            self.push_screen(DayScreen(self.palette, today))
        else:
            self._open(today, piece)

    def _open(self, today: Today, piece: Piece) -> None:
        from studytui.tui.screens.plan_text import progress_line
        from studytui.tui.screens.review import ReviewScreen

        match piece.activity:
            case Activity.READ:
                self.open_article(piece.article, piece.anchor, 0 if piece.anchor else 1)
            case Activity.RUN:
                self.open_article(piece.article, line=piece.line)
            case Activity.ANSWER | Activity.DERIVE | Activity.CODE:
                told = progress_line(today, piece)
                self.push_screen(ReviewScreen(self.desk, self.palette, only=piece.cards, told=told))

    @property
    def _is_home(self) -> bool:
        return len(self.screen_stack) == 1

    def _go_home(self) -> None:
        while not self._is_home:
            self.pop_screen()

    def _go_on_without_plan(self) -> None:
        """Where one was, or the first article."""
        first = self.shelf.entries[0].id if self.shelf.entries else ""
        target = self.shelf.last or first
        if target:
            self._go_home()
            self.open_article(target)

    def more_today(self) -> None:
        """Ten minutes more today, and on with them."""
        from studytui.study.planning.today import more_today

        if self.must_wait(self.more_today):
            return
        try:
            more_today(self.desk, self.now())
        except StudyError as error:
            self.post_message(WorkFailed(error))
            return
        self.notify("Ten minutes more today.", timeout=2)
        self.read_shelf()

    def show_plan(self) -> None:
        """Minutes a day, the goal, and what they carry by when."""
        from studytui.tui.screens.plan import PlanScreen

        if not self.must_wait_for_cards(self.show_plan) and not self.must_wait(self.show_plan):
            self.push_screen(PlanScreen(self.desk, self.palette))
