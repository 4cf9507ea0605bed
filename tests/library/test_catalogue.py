from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from studytui.library.catalogue import Library, LibraryError
from studytui.library.pack import load_pack
from studytui.store.errors import StoreError
from tests.left_open import closed_behind
from tests.library.writing import article, notes, write_pack

CARD = "```{card} c-one\nkind: basic\nask: A?\nanswer: B\n```\n"
CLOZE = "```{card} c-gaps\nkind: cloze\ntext: '{{c1::a}} {{c2::b}} {{c1::c}}'\n```\n"


def opened(root: Path, index: Path | None = None) -> Library:
    return closed_behind(Library.open([load_pack(root)], index))


def test_a_pack_that_was_never_indexed_is_there_at_once(tmp_path: Path) -> None:
    library = opened(notes(tmp_path / "mine", one=CARD, two="Two words."))
    assert [entry.id for entry in library.entries] == ["one", "two"]
    assert [entry.card_ids for entry in library.entries] == [(), ()]
    assert library.refresh()
    assert [entry.card_ids for entry in library.entries] == [("c-one",), ()]


def test_a_refresh_sees_what_is_new_changed_and_gone(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words.", two="More.")
    library = opened(root, tmp_path / "index.db")
    assert library.refresh()
    assert not library.refresh()
    (root / "notes" / "two.md").unlink()
    (root / "notes" / "one.md").write_text(article("one", CARD))
    (root / "notes" / "three.md").write_text(article("three"))
    assert library.refresh()
    assert [entry.id for entry in library.entries] == ["one", "three"]
    assert library.entry("one").card_ids == ("c-one",)


def test_entries_outlive_the_program(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one=CARD + CLOZE)
    first = opened(root, tmp_path / "cache" / "index.db")
    first.refresh()
    entries = first.entries
    first.close()
    again = opened(root, tmp_path / "cache" / "index.db")
    assert again.entries == entries
    assert again.entries[0].card_ids == ("c-one", "c-gaps/c1", "c-gaps/c2")
    assert not again.refresh()


def test_a_file_that_was_only_touched_is_not_a_change(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words.")
    library = opened(root, tmp_path / "index.db")
    library.refresh()
    path = root / "notes" / "one.md"
    path.write_text(path.read_text())
    import os

    os.utime(path, ns=(1, 1))
    assert not library.refresh()


@pytest.mark.parametrize(
    "damage", [b"", b"not a database at all" * 500, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_damaged_index_is_built_anew(tmp_path: Path, damage: bytes) -> None:
    root, index = notes(tmp_path / "mine", one=CARD), tmp_path / "index.db"
    index.write_bytes(damage)
    library = opened(root, index)
    assert library.refresh()
    library.close()
    assert opened(root, index).entries[0].card_ids == ("c-one",)


def test_an_index_without_its_tables_is_built_anew(tmp_path: Path) -> None:
    root, index = notes(tmp_path / "mine", one=CARD), tmp_path / "index.db"
    opened(root, index).refresh()
    with sqlite3.connect(index) as connection:
        connection.execute("DROP TABLE file")
    connection.close()
    library = opened(root, index)
    library.refresh()
    assert library.entries[0].card_ids == ("c-one",)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    library = opened(notes(tmp_path / "mine", one=CARD), blocked / "index.db")
    assert not library.index.kept
    assert library.refresh()
    assert library.search("words") == ()
    assert library.entries[0].card_ids == ("c-one",)


def test_articles_are_read_when_asked_for_and_anew_when_changed(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words.")
    library = opened(root)
    first = library.article("one")
    assert library.article("one") is first
    (root / "notes" / "one.md").write_text(article("one", "Other words."))
    assert library.article("one") is not first


def test_an_unknown_article_is_told_with_the_nearest(tmp_path: Path) -> None:
    library = opened(notes(tmp_path / "mine", moments="Words."))
    with pytest.raises(LibraryError, match="no article 'moment'") as caught:
        library.article("moment")
    assert "moments" in caught.value.todo


def test_an_article_that_vanished_is_told(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words.")
    library = opened(root)
    (root / "notes" / "one.md").unlink()
    with pytest.raises(LibraryError, match="cannot be read"):
        library.article("one")


def test_cards_and_derivations_are_found_by_their_ids(tmp_path: Path) -> None:
    derivation = (
        "```{derivation} d-one\ntitle: T\nsymbols: {x: real}\n"
        "given: x\ngoal: x\nsteps: [{to: x}]\n```\n"
    )
    library = opened(notes(tmp_path / "mine", one=CLOZE + derivation))
    library.refresh()
    card, source = library.card("c-gaps/c2"), library.derivation("d-one")
    assert card is not None and card.id == "c-gaps"
    assert source is not None and source.title == "T"
    assert library.card("c-none") is None
    assert library.derivation("d-none") is None


def test_reading_order_follows_tracks_and_needs(tmp_path: Path) -> None:
    root = write_pack(
        tmp_path / "mine",
        {
            "b/late": article("late", track="b", more="needs: [early]\n"),
            "b/early": article("early", track="b", more="needs: [zero]\n"),
            "a/zero": article("zero", track="a"),
            "c/unnamed": article("unnamed", track="c"),
        },
        '[[tracks]]\nid = "b"\ntitle = "B"\n[[tracks]]\nid = "a"\ntitle = "A"\n',
    )
    library = opened(root)
    assert [track.id for track in library.tracks] == ["b", "a", "c"]
    assert [entry.id for entry in library.entries] == ["early", "late", "zero", "unnamed"]
    assert [entry.id for entry in library.next_to_read({"zero"})] == ["early", "unnamed"]


def test_of_two_articles_with_one_id_the_first_packs_counts(tmp_path: Path) -> None:
    one = load_pack(notes(tmp_path / "one", same="First."))
    two = load_pack(notes(tmp_path / "two", same="Second."))
    library = closed_behind(Library.open([one, two]))
    assert [entry.pack for entry in library.entries] == ["one"]
    assert library.pack_of("same").root == one.root


def test_a_refresh_can_be_watched_and_stopped(tmp_path: Path) -> None:
    library = opened(notes(tmp_path / "mine", one="1", two="2", three="3"))
    seen: list[tuple[int, int]] = []
    library.refresh(lambda done, total: seen.append((done, total)), lambda: len(seen) == 2)
    assert seen == [(1, 3), (2, 3)]
    assert library.refresh()


def damage_pages(index: Path) -> None:
    """Overwrite everything but the first page, as a failing disk would."""
    data = index.read_bytes()
    index.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def test_damage_inside_the_file_is_mended_at_the_start(tmp_path: Path) -> None:
    root, index = notes(tmp_path / "mine", one=CARD, two="Entropy."), tmp_path / "index.db"
    library = opened(root, index)
    library.refresh()
    library.close()
    damage_pages(index)
    again = opened(root, index)
    again.refresh()
    assert again.entry("one").card_ids == ("c-one",)
    assert again.search("entropy")
    again.close()
    assert opened(root, index).entry("one").card_ids == ("c-one",)


def test_an_index_that_fails_in_use_is_built_anew(tmp_path: Path) -> None:
    root, index = notes(tmp_path / "mine", two="Entropy."), tmp_path / "index.db"
    library = opened(root, index)
    library.refresh()
    with sqlite3.connect(index) as connection:
        connection.execute("DROP TABLE source")
    connection.close()
    assert library.search("entropy")


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = opened(notes(tmp_path / "mine", one="Words."), tmp_path / "index.db")
    library.close()
    with pytest.raises(StoreError):
        library.refresh()
