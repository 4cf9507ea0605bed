"""What reaches a widget that is being taken away is too late, whatever the widget knows of that."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.message import Message

from studytui.tui import widgets as package
from studytui.tui.palette import Palette
from studytui.tui.widget_lifecycle import UntilGone, is_gone
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.text_lines import Lines
from tests.tui.waiting import until


class Told(Message):
    """What a worker reports."""


class Unaware(LiveBlock):
    """A live block like one that somebody adds: it does not ask whether it is still there."""

    def __init__(self) -> None:
        super().__init__("Unaware", "block", Palette(dark=True))
        self.heard = 0

    def body(self) -> ComposeResult:
        yield Lines([], self.palette, id="part")

    async def begin(self) -> None:
        self.show_part()
        self.post_message(Told())

    def show_part(self) -> None:
        self.query_one("#part", Lines).show([[("here", "")]])

    def on_told(self, message: Told) -> None:
        self.heard += 1
        self.show_part()


class Patient(Unaware):
    """Its handler waits for something, and goes on when the parts are gone."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = asyncio.Event()

    async def on_told(self, message: Told) -> None:  # type: ignore[override]
        self.heard += 1
        await self.may_go_on.wait()
        await self.query("#part").remove()
        self.show_part()


class Outer(Vertical):
    """What is around it: told whatever no block has taken."""

    heard = 0

    def on_told(self, message: Told) -> None:
        self.heard += 1


async def emptied(block: LiveBlock) -> None:
    """Wait until a block has taken all that was sent to it, whatever else stands still."""
    while not block.is_mounted or block.message_queue_size:
        await asyncio.sleep(0)


async def test_a_block_that_was_left_before_its_parts_were_made_hears_nothing() -> None:
    """What is around it is busy: the block is marked as gone, and goes on taking messages."""
    app: App[None] = App()
    async with app.run_test() as pilot:
        outer, block, busy = Outer(), Unaware(), asyncio.Event()
        await app.mount(outer)
        outer.call_later(busy.wait)
        outer.mount(block)
        removal = outer.remove()
        await emptied(block)
        assert is_gone(block)
        assert not block.query("#part"), "it was left at once"
        block.post_message(Told())
        await emptied(block)
        busy.set()
        await removal
        await pilot.pause()
        assert (block.heard, outer.heard) == (0, 0)


async def test_a_handler_that_waited_while_its_block_was_left_ends_quietly() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        outer, block, busy = Vertical(), Patient(), asyncio.Event()
        await app.mount(outer)
        await outer.mount(block)
        await until(pilot, lambda: block.heard)
        outer.call_later(busy.wait)
        removal = outer.remove()
        block.may_go_on.set()
        await emptied(block)
        busy.set()
        await removal
        assert is_gone(block)


async def test_parts_that_a_block_on_the_screen_misses_are_an_error() -> None:
    app: App[None] = App()
    with pytest.raises(NoMatches):
        async with app.run_test() as pilot:
            block = Patient()
            await app.mount(block)
            await until(pilot, lambda: block.heard)
            block.may_go_on.set()
            await until(pilot, lambda: not app.is_running)


def widgets() -> list[type]:
    """The classes of the widgets' modules."""
    found = []
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        found += [
            each
            for _, each in inspect.getmembers(module, inspect.isclass)
            if each.__module__ == info.name
        ]
    return found


def test_what_workers_report_to_hears_them_only_until_it_is_gone() -> None:
    starters = [each for each in widgets() if "thread=True" in inspect.getsource(each)]
    assert starters
    assert [each.__name__ for each in starters if not issubclass(each, UntilGone)] == []
