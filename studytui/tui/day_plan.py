"""The one key that always does the right next thing, from wherever one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.tui.messages import WorkFailed

if TYPE_CHECKING:
    from studytui.study.planning.pieces import Piece
    from studytui.study.planning.today import Today
    from studytui.tui.shell import StudyApp


class DayPlan:
    """What is to be done today, one thing after the other, on the screens of the app."""

    def __init__(self, app: StudyApp) -> None:
        self._app = app
        self.piece: Piece | None = None
        """What ``go_on`` opened last."""
        self._left: frozenset[tuple[int, str]] = frozenset()
        """What was left undone by going on: the study day, and the first card of it."""
        self._told_back = 0
        """The study day on which the way back was shown."""

    def go_on(self) -> None:
        """Do the next thing of the day; what was opened last and not done waits for tomorrow."""
        if self._app.must_wait_for_cards(self.go_on) or self._app.must_wait(self.go_on):
            return
        try:
            for body in self._app.attention.take_rest():
                self._app.desk.ledger.record(body, self._app.now())
            today = self._today()
        except StudyError as error:
            self._app.post_message(WorkFailed(error))
            return
        if today is None:
            self._go_on_without_plan()
        else:
            self._do_next(today)

    def _today(self) -> Today | None:
        from studytui.study.planning.today import plan_today

        return plan_today(self._app.desk, self._app.now())

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
            self._app.push_screen(DayScreen(self._app.palette, today, is_back=True))
            return
        self.piece = piece
        if piece is None:
            self._app.push_screen(DayScreen(self._app.palette, today))
        else:
            self._open(today, piece)

    def _open(self, today: Today, piece: Piece) -> None:
        from studytui.tui.screens.plan_text import progress_line
        from studytui.tui.screens.review import ReviewScreen

        match piece.activity:
            case Activity.READ:
                self._app.open_article(piece.article, piece.anchor, 0 if piece.anchor else 1)
            case Activity.RUN:
                self._app.open_article(piece.article, line=piece.line)
            case Activity.ANSWER | Activity.DERIVE | Activity.CODE:
                told = progress_line(today, piece)
                self._app.push_screen(
                    ReviewScreen(self._app.desk, self._app.palette, only=piece.cards, told=told)
                )

    @property
    def _is_home(self) -> bool:
        return len(self._app.screen_stack) == 1

    def _go_home(self) -> None:
        while not self._is_home:
            self._app.pop_screen()

    def _go_on_without_plan(self) -> None:
        """Where one was, or the first article."""
        first = self._app.shelf.entries[0].id if self._app.shelf.entries else ""
        target = self._app.shelf.last or first
        if target:
            self._go_home()
            self._app.open_article(target)

    def more_today(self) -> None:
        """Ten minutes more today, and on with them."""
        from studytui.study.planning.today import more_today

        if self._app.must_wait(self.more_today):
            return
        try:
            more_today(self._app.desk, self._app.now())
        except StudyError as error:
            self._app.post_message(WorkFailed(error))
            return
        self._app.notify("Ten minutes more today.", timeout=2)
        self._app.read_shelf()

    def show(self) -> None:
        """Minutes a day, the goal, and what they carry by when."""
        from studytui.tui.screens.plan import PlanScreen

        if not self._app.must_wait_for_cards(self.show) and not self._app.must_wait(self.show):
            self._app.push_screen(PlanScreen(self._app.desk, self._app.palette))
