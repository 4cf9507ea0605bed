from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.settings import ReviewSettings, Settings
from studytui.store.errors import StoreError
from studytui.store.events import ArticleRead, Body, Placed, ReadingPlace, SectionRead
from studytui.study.desk import Desk, is_term, note_of
from tests.shared import refreshed
from tests.tui.studio import make_pack

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def desk_in(folder: Path, *packs: Path) -> Desk:
    where = Directories(folder / "data", folder / "config", folder / "cache")
    return Desk(where, Settings(packs=tuple(map(str, packs))))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path, make_pack(tmp_path / "lab")) as desk:
        yield refreshed(desk)


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    with desk_in(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_cannot_be_used_is_read_where_that_is_enough(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.directories.data.write_text("in the way of the folder")
    with pytest.raises(StoreError, match="cannot be made"):
        _ = desk.ledger
    desk.may_only_read = True
    with desk:
        assert desk.ledger.journal.count() == 0
        with pytest.raises(StoreError, match="not recorded: the data folder cannot be made"):
            desk.ledger.record(ReadingPlace("counting", 3, 0.1), NOW)


def test_cards_of_articles_that_were_begun_come_first(desk: Desk) -> None:
    assert desk.records()[0].card != "count-sum"
    desk.ledger.record(ReadingPlace("counting", 3, 0.1), NOW)
    assert desk.records()[0].card == "count-sum"


def ready(desk: Desk) -> set[str]:
    return {record.card for record in desk.records() if record.ready}


def test_new_cards_come_from_sections_that_were_read(desk: Desk) -> None:
    assert not ready(desk)
    desk.ledger.record(ReadingPlace("counting", 3, 0.1), NOW)
    assert not ready(desk)
    desk.ledger.record(SectionRead("counting#"), NOW)
    assert "count-sum" in ready(desk)
    assert not any(desk.library.article_of(card) != "counting" for card in ready(desk))
    desk.ledger.record(SectionRead("counting#", done=False), NOW)
    assert not ready(desk)


@pytest.mark.parametrize("whole", [ArticleRead("counting"), Placed("counting", 2, 2, known=True)])
def test_an_article_that_was_read_or_placed_brings_all_its_cards(desk: Desk, whole: Body) -> None:
    desk.ledger.record(whole, NOW)
    assert {"count-sum", "count-double"} <= ready(desk)


def test_new_cards_come_from_articles_that_were_begun_where_that_is_wanted(tmp_path: Path) -> None:
    with desk_in(tmp_path, make_pack(tmp_path / "lab")) as desk:
        desk.library.refresh()
        desk.settings = replace(desk.settings, review=ReviewSettings(new_from="begun"))
        desk.ledger.record(ReadingPlace("counting", 3, 0.1), NOW)
        assert "count-sum" in ready(desk)


def test_terms_are_asked_where_they_are_wanted(tmp_path: Path) -> None:
    for wanted in (False, True):
        home = tmp_path / str(wanted)
        where = Directories(home / "data", home / "config", home / "cache")
        review = ReviewSettings(new_from="all", terms=wanted)
        with Desk(where, Settings(review=review)) as desk:
            desk.library.refresh()
            assert any(is_term(card) for card in ready(desk)) is wanted
            assert len(ready(desk)) > 400  # of all articles, begun or not


def test_a_deck_that_was_imported_counts_as_begun(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        make_pack(desk.imported_packs / "lab")
        desk.library.refresh()
        assert {desk.library.article_of(card) for card in ready(desk)} == {"counting"}


def test_a_broken_pack_is_left_out_and_told(tmp_path: Path) -> None:
    broken = make_pack(tmp_path / "broken")
    (broken / "pack.toml").write_text("id = [", encoding="utf-8")
    with desk_in(tmp_path, broken, tmp_path / "nowhere") as desk:
        assert [pack.id for pack in desk.packs if not pack.shipped] == ["own"]
        told = [str(problem) for problem in desk.pack_problems]
        assert any("pack.toml" in each for each in told)
        assert any("nowhere" in each for each in told)


def test_an_imported_pack_stands_beside_the_others(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        make_pack(desk.imported_packs / "anki-x")
        assert [pack.id for pack in desk.packs][1:] == ["lab", "own"]


@pytest.mark.parametrize("name", ["things/count", "count"])
def test_a_snippet_is_found_by_its_name(desk: Desk, name: str) -> None:
    assert desk.snippet_path(name).name == "count.py"


@pytest.mark.parametrize("name", ["nope", "../count", "/etc/passwd", "things/../things/count"])
def test_a_snippet_that_is_not_there_is_told(desk: Desk, name: str) -> None:
    with pytest.raises(StudyError, match="no snippet"):
        desk.snippet_path(name)


@pytest.mark.parametrize(
    ("card", "note"),
    [
        ("adam-gaps/c2", "adam-gaps"),
        ("adam/term/moment/zh-en", "adam/term/moment"),
        ("adam/term/moment/en-zh", "adam/term/moment"),
        ("adam-why", "adam-why"),
        ("a/cold", "a/cold"),
        ("anki-0123456789ab", "anki-0123456789ab"),
        ("anki-0123456789ab-2", "anki-0123456789ab"),
        ("anki-0123456789ab-2/c1", "anki-0123456789ab"),
        ("anki-0123456789ab/c3", "anki-0123456789ab"),
        ("anki-words-2", "anki-words-2"),
    ],
)
def test_siblings_share_a_note(card: str, note: str) -> None:
    assert note_of(card) == note
