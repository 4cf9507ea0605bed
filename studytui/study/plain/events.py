"""What a run says, in lines of linear text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from studytui.library.linear.blocks import table_words
from studytui.library.linear.characters import plain_text
from studytui.run.events import (
    Asked,
    Ended,
    Event,
    Failed,
    Figure,
    Mismatch,
    Output,
    Progress,
    Started,
    Table,
)
from studytui.study.plain.exercise import mismatch_words
from studytui.study.plain.figures import figure_words

QUARTERS = 4


class EventWords:
    """Turns the events of one run into words. Of progress every quarter is told, once a label."""

    def __init__(self) -> None:
        self._quarters: dict[str, int] = {}

    def lines(self, event: Event) -> Iterator[str]:
        """The lines of an event, which may be none; what is printed may hold several."""
        match event:
            case Started() | Asked() | Output(stream="launcher"):
                return
            case Output():
                yield from plain_text(event.text).removesuffix("\n").split("\n")
            case Progress():
                yield from self._progress(event)
            case Figure():
                yield from figure_words(event)
            case Table():
                rows = [[plain_text(cell) for cell in row] for row in event.rows]
                yield from table_words(event.header, rows, event.title)
            case Mismatch():
                yield event.message
                yield from mismatch_words(event)
            case Failed():
                yield from plain_text(event.traceback).rstrip("\n").split("\n")
            case Ended():
                peak = f", {event.peak_bytes / 2**20:,.0f} MiB at most" if event.peak_bytes else ""
                why = f" ({event.why})" if event.why else ""
                yield f"The run ended: {event.status}{why}, {event.seconds:.2f} s{peak}."
            case _:
                assert_never(event)

    def _progress(self, event: Progress) -> Iterator[str]:
        if not event.total:
            return
        quarter = int(QUARTERS * event.done / event.total)
        if quarter > self._quarters.get(event.label, 0):
            self._quarters[event.label] = quarter
            label = plain_text(event.label) or "progress"
            yield f"{label}: {100 * quarter // QUARTERS} percent, {event.done:g} of {event.total:g}"
