"""Asks the real Anki backend; run as a program of its own, under the time zone to be tested.

Reads one JSON object from standard input and writes one to standard output. Anki is an oracle for
the tests only: it is never imported in the process of studytui.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import anki.collection  # noqa: F401 (first: the modules of Anki import each other in a circle)
from anki.cards import CardId
from anki.collection import Collection
from anki.decks import DeckId

Some = TypeVar("Some")

WIDE = 18_000
"""An interval whose fuzz range is so wide that its fuzz tells the factor to a thousandth."""


def present(value: Some | None) -> Some:
    """The value, which Anki's annotations allow to be missing."""
    assert value is not None
    return value


def main() -> None:
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "oracle.anki2"))
        _configure(collection, question)
        answer = {
            "memory": [_memory(collection, history) for history in question.get("histories", [])],
            "states": [_states(collection, card) for card in question.get("cards", [])],
        }
        collection.close()
    json.dump(answer, sys.stdout)


def _configure(collection: Collection, question: dict[str, Any]) -> None:
    collection.set_config("fsrs", True)
    collection.set_config("rollover", question.get("rollover", 4))
    options = collection.decks.config_dict_for_deck_id(DeckId(1))
    options["fsrsParams6"] = question["parameters"]
    options["desiredRetention"] = question.get("retention", 0.9)
    options["new"]["delays"] = question.get("learning", [1.0, 10.0])
    options["lapse"]["delays"] = question.get("relearning", [10.0])
    collection.decks.update_config(options)


def _card(collection: Collection) -> CardId:
    note = collection.new_note(present(collection.models.by_name("Basic")))
    note["Front"] = "question"
    collection.add_note(note, DeckId(1))
    return note.card_ids()[0]


def _memory(collection: Collection, history: list[list[int]]) -> list[float]:
    """Stability and difficulty after ``[[instant_ms, grade], ...]``."""
    card = _card(collection)
    rows = [
        (instant, card, 0, grade, 1, 0, 0, 5000, 0 if place == 0 else 1)
        for place, (instant, grade) in enumerate(history)
    ]
    present(collection.db).executemany(
        "INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )
    state = collection.compute_memory_state(card)
    return [present(state.stability), present(state.difficulty)]


def _states(collection: Collection, wanted: dict[str, Any]) -> dict[str, Any]:
    """What each of the four buttons leads to, from a given state of a card."""
    card = _card(collection)
    today = collection.sched.today
    phase = wanted["phase"]
    data = ""
    if wanted["reps"]:
        data = json.dumps(
            {"s": wanted["stability"], "d": wanted["difficulty"], "lrt": wanted["last_s"]}
        )
    due = {0: 1, 2: today - wanted["days"] + wanted["interval"]}.get(phase, wanted["last_s"] + 60)
    steps = {1: 2, 3: 1}.get(phase, 0) - wanted["step"]
    present(collection.db).execute(
        "UPDATE cards SET type = ?, queue = ?, due = ?, ivl = ?, reps = ?, left = ?, data = ?,"
        " factor = 2500 WHERE id = ?",
        phase,
        {0: 0, 1: 1, 2: 2, 3: 1}[phase],
        due,
        wanted["interval"],
        wanted["reps"],
        steps,
        data,
        card,
    )
    states = scheduling_states(collection, card)
    # The fuzz that Anki tells is that of the answer before; one review more makes it this one's.
    present(collection.db).execute("UPDATE cards SET reps = reps + 1 WHERE id = ?", card)
    return {
        "fuzz": collection.fuzz_delta(card, WIDE),
        "after": [_after(getattr(states, name)) for name in ("again", "hard", "good", "easy")],
    }


def scheduling_states(collection: Collection, card: int) -> Any:
    """What each button would lead to: Anki's own scheduler asks for it in this way."""
    return collection._backend.get_scheduling_states(card)  # noqa: SLF001


def _after(state: Any) -> dict[str, Any]:
    normal = state.normal
    kind = normal.WhichOneof("kind")
    value = getattr(normal, kind)
    learning = value.learning if kind == "relearning" else value
    memory = learning.memory_state
    return {
        "phase": {"learning": 1, "review": 2, "relearning": 3}[kind],
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "days": value.review.scheduled_days
        if kind == "relearning"
        else getattr(value, "scheduled_days", 0),
        "seconds": getattr(learning, "scheduled_secs", 0),
    }


if __name__ == "__main__":
    main()
