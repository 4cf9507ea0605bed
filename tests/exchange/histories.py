"""A package's history event by event; the product takes it in batches."""

from __future__ import annotations

from studytui.exchange.anki_history import History
from studytui.store.columns import Columns
from studytui.store.events import Event


def events_of(history: History) -> list[Event]:
    """All that a history tells, in its order."""
    return [
        event
        for batch in history
        for event in (batch.events() if isinstance(batch, Columns) else batch)
    ]
