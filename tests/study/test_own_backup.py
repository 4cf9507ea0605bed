"""Copies of the reader's own cards and notes, and the way back, with real files."""

from __future__ import annotations

import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.journal_maintenance import back_up_before, back_up_if_due, open_ledger, put_back
from studytui.study.own_backup import back_up_own, own_archive, return_own
from studytui.study.own_files import content_of, make_pack
from studytui.study.own_sync import blocks_in, files_of

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
HEAD = '---\nid: own-adam\ntitle: "My own: Adam"\ntrack: own\nneeds: [adam]\n---\n\nProse.\n'
FILE = "own/own-adam.md"


def card(id: str, text: str) -> str:
    return f"```{{card}} {id}\nkind: basic\nask: {text}\nanswer: x\n```"


def write(where: Directories, *cards: str, file: str = FILE) -> Path:
    """The reader's own file with these cards."""
    make_pack(where.own)
    path = content_of(where.own) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEAD, *(f"{each}\n" for each in cards))), "utf-8")
    return path


def blocks(where: Directories) -> dict[str, str]:
    root = content_of(where.own)
    return {id: text for _, lines in files_of(root) for id, text in blocks_in(lines)}


@pytest.fixture
def where(tmp_path: Path) -> Directories:
    """Two cards of one's own, a picture beside them, and a grade."""
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    path = write(where, card("my-1", "one"), card("my-2", "two"))
    (path.parent / "media").mkdir()
    (path.parent / "media" / "loss.png").write_bytes(bytes(range(256)))
    ledger = open_ledger(where, Settings())
    ledger.grade("my-1", Rating.GOOD, NOW, retention=0.9, factor=None)
    assert back_up_if_due(ledger, where, NOW)
    ledger.journal.close()
    return where


def test_going_back_brings_what_is_gone_and_no_older_text(where: Directories) -> None:
    path = write(where, card("my-2", "two, put better"), card("my-3", "three"))
    said = put_back(where, "latest", LATER)
    assert blocks(where) == {
        "my-1": card("my-1", "one"),
        "my-2": card("my-2", "two, put better"),
        "my-3": card("my-3", "three"),
    }
    assert path.read_text("utf-8").startswith(HEAD)
    assert "1 cards and notes came back" in said
    assert "1 that you have changed since stay as they are" in said


def test_a_pack_that_is_gone_comes_back_file_by_file(where: Directories) -> None:
    content = content_of(where.own)
    before = {path: path.read_bytes() for path in content.rglob("*") if path.is_file()}
    for path in before:
        path.unlink()
    assert "2 cards and notes came back" in put_back(where, "latest", LATER)
    assert {path: path.read_bytes() for path in content.rglob("*") if path.is_file()} == before


def test_a_card_that_moved_to_another_file_is_not_doubled(where: Directories) -> None:
    path = write(where, card("my-1", "one"), file="own/own-other.md")
    (content_of(where.own) / FILE).unlink()
    put_back(where, "latest", LATER)
    assert [id for id, _ in blocks_in(path.read_text("utf-8").split("\n"))] == ["my-1"]
    assert set(blocks(where)) == {"my-1", "my-2"}


def test_of_several_copies_the_one_of_the_backup_is_taken(where: Directories) -> None:
    write(where, card("my-9", "nine"))
    assert back_up_own(where, LATER)
    (content_of(where.own) / FILE).unlink()
    first = min(where.backups.glob("journal-*.db"))
    put_back(where, first.name, LATER + timedelta(hours=1))
    assert set(blocks(where)) == {"my-1", "my-2"}


def test_what_was_written_after_the_newest_journal_comes_back_with_it(where: Directories) -> None:
    write(where, card("my-9", "nine"))
    assert back_up_own(where, LATER)
    (content_of(where.own) / FILE).unlink()
    put_back(where, "latest", LATER + timedelta(hours=1))
    assert set(blocks(where)) == {"my-9"}


def test_a_journal_older_than_every_copy_brings_the_first(where: Directories) -> None:
    (copy,) = own_archive(where).made()
    copy.path.rename(copy.path.with_name("own-20260302T190000Z.zip"))
    ledger = open_ledger(where, Settings())
    ledger.grade("my-1", Rating.GOOD, LATER, retention=0.9, factor=None)
    back_up_before(ledger, where, LATER)
    ledger.journal.close()
    (content_of(where.own) / FILE).unlink()
    put_back(where, "journal-20260302T180000Z.db", LATER)
    assert set(blocks(where)) == {"my-1", "my-2"}


def test_a_copy_is_made_when_something_changed_and_never_of_nothing(where: Directories) -> None:
    assert len(own_archive(where).made()) == 1
    assert not back_up_own(where, LATER)
    write(where, card("my-1", "one, put better"))
    ledger = open_ledger(where, Settings())
    back_up_if_due(ledger, where, NOW + timedelta(hours=1))
    assert len(own_archive(where).made()) == 1
    back_up_if_due(ledger, where, LATER)
    assert len(own_archive(where).made()) == 2
    write(where, card("my-1", "one, put best"))
    back_up_before(ledger, where, LATER + timedelta(seconds=1))
    assert len(own_archive(where).made()) == 3
    ledger.journal.close()
    for path in sorted(where.own.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert not back_up_own(where, LATER + timedelta(hours=9))
    # Thinning keeps the newest, however old it is.
    write(where, card("my-1", "again"))
    assert back_up_own(where, LATER + timedelta(days=400))
    assert len(own_archive(where).made()) == 2


def test_a_copy_leads_nowhere_but_into_the_own_folder(where: Directories, tmp_path: Path) -> None:
    (copy,) = own_archive(where).made()
    with zipfile.ZipFile(copy.path, "a") as archive:
        for name in ("../out.md", "/out.md", "content/../../out.md", "content/.hidden", "a\\..\\b"):
            archive.writestr(name, "x")
    put_back(where, "latest", LATER)
    assert not list(tmp_path.rglob("out.md")) and not list(tmp_path.rglob("*hidden*"))


def test_a_damaged_copy_is_told(where: Directories) -> None:
    (copy,) = own_archive(where).made()
    copy.path.write_bytes(b"PK rubbish")
    with pytest.raises(StudyError, match="copy of your own cards cannot be read"):
        return_own(where, None)
    # The next one is whole again, though nothing changed.
    assert back_up_own(where, LATER)


def test_links_are_followed_once(where: Directories, tmp_path: Path) -> None:
    content = content_of(where.own)
    content.rename(tmp_path / "elsewhere")
    content.symlink_to(tmp_path / "elsewhere")
    (content / "own" / "back").symlink_to(where.own)
    os.mkfifo(content / "own" / "pipe.md")
    write(where, card("my-1", "one, put better"))
    assert back_up_own(where, LATER)
    with zipfile.ZipFile(own_archive(where).made()[0].path) as archive:
        assert sorted(archive.namelist()) == [
            "content/own/media/loss.png",
            f"content/{FILE}",
            "content/pack.toml",
        ]


def test_copies_of_snippets_and_drafts_come_back(where: Directories) -> None:
    files = {
        "vision/conv.py": b"mine = 1\n",
        "vision/conv.origin": b"abc",
        "vision/conv.forward.py": b"def forward(x): ...\n",
        "vision/pool.py": b"mine = 2\n",
        "vision/pool.origin": b"def",
    }
    for name, data in files.items():
        path = where.edits / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert back_up_own(where, LATER)
    assert not back_up_own(where, LATER + timedelta(hours=1)), "nothing changed"
    for name in files:
        (where.edits / name).unlink()
    # Written since, and so neither replaced nor said to be made of what the old one was made of.
    (where.edits / "vision/pool.py").write_bytes(b"mine = 3\n")
    said = put_back(where, "latest", LATER + timedelta(hours=2))
    assert "2 of your copies of snippets came back" in said
    assert "1 that you have changed since stay as they are" in said
    assert {
        path.relative_to(where.edits).as_posix(): path.read_bytes()
        for path in where.edits.rglob("*")
        if path.is_file()
    } == {
        "vision/conv.py": b"mine = 1\n",
        "vision/conv.origin": b"abc",
        "vision/conv.forward.py": b"def forward(x): ...\n",
        "vision/pool.py": b"mine = 3\n",
    }


def test_an_empty_folder_of_copies_is_no_reason_to_forget_the_last_ones(where: Directories) -> None:
    draft = where.edits / "conv.forward.py"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"def forward(x): ...\n")
    assert back_up_own(where, LATER)
    draft.unlink()
    write(where, card("my-1", "one, put better"))
    assert back_up_own(where, LATER + timedelta(hours=3)), "the cards changed"
    put_back(where, "latest", LATER + timedelta(hours=4))
    assert draft.read_bytes() == b"def forward(x): ...\n"
