"""The plan on the screen: home lists the day, one key does the next thing, the end says what is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from studytui.library.activity import Activity
from studytui.library.pack import load_pack
from studytui.store.events import PlanSet, ReadingPlace, SectionRead, Spent
from studytui.study.desk import Desk
from studytui.study.planning.today import plan_today, set_plan
from studytui.tui.screens.day import DayScreen
from studytui.tui.screens.home import HomeScreen, greeting
from studytui.tui.screens.plan import PlanScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.widgets.text_lines import Lines
from tests.present import present
from tests.tui.studio import make_desk
from tests.tui.waiting import ClockedApp, idle, until


def lab(folder: Path) -> Desk:
    """A desk with the small pack alone."""
    desk = make_desk(folder, indexed=False)
    desk.packs = (load_pack(folder / "lab"),)  # a cached property: nothing shipped is read
    desk.library.refresh()
    return desk


def words(lines: Lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines.shown).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def told(app: ClockedApp) -> str:
    return "\n".join(words(each) for each in app.screen.query(Lines))


async def ready(pilot: Pilot[None], app: ClockedApp) -> None:
    await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
    await idle(pilot)


async def test_home_lists_the_day_and_says_by_when_all_is_worked(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await ready(pilot, app)
            lines = ["".join(text for text, _ in line) for line in greeting(app.shelf)]
            home = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
            assert "0 of 25 min" in home
            assert "▸ read    Counting" in home
            assert "answer  6 cards of Counting" in home
            assert "derive  Twice: one line missing" in home
            assert "0 of 1 owned · all worked by" in home
            assert max(len(line) for line in home.splitlines()) <= 76


async def test_one_key_reads_asks_derives_and_ends_the_day(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await ready(pilot, app)
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.reading)
            reader = app.screen
            assert isinstance(reader, ReaderScreen)
            await until(pilot, lambda: reader.page.is_settled)
            for _ in range(40):
                app.wait(20)
                await pilot.press("c")
                await pilot.pause()
                if not isinstance(app.screen, ReaderScreen):
                    break
            assert desk.ledger.journal.latest(SectionRead.kind)
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            review = app.screen
            assert isinstance(review, ReviewScreen)
            assert present(review.shown).record.card.startswith("count-")
            assert "6 left" in words(review.query_one("#review-head", Lines))
            while review.shown is not None:
                before = review.shown
                review.set_focus(None)
                app.wait(10)
                await review.action_bury()
                await until(pilot, lambda: review.shown is not before)  # noqa: B023
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
            assert present(app.plan.piece).activity is Activity.RUN
            # A run that is left waits for another day.
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            derive = app.screen
            assert isinstance(derive, ReviewScreen)
            await until(pilot, lambda: derive.shown)
            assert present(derive.shown).record.card == "count-double"


async def test_the_plan_says_what_the_minutes_carry_and_is_kept(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            app.plan.show()
            await until(pilot, lambda: isinstance(app.screen, PlanScreen))
            await until(pilot, lambda: "25 minutes a day carry about" in told(app))
            assert "in ten weeks" in told(app)
            await pilot.press("right", "down")
            await until(pilot, lambda: "30 minutes a day carry about" in told(app))
            assert "‹ Things ›" in told(app)
            await pilot.press("w")
            await until(pilot, lambda: app.screen.focused is not None)
            await pilot.press(*"counting", "enter", "s")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            event = desk.ledger.journal.last(PlanSet.kind, "plan")
            assert event is not None
            assert event.body == PlanSet("plan", 30, "things", "counting")


async def test_the_end_of_a_day_says_the_legs_and_tomorrow(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(Spent("counting#", "read", 1500.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            app.plan.go_on()
            await until(pilot, lambda: isinstance(app.screen, DayScreen))
            await until(pilot, lambda: "25 minutes. That was today." in told(app))
            assert "derive 0/1" in told(app)
            assert "Tomorrow about 25 min" in told(app)
            await pilot.press("plus")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            today = plan_today(desk, app.now())
            assert today is not None
            assert today.minutes == 35
            assert today.day.pieces


async def test_after_an_absence_nothing_is_owed(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(Spent("counting#", "read", 60.0), app.now() - timedelta(days=15))
        set_plan(desk, app.now() - timedelta(days=15), why="to count")
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            app.plan.go_on()
            await until(pilot, lambda: isinstance(app.screen, DayScreen))
            await until(pilot, lambda: "Back after 14 days. Nothing is lost." in told(app))
            assert "“to count”" in told(app)
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_without_a_plan_home_is_as_it_was(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        set_plan(desk, app.now(), minutes=0)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            assert app.shelf.today is None
            app.plan.go_on()
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
