"""The placement by keys: questions, then what need not be read, kept only when one says so."""

from __future__ import annotations

from pathlib import Path

from studytui.library.pack import load_pack
from studytui.store.events import Placed, ReadingPlace
from studytui.study.desk import Desk
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.place import PlaceScreen
from studytui.tui.screens.plan import PlanScreen
from tests.tui.studio import ARTICLE, make_desk
from tests.tui.test_planning import told
from tests.tui.waiting import ClockedApp, until


def lab(folder: Path) -> Desk:
    desk = make_desk(folder, indexed=False)
    path = folder / "lab" / "things" / "counting.md"
    text = ARTICLE.replace("kind: basic\n", "kind: basic\nprobe: true\n")
    text = text.replace("kind: expression\n", "kind: expression\nprobe: true\n")
    path.write_text(text, encoding="utf-8")
    desk.packs = (load_pack(folder / "lab"),)
    desk.library.refresh()
    return desk


async def test_who_knows_both_skips_the_article(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
            app.show_plan()
            await until(pilot, lambda: isinstance(app.screen, PlanScreen))
            await pilot.press("p")
            await until(pilot, lambda: isinstance(app.screen, PlaceScreen))
            screen = app.screen
            assert isinstance(screen, PlaceScreen)
            await until(pilot, lambda: "question 1 of 12 at most" in told(app))
            await pilot.press(*"2x+1", "enter")
            await until(pilot, lambda: screen.is_open)
            await pilot.press("space")
            await until(pilot, lambda: "question 2 of 12 at most" in told(app))
            await pilot.press("space")
            await until(pilot, lambda: "Did you know it?" in told(app))
            await pilot.press("y")
            await until(pilot, lambda: "1 of 1 need not be read" in told(app))
            assert "Counting" in told(app)
            assert not desk.ledger.journal.latest(Placed.kind)
            await pilot.press("space")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            (event,) = desk.ledger.journal.latest(Placed.kind).values()
            assert event.body == Placed("counting", 2, 2, known=True)
            assert desk.ledger.state("count-why").reps == 1
