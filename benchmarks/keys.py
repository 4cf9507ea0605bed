"""Random keys and pastes at three sizes: nothing crashes, freezes, or is written unseen.

``python -m benchmarks keys --minutes 10 --seed 1``. The app is the real one, on a home
of its own; what is on the screen is told from the places that the compositor gave the widgets when
a batch was sent, not from what the app believes. Every event of the journal must be about that.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import assert_never

from textual.events import Key, Paste
from textual.pilot import Pilot

from benchmarks.figures import Figure, at_least, at_most
from studytui.settings import RunSettings, Settings
from studytui.store.events import (
    ArticleRead,
    Body,
    Bookmark,
    Bury,
    Derived,
    Exercised,
    Exported,
    Mistaken,
    MoreToday,
    Other,
    Placed,
    PlanSet,
    Practice,
    ReadingPlace,
    Redo,
    Report,
    Reset,
    Review,
    SectionRead,
    SetDue,
    SetMemory,
    SnippetRun,
    Spent,
    Suspend,
    Tagged,
    Trusted,
    Undo,
    Unsuspend,
)
from studytui.study.desk import Desk
from studytui.tui.actions import actions, scopes
from studytui.tui.shell import StudyApp

SIZES = ((60, 18), (80, 24), (120, 40))
PATIENCE = 120.0
"""Seconds after which keys that wait count as frozen: far more than anything takes."""
BATCHES_OF_AN_APP = 60
RUN_SECONDS = 5.0
LEAVING = frozenset(("ctrl+q", "ctrl+c", "f12"))
"""Seldom: each of the first two ends a sitting, and the last one writes a picture."""
PASTES = (
    "2*x + 2*x\n4*x",
    "1\n2\n3\n\n4",
    "\x1b[2J\x1b]0;title\x07 plain",
    "\\frac{1}{2} x^2",
    "注意力 is all you need",
    "👩‍🔬 é ​‮reversed",
    "x" * 5_000,
    "def f(x):\n    return x\n",
    "'; drop table events; --",
    "",
)
TYPED = ("2x + 2*x", "42", "adam", "is:due", "return x + x", "the", "(((", "x^2^2", "-1e999")


@dataclass
class Tally:
    """What happened. ``seen`` names all that was on the screen when keys were sent."""

    batches: int = 0
    keys: int = 0
    sittings: int = 0
    events: int = 0
    longest: float = 0.0
    seen: set[str] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)


def every_key() -> list[str]:
    """The keys of all actions of the registry, and those that move and type everywhere."""
    keys = {key for scope in scopes() for item in actions(scope) for key in item.keys.split(",")}
    return sorted((keys | {"tab", "shift+tab", "enter", "escape", "backspace", "a", "0"}) - LEAVING)


def batch(chance: random.Random, keys: list[str]) -> list[Key | Paste]:
    """What is sent in one write: mostly one key, sometimes words or a paste among some keys."""
    dice = chance.random()
    if dice < 0.06:
        return [Paste(chance.choice(PASTES))]
    if dice < 0.12:
        return [Key("enter", "\r"), *typed(chance.choice(TYPED)), Key("enter", "\r")]
    if dice < 0.13:
        return [key(chance.choice(sorted(LEAVING)))]
    # Blocks and their answers more often than chance would have it.
    apt = ["right_curly_bracket", "enter", "space", "tab", "1", "2", "3", "4", "escape", "r", "u"]
    count = 1 if dice < 0.7 else chance.randint(2, 6)
    return [key(chance.choice(apt if chance.random() < 0.45 else keys)) for _ in range(count)]


def key(name: str) -> Key:
    """A key as the terminal gives it, with its character where it has one."""
    if len(name) == 1:
        return Key(name, name)
    try:
        return Key(name, unicodedata.lookup(name.replace("_", " ").upper()))
    except KeyError:
        return Key(name, " " if name == "space" else None)


def typed(text: str) -> Iterator[Key]:
    """Text as keys."""
    for letter in text:
        name = letter if letter.isalnum() else unicodedata.name(letter).lower().replace(" ", "_")
        yield Key(name.replace("-", "_"), letter)


# What is on the screen --------------------------------------------------------------------------


def on_screen(app: StudyApp) -> set[str]:
    """The ids of all that can be seen and answered, by the places of the widgets."""
    from studytui.study import questions
    from studytui.tui.screens.cards import CardsScreen
    from studytui.tui.screens.places import PlacesScreen
    from studytui.tui.screens.reader import ReaderScreen
    from studytui.tui.screens.review import ReviewScreen
    from studytui.tui.widgets.card import CardPanel
    from studytui.tui.widgets.derivation import DerivationBench
    from studytui.tui.widgets.exercise import ExercisePanel
    from studytui.tui.widgets.live_block import LiveBlock
    from studytui.tui.widgets.snippet import SnippetPanel

    found: set[str] = set()
    for screen in reversed(app.screen_stack):
        match screen:
            case ReaderScreen():
                found |= {screen.wanted[0], place(screen.visit.article, screen.visit.line)}
            case ReviewScreen() if screen.shown is not None:
                found.add(screen.shown.record.card)
            case CardsScreen():
                found |= {row.card for row in screen.list.shown} | screen.list.marked
            case PlacesScreen():
                found |= {place(each.article, each.line) for each in screen.list.shown}
        for block in screen.query(LiveBlock):
            if not block.region.overlaps(screen.region):
                continue
            match block:
                case CardPanel():
                    found |= {record.card for record in questions.record_of(app.desk, block.source)}
                case DerivationBench():
                    found.add(block.source.id)
                case ExercisePanel():
                    found.add(block.block.id)
                case SnippetPanel():
                    found.add(block.block.name)
        if not screen.is_modal:
            break
    return found


def place(article: str, line: int) -> str:
    """A place in an article: the line of the source at the upper edge of the screen."""
    return f"{article}:{line}"


def subject(body: Body) -> str:
    """What an event is about, where it must have been seen; empty where that is no one thing."""
    match body:
        case Review() | Practice() | Undo() | Redo() | Suspend() | Unsuspend() | Bury() | Reset():
            return body.card
        case SetMemory() | SetDue() | Report():
            return body.card
        case Derived():
            return body.derivation
        case SectionRead():
            return body.section.partition("#")[0]
        case Mistaken() | Tagged():
            return body.subject if isinstance(body, Mistaken) else body.card
        case Exercised():
            return body.exercise
        case SnippetRun():
            return body.snippet
        case ReadingPlace() | ArticleRead():
            return body.article
        case Bookmark():
            return place(body.article, body.line)
        case Placed():
            return body.article
        case Trusted() | Spent() | PlanSet() | MoreToday() | Exported():
            return ""  # about no one thing: time that passed, or what a screen of its own asks
        case Other():
            return f"an event of an unknown kind: {body.name}"
        case _:
            assert_never(body)


LATER = (SnippetRun, ReadingPlace, ArticleRead, SectionRead, Exercised, Derived, Undo, Redo)
"""Kinds that may be written a while after the key, or take back what was seen before."""


class Sitting:
    """One app, driven until it is left or has had its share."""

    def __init__(self, desk: Desk, chance: random.Random, tally: Tally) -> None:
        self.app = StudyApp(desk=desk, terminal_is_dark=True)
        self.desk = desk
        self.chance = chance
        self.tally = tally
        self.keys = every_key()

    @property
    def is_over(self) -> bool:
        """Whether the keys have left the app."""
        return not self.app.screen_stack or not self.app.is_running

    async def sit(self, size: tuple[int, int], until: float, most: int) -> None:
        """Send batches until an instant of the clock, or so many."""
        self.tally.sittings += 1
        async with self.app.run_test(size=size) as pilot:
            await self._wait(pilot, lambda: bool(self.app.shelf.entries))
            entry = self.chance.choice(self.app.shelf.entries)
            self.app.open_article(entry.id)
            written = self.desk.ledger.journal.count()
            for _ in range(min(most, BATCHES_OF_AN_APP)):
                if monotonic() > until or self.is_over:
                    break
                written = await self._one(pilot, written)
        self.desk.runner.close()

    async def _one(self, pilot: Pilot[None], written: int) -> int:
        sent = batch(self.chance, self.keys)
        seen = on_screen(self.app)
        self.tally.seen |= seen
        self.tally.batches += 1
        self.tally.keys += len(sent)
        began = monotonic()
        for event in sent:
            self.app.post_message(event)
        await self._wait(pilot, self._is_answered)
        self.tally.longest = max(self.tally.longest, monotonic() - began)
        journal = self.desk.ledger.journal
        if journal.count() > written:
            for event in list(journal.events())[written:]:
                self._judge(event.body, seen, sent)
        return journal.count()

    def _state(self) -> str:
        """What a frozen app waits for."""
        app, queue = self.app, self.app.key_queue
        nodes = [(node, node.message_queue_size) for node in queue.nodes()]
        workers = [(each.group, each.state) for each in app.workers if not each.is_finished]
        layout = app.screen._layout_required, len(app.screen._callbacks)
        return f"{len(queue)} keys, {layout=}, {nodes=}, {workers=}"

    def _is_answered(self) -> bool:
        if self.is_over:
            return True
        queue = self.app.key_queue
        return not len(queue) and not self.app.message_queue_size and queue.is_at_rest()

    def _judge(self, body: Body, seen: set[str], sent: list[Key | Paste]) -> None:
        self.tally.events += 1
        about = subject(body)
        known = self.tally.seen if isinstance(body, LATER) else seen
        if about and about not in known:
            keys = " ".join(e.key if isinstance(e, Key) else f"paste {e.text[:20]!r}" for e in sent)
            self.tally.unseen.append(f"{body} by {keys}; seen: {sorted(seen)}")

    async def _wait(self, pilot: Pilot[None], holds: object) -> None:
        late = monotonic() + PATIENCE
        while not holds():  # type: ignore[operator]
            if monotonic() > late:
                raise AssertionError(f"frozen for {PATIENCE:g} s: {self._state()}")
            await pilot.pause(0.01)


async def play(
    folder: Path,
    seed: int,
    *,
    minutes: float = 60,
    most: int = sys.maxsize,
    sizes: tuple[tuple[int, int], ...] = SIZES,
) -> Tally:
    """Random keys on a home in a folder; what came of it.

    Raises:
        AssertionError: Something is frozen.
        Exception: What crashed the app.
    """
    from dataclasses import replace

    from studytui.library.pack import load_pack
    from studytui.paths import Directories
    from tests.asked import EVERY_CARD
    from tests.tui.studio import make_pack

    home = Directories(folder / "data", folder / "config", folder / "cache")
    pack = make_pack(folder / "lab")
    settings = Settings(packs=(str(pack),), review=EVERY_CARD, run=RunSettings(seconds=RUN_SECONDS))
    chance, tally = random.Random(seed), Tally()
    until = monotonic() + 60 * minutes
    while monotonic() < until and tally.batches < most:
        with Desk(home, settings) as desk:
            desk.packs = (replace(load_pack(pack), shipped=True),)
            desk.library.refresh()
            size = sizes[tally.sittings % len(sizes)]
            await Sitting(desk, chance, tally).sit(size, until, most - tally.batches)
    return tally


def measure(*, minutes: float = 1.0, seed: int = 1) -> list[Figure]:
    """Play, and count what went wrong."""
    os.environ["EDITOR"] = "true"
    with tempfile.TemporaryDirectory() as name:
        here = Path.cwd()
        os.chdir(name)  # what is saved goes there
        try:
            tally = asyncio.run(play(Path(name), seed, minutes=minutes))
        finally:
            os.chdir(here)
    for line in tally.unseen:
        print(line)
    how = f"{tally.keys} keys and pastes in {tally.batches} writes, {tally.sittings} sittings"
    return [
        at_most("events written about what was not on the screen", len(tally.unseen), "", 0, how),
        at_least("events written by random keys", tally.events, "", 1, f"seed {seed}"),
        at_most(
            "longest wait for an answer", tally.longest, "s", PATIENCE, "with judging and runs"
        ),
    ]
