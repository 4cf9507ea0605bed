"""Imported decks: none overwrites, hides or breaks another, and the reader's own words stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.exchange.pack_files import LONGEST_SLUG, BasicNote, slug
from studytui.library.pack import load_pack
from studytui.study.imported_packs import place


def note(name: str, ask: str = "Q?", answer: str = "A.") -> BasicNote:
    return BasicNote(f"anki-{name}", ask, answer)


def texts(root: Path | None) -> str:
    assert root is not None
    load_pack(root)
    return "\n".join(path.read_text("utf-8") for path in sorted(root.glob("*/*.md")))


def test_names_beyond_ascii_and_equal_names_never_meet(tmp_path: Path) -> None:
    roots = [
        place(tmp_path, stem, {deck: [note(f"{number}")]}).root
        for number, (stem, deck) in enumerate(
            [("日本語", "漢字"), ("中文", "词"), ("Default", "Physics"), ("Default", "Chem")]
        )
    ]
    assert len(set(roots)) == 4
    for number, root in enumerate(roots):
        assert f"{{card}} anki-{number}" in texts(root)


@pytest.mark.parametrize(
    "deck",
    [
        "MCAT::Biochemistry::Amino Acids and Proteins::Chapter 1 - Structure and Function of Amino",
        "::".join("a deck with a rather long name" for _ in range(12)),
        "../../etc",
        "x" * 5000,
        'a "quoted" \\ deck\n\x07',
    ],
)
def test_any_deck_name_gives_a_pack_that_can_be_read(tmp_path: Path, deck: str) -> None:
    root = place(tmp_path / "packs", "x" * 300, {deck: [note("1")], deck + "!": [note("2")]}).root
    assert texts(root).count("{card}") == 2
    assert list(tmp_path.iterdir()) == [tmp_path / "packs"]


def test_slugs_that_lose_letters_keep_a_digest() -> None:
    assert slug("Light & more") == "light-more"
    assert slug("Größe") != slug("Gröse")
    assert all(len(slug("y" * length)) <= LONGEST_SLUG for length in (1, 32, 33, 999))


def test_a_second_import_keeps_edits_and_takes_changes_and_news(tmp_path: Path) -> None:
    root = place(tmp_path, "deck", {"D": [note("1"), note("2")]}).root
    assert root is not None
    (path,) = root.glob("*/*.md")
    path.write_text(path.read_text("utf-8").replace("A.", "My own words.", 1) + "\nA thought.\n")
    again = place(tmp_path, "renamed", {"D": [note("1", answer="New."), note("2", answer="New.")]})
    assert again.root == root
    assert again.problems == ("1 cards that you have changed stay as you wrote them",)
    place(tmp_path, "deck", {"D": [note("1"), note("3")], "E": [note("4")]})
    found = texts(root)
    assert found.count("My own words.") == 1
    assert found.count("New.") == 1
    assert "A thought." in found
    assert [f"{{card}} anki-{number}" in found for number in (1, 2, 3, 4)] == [True] * 4
    assert {track.title for track in load_pack(root).tracks} == {"D", "E"}


def test_a_note_of_two_packages_stays_where_it_is_and_is_told(tmp_path: Path) -> None:
    first = place(tmp_path, "one", {"D": [note("1"), note("2"), note("3")]})
    second = place(tmp_path, "two", {"E": [note("7"), note("8")]})
    third = place(tmp_path, "two", {"E": [note("7"), note("8"), note("3", answer="Other.")]})
    assert third.root == second.root != first.root
    assert third.problems == ("1 notes that are in another imported pack already",)
    assert texts(third.root).count("{card}") == 2
    assert "Other." not in texts(first.root)
