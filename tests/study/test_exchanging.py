"""Export and import as the shell calls them, on the shipped content and a real journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.anki.read import read_package
from studytui.store.journal import Journal
from studytui.study.desk import Desk
from studytui.study.exchanging import export, take
from studytui.study.review import today
from studytui.study.syncing import sync
from tests.present import present
from tests.shared import refreshed

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def desk_in(folder: Path) -> Desk:
    return Desk(Directories(folder / "data", folder / "config", folder / "cache"), Settings())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "one") as desk:
        refreshed(desk)
        for place, record in enumerate(desk.records()[:12]):
            for again, grade in enumerate((3, 3, 1, 3)[: 1 + place % 4]):
                now = NOW + timedelta(days=place, minutes=7 * again)
                desk.ledger.grade(record.card, Rating(grade), now, retention=0.9, factor=None)
        yield desk


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "two") as desk:
        yield desk


def states(desk: Desk) -> dict[str, tuple[float, ...]]:
    found = desk.ledger.journal.states.all()
    return {
        card: (each.stability, each.difficulty, each.due_day, each.reps) for card, each in found
    }


@pytest.mark.parametrize("ending", ["apkg", "jsonl"])
def test_a_history_goes_out_and_comes_in_equal(
    desk: Desk, other: Desk, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    export(desk, path, NOW)
    taken = take(other, path, NOW + timedelta(days=60))
    assert taken.events > 0
    assert not taken.problems
    assert states(other) == states(desk)
    assert take(other, path, NOW + timedelta(days=60)).events == 0
    assert take(desk, path, NOW + timedelta(days=60)).events == 0


@pytest.mark.parametrize("ending", ["apkg", "jsonl"])
def test_a_copy_of_the_journal_is_made_before_anything_comes_in(
    desk: Desk, other: Desk, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    export(desk, path, NOW)
    refreshed(other)
    card = other.records()[-1].card
    other.ledger.grade(card, Rating.GOOD, NOW, retention=0.9, factor=None)
    before = list(other.ledger.journal.events())
    take(other, path, NOW + timedelta(days=60))
    (copy,) = other.directories.backups.glob("*.db")
    with Journal.open(copy) as journal:
        assert list(journal.events()) == before


def test_one_track_goes_out_alone(desk: Desk, tmp_path: Path) -> None:
    entries = desk.library.entries
    track = entries[0].track
    cards = sum(
        len(entry.card_ids) + len(entry.exercise_ids) for entry in entries if entry.track == track
    )
    assert f" {cards} cards" in export(desk, tmp_path / "one.apkg", NOW, only=track).says
    with pytest.raises(StudyError, match="no track or article 'nope'"):
        export(desk, tmp_path / "one.apkg", NOW, only="nope")


def test_every_article_can_be_a_notebook(desk: Desk, tmp_path: Path) -> None:
    for entry in desk.library.entries:
        path = tmp_path / f"{entry.id}.ipynb"
        export(desk, path, NOW, only=entry.id)
        kinds = [cell["cell_type"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
        assert kinds.count("code") >= 1


def test_broken_lines_are_told_and_the_others_taken(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    export(desk, path, NOW)
    lines = path.read_bytes().splitlines()
    lines[1:1] = [b"{}", b"\xff", b"not json"]
    path.write_bytes(b"\n".join(lines))
    taken = take(other, path, NOW + timedelta(days=60))
    assert [problem.split(":")[1] for problem in taken.problems] == ["2", "3", "4"]
    assert states(other) == states(desk)


def lesson(root: Path, answer: str) -> None:
    """A pack of two cards, one of which is answered by ``answer``."""
    (root / "notes").mkdir(parents=True, exist_ok=True)
    (root / "pack.toml").write_text(
        'id = "lab"\ntitle = "Lab"\n[[tracks]]\nid = "notes"\ntitle = "Notes"\n'
    )
    cards = "".join(
        f"\n```{{card}} {name}\nkind: basic\nask: {name}?\nanswer: {text}\n```\n"
        for name, text in (("lab-speed", answer), ("lab-mass", "Heavy."))
    )
    (root / "notes" / "lab.md").write_text(f"---\nid: lab\ntitle: Lab\ntrack: notes\n---\n{cards}")


def test_a_correction_reaches_anki_and_an_edit_made_there_stays(tmp_path: Path) -> None:
    from anki.collection import Collection, ImportAnkiPackageRequest

    home, package = tmp_path / "home", tmp_path / "out.apkg"
    where = Directories(home / "data", home / "config", home / "cache")
    collection = Collection(str(tmp_path / "c.anki2"))

    def carry(answer: str, now: datetime) -> dict[str, str]:
        """Export the pack and import it into Anki; the backs that Anki then has."""
        lesson(where.data / "packs" / "lab", answer)
        with Desk(where, Settings()) as desk:
            export(desk, package, now, only="lab")
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
        notes = [collection.get_note(each) for each in collection.find_notes("")]
        return {note["studytui id"]: note["Back"] for note in notes}

    try:
        assert carry("Wrong.", NOW)["lab-speed"] == "<p>Wrong.</p>"
        # At the same instant, and with a clock that was put back.
        assert carry("Right.", NOW)["lab-speed"] == "<p>Right.</p>"
        assert carry("Better.", NOW - timedelta(days=9))["lab-speed"] == "<p>Better.</p>"

        (mine,) = collection.find_notes("Front:*mass*")
        note = collection.get_note(mine)
        note["Back"] = "My own words."
        collection.update_note(note)
        present(collection.db).execute(
            "UPDATE notes SET mod = ? WHERE id = ?", NOW.timestamp() + 5, mine
        )
        found = carry("Best.", NOW + timedelta(days=9))
        assert found == {"lab-speed": "<p>Best.</p>", "lab-mass": "My own words."}
    finally:
        collection.close()


def test_what_was_exported_is_known_on_every_device(tmp_path: Path) -> None:
    """An export from another device calls no note new that it has not changed."""
    shared = tmp_path / "shared"
    shared.mkdir()
    modified: dict[str, dict[str, int]] = {}
    for name, answer in (("one", "Fast."), ("two", "Fast."), ("three", "Faster.")):
        home = tmp_path / name
        where = Directories(home / "data", home / "config", home / "cache")
        lesson(where.data / "packs" / "lab", answer)
        with Desk(where, Settings()) as desk:
            sync(desk.ledger, shared, NOW, lambda _: True)
            # Every device's clock is further behind.
            export(desk, home / "out.apkg", NOW - timedelta(days=len(modified)), only="lab")
            sync(desk.ledger, shared, NOW, lambda _: True)
        notes = read_package(home / "out.apkg").notes
        modified[name] = {note.guid.partition(":")[2]: note.modified for note in notes}
    assert modified["one"] == modified["two"]
    assert modified["three"]["lab-mass"] == modified["one"]["lab-mass"]
    assert modified["three"]["lab-speed"] > modified["one"]["lab-speed"]


def test_an_export_works_where_nothing_can_be_kept(tmp_path: Path) -> None:
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    lesson(where.data / "packs" / "lab", "Fast.")
    where.journal.write_bytes(b"rubbish " * 1000)
    with Desk(where, Settings(), may_only_read=True) as desk:
        assert "2 notes" in export(desk, tmp_path / "out.apkg", NOW, only="lab").says


def test_two_directions_of_an_imported_note_wait_for_different_days(
    other: Desk, tmp_path: Path
) -> None:
    import genanki

    deck = genanki.Deck(2059400111, "German")
    for fields in (["eins", "one"], ["zwei", "two"]):
        model = genanki.BASIC_AND_REVERSED_CARD_MODEL
        deck.add_note(genanki.Note(model=model, fields=fields))
    genanki.Package(deck).write_to_file(str(tmp_path / "german.apkg"))
    assert take(other, tmp_path / "german.apkg", NOW).notes == 4
    with desk_in(tmp_path / "two") as desk:
        desk.library.refresh()
        records = [each for each in desk.records() if each.track == "german"]
        assert len(records) == 4
        assert len(today(desk.ledger, records, desk.ledger.days.day(NOW)).new) == 2


def test_tags_come_in_are_found_and_go_out_again(other: Desk, tmp_path: Path) -> None:
    import genanki

    tags = ["Physics::Light", "ch:1", '"#odd', "größe", "雨", "\x07bell", "\ufffe"]
    deck = genanki.Deck(2059400112, "Tagged")
    for model, fields in (
        (genanki.BASIC_AND_REVERSED_CARD_MODEL, ["ask", 'see <img src="a.png">[sound:a.mp3]']),
        (genanki.CLOZE_MODEL, ["{{c1::a}} {{c2::b}}", ""]),
        (genanki.CLOZE_MODEL, ["{{c1::a {{c2::b}}}}", ""]),
    ):
        deck.add_note(genanki.Note(model=model, fields=fields, tags=tags))
    genanki.Package(deck).write_to_file(str(tmp_path / "tagged.apkg"))
    problems = take(other, tmp_path / "tagged.apkg", NOW).problems
    assert problems == ("1 sounds", "1 pictures that are not there, or of a kind not shown")

    kept = (*tags[:-2], "bell")
    with desk_in(tmp_path / "two") as desk:
        desk.library.refresh()
        (entry,) = (each for each in desk.library.entries if each.track == "tagged")
        cards = desk.library.article(entry.id).cards
        assert [card.tags for card in cards] == [kept] * 4
        assert entry.id in {hit.article for hit in desk.library.search("größe")}
        export(desk, tmp_path / "out.apkg", NOW, only=entry.id)
    notes = read_package(tmp_path / "out.apkg").notes
    assert [set(note.tags) for note in notes] == [{entry.id, *kept}] * 4


@pytest.mark.parametrize("name", ["x.docx", "x"])
def test_an_unknown_format_is_told(desk: Desk, tmp_path: Path, name: str) -> None:
    with pytest.raises(StudyError, match="what format"):
        export(desk, tmp_path / name, NOW)
    with pytest.raises(StudyError, match="what format"):
        take(desk, tmp_path / name, NOW + timedelta(days=60))


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    for name in ("x.apkg", "x.jsonl"):
        with pytest.raises(StudyError, match="cannot be written"):
            export(desk, tmp_path / "missing" / name, NOW)
