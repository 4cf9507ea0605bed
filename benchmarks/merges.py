"""``python -m benchmarks merges --times 500``: devices used as people do become one memory.

Two to five devices in as many time zones, with clocks that differ by minutes, grade, undo, redo,
reset, postpone, read, report and import the same deck, on cards whose text is edited meanwhile.
They sync through one folder that is interrupted in every way: syncs are killed, files arrive half,
disappear, or come back, and a device goes back to a backup.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, at_most
from studytui.exchange.anki_in import take_package
from studytui.memory.ledger import Ledger, Outcome
from studytui.settings import DaySettings, Settings
from studytui.store.anki.records import (
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    AnkiPackage,
    AnkiReview,
    CardType,
)
from studytui.store.events import Bury, ReadingPlace, Report, Reset, SetDue, Suspend, Unsuspend
from studytui.store.journal import Journal
from studytui.store.segments import FOLDER
from studytui.study.syncing import sync

ZONES = ("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu")
START = datetime(2026, 3, 20, 3, tzinfo=UTC)
STEPS = 60
CARDS = 8
LAST_ROUNDS = 3
_KIND = AnkiNoteType(1, "Basic", ("Front", "Back"), (("Card", "{{Front}}", "{{Back}}"),))


@dataclass
class Device:
    """One journal with its zone and its clock's error, and what could be undone on it."""

    folder: Path
    zone: str
    late: timedelta
    ledger: Ledger = field(init=False)
    outcomes: list[Outcome] = field(default_factory=list)
    undone: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Open the journal, as at a start of studytui."""
        settings = Settings(days=DaySettings(time_zone=self.zone))
        self.ledger = Ledger(Journal.open(self.folder / "journal.db"), settings)
        self.ledger.make_current()

    def close(self) -> None:
        self.ledger.journal.close()


def merged(seed: int, root: Path) -> list[str]:
    """One random history of several devices; what is not as it should be at its end."""
    generator = random.Random(seed)
    shared = root / "shared"
    shared.mkdir(parents=True)
    zones = generator.sample(ZONES, generator.randrange(2, 6))
    devices = [
        Device(root / str(place), zone, timedelta(minutes=generator.uniform(-20, 20)))
        for place, zone in enumerate(zones)
    ]
    now = START
    recorded: set[str] = set()
    for _ in range(STEPS):
        now += timedelta(minutes=generator.choice((1, 9, 200, 1500, 6000)))
        device = generator.choice(devices)
        if generator.random() < 0.75:
            _study(device, now + device.late, generator)
            recorded |= {event.id for event in device.ledger.journal.events()}
        else:
            _interrupt(device, shared, now + device.late, generator)
    for _ in range(LAST_ROUNDS):
        for device in generator.sample(devices, len(devices)):
            sync(device.ledger, shared, now + timedelta(days=1), lambda _: True)
    wrong = list(_differences(devices, recorded))
    for device in devices:
        device.close()
    return wrong


def _study(device: Device, now: datetime, generator: random.Random) -> None:
    ledger, draw = device.ledger, generator.random()
    card = f"card/{generator.randrange(CARDS)}"
    if draw < 0.6:
        state = ledger.state(card)
        grade = generator.choice((1, 2, 3, 3, 4))
        factors = ledger.factors(card, state, ledger.days.day(now), 0.9)
        # The text is edited now and then: the digest of what was asked differs by device.
        edited = f"text {generator.randrange(3)}"
        outcome = ledger.grade(
            card, grade, now, retention=0.9, factor=factors[grade - 1], content=edited
        )
        device.outcomes.append(outcome)
    elif draw < 0.7 and device.outcomes:
        device.undone.append(device.outcomes.pop())
        ledger.take_back(device.undone[-1], now)
    elif draw < 0.75 and device.undone:
        ledger.put_back(device.undone.pop(), now)
    elif draw < 0.9:
        actions = (Suspend(card), Unsuspend(card), Bury(card), Reset(card))
        due = SetDue(card, ledger.days.day(now) + generator.randrange(40))
        device.outcomes.append(ledger.act(generator.choice((*actions, due)), now))
    elif draw < 0.96:
        ledger.record(generator.choice((Report(card, "odd"), ReadingPlace("article", 7))), now)
    else:
        history = take_package(_deck(), {}).history
        ledger.merge_batches(history, len(history))


def _deck() -> AnkiPackage:
    """The same file on every device."""
    made = int(START.timestamp()) - 40 * 86_400
    numbers = range(1, 4)
    return AnkiPackage(
        created=made,
        note_types=(_KIND,),
        decks={1: "Deck"},
        notes=tuple(AnkiNote(each, f"guid{each}", 1, ("q", "a")) for each in numbers),
        cards=tuple(
            AnkiCard(each, each, 0, 1, CardType.REVIEW, 2, due=50, interval=30, repetitions=2)
            for each in numbers
        ),
        reviews=tuple(
            AnkiReview((made + each * 86_400 + again) * 1000, each, 3)
            for each in numbers
            for again in (0, 700)
        ),
    )


def _interrupt(device: Device, shared: Path, now: datetime, generator: random.Random) -> None:
    """A sync, whole or interrupted in one of many ways."""
    way = generator.randrange(6)
    files = sorted((shared / FOLDER).glob("*.jsonl"))
    if way == 0:
        _killed_sync(device, shared, now, generator)
    elif way == 1 and files:
        # A cloud folder shows a file before all of it is there; the rest comes later.
        half = generator.choice(files)
        whole = half.read_bytes()
        half.write_bytes(whole[: generator.randrange(len(whole))])
        sync(device.ledger, shared, now, lambda _: True)
        half.write_bytes(whole)
    elif way == 2 and files:
        gone = generator.choice(files)
        gone.rename(root := shared / "gone.tmp")
        sync(device.ledger, shared, now, lambda _: True)
        root.rename(gone)
    elif way == 3:
        _restored(device, shared, now, generator)
    else:
        sync(device.ledger, shared, now, lambda _: True)


def _killed_sync(device: Device, shared: Path, now: datetime, generator: random.Random) -> None:
    """A sync in a process of its own, which is killed at any moment; the device starts again."""
    device.close()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            device.open()
            sync(device.ledger, shared, now, lambda _: True)
        os._exit(0)
    time.sleep(generator.uniform(0, 0.03))
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    device.open()


def _restored(device: Device, shared: Path, now: datetime, generator: random.Random) -> None:
    """Back to a backup, after what was done since has reached the folder."""
    backup = device.folder / "backup.db"
    device.ledger.journal.back_up(backup)
    for _ in range(3):
        _study(device, now, generator)
    sync(device.ledger, shared, now, lambda _: True)
    device.close()
    for companion in ("-wal", "-shm"):
        (device.folder / f"journal.db{companion}").unlink(missing_ok=True)
    shutil.move(backup, device.folder / "journal.db")
    device.outcomes.clear()
    device.undone.clear()
    device.open()


def _differences(devices: list[Device], recorded: set[str]) -> Iterator[str]:
    events = [list(device.ledger.journal.events()) for device in devices]
    states = [dict(device.ledger.journal.states.all()) for device in devices]
    if any(each != events[0] for each in events):
        yield "the devices have different events"
    if any(each != states[0] for each in states):
        yield "the devices have different states"
    if lost := recorded - {event.id for event in events[0]}:
        yield f"{len(lost)} events are lost"
    devices[0].ledger.rebuild()
    if dict(devices[0].ledger.journal.states.all()) != states[0]:
        yield "the states are not what a replay gives"


def measure(times: int = 50) -> list[Figure]:
    """How many of so many random histories did not end in one memory."""
    wrong: list[str] = []
    for seed in range(times):
        with tempfile.TemporaryDirectory() as folder:
            wrong += (f"seed {seed}: {what}" for what in merged(seed, Path(folder)))
    how = f"{times} histories of 2 to 5 devices, {STEPS} steps each; {'; '.join(wrong[:5])}"
    return [at_most("merges that did not end in one memory", len(wrong), "", 0, how)]
