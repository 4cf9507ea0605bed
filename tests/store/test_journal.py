"""The journal: append-only, durable, shared, and honest about what goes wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from studytui.store import schema
from studytui.store.errors import (
    NewerSchemaError,
    StaleCardError,
    StoreDamagedError,
    StoreError,
)
from studytui.store.events import Body, Moment, ReadingPlace, Review, Suspend, Undo
from studytui.store.journal import Journal
from studytui.store.states import CardState

NOON = Moment(instant_ms=1_767_268_800_000, offset_minutes=60, day=739_617)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as journal:
        yield journal


def test_events_come_back_as_they_went_in(journal: Journal) -> None:
    bodies: list[Body] = [
        Review("a/1", 3, 4200, "digest", 0.92, 0.25),
        Undo("a/1", "0" * 32),
        Suspend("a/2", "leech"),
        ReadingPlace("adam", 120, 0.5),
    ]
    events = [journal.append(body, NOON) for body in bodies]
    assert [event.body for event in journal.events()] == bodies
    assert list(journal.events()) == events
    assert journal.history("a/1") == events[:2]
    assert journal.last("place", "adam") == events[3]
    assert journal.latest("suspend") == {"a/2": events[2]}
    assert {event.device for event in events} == {journal.device}


def test_an_event_comes_after_all_that_were_known_even_if_the_clock_is_set_back(
    journal: Journal,
) -> None:
    first = journal.append(Review("a", 3), NOON)
    an_hour_before = Moment(NOON.instant_ms - 3_600_000, 60, NOON.day)
    assert journal.clock_behind(an_hour_before.instant_ms) == 3_600_000
    assert journal.clock_behind(NOON.instant_ms) == 0
    second = journal.append(Review("a", 1), an_hour_before)
    assert second.order_ms > first.order_ms
    assert second.moment == an_hour_before
    assert journal.clock_behind(an_hour_before.instant_ms) == 0, "told once, not for ever"


@pytest.mark.parametrize("change", ["UPDATE journal SET grade = 4", "DELETE FROM journal"])
def test_the_database_itself_refuses_to_change_an_event(
    journal: Journal, path: Path, change: str
) -> None:
    journal.append(Review("a", 1), NOON)
    with (
        closing(sqlite3.connect(path)) as other,
        pytest.raises(sqlite3.IntegrityError, match="only grows"),
    ):
        other.execute(change)


def test_a_stale_screen_cannot_grade_twice(path: Path) -> None:
    with Journal.open(path) as here, Journal.open(path) as there:
        event = there.append(Review("a", 3), NOON, expect="")
        with there.transaction():
            there.states.put("a", CardState(reps=1, last_event=event.id))
        with pytest.raises(StaleCardError, match="graded elsewhere"):
            here.append(Review("a", 3), NOON, expect="")
        assert here.count() == 1


def test_an_error_in_a_transaction_leaves_nothing_behind(journal: Journal) -> None:
    with pytest.raises(ZeroDivisionError), journal.transaction():
        journal.append(Review("a", 3), NOON)
        _ = 1 / 0
    assert journal.count() == 0
    journal.append(Review("a", 3), NOON)
    assert journal.count() == 1


def test_two_instances_and_many_threads_write_without_losing_anything(path: Path) -> None:
    Journal.open(path).close()

    def write(name: str, journal: Journal) -> None:
        for number in range(25):
            journal.append(Review(f"{name}/{number}", 3), NOON)

    with Journal.open(path) as here, Journal.open(path) as there:
        writers = [
            threading.Thread(target=write, args=(f"{name}{copy}", journal))
            for name, journal in (("here", here), ("there", there))
            for copy in range(2)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert here.count() == 100
        orders = [event.order_ms for event in here.events()]
        assert len(set(orders)) == 100


def test_many_instances_may_start_on_a_fresh_file_at_once(path: Path) -> None:
    script = """
import sys
from pathlib import Path
from studytui.store.events import Moment, Review
from studytui.store.journal import Journal
sys.stdin.readline()
with Journal.open(Path(sys.argv[1])) as journal:
    journal.append(Review(sys.argv[2], 3), Moment(1_767_268_800_000, 0, 739617))
"""
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(number)],
            stdin=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for number in range(6)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait() for process in starting] == [0] * 6
    with Journal.open(path) as journal:
        assert journal.count() == 6


def test_a_newer_journal_is_refused_and_left_alone(path: Path) -> None:
    Journal.open(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="format 4"):
        Journal.open(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    with pytest.raises(StoreError, match="another program"):
        Journal.open(path)


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("not a database, but long enough to have a header of one " * 4)
    with pytest.raises(StoreDamagedError, match="doctor --repair"):
        Journal.open(path)


def test_a_truncated_file_is_told_at_once(path: Path) -> None:
    with Journal.open(path) as journal:
        for number in range(200):
            journal.append(Review(f"a/{number}", 3), NOON)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreDamagedError, match="cut short"):
        Journal.open(path)


def test_a_corrupt_page_is_told_when_it_is_met(path: Path) -> None:
    with Journal.open(path) as journal:
        for number in range(400):
            journal.append(Review(f"a/{number}", 3), NOON)
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError), Journal.open(path) as journal:
        list(journal.events())


def test_a_full_disk_refuses_the_step_and_keeps_the_rest(path: Path) -> None:
    """A limit on the size of files stands in for the disk: SQLite sees a failing write."""
    script = """
import resource, signal, sys
from pathlib import Path
from studytui.errors import StudyError
from studytui.store.events import Moment, Review
from studytui.store.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
done = 0
try:
    for number in range(5000):
        journal.append(Review(f"card/{number}", 3), Moment(1_767_268_800_000, 0, 739617))
        done += 1
except StudyError as error:
    print(done, error.what)
"""
    result = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    done, _, message = result.stdout.partition(" ")
    assert "full" in message
    assert int(done) > 10
    with Journal.open(path) as journal:
        assert journal.count() == int(done)
        assert journal.query("PRAGMA integrity_check") == [("ok",)]
        journal.append(Review("after", 3), NOON)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="data folder cannot be made"):
        Journal.open(tmp_path / "file" / "data" / "journal.db")


def test_a_journal_that_may_not_be_written_is_told(journal: Journal) -> None:
    journal.append(Review("a", 3), NOON)
    journal.query("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="cannot be written"):
        journal.append(Review("a", 3), NOON)
    assert journal.count() == 1


def test_a_journal_that_was_replaced_is_not_written(journal: Journal, path: Path) -> None:
    path.rename(path.with_name("moved.db"))
    with pytest.raises(StoreError, match="replaced while it was open"):
        journal.append(Review("a", 3), NOON)


def test_opening_again_keeps_the_device(path: Path) -> None:
    with Journal.open(path) as first:
        device = first.device
    with Journal.open(path) as second:
        assert second.device == device
