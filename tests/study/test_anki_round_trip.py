"""A deck made in the real Anki comes in, goes out, and stands in another Anki as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anki.collection import (
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.scheduler.v3 import CardAnswer
from anki.scheduler.v3 import Scheduler as V3Scheduler
from PIL import Image

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.anki.media import take_pictures
from studytui.study.desk import Desk
from studytui.study.exchanging import Schedule, Taken, export, take
from tests.memory.anki_backend import scheduling_states
from tests.present import present

NAMES = ("paste-1.png", "größe &c 1.png")


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), (shade, 0, 0)).save(out, "png")
    return out.getvalue()


def where(folder: Path) -> Directories:
    return Directories(folder / "data", folder / "config", folder / "cache")


def anki_in(folder: Path) -> Collection:
    folder.mkdir()
    collection = Collection(str(folder / "c.anki2"))
    collection.set_config("fsrs", True)
    return collection


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Collection]:
    """Three notes with pictures, a sound and tags; four cards were studied."""
    collection = anki_in(tmp_path / "theirs")
    for name, shade in zip(NAMES, (10, 20), strict=True):
        collection.media.write_data(name, picture(shade))
    collection.media.write_data("a.mp3", b"ID3")
    deck = collection.decks.id("Physics::Light")
    assert deck is not None
    for model, fields in (
        ("Basic", (f'What is <img src="{NAMES[0]}"> c?', "fast [sound:a.mp3]")),
        ("Basic", ("Draw it.", 'So:<br><img src="größe &amp;c 1.png">')),
        ("Cloze", ("{{c1::Light}} is a {{c2::wave}}.", "")),
        ("Basic", ("5. x * y", "2^n_1 &lt;b&gt;")),
    ):
        note = collection.new_note(present(collection.models.by_name(model)))
        note.fields = list(fields)
        note.tags = ["light", "ch::1"]
        collection.add_note(note, deck)
    now = int(datetime.now(UTC).timestamp() * 1000)
    for place, card in enumerate(collection.find_cards("")[:4]):
        _study(collection, card, now + place * 10_000)
    yield collection
    collection.close()


def _study(collection: Collection, card: int, now: int) -> None:
    """Answer a card twice through the scheduler; it has fuzz of its own."""
    scheduler = collection.sched
    assert isinstance(scheduler, V3Scheduler)
    for again in range(2):
        states = scheduling_states(collection, card)
        answer = CardAnswer(
            card_id=card,
            current_state=states.current,
            new_state=states.easy if again else states.good,
            rating=CardAnswer.EASY if again else CardAnswer.GOOD,
            answered_at_millis=now + again * 1000,
            milliseconds_taken=4000,
        )
        scheduler.answer_card(answer)


def exported(collection: Collection, path: Path, *, legacy: bool = False) -> Path:
    deck = collection.decks.id("Physics")
    assert deck is not None
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=False, with_media=True, legacy=legacy
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=DeckIdLimit(deck))
    return path


def imported(collection: Collection, path: Path) -> None:
    options = ImportAnkiPackageOptions(with_scheduling=True)
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    collection.import_anki_package(request)


def taken(home: Path, path: Path) -> Taken:
    with Desk(where(home), Settings()) as desk:
        return take(desk, path, datetime.now(UTC))


def schedule(collection: Collection) -> list[tuple[float, ...]]:
    """Days until due, days of memory and counts of every studied card."""
    cards = [collection.get_card(each) for each in collection.find_cards("-is:new")]
    return sorted(
        (
            card.due - collection.sched.today,
            round(card.memory_state.stability, 2),
            round(card.memory_state.difficulty, 2),
            card.reps,
            card.lapses,
        )
        for card in cards
        if card.memory_state
    )


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "modern"])
def test_a_deck_goes_through_studytui_into_another_anki(
    theirs: Collection, tmp_path: Path, legacy: bool
) -> None:
    home = tmp_path / "home"
    done = taken(home, exported(theirs, tmp_path / "in.apkg", legacy=legacy))
    assert (done.notes, done.pictures, done.problems) == (4, 2, ("1 sounds",))
    again = taken(home, tmp_path / "in.apkg")
    assert (again.events, again.problems) == (0, ("1 sounds",))
    out = tmp_path / "out.apkg"
    with Desk(where(home), Settings()) as desk:
        desk.library.refresh()
        (entry,) = (each for each in desk.library.entries if each.track.startswith("physics"))
        export(desk, out, datetime.now(UTC), only=entry.id)

    ours = anki_in(tmp_path / "ours")
    try:
        imported(ours, out)
        notes = [ours.get_note(each) for each in ours.find_notes("")]
        texts = {re.sub(r"<[^>]*>", "", " ".join(note.fields[1:])).strip() for note in notes}
        assert any("5. x * y" in text and "2^n_1 &lt;b&gt;" in text for text in texts)
        assert any("{{c1::Light}} is a {{c2::wave}}." in text for text in texts)
        assert all({"light", "ch::1"} <= set(note.tags) for note in notes)
        assert schedule(ours) == schedule(theirs)
        assert len(schedule(ours)) == 4
        shown = re.findall(
            r'<img src="([^"]*)"', " ".join(each for n in notes for each in n.fields)
        )
        assert len(shown) == 2
        there = {(Path(ours.media.dir()) / name).read_bytes() for name in shown}
        assert there == {picture(10), picture(20)}

        # A correction made here reaches that Anki.
        (file,) = entry.path.parent.glob("*.md")
        file.write_text(file.read_text("utf-8").replace("is a {{c2", "is surely a {{c2"), "utf-8")
        with Desk(where(home), Settings()) as desk:
            desk.library.refresh()
            export(desk, out, datetime.now(UTC), only=entry.id)
        imported(ours, out)
        assert len(ours.find_notes("surely")) == 1
        assert len(ours.find_notes("")) == 4
        assert schedule(ours) == schedule(theirs)
    finally:
        ours.close()


def test_a_deck_is_taken_as_new_where_its_schedule_is_not_wanted(
    theirs: Collection, tmp_path: Path
) -> None:
    asked: list[Schedule] = []

    def decline(schedule: Schedule) -> bool:
        asked.append(schedule)
        return False

    path = exported(theirs, tmp_path / "in.apkg")
    with Desk(where(tmp_path / "home"), Settings()) as desk:
        done = take(desk, path, datetime.now(UTC), decline)
        assert (done.events, done.notes) == (0, 4)
        assert desk.ledger.journal.is_empty
        # With a change of mind nothing stands in the way.
        assert take(desk, path, datetime.now(UTC)).events > 0
    assert asked == [Schedule(cards=4, reviews=8)]


def test_hostile_media_cost_a_picture_and_not_the_package(tmp_path: Path) -> None:
    def package(listing: bytes, files: dict[str, bytes]) -> Path:
        path = tmp_path / "x.apkg"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("media", listing)
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    wanted = {name: tmp_path / "out" / f"{place}.png" for place, name in enumerate("abc")}
    sound = picture(1)
    listing = b'{"0": "a", "1": "b", "2": "c", "../../evil": "a"}'
    path = package(listing, {"0": b"#!/bin/sh", "1": sound, "2": bytes(40 * 2**20)})
    assert take_pictures(path, {"b": wanted["b"], "c": wanted["c"]}) == 1
    assert wanted["b"].read_bytes() == sound
    for broken in (b"[]", b"{", b"\xff\xff", b"[" * 100_000, b"\x28\xb5\x2f\xfd" + bytes(9)):
        assert take_pictures(package(broken, {"0": sound}), wanted) == 0
    assert not wanted["a"].exists()
    assert not list((tmp_path / "out").glob(".*"))


def test_an_edit_of_the_readers_keeps_its_picture(theirs: Collection, tmp_path: Path) -> None:
    home = tmp_path / "home"
    taken(home, exported(theirs, tmp_path / "in.apkg"))
    (file,) = (home / "data" / "packs").glob("*/*/*.md")
    pictures = {path.name: path.read_bytes() for path in (file.parent / "media").iterdir()}
    assert set(pictures.values()) == {picture(10), picture(20)}
    assert all(f"](media/{name})" in file.read_text("utf-8") for name in pictures)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in pictures)
    (file.parent / "media" / NAMES[0]).unlink()
    assert taken(home, tmp_path / "in.apkg").pictures == 2
    assert (file.parent / "media" / NAMES[0]).exists()
