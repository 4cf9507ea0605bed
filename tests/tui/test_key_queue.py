"""Keys that come in one write do what they would do slowly, and nothing to what nobody has seen."""

from __future__ import annotations

import asyncio
import re
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.events import Key, Paste

from studytui.derive.verdict import Judgement
from studytui.study.desk import Desk
from studytui.tui.messages import FindClosed
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.statistics import StatisticsScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.filter import FindBar
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.step_field import StepField
from tests.present import present
from tests.tui.reading import opened, reader_at
from tests.tui.studio import make_desk
from tests.tui.terminal import Terminal
from tests.tui.test_sight import rows
from tests.tui.waiting import PATIENCE, all_answered, on_screen, until

SIZES = [(80, 24), (120, 40)]
NAMES = {" ": "space", "/": "slash", "}": "right_curly_bracket", ":": "colon"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


def send(app: StudyApp, *keys: str) -> None:
    """All at once, as one write of a slow line brings them. A key of several letters is a name."""
    for key in keys:
        if key.startswith("\n"):
            app.post_message(Paste(key[1:]))
        elif len(key) == 1:
            name = NAMES.get(key) or (
                key if key.isalnum() else unicodedata.name(key).lower().replace(" ", "_")
            )
            app.post_message(Key(name, key))
        else:
            app.post_message(Key(key, None))


def graded(desk: Desk) -> list[str]:
    """What was recorded, but for how far one has read."""
    return [body for kind, body in rows(desk) if kind != "article-read"]


async def send_now(app: StudyApp, key: str) -> None:
    """A key in the app's hand, whatever is behind it."""
    if app.key_queue.admits(event := Key(NAMES[key], key)):
        await app.answer(event)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_and_the_line_after_it_reach_the_bench(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        send(app, "enter", *"5x", "enter", "ctrl+u", *"2x + 2*x", "enter")
        await until(pilot, lambda: bench.bench.done)
        assert bench.history == ["5x", "2x + 2*x"], "the second waited for the verdict on the first"
        assert not app.screen.query(FindBar)


async def test_keys_wait_for_no_timer_that_may_never_go_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer of Textual that is late by its own length before its first tick never ticks."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        monkeypatch.setattr(app, "set_timer", lambda *_, **__: None)
        send(app, "enter", *"5x", "enter", "escape", "question_mark", "escape", "g")
        await all_answered(pilot, app)
        assert bench.history == ["5x"]


async def test_find_words_and_next_match_in_one_write(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        await reader_at(pilot, SnippetPanel)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        send(app, "g", "/", *"how many", "enter", "enter", "escape", "}")
        await all_answered(pilot, app)
        assert reader.page.marks.words == "how many"
        assert not reader.query(FindBar)
        assert reader.focused is not reader.page, "the brace came after the bar had closed"


async def test_a_key_waits_for_the_message_that_the_app_has_taken_out_already(desk: Desk) -> None:
    """Escape on its way to the app was in no queue, and the key after it went into the field."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        reader = await opened(pilot, "counting")
        reader.action_find()
        await all_answered(pilot, app)
        waited: list[int] = []

        def close() -> None:
            waited.append(len(app.key_queue))
            reader.on_find_closed(FindClosed())

        # The brace is in hand, and behind it only what closes the bar, as escape does.
        app.call_later(send_now, app, "}")
        app.call_later(close)
        while not waited:
            await asyncio.sleep(0)  # a pause of the pilot would put messages of its own in between
        assert waited == [1]
        await all_answered(pilot, app)
        assert reader.page.marks.words == ""
        assert reader.focused is not reader.page


async def test_a_key_waits_for_what_is_in_hand_though_nothing_is_queued(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        reader = await opened(pilot, "counting")
        in_hand, gate = asyncio.Event(), asyncio.Event()

        async def work() -> None:
            in_hand.set()
            await gate.wait()

        reader.call_later(work)
        await in_hand.wait()
        assert not reader.message_queue_size
        send(app, "/")
        while app.message_queue_size:
            await asyncio.sleep(0)  # a pause of the pilot would wait for what is in hand
        waited = len(app.key_queue)
        gate.set()
        assert waited == 1
        await all_answered(pilot, app)
        assert reader.query(FindBar)


async def test_escape_drops_nothing_where_only_a_block_is_being_read(desk: Desk) -> None:
    """It dropped the keys before it in the same write, which no verdict was awaited for."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        panel = await reader_at(pilot, SnippetPanel)
        reader = on_screen(app, ReaderScreen)
        gate = threading.Event()
        panel.is_read = False
        worker = panel.run_worker(lambda: gate.wait(PATIENCE), thread=True, group="snippet")
        send(app, "/", *"how many", "escape")
        await until(pilot, lambda: not app.message_queue_size)
        gate.set()
        await until(pilot, lambda: worker.is_finished)
        await all_answered(pilot, app)
        assert reader.page.marks.words == "how many"


async def test_the_palette_takes_what_is_typed_after_it(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        send(app, "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        send(app, ":", *"forecast", "enter")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        send(app, "q", "f", *"counting", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert on_screen(app, ReaderScreen).wanted[0] == "counting"


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_that_had_not_been_seen_is_opened_but_not_graded(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "counting")
        panels = [panel for panel in reader.query(CardPanel) if panel in reader.in_sight()]
        before = graded(desk)
        send(app, *"}" * (len(panels) + 2), "enter", *"12", "enter", "3", "enter", "4")
        await all_answered(pilot, app)
        assert graded(desk) == before
        panel = next(
            node for node in present(app.focused).ancestors_with_self if isinstance(node, LiveBlock)
        )
        assert panel in reader.in_sight(), "it is there now: the same keys work"


async def test_keys_meant_for_one_card_do_not_grade_the_next(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        app.start_review("things")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
        await all_answered(pilot, app)
        review = app.screen
        assert isinstance(review, ReviewScreen)
        first = review.shown
        send(app, "escape", "space", "3", "space", "3", "space", "3")
        await all_answered(pilot, app)
        assert len(graded(desk)) <= 1
        assert review.shown is not first or not graded(desk)


async def test_the_last_grade_is_taken_back_from_home(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        app.start_review("things")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
        review = app.screen
        assert isinstance(review, ReviewScreen)
        first = review.shown
        assert first is not None
        review.view.action_submit()
        await until(pilot, lambda: review.proposed is not None)
        await review.action_grade(3)
        assert desk.ledger.state(first.record.card).reps == 1
        await all_answered(pilot, app)  # the next card takes the focus only after it was posed
        review.set_focus(None)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        again = app.screen
        assert isinstance(again, ReviewScreen)
        await until(pilot, lambda: again.shown and again.shown.record == first.record)
        assert desk.ledger.state(first.record.card).reps == 0


async def test_escape_drops_what_was_typed_ahead_of_a_verdict(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed, check = threading.Event(), desk.prover.check

    def check_when_typed(*given: Any, **named: Any) -> Judgement:
        assert typed.wait(PATIENCE)
        return check(*given, **named)

    monkeypatch.setattr(desk.prover, "check", check_when_typed)
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZES[0]) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        send(app, "enter", *"2x + 2*x", "enter")
        await until(pilot, lambda: bench.waiting)
        send(app, *"4x", "escape")
        typed.set()
        await until(pilot, lambda: not bench.waiting)
        await all_answered(pilot, app)
        assert bench.query_one(StepField).value == ""
        assert app.focused is bench


def see_match(terminal: Terminal, number: int | None = None) -> int:
    """Wait for the number of a match at the end of the key bar: any, or that one."""
    late = monotonic() + 120
    while True:
        found = re.search(r"(\d+) of \d+ *$", terminal.text.rstrip())
        if found is not None and number in (None, int(found[1])):
            return int(found[1])
        assert monotonic() < late, terminal.text
        terminal.read()


@pytest.mark.parametrize("event", [Key("z", "z"), Paste("words")], ids=["a key", "a paste"])
async def test_what_comes_when_the_last_screen_has_gone_is_dropped(
    desk: Desk, event: Key | Paste
) -> None:
    """A key that no screen had wanted came back to the app while it was left, which ended it."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
    assert not app.screen_stack
    await app.on_event(event)
    assert not len(app.key_queue)


def test_one_write_does_what_slow_keys_do_in_a_terminal(home: Path) -> None:
    with Terminal(home) as terminal:
        terminal.see("begin with")
        terminal.press("q")
        terminal.see(" min ")  # all articles have been read
        terminal.press("f", *"gradient")
        terminal.see("found")
        terminal.press("\r")
        terminal.see("Next link")
        terminal.press("/", "\x1b[200~gradient\x1b[201~")
        first = see_match(terminal)
        for number in (first + 1, first + 2):
            terminal.press("\r")
            see_match(terminal, number)
        slowly = terminal.text
        terminal.press("\x11")
        assert terminal.ended() == 0
    with Terminal(home) as terminal:
        terminal.see(" min ")
        terminal.press("fgradient\r/gradient\r\r")
        terminal.see(slowly)
        terminal.press("\x11")
        assert terminal.ended() == 0
