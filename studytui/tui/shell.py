"""The app: themes, screens and history. What is on a screen is the screen's business."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.filter import LineFilter, Monochrome
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen

from studytui.library.guide import CONTENTS
from studytui.paths import shipped_guide
from studytui.settings import Settings
from studytui.study.attention import Attention
from studytui.study.desk import Desk
from studytui.tui.actions import bindings
from studytui.tui.day_plan import DayPlan
from studytui.tui.filters import NoColour
from studytui.tui.history import History, Visit
from studytui.tui.home_loader import Shelving
from studytui.tui.home_model import FILE, Shelf
from studytui.tui.key_queue import KeyQueue
from studytui.tui.messages import OpenArticle, WorkFailed
from studytui.tui.overlays import Overlays
from studytui.tui.palette import Palette
from studytui.tui.reading_progress import Keeping
from studytui.tui.screens.home import HomeScreen
from studytui.tui.themes import DARK_NAME, LIGHT_NAME, themes, wanted_theme
from studytui.tui.watching import Watching
from studytui.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.command import Provider

    from studytui.cards.citation import Citation

TWICE_WITHIN = 2.0
"""Seconds between two Ctrl+C that leave the program."""


def _commands() -> type[Provider]:
    """What the palette searches, loaded when it is opened."""
    from studytui.tui.commands import Commands

    return Commands


class StudyApp(Overlays, Watching, Shelving, Keeping, App[None]):
    """studytui in a terminal."""

    TITLE = "studytui"
    CSS_PATH = "styles/app.tcss"
    BINDINGS = bindings("everywhere")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        desk: Desk | None = None,
        terminal_is_dark: bool | None = None,
        file: Path | None = None,
    ) -> None:
        super().__init__()
        self.file = file
        if desk is None:
            from studytui.paths import directories

            desk = Desk(directories(), settings or Settings())
        self.desk = desk
        self.settings = desk.settings
        self.mind_the_journal()
        self.shelf = Shelf()
        self.attention = Attention()
        self.plan = DayPlan(self)
        self.visits = History()
        self.key_queue = KeyQueue(self)
        self._asked_to_leave = datetime.min.replace(tzinfo=UTC)
        colour = not self.no_color
        if not colour:
            self._filters = self._uncoloured(self._filters)
        self.animation_level = "none"
        for theme in themes():
            self.register_theme(theme)
        self._terminal_is_dark = terminal_is_dark
        self.theme = wanted_theme(self.settings.interface.theme, terminal_is_dark)
        self.palette = Palette(dark=self.theme == DARK_NAME, colour=colour)
        if self.settings.keys:
            self.set_keymap(self.settings.keys)

    @staticmethod
    def _uncoloured(filters: Iterable[LineFilter]) -> list[LineFilter]:
        return [*(item for item in filters if not isinstance(item, Monochrome)), NoColour()]

    def now(self) -> datetime:
        """The present instant, UTC: the only clock of the interface."""
        return datetime.now(UTC)

    def get_default_screen(self) -> Screen[None]:
        """Home."""
        return HomeScreen(self.palette)

    def take_settings(self, settings: Settings) -> None:
        """Go on with other settings: theme, keys and limits at once."""
        before, self.settings = self.settings, settings
        self.desk.take_settings(settings)
        if settings.interface.theme != before.interface.theme:
            self.theme = wanted_theme(settings.interface.theme, self._terminal_is_dark)
        if settings.keys != before.keys:
            self.set_keymap(settings.keys)
            for screen in self.screen_stack:
                for bar in screen.query(KeyBar):
                    bar.take(settings.keys)

    def on_mount(self) -> None:
        """Once something is on the screen, read the shelf."""
        self.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        # What is loaded by now stays: the collector need not look at it again and again.
        gc.freeze()
        # A collection takes longer the more it looks at: little and often, and all only rarely.
        gc.set_threshold(1_000, 3, 5_000)
        self.mind_size(self.size)
        self.read_shelf()
        if self.file is not None:
            self.open_article(f"{FILE}{self.file.resolve()}")

    def post_message(self, message: Message) -> bool:
        """Keys and pastes are for what is in sight as they come, not as their turn comes."""
        if isinstance(message, events.Key | events.Paste):
            self.key_queue.note_arrival(message)
        return super().post_message(message)

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes are answered one after the other, however fast they come."""
        match event:
            case events.Key() | events.Paste() if not self.screen_stack:
                return  # the last screen has gone: also a key that it passed on has nobody left
            case events.Key() | events.Paste() if not event.is_forwarded:
                if self.key_queue.admits(event):
                    await super().on_event(event)
            case events.MouseDown():
                self.key_queue.forget_last()
                await super().on_event(event)
            case _:
                await super().on_event(event)

    async def answer(self, event: events.Event) -> None:
        """Answer a key that has waited for its turn."""
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """A terminal in which nothing can be read gets a message, and its screen back later."""
        self.mind_size(event.size)

    def mind_size(self, size: Size) -> None:
        """Say it where the terminal is too small, and give the screen back where it is not."""
        from studytui.tui.screens.too_small import LEAST, TooSmallScreen

        # The size may be told before home is there: it is looked at again then.
        if not any(isinstance(screen, HomeScreen) for screen in self.screen_stack):
            return
        fits = size.width >= LEAST.width and size.height >= LEAST.height
        if isinstance(self.screen, TooSmallScreen):
            if fits:
                self.screen.give_back()
        elif not fits:
            self.push_screen(TooSmallScreen(self.focused))

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say what a worker could not do."""
        home = self.screen_stack[0]
        if isinstance(home, HomeScreen) and not self.shelf.entries:
            home.show_error(message.error)
        else:
            self.notify(
                str(message.error), title="That did not work", severity="error", markup=False
            )

    # Going somewhere -------------------------------------------------------------------------

    def on_open_article(self, message: OpenArticle) -> None:
        """Open an article in the reader."""
        self.open_article(message.article, message.anchor, message.line, message.cites)

    def open_article(
        self, article: str, anchor: str = "", line: int = 0, cites: Citation | None = None
    ) -> None:
        """Show an article; the place one was in goes into the history."""
        from studytui.tui.screens.reader import ReaderScreen
        from studytui.tui.screens.review import ReviewScreen

        if self.must_wait(partial(self.open_article, article, anchor, line, cites)):
            return
        here, article = self.screen, self.name_of(article)
        if isinstance(here, ReaderScreen):
            left = here.visit
            if here.open(article, anchor, line, cites):
                self.visits.leave(left)
            return
        while len(self.screen_stack) > 1 and not isinstance(
            self.screen, ReaderScreen | ReviewScreen
        ):
            self.pop_screen()
        if isinstance(self.screen, ReaderScreen):
            self.open_article(article, anchor, line, cites)
            return
        from_review = isinstance(self.screen, ReviewScreen)
        if from_review:
            self.visits = History()  # back from what is looked up leads to the card
        place = self.shelf.places.get(article)
        if not anchor and not line and cites is None and place is not None:
            line = place.line
        reader = ReaderScreen(self.desk, self.palette, article, anchor, line, cites)
        reader.labels = {"reader.leave": "Review"} if from_review else {}
        self.push_screen(reader)

    def action_guide(self, page: str = CONTENTS) -> None:
        """Open a page of the user's guide; back leads to where one was."""
        self.open_article(f"{FILE}{shipped_guide() / page}")

    def go_back(self, here: Visit) -> Visit | None:
        """The visit before this one."""
        return self.visits.back(here)

    def go_forward(self, here: Visit) -> Visit | None:
        """The visit after this one."""
        return self.visits.forward(here)

    def start_review(self, track: str = "") -> None:
        """Review what is due, of one track or of everything."""
        from studytui.tui.screens.review import ReviewScreen

        again = partial(self.start_review, track)
        if not self.must_wait_for_cards(again) and not self.must_wait(again):
            self._review = ReviewScreen(self.desk, self.palette, track)
            self.push_screen(self._review)

    def show_statistics(self) -> None:
        """Show the statistics."""
        from studytui.tui.screens.statistics import StatisticsScreen

        if not self.must_wait(self.show_statistics):
            self.push_screen(StatisticsScreen(self.desk, self.palette))

    def show_cards(self) -> None:
        """Show the list of all cards."""
        from studytui.tui.screens.cards import CardsScreen

        if not self.must_wait(self.show_cards):
            self.push_screen(CardsScreen(self.desk, self.palette))

    # Actions ---------------------------------------------------------------------------------

    def action_switch_theme(self) -> None:
        """Between light and dark."""
        self.theme = LIGHT_NAME if self.theme == DARK_NAME else DARK_NAME

    def action_save_screen(self) -> None:
        """Save a picture of the screen and say where."""
        folder = self.desk.directories.data / "screenshots"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = self.save_screenshot(path=str(folder))
        except OSError as error:
            self.notify(f"The picture cannot be saved: {error}", severity="error", markup=False)
            return
        self.notify(path, title="Saved", markup=False)

    def action_help_quit(self) -> None:
        """Ctrl+C with nothing selected: stops what runs where one is; else, twice, it leaves."""
        from studytui.tui.widgets.live_block import LiveBlock

        around = self.focused.ancestors_with_self if self.focused is not None else ()
        if any(isinstance(node, LiveBlock) and node.interrupt() for node in around):
            return
        now = self.now()
        if (now - self._asked_to_leave).total_seconds() < TWICE_WITHIN:
            self.exit()
            return
        self._asked_to_leave = now
        self.notify("Press Ctrl+C again to leave studytui.", timeout=TWICE_WITHIN)

    def watch_theme(self, theme: str) -> None:
        """The palette follows the theme."""
        palette = getattr(self, "palette", None)
        if palette is not None:
            palette.turn(dark=theme != LIGHT_NAME)
            for screen in self.screen_stack:
                for widget in screen.query("*"):
                    widget.refresh()
