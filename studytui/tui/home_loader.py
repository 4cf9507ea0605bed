"""How the app comes to its shelf: read in a worker, and again once the disk was looked at.

Textual looks for its handlers on the app itself, and the rest changes the app's shelf: therefore a
mix-in, and no object that the app holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.tui.home_model import FILE, Shelf, read_shelf
from studytui.tui.messages import OwnChanged, ReviewChanged, ShelfRead, WorkFailed
from studytui.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App
    from textual.geometry import Size

    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette

    class _Base(App[None]):
        """What the app has."""

        def now(self) -> datetime: ...
        def tell_refusal(self) -> None: ...
        def mind_size(self, size: Size) -> None: ...
else:
    _Base = object


class Shelving(_Base):
    """Mix into the app, which owns desk and shelf."""

    desk: Desk
    shelf: Shelf
    palette: Palette
    _early: Callable[[], None] | None = None
    """The review that was asked for before the articles were there."""
    has_looked = False
    """Whether the articles on the disk have been looked at."""

    def path_of(self, article: str) -> Path:
        """The file of an article, or of what is read by its path. Raises StudyError."""
        if article.startswith(FILE):
            return Path(article.removeprefix(FILE))
        return self.desk.library.entry(article).path

    def name_of(self, article: str) -> str:
        """The name of what a link means: in a file that is no article, the file beside it."""
        document = getattr(self.screen, "document", None)
        here = document.article.id if document is not None else ""
        if not here.startswith(FILE) or article.startswith(FILE):
            return article
        path = Path(here.removeprefix(FILE)).parent / f"{article}.md"
        if self.shelf.entry(article) is not None or not (self.shelf.entries or path.is_file()):
            return article
        return f"{FILE}{path}"

    def read_shelf(self) -> None:
        """Read what home shows, in a worker."""
        self.run_worker(self._read_shelf, thread=True, exclusive=True, group="shelf")

    def _read_shelf(self) -> None:
        try:
            self.post_message(ShelfRead(read_shelf(self.desk, self.now())))
        except StudyError as error:
            self.post_message(WorkFailed(error))
            return
        # What has changed on disk is looked for once this is painted: it would only be in the way.
        self.call_later(self.call_after_refresh, self._look_at_the_disk)

    def _look_at_the_disk(self) -> None:
        self.run_worker(self._refresh_library, thread=True, exclusive=True, group="shelf")

    def _refresh_library(self) -> None:
        try:
            changed = self.desk.library.refresh()
            self.has_looked = True
            if changed or self._early is not None:
                self.post_message(ShelfRead(read_shelf(self.desk, self.now())))
        except StudyError as error:
            self.post_message(WorkFailed(error))

    def on_shelf_read(self, message: ShelfRead) -> None:
        """Home gets its shelf."""
        is_first = not self.shelf.entries
        # What this session saw may not have been written yet when the shelf was read.
        self.shelf = replace(
            message.shelf,
            places={**message.shelf.places, **self.shelf.places},
            read=message.shelf.read | self.shelf.read,
            last=self.shelf.last or message.shelf.last,
        )
        if is_first:
            self.tell_refusal()
        if self._early is not None and self._cards_are_known:
            early, self._early = self._early, None
            early()
        elif is_first and self.shelf.entries and not self.shelf.places and not self.shelf.due:
            self._welcome()
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_shelf(self.shelf)

    def _welcome(self) -> None:
        """The first start: one screen, then straight into an article."""
        from studytui.tui.screens.welcome import WelcomeScreen

        first = self.shelf.first
        if first is not None and self.screen_stack and isinstance(self.screen, HomeScreen):
            self.push_screen(WelcomeScreen(self.palette, first.id, first.title, self.desk))
            self.mind_size(self.size)

    def must_wait_for_cards(self, go: Callable[[], None]) -> bool:
        """Whether no cards are known yet, as at the first start; ``go`` is called once they are."""
        if self._cards_are_known:
            return False
        self._early = go
        self.notify("The articles are being read. One moment, please.", timeout=3)
        return True

    @property
    def _cards_are_known(self) -> bool:
        """Whether articles were read with their cards, now or when the program ran before."""
        return self.has_looked or any(entry.card_ids for entry in self.shelf.entries)

    def on_own_changed(self, message: OwnChanged) -> None:
        """The article that is open shows its marks anew."""
        from studytui.tui.screens.reader import ReaderScreen

        for screen in self.screen_stack:
            if isinstance(screen, ReaderScreen):
                screen.on_own_changed(message)

    def on_review_changed(self, message: ReviewChanged) -> None:
        """What is due has changed."""
        self.read_shelf()
