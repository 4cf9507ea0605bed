"""Out to Anki, notebooks and JSON Lines, and in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.garbage import uncollected
from studytui.memory.days import to_ms
from studytui.memory.ledger import AHEAD, Ledger
from studytui.store.events import Review
from studytui.store.merging import Merged
from studytui.study.exported_notes import dated
from studytui.study.imported_packs import Placed, place
from studytui.study.journal_maintenance import back_up_before

if TYPE_CHECKING:
    from studytui.cards.basic import BasicCard
    from studytui.cards.card import Card
    from studytui.exchange.anki_in import Imported
    from studytui.library.article import Article
    from studytui.library.entry import Entry
    from studytui.study.desk import Desk

FORMATS = (".apkg", ".ipynb", ".jsonl")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, in words."""

    path: Path
    says: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import brought: events that are new here, and the pack of cards, if any.

    ``problems`` say what was left out, by count or line.
    """

    events: int
    known: int
    notes: int
    pack: Path | None
    problems: tuple[str, ...]
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a package knows of when its cards are due: reviews in its log, cards that were met."""

    cards: int
    reviews: int


WithSchedule = Callable[[Schedule], bool]
"""Whether the schedule of a package is taken along; else all its cards are new."""


def _take_along(schedule: Schedule) -> bool:
    return True


def export(desk: Desk, path: Path, now: datetime, *, only: str = "") -> Exported:
    """Write ``path`` in the format of its ending; ``only`` is a track or an article.

    Raises StudyError on another ending, an unknown track or article, or a file that cannot be
    written.
    """
    match path.suffix.lower():
        case ".apkg":
            return _export_anki(desk, path, now, _chosen(desk, only))
        case ".ipynb":
            return _export_notebook(desk, path, only)
        case ".jsonl":
            if only:
                raise StudyError("JSON Lines hold the whole journal", todo="Leave --only out")
            from studytui.exchange.json_lines import write_events

            count = write_events(desk.ledger.journal.events(), path)
            return Exported(path, f"{count} events")
        case _:
            raise StudyError(
                f"what format is '{path.name}'?",
                todo=f"End its name in one of {', '.join(FORMATS)}",
            )


def _chosen(desk: Desk, only: str) -> tuple[Entry, ...]:
    desk.library.refresh()
    entries = desk.library.entries
    if not only:
        return entries
    chosen = tuple(entry for entry in entries if only in (entry.track, entry.id))
    if not chosen:
        tracks = ", ".join(track.id for track in desk.library.tracks)
        raise StudyError(f"there is no track or article '{only}'", todo=f"Tracks: {tracks}")
    return chosen


def _export_anki(desk: Desk, path: Path, now: datetime, entries: tuple[Entry, ...]) -> Exported:
    from studytui.exchange.anki_out import Shelf, TimedReview, make_package
    from studytui.memory.history import walk
    from studytui.store.anki.write import write_package

    ledger = desk.ledger
    shelves = [
        Shelf(
            deck=f"studytui::{entry.track}",
            article=entry.id,
            folder=article.path.parent,
            cards=(*article.cards, *exercises),
            answers=_answers(desk, article) | {card.id: card.answer for card in exercises},
        )
        for entry in entries
        for article in (desk.library.article_in_force(entry.id),)
        for exercises in (_exercises(desk, article),)
    ]

    def reviews(card: str) -> Iterator[TimedReview]:
        durations = {
            event.moment.instant_ms: event.body.duration_ms
            for event in ledger.journal.history(card)
            if isinstance(event.body, Review)
        }
        for taken in walk(ledger.journal.card_rows(card), ledger.scheduler):
            yield taken, durations.get(taken.instant_ms, 0)

    with ledger.journal.reading():
        states = dict(ledger.journal.states.all())
    made = make_package(shelves, states, reviews, ledger.days, ledger.days.day(now))
    package = replace(made, notes=dated(ledger, made.notes, now))
    write_package(package, path)
    counts = f"{len(package.notes)} notes, {len(package.cards)} cards"
    return Exported(path, f"{counts}, {len(package.reviews)} reviews")


def _exercises(desk: Desk, article: Article) -> tuple[BasicCard, ...]:
    """Exercises as cards that one judges oneself: no other program runs their checks."""
    from studytui.cards.basic import BasicCard
    from studytui.study.questions import question_of

    questions = (question_of(desk, block.id) for block in article.exercises)
    return tuple(
        BasicCard(id=each.card, article=article.id, ask=each.prompt, answer=each.answer)
        for each in questions
    )


def _answers(desk: Desk, article: Article) -> dict[str, str]:
    # Programs of a pack that did not come with studytui are not run for an export.
    shipped = desk.library.pack_of(article.id).shipped
    return {card.id: _answer(card, shipped) for card in article.cards}


def _answer(card: Card, may_run: bool) -> str:
    if card.KIND.runs_code and not may_run:
        return "Run it and see."
    from studytui.study.programs import program_output

    return card.right_answer(card.question(card.scheduled_ids[0], 0), program_output)


def _export_notebook(desk: Desk, path: Path, only: str) -> Exported:
    if not only:
        raise StudyError("a notebook holds one article", todo="Name it: --only ARTICLE")
    from studytui.exchange.notebook import to_notebook

    article = desk.library.article(only)
    source = article.path.read_text(encoding="utf-8", errors="replace")

    def script(name: str) -> str:
        return desk.snippet_path(name).read_text(encoding="utf-8", errors="replace")

    try:
        path.write_text(to_notebook(article, source, script), encoding="utf-8")
    except OSError as error:
        raise StudyError(
            f"the notebook cannot be written: {error.strerror}", where=str(path)
        ) from error
    count = len(article.snippets)
    return Exported(path, f"'{article.title}' with {count} snippet{'' if count == 1 else 's'}")


def take(desk: Desk, path: Path, now: datetime, with_schedule: WithSchedule = _take_along) -> Taken:
    """Take what ``path`` holds into journal and library. A second time, nothing is new.

    ``with_schedule`` is asked where an Anki package holds a schedule.

    Raises StudyError on a file that cannot be read, or of another format.
    """
    ending = path.suffix.lower()
    if ending in (".apkg", ".colpkg", ".jsonl"):
        back_up_before(desk.ledger, desk.directories, now)
    match ending:
        case ".apkg" | ".colpkg":
            with uncollected():
                return _take_anki(desk, path, with_schedule)
        case ".jsonl":
            from studytui.exchange.json_lines import read_events

            events, problems = read_events(path, to_ms(now + AHEAD))
            merged = desk.ledger.merge(events, checked=True)
            known = len(events) - merged.added
            return Taken(merged.added, known, 0, None, problems + _told(merged))
        case _:
            raise StudyError(
                f"what format is '{path.name}'?",
                todo="Anki packages (.apkg, .colpkg) and .jsonl are read",
            )


def _take_anki(desk: Desk, path: Path, with_schedule: WithSchedule) -> Taken:
    ledger = desk.ledger
    imported, wanted = _imported(ledger, path, with_schedule)
    placed = place(desk.imported_packs, path.stem, imported.decks)
    pictures, missing = _take_pictures(path, placed, imported)
    history = imported.history
    merged = ledger.merge_batches(history if wanted else (), len(history))
    odd = (f"{history.odd} entries of the review log with an impossible time",)
    problems = (
        *imported.left_out,
        *(odd if history.odd else ()),
        *missing,
        *placed.problems,
        *_told(merged),
    )
    known = history.told - merged.added
    return Taken(merged.added, known, imported.notes, placed.root, problems, pictures)


def _imported(ledger: Ledger, path: Path, with_schedule: WithSchedule) -> tuple[Imported, bool]:
    """What a package gives, and whether its history is wanted; the package itself is let go."""
    from studytui.exchange.anki_in import take_package
    from studytui.store.anki.read import read_package

    package = read_package(path)
    schedule = Schedule(sum(card.repetitions > 0 for card in package.cards), len(package.reviews))
    wanted = not (schedule.cards or schedule.reviews) or with_schedule(schedule)
    return take_package(package, _instants(ledger) if wanted else {}), wanted


def _instants(ledger: Ledger) -> dict[str, list[int]]:
    """When the journal's reviews were given, by card: they are not told twice."""
    reviewed: dict[str, list[int]] = defaultdict(list)
    for card, kind, _, instant, *_ in ledger.journal.replay_rows():
        if kind == Review.kind:
            reviewed[card].append(instant)
    return reviewed


def _take_pictures(path: Path, placed: Placed, imported: Imported) -> tuple[int, tuple[str, ...]]:
    """Put the package's pictures beside the articles; how many, and what is said of the rest."""
    from studytui.exchange.fields import PICTURES
    from studytui.store.anki.media import take_pictures

    wanted = taken = 0
    for deck, names in imported.pictures.items():
        folder = placed.folders[deck] / PICTURES
        wanted += len(names)
        taken += take_pictures(path, {name: folder / safe for name, safe in names.items()})
    left = wanted - taken
    return taken, (f"{left} pictures that are not there, or of a kind not shown",) if left else ()


def _told(merged: Merged) -> tuple[str, ...]:
    return tuple(
        f"event {each.kept.id} has two contents: every device keeps the same one"
        for each in merged.settled
    )
