"""What the reader spends time on is in the journal, without pauses, also what was left."""

from __future__ import annotations

from pathlib import Path

from studytui.store.events import Derived, Practice, Review, SectionRead, Spent
from studytui.study.desk import Desk
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.question import QuestionView
from tests.present import present
from tests.tui.reading import opened
from tests.tui.studio import make_desk
from tests.tui.waiting import ClockedApp, idle, until


def spent(desk: Desk) -> dict[tuple[str, str], float]:
    bodies = [event.body for event in desk.ledger.journal.events(kinds=(Spent.kind,))]
    return {(b.activity, b.subject): b.seconds for b in bodies if isinstance(b, Spent)}


async def test_reading_counts_by_section_and_a_long_pause_as_a_short_one(tmp_path: Path) -> None:
    with make_desk(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "counting")
            await pilot.press("j")
            app.wait(20)
            await pilot.press("j")
            app.wait(5000)
            await pilot.press("q")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            await idle(pilot)
            assert spent(desk) == {("read", "counting#"): 110.0}


async def test_a_card_in_the_text_keeps_its_time_and_its_grade_when_one_reads_on(
    tmp_path: Path,
) -> None:
    with make_desk(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            reader = await opened(pilot, "counting")
            reader.open("counting", line=17)
            await until(pilot, lambda: reader.query(CardPanel))
            panel = next(p for p in reader.query(CardPanel) if p.source.id == "count-sum")
            panel.focus()
            await until(pilot, lambda: panel.has_focus)
            app.wait(3)
            await pilot.press("enter")
            question = present(panel.query_one(QuestionView).question)
            app.wait(8)
            total = sum(int(part) for part in question.prompt.replace("?", "").split()[2::2])
            await pilot.press(*str(total))
            app.wait(2)
            await pilot.press("enter")
            await until(pilot, lambda: panel.is_judged)
            await pilot.press("q")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            await idle(pilot)
            (review,) = desk.ledger.journal.events(kinds=(Review.kind, Practice.kind))
            assert isinstance(review.body, Review)
            assert (review.body.card, review.body.grade) == ("count-sum", 3)
            assert review.body.duration_ms == 10_000


async def test_a_derivation_counts_from_where_one_turned_to_it(tmp_path: Path) -> None:
    with make_desk(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            reader = await opened(pilot, "counting")
            app.wait(60)
            await pilot.press("G")
            await until(pilot, lambda: reader.query(DerivationBench))
            bench = reader.query_one(DerivationBench)
            bench.focus()
            await until(pilot, lambda: bench.has_focus)
            app.wait(30)
            await pilot.press("X")
            await until(pilot, lambda: desk.ledger.journal.last(Derived.kind, "count-double"))
            event = desk.ledger.journal.last(Derived.kind, "count-double")
            assert event is not None
            assert isinstance(event.body, Derived)
            assert event.body.seconds == 30


async def test_a_jump_to_the_end_reads_nothing_and_reading_brings_the_section(
    tmp_path: Path,
) -> None:
    with make_desk(tmp_path) as desk:
        app = ClockedApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            reader = await opened(pilot, "counting")
            assert isinstance(reader, ReaderScreen)
            await pilot.press("G")
            await idle(pilot)
            assert not desk.ledger.journal.latest(SectionRead.kind)
            app.wait(30)
            await pilot.press("k")
            await until(pilot, lambda: desk.ledger.journal.latest(SectionRead.kind))
            assert set(desk.ledger.journal.latest(SectionRead.kind)) == {"counting#"}
