"""Packages go through the real Anki, the oracle: in, and out again, legacy and modern."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.store.anki.read import read_package
from studytui.store.anki.records import (
    SUSPENDED,
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.anki.write import write_package

CREATED = 1_750_000_000
BASIC = AnkiNoteType(
    id=1_700_000_000_001,
    name="studytui",
    fields=("Id", "Front", "Back"),
    templates=(("Card", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),),
    style=".card { text-align: left }",
)
CLOZE = AnkiNoteType(
    id=1_700_000_000_002,
    name="studytui cloze",
    fields=("Id", "Text", "Extra"),
    templates=(("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),),
    cloze=True,
)
REVIEWED = 1_750_600_000_000
PACKAGE = AnkiPackage(
    created=CREATED,
    note_types=(BASIC, CLOZE),
    decks={1_700_000_000_003: "studytui::optimisation"},
    notes=(
        AnkiNote(
            11,
            "studytui:adam",
            BASIC.id,
            ("adam", "偏差校正?", r"\(1-\beta^t\)"),
            ("adam", "leech"),
            5,
        ),
        AnkiNote(
            12, "studytui:lora", CLOZE.id, ("lora", "{{c1::BA}} has rank {{c2::r}}", ""), (), 6
        ),
    ),
    cards=(
        AnkiCard(
            21,
            11,
            0,
            1_700_000_000_003,
            type=CardType.REVIEW,
            queue=2,
            due=12,
            interval=5,
            repetitions=3,
            lapses=1,
            modified=7,
            factor=2500,
            stability=5.1234,
            difficulty=6.543,
            desired_retention=0.9,
            last_review=REVIEWED // 1000,
        ),
        AnkiCard(22, 12, 0, 1_700_000_000_003, queue=SUSPENDED, due=2, modified=7),
        AnkiCard(23, 12, 1, 1_700_000_000_003, due=3, modified=7),
    ),
    reviews=(
        AnkiReview(REVIEWED - 1000, 21, 1, -60, -60, 0, 4321, ReviewKind.LEARNING),
        AnkiReview(REVIEWED, 21, 3, 5, -60, 2500, 1234, ReviewKind.REVIEW),
    ),
)


def through_anki(package: Path, out: Path, *, legacy: bool) -> None:
    """Import ``package`` into an empty collection of the real Anki and export it again."""
    from anki.collection import (
        Collection,
        ExportAnkiPackageOptions,
        ImportAnkiPackageOptions,
        ImportAnkiPackageRequest,
    )

    collection = Collection(str(out.with_suffix(".anki2")))
    try:
        request = ImportAnkiPackageRequest(
            package_path=str(package), options=ImportAnkiPackageOptions(with_scheduling=True)
        )
        collection.import_anki_package(request)
        problems, sound = collection.fix_integrity()
        assert sound, problems
        collection.export_anki_package(
            out_path=str(out),
            options=ExportAnkiPackageOptions(with_scheduling=True, legacy=legacy),
            limit=None,
        )
    finally:
        collection.close()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_package(PACKAGE, tmp_path / "out.apkg")
    back = read_package(tmp_path / "out.apkg")
    assert back.decks == {1: "Default", **PACKAGE.decks}
    assert (back.note_types, back.notes, back.cards, back.reviews) == (
        PACKAGE.note_types,
        PACKAGE.notes,
        PACKAGE.cards,
        PACKAGE.reviews,
    )


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "modern"])
def test_anki_opens_it_and_gives_it_back_equal(tmp_path: Path, legacy: bool) -> None:
    write_package(PACKAGE, tmp_path / "out.apkg")
    through_anki(tmp_path / "out.apkg", tmp_path / "back.apkg", legacy=legacy)
    back = read_package(tmp_path / "back.apkg")

    kinds = {kind.name: kind for kind in back.note_types}
    assert kinds["studytui"].fields == BASIC.fields
    assert kinds["studytui cloze"].cloze
    assert kinds["studytui"].templates[0][1:] == BASIC.templates[0][1:]
    assert "studytui::optimisation" in back.decks.values()

    def notes(package: AnkiPackage) -> list[tuple[str, tuple[str, ...], set[str]]]:
        # Anki keeps the tags 'leech' and 'marked' to itself when it exports.
        return sorted(
            (note.guid, note.fields, set(note.tags) - {"leech", "marked"}) for note in package.notes
        )

    assert notes(back) == notes(PACKAGE)
    # Anki gives the collection's own creation day, so due days are held against it.
    shift = round((back.created - PACKAGE.created) / 86400)
    guid = {note.id: note.guid for note in back.notes}
    mine = {note.id: note.guid for note in PACKAGE.notes}
    found = {(guid[card.note], card.ordinal): card for card in back.cards}
    assert len(found) == len(PACKAGE.cards)
    for card in PACKAGE.cards:
        twin = found[mine[card.note], card.ordinal]
        assert (twin.type, twin.queue, twin.interval) == (card.type, card.queue, card.interval)
        assert (twin.repetitions, twin.lapses) == (card.repetitions, card.lapses)
        assert (twin.stability, twin.difficulty) == (card.stability, card.difficulty)
        assert twin.last_review == card.last_review
        if card.type is CardType.REVIEW:
            assert twin.due + shift == card.due
    assert [(r.id, r.grade, r.interval, r.last_interval, r.kind) for r in back.reviews] == [
        (r.id, r.grade, r.interval, r.last_interval, r.kind) for r in PACKAGE.reviews
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not a zip", "not an Anki package"),
        (b"", "not an Anki package"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.apkg"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=says):
        read_package(path)


@pytest.mark.parametrize("name", ["collection.anki21", "collection.anki21b", "other"])
def test_a_damaged_collection_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.apkg"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"\x28\xb5\x2f\xfd garbage" * 50)
    with pytest.raises(StudyError, match="not an Anki package"):
        read_package(path)


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot be written"):
        write_package(PACKAGE, tmp_path / "missing" / "out.apkg")
