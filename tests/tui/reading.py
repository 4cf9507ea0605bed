"""The fixture pack on a desk of its own, and the app upon it, for driving shell and reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from textual.pilot import Pilot
from textual.widget import Widget

from studytui.library.pack import load_pack
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.prose import Prose
from tests.left_open import closed_behind
from tests.shared import on_shared_processes
from tests.tui.waiting import all_answered, idle, on_screen, until

PACK = Path(__file__).parent / "pack"
Block = TypeVar("Block", bound=Widget)


def make_desk(folder: Path, settings: Settings | None = None, pack: Path = PACK) -> Desk:
    """A desk with the fixture pack alone."""
    where = Directories(folder / "data", folder / "config", folder / "cache")
    desk = closed_behind(Desk(where, settings or Settings()))
    desk.packs = (load_pack(pack),)  # a cached property: nothing shipped is read
    desk.library.refresh()
    return on_shared_processes(desk)


def make_app(folder: Path, *, dark: bool = True, settings: Settings | None = None) -> StudyApp:
    """The app on that desk, as after a first start: there is a place already."""
    from studytui.store.events import ReadingPlace

    desk = make_desk(folder, settings)
    desk.ledger.record(ReadingPlace("averages", 0, 0.3), datetime(2026, 1, 5, tzinfo=UTC))
    return StudyApp(desk=desk, terminal_is_dark=dark)


async def at_rest(pilot: Pilot[None], reader: ReaderScreen) -> None:
    """Wait until all prose of a short article is laid out and has its room."""

    app = reader.app
    assert isinstance(app, StudyApp)

    def is_laid() -> bool:
        return all(
            widget.laid.height == widget.size.height
            and all(widget.laid.is_laid(index) for index in range(len(widget.laid.blocks)))
            for widget in reader.query(Prose)
        )

    await until(pilot, lambda: reader.page.is_settled and app.key_queue.is_at_rest() and is_laid())


async def opened(pilot: Pilot[None], article: str) -> ReaderScreen:
    """The reader with an article, laid out and at rest, once all articles have been read."""
    app = pilot.app
    assert isinstance(app, StudyApp)
    await until(pilot, lambda: app.shelf.entries and app.has_looked)
    app.open_article(article)
    await until(
        pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document is not None
    )
    await idle(pilot)
    await all_answered(pilot, app)
    return on_screen(app, ReaderScreen)


async def reader_at(pilot: Pilot[None], kind: type[Block], article: str = "counting") -> Block:
    """The first block of a kind in an article, with the focus, as ``}`` gives it."""
    await opened(pilot, article)
    app = pilot.app
    assert isinstance(app, StudyApp)
    await pilot.press("g")  # it may have been opened at a place below
    for _ in range(12):
        await pilot.press("right_curly_bracket")
        await all_answered(pilot, app)
        if isinstance(app.focused, kind):
            return app.focused
    raise AssertionError(f"no {kind.__name__} was reached")
