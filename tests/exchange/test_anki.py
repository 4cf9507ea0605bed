"""A history goes out to the real Anki and comes back; a foreign deck comes in as a pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from studytui.cards.basic import BasicCard
from studytui.cards.choice import ChoiceCard
from studytui.cards.cloze import ClozeCard
from studytui.cards.number import NumberCard
from studytui.exchange.anki_in import Imported, take_package
from studytui.exchange.anki_out import Shelf, TimedReview, make_package
from studytui.library.catalogue import Library
from studytui.library.pack import load_pack
from studytui.memory.history import walk
from studytui.memory.ledger import Ledger
from studytui.memory.rating import Rating
from studytui.settings import DaySettings, MemorySettings, Settings
from studytui.store.anki.read import read_package
from studytui.store.anki.records import AnkiPackage
from studytui.store.anki.write import write_package
from studytui.store.events import Review, Suspend
from studytui.store.journal import Journal
from studytui.store.states import CardState
from studytui.study.imported_packs import place
from tests.exchange.histories import events_of
from tests.left_open import closed_behind
from tests.store.test_anki import through_anki

# Without fuzz a schedule follows from the grades alone, as Anki's memory state does.
SETTINGS = Settings(
    days=DaySettings(time_zone="UTC"), memory=MemorySettings(fuzz=False, load_spread=False)
)
CARDS = (
    BasicCard(id="adam-why", article="adam", ask="Why $t=1$?", answer="Because **so**.", why="x"),
    ClozeCard(id="adam-gaps", article="adam", text="{{c1::Adam}} keeps {{c2::two}} moments."),
    ChoiceCard(id="adam-where", article="adam", ask="Where?", right=("here",), wrong=("there",)),
    NumberCard(id="adam-number", article="adam", ask="2+2?", answer="4"),
)
SCHEDULED = ("adam-why", "adam-gaps/c1", "adam-gaps/c2", "adam-where", "adam-number")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Journal.open(tmp_path / "journal.db") as journal:
        yield Ledger(journal, SETTINGS)


def study(ledger: Ledger, cards: Sequence[str], seed: int) -> datetime:
    """Some weeks of grades, some of them late at night and several on a day."""
    random = Random(seed)
    now = datetime(2026, 1, 5, 20, tzinfo=UTC)
    for _ in range(12):
        for card in cards:
            if random.random() < 0.7:
                grade = random.choice((1, 2, 3, 3, 3, 4))
                ledger.grade(card, Rating(grade), now, retention=0.9, factor=None, duration_ms=4000)
            now += timedelta(minutes=random.choice((0, 3, 400)))
        now += timedelta(days=random.choice((0, 1, 5, 20)))
    return now


def package_of(ledger: Ledger, now: datetime) -> AnkiPackage:
    def reviews(card: str) -> list[TimedReview]:
        seconds = {
            event.moment.instant_ms: event.body.duration_ms
            for event in ledger.journal.history(card)
            if isinstance(event.body, Review)
        }
        taken = walk(ledger.journal.card_rows(card), ledger.scheduler)
        return [(each, seconds[each.instant_ms]) for each in taken]

    shelf = Shelf("studytui::optimisation", "adam", Path(), CARDS, {"adam-why": "Because **so**."})
    return make_package(
        [shelf],
        dict(ledger.journal.states.all()),
        reviews,
        ledger.days,
        ledger.days.day(now),
    )


def take(ledger: Ledger, package: AnkiPackage) -> Imported:
    known = {
        card: [
            each.moment.instant_ms
            for each in ledger.journal.history(card)
            if isinstance(each.body, Review)
        ]
        for card in SCHEDULED
    }
    return take_package(package, known)


def memory(ledger: Ledger) -> dict[str, tuple[float, ...]]:
    def kept(state: CardState) -> tuple[float, ...]:
        return (
            state.phase,
            round(state.stability, 6),
            round(state.difficulty, 6),
            state.due_day,
            state.reps,
            state.lapses,
            state.suspended,
        )

    return {card: kept(state) for card, state in ledger.journal.states.all()}


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "modern"])
def test_a_history_comes_back_from_anki_equal(ledger: Ledger, tmp_path: Path, legacy: bool) -> None:
    now = study(ledger, SCHEDULED, seed=3)
    ledger.act(Suspend("adam-where"), now)
    package = package_of(ledger, now)
    write_package(package, tmp_path / "out.apkg")
    through_anki(tmp_path / "out.apkg", tmp_path / "back.apkg", legacy=legacy)
    back = read_package(tmp_path / "back.apkg")

    twins = {card.id: card for card in back.cards}
    for card in package.cards:
        assert twins[card.id].stability == pytest.approx(card.stability, abs=1e-4)
        assert twins[card.id].difficulty == pytest.approx(card.difficulty, abs=1e-3)

    # Into an empty journal: the same states as here.
    with Journal.open(tmp_path / "other.db") as journal:
        other = Ledger(journal, SETTINGS)
        imported = take(other, back)
        assert not imported.decks and not imported.left_out
        other.merge_batches(imported.history, len(imported.history))
        assert memory(other) == memory(ledger)
        again = take(other, back).history
        assert other.merge_batches(again, len(again)).added == 0

    # Into the journal it came from: nothing new but the suspension's twin.
    assert [event.body.kind for event in events_of(take(ledger, back).history)] == ["suspend"]


def test_anki_computes_the_memory_state_that_is_exported(ledger: Ledger, tmp_path: Path) -> None:
    import anki.collection  # noqa: F401 (the modules of Anki import each other in a circle)
    from anki.cards import CardId
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    now = study(ledger, SCHEDULED, seed=8)
    package = package_of(ledger, now)
    write_package(package, tmp_path / "out.apkg")
    collection = Collection(str(tmp_path / "c.anki2"))
    try:
        collection.set_config("fsrs", True)
        collection.import_anki_package(
            ImportAnkiPackageRequest(
                package_path=str(tmp_path / "out.apkg"),
                options=ImportAnkiPackageOptions(with_scheduling=True),
            )
        )
        for card in package.cards:
            state = collection.compute_memory_state(CardId(card.id))
            assert state.stability == pytest.approx(card.stability, rel=1e-3)
            assert state.difficulty == pytest.approx(card.difficulty, abs=2e-3)
    finally:
        collection.close()


def test_a_foreign_deck_becomes_a_pack_that_can_be_read(ledger: Ledger, tmp_path: Path) -> None:
    import genanki

    deck = genanki.Deck(2059400110, "Physics::Light & more")
    for front, back in [
        ("What is <b>c</b>?", r"\(3\cdot 10^8\) m/s<script>x</script>"),
        ("```{card} evil\nkind: basic\n```", "# ---\n```"),
        ("", "empty front"),
    ]:
        deck.add_note(
            genanki.Note(model=genanki.BASIC_AND_REVERSED_CARD_MODEL, fields=[front, back])
        )
    deck.add_note(
        genanki.Note(model=genanki.CLOZE_MODEL, fields=["{{c1::a}} and {{c2::b}}", "why"])
    )
    genanki.Package(deck).write_to_file(str(tmp_path / "deck.apkg"))

    imported = take(ledger, read_package(tmp_path / "deck.apkg"))
    root = place(tmp_path, "My deck!", imported.decks).root
    assert root is not None
    library = closed_behind(Library.open([load_pack(root)], index=None))
    (entry,) = library.entries
    article = library.article(entry.id)
    kinds = [type(card).__name__ for card in article.cards]
    assert kinds.count("ClozeCard") == 1
    assert kinds.count("BasicCard") >= 4
    first = article.cards[0]
    assert isinstance(first, BasicCard)
    assert first.ask.strip() == "What is **c**?"
    assert first.answer.strip() == r"$3\cdot 10^8$ m/s"
    assert imported.cards == len(kinds) + 1
