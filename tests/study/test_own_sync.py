"""The reader's own cards and notes on several devices, through real folders."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.study.own_files import content_of, put_aside_in
from studytui.study.own_sync import FOLDER, OwnSynced, blocks_in, files_of, sync_own

HEAD = '---\nid: own-adam\ntitle: "My own: Adam"\ntrack: own\nneeds: [adam]\n---\n'
FILE = "own/own-adam.md"


class Device:
    """A home of its own, and the folder that all share."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name * 32
        self.where = Directories(*(folder / name / part for part in ("data", "config", "cache")))
        self.shared = folder / "shared"
        self.shared.mkdir(exist_ok=True)
        self.path = content_of(self.where.own) / FILE

    def write(self, id: str, text: str) -> None:
        """Add a card, or change it, as a reader does."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = self.path.read_text("utf-8") if self.path.exists() else HEAD
        old = self.blocks().get(id)
        new = f"```{{card}} {id}\nkind: basic\nask: {text}\nanswer: x\n```"
        self.path.write_text(kept.replace(old, new) if old else f"{kept}\n{new}\n", "utf-8")

    def remove(self, id: str) -> None:
        text = self.path.read_text("utf-8")
        self.path.write_text(text.replace(self.blocks()[id], "").rstrip() + "\n", "utf-8")

    def blocks(self) -> dict[str, str]:
        root = content_of(self.where.own)
        return {id: text for _, lines in files_of(root) for id, text in blocks_in(lines)}

    def sync(self, *others: Device) -> OwnSynced:
        return sync_own(self.where, self.shared, self.name, {each.name for each in others})

    def aside(self) -> str:
        path = put_aside_in(self.where.own)
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
def device(tmp_path: Path) -> Callable[[str], Device]:
    return lambda name: Device(tmp_path, name)


def test_cards_come_to_the_other_device_with_their_file(device: Callable[[str], Device]) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.sync(b)
    assert b.sync(a) == OwnSynced(1)
    assert b.path.read_text("utf-8").startswith(HEAD)
    assert b.blocks() == a.blocks()
    assert b.sync(a) == OwnSynced(0)


def test_the_newer_text_is_taken_whatever_the_order(device: Callable[[str], Device]) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.sync(b)
    b.sync(a)
    b.write("my-1", "two")
    a.sync(b)  # b has not left its change yet
    b.sync(a)
    a.sync(b)
    assert "two" in a.blocks()["my-1"]
    a.write("my-1", "one")  # back to what it was
    a.sync(b)
    b.sync(a)
    assert "one" in b.blocks()["my-1"]


def test_what_was_taken_away_stays_away_and_is_put_aside(device: Callable[[str], Device]) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.write("my-2", "two")
    a.sync(b)
    b.sync(a)
    a.remove("my-1")
    a.sync(b)
    b.sync(a)
    assert set(b.blocks()) == set(a.blocks()) == {"my-2"}
    assert "ask: one" in b.aside()


def test_of_two_changes_all_keep_the_same_and_the_other_is_told(
    device: Callable[[str], Device],
) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.sync(b)
    b.sync(a)
    a.write("my-1", "of a")
    b.write("my-1", "of b")
    a.sync(b)
    told = [*b.sync(a).problems, *a.sync(b).problems, *b.sync(a).problems]
    assert a.blocks() == b.blocks()
    assert any("changed on two devices" in each for each in told)
    texts = a.blocks()["my-1"] + a.aside() + b.aside()
    assert "of a" in texts
    assert "of b" in texts
    assert a.sync(b) == b.sync(a) == OwnSynced(0)


def test_a_pack_that_is_gone_takes_nothing_away_elsewhere(
    device: Callable[[str], Device],
) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.sync(b)
    b.sync(a)
    a.path.unlink()
    with pytest.raises(StudyError, match="is empty"):
        a.sync(b)
    b.sync(a)
    assert set(b.blocks()) == {"my-1"}


def test_devices_that_are_not_known_are_not_read(device: Callable[[str], Device]) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.sync()
    assert b.sync() == OwnSynced(0)
    assert b.blocks() == {}


@pytest.mark.parametrize(
    "change",
    [
        {"file": "../../etc/passwd.md"},
        {"file": "own/../../x.md"},
        {"text": "```{card} my-1\nkind: basic\n```\n# more\n"},
        {"text": "plain words"},
        {"text": "```{card} my-2\nkind: basic\n```"},
        {"text": 7},
        {"seen": "x"},
        {"file": None},
    ],
)
def test_what_studytui_would_not_write_is_left_out_and_told(
    device: Callable[[str], Device], change: dict[str, object]
) -> None:
    a, b = device("a"), device("b")
    a.write("my-1", "one")
    a.write("my-3", "three")
    a.sync(b)
    path = a.shared / FOLDER / f"{a.name}.json"
    found = json.loads(path.read_text("utf-8"))
    found["blocks"]["my-1"] |= change
    path.write_text(json.dumps(found), "utf-8")
    done = b.sync(a)
    assert "not what studytui writes" in done.problems[0]
    assert set(b.blocks()) == {"my-3"}
    assert [path.name for path in b.where.data.rglob("*.md")] == ["own-adam.md"]


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff", b'{"blocks": 1}', b"[" * 100_000])
def test_a_broken_file_of_a_device_is_told_and_not_followed(
    device: Callable[[str], Device], content: bytes
) -> None:
    a, b = device("a"), device("b")
    b.write("my-1", "one")
    (a.shared / FOLDER).mkdir()
    (a.shared / FOLDER / f"{a.name}.json").write_bytes(content)
    assert len(b.sync(a).problems) == 1
    assert set(b.blocks()) == {"my-1"}


def test_a_pipe_in_the_folder_does_not_hang(device: Callable[[str], Device]) -> None:
    a, b = device("a"), device("b")
    (a.shared / FOLDER).mkdir()
    os.mkfifo(a.shared / FOLDER / f"{a.name}.json")
    assert "no file" in b.sync(a).problems[0]


@pytest.mark.parametrize("seed", range(12))
def test_devices_that_sync_in_any_order_end_with_the_same_cards(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    devices = [Device(tmp_path, name) for name in "abcd"[: dice.randint(2, 4)]]
    written = 0
    for _ in range(60):
        one = dice.choice(devices)
        act, known = dice.random(), list(one.blocks())
        if act < 0.5:
            written += 1
            id = dice.choice([*known, f"my-{written}"])
            one.write(id, f"text {written}")
        elif act < 0.6 and len(known) > 1:
            one.remove(dice.choice(known))
        else:
            one.sync(*devices)
    for _ in range(3):
        for one in devices:
            one.sync(*devices)
    states = [one.blocks() for one in devices]
    assert states.count(states[0]) == len(devices)
    assert [one.sync(*devices) for one in devices] == [OwnSynced(0)] * len(devices)
