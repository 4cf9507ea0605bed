"""The placement by keys: questions, then what need not be read, kept only when one says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from studytui.library.pack import load_pack
from studytui.store.events import Placed, PlanSet, ReadingPlace
from studytui.study.desk import Desk
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.place import PlaceScreen
from studytui.tui.screens.plan import PlanScreen
from tests.tui.studio import ARTICLE, make_desk
from tests.tui.test_key_queue import send
from tests.tui.test_planning import told
from tests.tui.waiting import ClockedApp, all_answered, on_screen, until


def lab(folder: Path) -> Desk:
    desk = make_desk(folder, indexed=False)
    path = folder / "lab" / "things" / "counting.md"
    text = ARTICLE.replace("kind: basic\n", "kind: basic\nprobe: true\n")
    text = text.replace("kind: expression\n", "kind: expression\nprobe: true\n")
    path.write_text(text, encoding="utf-8")
    desk.packs = (load_pack(folder / "lab"),)
    desk.library.refresh()
    return desk


async def placing(pilot: Pilot[None], app: ClockedApp) -> PlaceScreen:
    """The placement, opened by its key on the plan's screen, at its first question."""
    app.desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
    await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
    app.plan.show()
    await until(pilot, lambda: isinstance(app.screen, PlanScreen))
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, PlaceScreen))
    await until(pilot, lambda: "question 1 of 12 at most" in told(app))
    return on_screen(app, PlaceScreen)


def kept(desk: Desk) -> list[str]:
    """What was recorded besides the place in the article, and the plan that was shown."""
    kinds = (event.body.kind for event in desk.ledger.journal.events())
    return [kind for kind in kinds if kind not in (ReadingPlace.kind, PlanSet.kind)]


SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_leaving_in_the_middle_keeps_nothing_of_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=size) as pilot:
            screen = await placing(pilot, app)
            await pilot.press(*"2x+1", "enter")
            await until(pilot, lambda: screen.is_open)
            await pilot.press("space")
            await until(pilot, lambda: "question 2 of 12 at most" in told(app))
            await pilot.press("q")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            assert kept(desk) == []


@pytest.mark.parametrize("size", SIZES)
async def test_who_says_no_reads_everything(tmp_path: Path, size: tuple[int, int]) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=size) as pilot:
            screen = await placing(pilot, app)
            await pilot.press("enter")  # nothing was typed: not known
            while not screen.is_over:
                await until(pilot, lambda: screen.is_open or screen.is_over)
                if screen.is_over:
                    break
                seen = screen.seen_as
                await pilot.press("n" if screen.right is None else "space")
                await until(pilot, lambda: screen.seen_as is not seen or screen.is_over)  # noqa: B023
                if not screen.is_over:
                    await pilot.press("escape", "space")
            await until(pilot, lambda: "Everything is worth reading" in told(app))
            await pilot.press("space")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            places = [e.body for e in desk.ledger.journal.latest(Placed.kind).values()]
            assert not [body for body in places if isinstance(body, Placed) and body.known]


async def test_known_articles_are_read_all_the_same_when_one_leaves_at_the_end(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await placing(pilot, app)
            await pilot.press(*"2x+1", "enter")
            await until(pilot, lambda: screen.is_open)
            await pilot.press("y")  # one's own word, where it was judged too
            await until(pilot, lambda: "question 2 of 12 at most" in told(app))
            await pilot.press("y")
            await all_answered(pilot, app)
            assert "question 2 of 12 at most" in told(app), (
                "the answer is not open: nothing is said"
            )
            await pilot.press("space")
            await until(pilot, lambda: "Did you know it?" in told(app))
            await pilot.press("y")
            await until(pilot, lambda: screen.is_over)
            assert "1 of 1 need not be read" in told(app)
            await pilot.press("q")
            await until(pilot, lambda: not isinstance(app.screen, PlaceScreen))
            assert kept(desk) == []


async def test_keys_in_one_write_answer_no_question_that_was_not_seen(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await placing(pilot, app)
            send(app, *"2x+1", "enter", "space", "space", "y", "y", "space")
            await all_answered(pilot, app)
            assert screen.found is not None
            assert screen.found.asked <= 1
            assert kept(desk) == []
            assert app.screen is screen


async def test_who_knows_both_skips_the_article(tmp_path: Path) -> None:
    with lab(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
            app.plan.show()
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
