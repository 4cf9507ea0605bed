"""Opening and turning pages: studytui's reader beside Textual's own Markdown, in one run."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Markdown

from benchmarks.figures import Figure, at_least, at_most, report
from benchmarks.terminals import seconds_to

if TYPE_CHECKING:
    from studytui.tui.screens.reader import ReaderScreen

RUNS = 9
PAGES = 40
ARTICLES = 3
PASSES = 3
"""Times that the shipped articles are leafed through, each in an interface of its own. A page
counts by the middle of them: a busy host gives one and the same page its cost, or twice that."""
GLANCE = 1.0
"""Seconds between two pages of a shipped article: who skims is no faster."""
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("hello")
Bare().run()
"""
FRONT = "---\nid: {name}\ntitle: Article {name}\ntrack: generated\n---\n\n"
WORDS = (
    "The **first moment** of the gradient $m_t$ is an *exponential* moving average with rate "
    "$\\beta_1$; see [the section before](#section-1) and `torch.optim`. "
)


def article(size: int, name: str = "sample") -> str:
    """A generated article of about ``size`` bytes: prose, formulas, lists, tables and listings."""
    parts = [FRONT.format(name=name)]
    number = used = 0
    while used < size:
        number += 1
        part = (
            f"## Section {number}\n\n{WORDS * 3}\n\n{WORDS * 2}\n\n"
            "$$\nm_t = \\beta_1 m_{t-1} + "
            "(1 - \\beta_1) \\frac{\\partial L}{\\partial \\theta}\n$$\n\n"
            "- one thing\n- another thing, *longer*\n  - and one below it\n\n"
            "| a | b |\n|---|--:|\n| left | 1 |\n| other | 2.5 |\n\n"
            "```python\nfor step in range(10):\n    loss = model(step)  # forward\n```\n\n"
        )
        parts.append(part)
        used += len(part)
    return "".join(parts)


class Peer(App[None]):
    """Textual's Markdown, as it is."""

    def compose(self) -> ComposeResult:
        yield Markdown("")


async def peer_seconds(text: str) -> float:
    """How long ``Markdown.update`` takes, without the settling after it."""
    app = Peer()
    async with app.run_test(size=(120, 40)) as pilot:
        markdown = app.query_one(Markdown)
        await markdown.update("# warm\n\nup")
        await pilot.pause()
        start = perf_counter()
        await markdown.update(text)
        return perf_counter() - start


async def painted(app: App[None], act: Callable[[], object]) -> float:
    """Seconds from an act until the frame after it has been painted."""
    done = asyncio.Event()
    start = perf_counter()
    act()
    app.screen.call_after_refresh(done.set)
    await done.wait()
    return perf_counter() - start


async def turned(reader: ReaderScreen) -> float:
    """Seconds of processor time from the key until the next page has been painted.

    Not of the clock: Textual waits for its next frame (1/60 s) before it paints.
    """
    app, page = reader.app, reader.page
    before = page.scroll_y
    moved = asyncio.Event()
    start = end = 0.0

    def look(_: Screen[object]) -> None:
        nonlocal end
        if page.scroll_y != before and not moved.is_set():
            end = process_time()
            moved.set()

    signal = reader.screen_layout_refresh_signal
    signal.subscribe(page, look, immediate=True)
    start = process_time()
    app.post_message(Key("pagedown", None))
    await asyncio.wait_for(moved.wait(), 10)
    signal.unsubscribe(page)
    return end - start


async def leafed(reader: ReaderScreen, pilot: Pilot[None], most: int, rest: float) -> list[float]:
    """The seconds of each page-down, with a rest after each."""
    pages: list[float] = []
    while len(pages) < most and reader.page.scroll_y < reader.page.max_scroll_y:
        pages.append(await turned(reader))
        await pilot.pause(rest)
    return pages


async def shipped_pages(folder: Path) -> list[float]:
    """The seconds of each page-down in shipped articles: with snippets, derivations and cards."""
    from studytui.paths import Directories
    from studytui.settings import Settings
    from studytui.study.desk import Desk
    from studytui.tui.screens.reader import ReaderScreen
    from studytui.tui.shell import StudyApp

    home = Directories(folder / "data", folder / "config", folder / "cache")
    app = StudyApp(desk=Desk(home, Settings()), terminal_is_dark=True)
    pages: list[float] = []
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.shelf.entries:
            await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        names = [entry.id for entry in app.desk.library.entries]
        for name in names[:: max(1, len(names) // ARTICLES)]:
            while len(app.screen_stack) > 1:
                app.pop_screen()
                await pilot.pause(0.1)
            app.open_article(name)
            await pilot.pause(1.5)
            assert isinstance(app.screen, ReaderScreen)
            pages += await leafed(app.screen, pilot, PAGES, GLANCE)
    return pages


async def ours(sizes: tuple[int, ...], folder: Path) -> tuple[list[float], list[float]]:
    """Median seconds to open an article of each size, and the seconds of each page-down."""
    from studytui.paths import Directories
    from studytui.settings import Settings
    from studytui.study.desk import Desk
    from studytui.tui.screens.reader import ReaderScreen
    from studytui.tui.shell import StudyApp

    pack = make_pack(folder / "pack", {f"size-{size}": size for size in sizes} | {"warm": 2000})
    home = Directories(folder / "data", folder / "config", folder / "cache")
    app = StudyApp(desk=Desk(home, Settings(packs=(str(pack),))), terminal_is_dark=True)
    opened: list[float] = []
    async with app.run_test(size=(120, 40)) as pilot:
        while app.shelf.entry("warm") is None:
            await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        app.open_article("warm")
        await pilot.pause(0.3)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        for size in sizes:
            times = []
            for _ in range(5):
                await app.workers.wait_for_complete()
                reader.open("warm")
                await pilot.pause(0.2)
                times.append(await painted(app, partial(reader.open, f"size-{size}")))
                assert reader.page.document is not None and reader.page.on_screen()
                await pilot.pause(0.2)
            opened.append(median(times))
        await app.workers.wait_for_complete()
        reader.open(f"size-{sizes[0]}")
        await pilot.pause(1.0)
        pages = await leafed(reader, pilot, PAGES, 0.02)
    return opened, pages


def make_pack(folder: Path, sizes: dict[str, int]) -> Path:
    """A pack with one track of generated articles."""
    track = folder / "generated"
    track.mkdir(parents=True)
    (folder / "pack.toml").write_text('id = "generated"\ntitle = "Generated"\n')
    for name, size in sizes.items():
        (track / f"{name}.md").write_text(article(size, name))
    return folder


def start_seconds(folder: Path, count: int) -> Callable[[], float]:
    """What measures a start with ``count`` further articles, from the process to the list."""
    pack = make_pack(folder / "pack", {f"article-{number:04}": 1500 for number in range(count)})
    config = folder / "home" / "config"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text(f'packs = ["{pack}"]\n')
    environment = {"STUDYTUI_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "studytui"]
    seconds_to(b"read", [sys.executable, "-c", INDEX], environment, patience=300)
    return lambda: seconds_to(b"cards", command, environment)


INDEX = """
from studytui.study.desk import Desk
with Desk.open() as desk:
    desk.library.refresh()
    desk.ledger
print("read")
"""


def measure() -> list[Figure]:
    """Every figure of reading."""
    environment = {"STUDYTUI_HOME": tempfile.mkdtemp(prefix="studytui-benchmark-")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratios = []
        for _ in range(RUNS):
            bare = seconds_to(b"hello", [sys.executable, "-c", BARE], environment)
            full = seconds_to(b"studytui", [sys.executable, "-m", "studytui"], environment)
            ratios.append(full / bare)
        six = start_seconds(folder / "six", 6)
        many = start_seconds(folder / "many", 2000)
        pairs = [(six(), many()) for _ in range(RUNS)]
        text = article(50_000)
        peer = median(asyncio.run(peer_seconds(text)) for _ in range(3))
        (small, large), pages = asyncio.run(ours((50_000, 1_000_000), folder / "reader"))
        passes = [asyncio.run(shipped_pages(folder / f"shipped-{n}")) for n in range(PASSES)]
        shipped = [median(each) for each in zip(*passes, strict=True)]
    return [
        at_most("first paint / bare Textual app", median(ratios), "x", 1.25, "pty, paired medians"),
        at_least(
            "50 KB article: Markdown.update / open",
            peer / small,
            "x",
            30,
            f"{peer * 1000:.0f} ms / {small * 1000:.0f} ms to the painted frame",
        ),
        at_most(
            "page-down, 95th percentile",
            quantiles(pages, n=20)[-1] * 1000,
            "ms",
            12,
            f"{len(pages)} pages at once, processor time, headless; "
            f"median {median(pages) * 1000:.1f}",
        ),
        at_most(
            "page-down in shipped articles, 95th percentile",
            quantiles(shipped, n=20)[-1] * 1000,
            "ms",
            12,
            f"{len(shipped)} pages with snippets, cards and derivations, the middle of {PASSES} "
            f"passes; median {median(shipped) * 1000:.1f}",
        ),
        at_most(
            "open 1 MB / open 50 KB",
            large / small,
            "x",
            10,
            f"{large * 1000:.0f} ms / {small * 1000:.0f} ms",
        ),
        at_most(
            "start with 2,000 articles / with six",
            median(many / six for six, many in pairs),
            "x",
            1.1,
            "process start to the list of articles, index cached",
        ),
    ]


if __name__ == "__main__":
    os.environ.setdefault("TERM", "xterm-256color")
    report(measure())
