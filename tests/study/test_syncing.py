"""Devices that sync become one memory, whoever syncs first and however the history was split."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studytui.memory.ledger import Ledger
from studytui.memory.rating import Rating
from studytui.settings import DaySettings, Settings
from studytui.store import codec
from studytui.store.errors import StoreError
from studytui.store.events import Bury, Reset, Suspend, Unsuspend
from studytui.store.journal import Journal
from studytui.store.segments import FOLDER
from studytui.store.states import CardState
from studytui.study import syncing
from studytui.study.syncing import Stranger, Synced
from tests.examples import examples

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SETTINGS = Settings(days=DaySettings(time_zone="Europe/Berlin"))


def sync(ledger: Ledger, folder: Path, now: datetime) -> Synced:
    """A sync among one's own devices."""
    return syncing.sync(ledger, folder, now, accept=lambda strangers: True)


def ledger_at(folder: Path) -> Ledger:
    ledger = Ledger(Journal.open(folder / "journal.db"), SETTINGS)
    ledger.make_current()
    return ledger


def study(ledger: Ledger, now: datetime, seed: int) -> None:
    """One thing that a reader does, decided by the seed."""
    generator = random.Random(seed)
    card = f"card/{generator.randrange(5)}"
    if generator.random() < 0.75:
        state = ledger.state(card)
        grade = generator.choice([1, 2, 3, 3, 4])
        factors = ledger.factors(card, state, ledger.days.day(now), 0.9)
        outcome = ledger.grade(card, Rating(grade), now, retention=0.9, factor=factors[grade - 1])
        if generator.random() < 0.2:
            undone = ledger.take_back(outcome, now + timedelta(seconds=5))
            assert undone.after.reps == state.reps
            if generator.random() < 0.5:
                ledger.put_back(outcome, now + timedelta(seconds=9))
    else:
        action = generator.choice([Suspend, Unsuspend, Bury, Reset])
        ledger.act(action(card), now)


def states(ledger: Ledger) -> dict[str, CardState]:
    return dict(ledger.journal.states.all())


@settings(examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), devices=st.integers(2, 5))
def test_random_splits_merge_in_any_order_to_the_same_state(
    data: st.DataObject, devices: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Random studying on several devices, with syncs in between, in random order."""
    root = tmp_path_factory.mktemp("sync")
    shared = root / "shared"
    shared.mkdir()
    with ExitStack() as stack:
        ledgers = [ledger_at(root / f"device{number}") for number in range(devices)]
        for ledger in ledgers:
            stack.callback(ledger.journal.close)
        now = START
        steps = data.draw(
            st.lists(
                st.tuples(st.integers(0, devices - 1), st.integers(0, 10**6)),
                min_size=4,
                max_size=40,
            )
        )
        for device, seed in steps:
            now += timedelta(minutes=random.Random(seed).choice([1, 12, 300, 1500, 9000]))
            study(ledgers[device], now, seed)
            if seed % 7 == 0:
                sync(ledgers[device], shared, now)
        # Everyone leaves theirs, then everyone takes the rest, each time in another order.
        for _ in range(2):
            for device in data.draw(st.permutations(range(devices))):
                assert sync(ledgers[device], shared, now).problems == ()
        reached = [states(ledger) for ledger in ledgers]
        assert all(state == reached[0] for state in reached)
        events = [list(ledger.journal.events()) for ledger in ledgers]
        assert all(each == events[0] for each in events)
        # The cache that grew event by event is what a replay of everything gives.
        ledgers[0].rebuild()
        assert states(ledgers[0]) == reached[0]


def test_one_history_split_over_devices_gives_the_state_of_the_whole(tmp_path: Path) -> None:
    """The events of one device, dealt out to five and merged in every order of arrival."""
    origin = ledger_at(tmp_path / "origin")
    now = START
    with origin.journal.transaction():
        for seed in range(120):
            now += timedelta(hours=seed % 30)
            study(origin, now, seed)
    events = list(origin.journal.events())
    hands = [[event for event in events if int(event.id, 16) % 5 == hand] for hand in range(5)]
    for number, order in enumerate(itertools.islice(itertools.permutations(range(5)), 0, 120, 17)):
        merged = ledger_at(tmp_path / f"merged{number}")
        for hand in order:
            merged.merge(hands[hand])
        assert states(merged) == states(origin)
        merged.journal.close()
    origin.journal.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger, Path]]:
    shared = tmp_path / "shared"
    shared.mkdir()
    here, there = ledger_at(tmp_path / "here"), ledger_at(tmp_path / "there")
    with here.journal.transaction():
        for seed in range(30):
            study(here, START + timedelta(hours=seed), seed)
    sync(here, shared, START + timedelta(days=3))
    yield here, there, shared
    here.journal.close()
    there.journal.close()


def the_segment(shared: Path) -> Path:
    (segment,) = (shared / FOLDER).glob("*.jsonl")
    return segment


def test_a_half_written_file_gives_what_it_has_and_the_rest_later(
    pair: tuple[Ledger, Ledger, Path],
) -> None:
    here, there, shared = pair
    segment = the_segment(shared)
    whole = segment.read_bytes()
    segment.write_bytes(whole[: len(whole) // 2])
    now = START + timedelta(days=3)
    first = sync(there, shared, now)
    assert 0 < first.taken < here.journal.count()
    assert any("not complete" in problem.what for problem in first.problems)
    assert any(problem.line for problem in first.problems), "the cut line is told with its number"
    segment.write_bytes(whole)
    second = sync(there, shared, now)
    assert first.taken + second.taken == here.journal.count()
    assert second.problems == ()
    assert states(here) == states(there)


def test_hostile_lines_are_told_with_file_and_line_and_left_out(
    pair: tuple[Ledger, Ledger, Path],
) -> None:
    here, there, shared = pair
    segment = the_segment(shared)
    hostile = b'{"kind":"review"}\n\xff\xfe\n' + b"[" * 5000 + b"\nnull\n"
    segment.write_bytes(hostile + segment.read_bytes())
    done = sync(there, shared, START + timedelta(days=3))
    assert [problem.line for problem in done.problems] == [1, 2, 3, 4, 0]
    assert str(done.problems[1]) == f"{segment}:2: not UTF-8"
    assert states(here) == states(there)


def test_an_event_from_the_future_is_left_out(pair: tuple[Ledger, Ledger, Path]) -> None:
    here, there, shared = pair
    study(here, START + timedelta(days=400), 1)
    sync(here, shared, START + timedelta(days=400))
    done = sync(there, shared, START + timedelta(days=3))
    assert any("future" in problem.what for problem in done.problems)
    assert not there.from_the_future(START + timedelta(days=3))
    assert here.from_the_future(START + timedelta(days=3))
    assert there.clock_warning(START + timedelta(days=3)) == ""
    # With the clock put right, what follows is taken at once.
    study(here, START + timedelta(days=4), 2)
    sync(here, shared, START + timedelta(days=4))
    assert sync(there, shared, START + timedelta(days=4)).taken >= 1
    later = sync(there, shared, START + timedelta(days=401))
    assert later.problems == ()
    assert states(here) == states(there)


def test_of_two_contents_under_one_id_every_device_keeps_the_same(
    pair: tuple[Ledger, Ledger, Path],
) -> None:
    here, there, shared = pair
    now = START + timedelta(days=3)
    sync(there, shared, now)
    event = next(event for event in there.journal.events() if event.body.kind == "review")
    line = codec.to_line(event).replace('"duration_ms":0', '"duration_ms":77')
    (shared / FOLDER / "forged.jsonl").write_text(line + "\n")
    done = sync(there, shared, now)
    assert any("two contents" in problem.what for problem in done.problems)
    assert sync(here, shared, now).problems
    assert states(here) == states(there)
    assert list(here.journal.events()) == list(there.journal.events())


def test_a_lost_folder_is_filled_again(pair: tuple[Ledger, Ledger, Path]) -> None:
    here, _, shared = pair
    the_segment(shared).unlink()
    again = sync(here, shared, START + timedelta(days=3))
    assert again.written == here.journal.count()
    assert sync(here, shared, START + timedelta(days=3)).written == 0


def test_a_missing_folder_is_told_and_not_made(pair: tuple[Ledger, Ledger, Path]) -> None:
    here, _, shared = pair
    with pytest.raises(StoreError, match="no such folder"):
        sync(here, shared / "stick", START)
    assert not (shared / "stick").exists()


def test_a_folder_in_the_place_of_a_file_is_told(pair: tuple[Ledger, Ledger, Path]) -> None:
    _, there, shared = pair
    (shared / FOLDER / "trap.jsonl").mkdir()
    done = sync(there, shared, START + timedelta(days=3))
    assert any("cannot be read" in problem.what for problem in done.problems)
    assert done.taken


def test_a_stranger_s_events_are_taken_only_when_they_are_one_s_own(
    pair: tuple[Ledger, Ledger, Path],
) -> None:
    here, there, shared = pair
    now = START + timedelta(days=3)
    study(there, now, 4)
    mine = there.journal.count()
    asked: list[Stranger] = []

    def refuse(strangers: Sequence[Stranger]) -> bool:
        asked.extend(strangers)
        return False

    with pytest.raises(StoreError, match=r"never met: device \w{8}: \d+ events, 2026-01-05 to"):
        syncing.sync(there, shared, now, refuse)
    assert there.journal.count() == mine
    assert the_segment(shared), "nothing was left there either"
    assert [(each.device, each.events) for each in asked] == [
        (here.journal.device, here.journal.count())
    ]
    assert sync(there, shared, now).taken == here.journal.count()
    # Who was met is not asked about again, in either direction.
    study(here, now, 5)
    assert syncing.sync(here, shared, now, lambda _: True).strangers == ()
    assert syncing.sync(there, shared, now, refuse).taken >= 1
    assert len(asked) == 1
    assert states(here) == states(there)


def test_a_friend_in_a_shared_folder_is_told_and_left_out(
    pair: tuple[Ledger, Ledger, Path], tmp_path: Path
) -> None:
    here, there, shared = pair
    now = START + timedelta(days=3)
    study(there, now, 4)
    sync(there, shared, now)
    sync(here, shared, now)
    friend = ledger_at(tmp_path / "friend")
    study(friend, now, 9)
    sync(friend, shared, now)
    before = states(here)
    done = syncing.sync(here, shared, now, lambda _: False)
    assert [each.device for each in done.strangers] == [friend.journal.device]
    assert states(here) == before
    # One's own devices go on as ever beside it; what one of them accepts, the others take from it.
    study(there, now, 7)
    syncing.sync(there, shared, now, lambda _: False)
    assert syncing.sync(here, shared, now, lambda _: False).taken
    friend.journal.close()


def test_what_a_killed_sync_left_is_cleared(pair: tuple[Ledger, Ledger, Path]) -> None:
    here, there, shared = pair
    left = shared / FOLDER / f".{here.journal.device}-{'0' * 32}.jsonl.{2**22 + 1}.part"
    other = shared / FOLDER / f".{there.journal.device}-{'0' * 32}.jsonl.{2**22 + 1}.part"
    for path in (left, other):
        path.touch()
    sync(here, shared, START + timedelta(days=3))
    assert not left.exists()
    assert other.exists(), "another device may be writing it, or a cloud folder"
