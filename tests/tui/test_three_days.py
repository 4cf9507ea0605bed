"""Three days from a fresh home at 80x24, by keys alone: each says at its end what is owned."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from studytui.store.events import Derived, Review, SectionRead
from studytui.tui.screens.day import DayScreen
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.welcome import WelcomeScreen
from studytui.tui.widgets.derivation import DerivationBench
from tests.tui.test_planning import lab, told
from tests.tui.waiting import ClockedApp, until

MOST_KEYS = 300


async def press_on(pilot: Pilot[None], app: ClockedApp) -> None:
    """The key that somebody presses who does what the screen says."""
    screen = app.screen
    if isinstance(screen, WelcomeScreen):
        await pilot.press("enter")
    elif isinstance(screen, HomeScreen):
        await pilot.press("c")
        await until(pilot, lambda: app.screen is not screen)
    elif isinstance(screen, ReaderScreen):
        await until(pilot, lambda: screen.reading and screen.page.is_settled)
        app.wait(20)
        await pilot.press("c")
    elif isinstance(screen, ReviewScreen):
        await answer(pilot, app, screen)


async def answer(pilot: Pilot[None], app: ClockedApp, screen: ReviewScreen) -> None:
    await until(pilot, lambda: screen.shown or "goes on" in told(app) or "today" in told(app))
    shown = screen.shown
    if shown is None:
        await pilot.press("c")
        return
    app.wait(30)
    benches = screen.query(DerivationBench)
    if benches:
        bench = benches.first()
        # On the first day it is given up; then it is watched line by line, and then known.
        while not bench.bench.done:
            await pilot.press("v" if bench.bench.stage == 0 else "X")
        await pilot.press("space")
    else:
        await pilot.press("ctrl+j")
        await until(pilot, lambda: screen.proposed or "trust this program" in told(app))
        if not screen.proposed:
            await pilot.press("f9")
            await until(pilot, lambda: screen.proposed)
        await pilot.press("3")
    await until(pilot, lambda: screen.shown is not shown)


async def live_a_day(pilot: Pilot[None], app: ClockedApp) -> str:
    """Press on until the day says that it is over; what it says then."""
    for _ in range(MOST_KEYS):
        if isinstance(app.screen, DayScreen):
            break
        await press_on(pilot, app)
        await pilot.pause()
    assert isinstance(app.screen, DayScreen)
    await until(pilot, lambda: "That was today." in told(app))
    said = told(app)
    await pilot.press("q")
    await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    return said


async def test_three_days_by_keys_alone(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
            await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
            days = []
            for _ in range(3):
                days.append(await live_a_day(pilot, app))
                app.clock += timedelta(days=1)
        journal = desk.ledger.journal
        worked = [event.body for event in journal.history("count-double")]
        assert [each.stage for each in worked if isinstance(each, Derived)] == [1, 0, 1]
        assert not any(isinstance(each, Review) for each in worked)
        (read,) = journal.latest(SectionRead.kind).values()
        met = [desk.ledger.state(name) for name in ("count-sum", "count-why", "count-pick")]
        assert all(state.reps for state in met)
        assert all(read.moment.day <= state.first_day for state in met)
    first, second, third = days
    assert "1 section read, 6 cards met, 1 derivation worked" in first
    assert "Tomorrow" in first
    assert "1 derivation worked" in second
    assert "recalled" in third
    for said in days:
        assert "derive 0/1" in said
        assert max(map(len, said.splitlines())) <= 80
