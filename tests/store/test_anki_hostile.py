"""Packages that hold odd or hostile things: the rest is taken, nothing hangs, nothing is raised."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.store.anki import read
from studytui.store.anki.read import read_package
from studytui.store.anki.records import AnkiPackage, CardType
from studytui.store.anki.write import write_package
from tests.store.test_anki import PACKAGE

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def changed(tmp_path: Path, *statements: str) -> Path:
    """The package with its collection changed by SQL."""
    write_package(PACKAGE, tmp_path / "whole.apkg")
    collection = tmp_path / "collection.anki21"
    with zipfile.ZipFile(tmp_path / "whole.apkg") as archive:
        collection.write_bytes(archive.read("collection.anki21"))
    with closing(sqlite3.connect(collection, isolation_level=None)) as base:
        for statement in statements:
            base.execute(statement)
    with zipfile.ZipFile(tmp_path / "odd.apkg", "w") as archive:
        archive.write(collection, "collection.anki21")
    return tmp_path / "odd.apkg"


@pytest.mark.parametrize(
    ("statement", "what", "expected"),
    [
        ("UPDATE revlog SET type = 9 WHERE ease = 3", "reviews", 1),
        ("UPDATE revlog SET id = 9007199254740993 WHERE ease = 3", "reviews", 1),
        ("UPDATE cards SET ivl = 'x' WHERE id = 22", "cards", 1),
        ("UPDATE notes SET mod = 1e300 WHERE id = 11", "notes", 1),
        ("""UPDATE col SET models = json_remove(models, '$."1700000000001".flds')""",
         "note types", 1),
    ],
)  # fmt: skip
def test_one_odd_row_is_left_out_and_counted(
    tmp_path: Path, statement: str, what: str, expected: int
) -> None:
    found = read_package(changed(tmp_path, statement))
    assert found.odd == {what: expected}
    sizes = [len(getattr(found, name)) for name in ("notes", "cards", "reviews", "note_types")]
    whole = [len(getattr(PACKAGE, name)) for name in ("notes", "cards", "reviews", "note_types")]
    assert sum(sizes) == sum(whole) - expected


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cards SET type = 7",
        "UPDATE cards SET data = 'not json'",
        """UPDATE cards SET data = '{"s": "x", "dr": "y", "lrt": []}'""",
    ],
)
def test_what_anki_mends_is_mended(tmp_path: Path, statement: str) -> None:
    found = read_package(changed(tmp_path, statement))
    assert found.odd == {}
    assert len(found.cards) == len(PACKAGE.cards)


def test_one_byte_of_bad_text_costs_one_letter(tmp_path: Path) -> None:
    path = changed(tmp_path, "UPDATE notes SET flds = CAST(x'61ff1f62' AS TEXT) WHERE id = 11")
    assert read_package(path).notes[0].fields == ("a\N{REPLACEMENT CHARACTER}", "b")


@pytest.mark.parametrize("table", ["notes", "revlog", "cards", "col"])
def test_a_view_in_the_place_of_a_table_is_refused(tmp_path: Path, table: str) -> None:
    view = f"CREATE VIEW {table} AS {ENDLESS} SELECT i AS id, i AS crt, 11 AS ver FROM n"
    with pytest.raises(StudyError, match=f"'{table}' is not a table"):
        read_package(changed(tmp_path, f"DROP TABLE {table}", view))


def test_a_question_that_never_ends_is_ended_by_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_STEPS_AT_LEAST", 1_000_000)
    with closing(sqlite3.connect(":memory:")) as base:
        read.limit_work(base, 0)
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            base.execute(f"{ENDLESS} SELECT count(*) FROM n").fetchone()


def test_a_package_is_read_with_so_much_work_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed(tmp_path, "UPDATE col SET crt = crt")
    read_package(path)
    monkeypatch.setattr(read, "_STEPS_AT_LEAST", 0)
    monkeypatch.setattr(read, "_STEPS_PER_BYTE", 0)
    monkeypatch.setattr(read, "_STEPS_AT_ONCE", 1)
    with pytest.raises(StudyError, match="not an Anki package that can be read"):
        read_package(path)


@pytest.mark.parametrize(
    "statement", ["UPDATE col SET models = '[]'", "UPDATE col SET decks = '3'", "DELETE FROM col"]
)
def test_a_collection_without_sense_is_refused_in_words(tmp_path: Path, statement: str) -> None:
    with pytest.raises(StudyError, match="not an Anki package that can be read"):
        read_package(changed(tmp_path, statement))


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.apkg")
    with pytest.raises(StudyError, match="not a plain file"):
        read_package(tmp_path / "pipe.apkg")


def test_sm2_s_ease_is_read(tmp_path: Path) -> None:
    card = PACKAGE.cards[0]._replace(factor=2350)
    package = AnkiPackage(created=PACKAGE.created, cards=(card,))
    write_package(package, tmp_path / "one.apkg")
    (found,) = read_package(tmp_path / "one.apkg").cards
    assert (found.factor, found.type) == (2350, CardType.REVIEW)
