"""``python -m benchmarks importing``: a large deck with its history, against Anki's own import.

Both read the same package into an empty collection in a process of their own; what is compared is
the processor time of the whole process, so that a busy machine changes little.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_most
from studytui.store.anki.records import (
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.anki.write import write_package

NOTES = 50_000
REVIEWS = 100_000
PAIRS = 5
DAY_MS = 86_400_000
CREATED_S = 1_735_700_400
WORDS = ("the", "gradient", "of", "a", "loss", "with respect", "to", "its", "weights", "is", "seen")
MARKUP = ("<b>not</b>", "a &amp; b", "<br>", "x<sup>2</sup>", "&nbsp;", "<i>so</i>")
SHARE_WITH_MARKUP = 0.4
KIND = AnkiNoteType(
    1_600_000_000_000,
    "Front and back",
    ("Front", "Back"),
    (("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),),
)
THEIRS = """
import sys
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
collection = Collection(sys.argv[2])
options = ImportAnkiPackageOptions(with_scheduling=True)
collection.import_anki_package(
    ImportAnkiPackageRequest(package_path=sys.argv[1], options=options)
)
assert collection.note_count() == int(sys.argv[3])
collection.close()
"""
OURS = ("-m", "studytui", "import", "--scheduling")


def package(notes: int, reviews: int) -> AnkiPackage:
    """A deck whose cards were each reviewed as often, over the last year."""
    generator = random.Random(1)
    each = reviews // notes
    numbers = range(1_600_000_000_001, 1_600_000_000_001 + notes)
    cards: list[AnkiCard] = []
    log: list[AnkiReview] = []
    for place, number in enumerate(numbers):
        instant = CREATED_S * 1000 + generator.randrange(100) * DAY_MS + place
        interval = 0
        for review in range(each):
            before, interval = interval, (1 + review * 3)
            kind = ReviewKind.REVIEW if review else ReviewKind.LEARNING
            log.append(AnkiReview(instant, number, 3, interval, before, 550, 4000, kind))
            instant += interval * DAY_MS
        due = (instant // 1000 - CREATED_S) // 86_400
        cards.append(
            AnkiCard(
                id=number,
                note=number,
                ordinal=0,
                deck=1_600_000_000_000,
                type=CardType.REVIEW,
                queue=2,
                due=due,
                interval=interval,
                repetitions=each,
                modified=CREATED_S,
            )
        )
    return AnkiPackage(
        created=CREATED_S,
        note_types=(KIND,),
        decks={1_600_000_000_000: "Large"},
        notes=tuple(
            AnkiNote(
                number,
                f"guid{number}",
                KIND.id,
                (f"{place}: {_words(generator)}", _words(generator)),
                ("tag",),
                CREATED_S,
            )
            for place, number in enumerate(numbers)
        ),
        cards=tuple(cards),
        reviews=tuple(sorted(log, key=lambda review: review.id)),
    )


def _words(generator: random.Random) -> str:
    words = generator.choices(WORDS, k=generator.randrange(4, 20))
    if generator.random() < SHARE_WITH_MARKUP:
        words[generator.randrange(len(words))] = generator.choice(MARKUP)
    return " ".join(words)


def processor_seconds(arguments: Sequence[str], home: Path) -> float:
    """User and system time of a Python process with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "STUDYTUI_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(notes: int = NOTES, reviews: int = REVIEWS) -> list[Figure]:
    """The ratio of processor times in the middle of a few pairs, which take turns."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.apkg"
        write_package(package(notes, reviews), path)
        pairs = [_pair(path, Path(name) / str(turn), notes) for turn in range(PAIRS)]
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    how = (
        f"{notes:,} notes, {reviews:,} reviews: {ours:.1f} s against {theirs:.1f} s; pairs "
        + " ".join(f"{ratio:.2f}" for ratio in ratios)
    )
    return [at_most("import, processor time, against Anki's own", median(ratios), "x", 3, how)]


def _pair(path: Path, folder: Path, notes: int) -> tuple[float, float]:
    """Seconds of the processor, ours and theirs, each into an empty collection."""
    folder.mkdir()
    theirs = processor_seconds(
        ["-c", THEIRS, str(path), str(folder / "c.anki2"), str(notes)], folder
    )
    return processor_seconds([*OURS, str(path)], folder / "home"), theirs
