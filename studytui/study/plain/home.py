"""The interface in lines: where one was, what is due, and the way to everything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.library.linear.words import fragment_words, title_words
from studytui.store.errors import StoreError
from studytui.store.events import ReadingPlace
from studytui.study.due import due_by_track
from studytui.study.plain.terminal import QuitError, Terminal, choose

if TYPE_CHECKING:
    from studytui.library.entry import Entry
    from studytui.study.desk import Desk

GREETING = (
    "studytui, in lines of text. Choose by number, or by a word of what you want; 0 goes back from"
    " anywhere. Everything is kept at once: Ctrl+C, or the end of the input, loses nothing."
)
FOUND = 20
"""Hits of a search that are told."""


def converse(desk: Desk, terminal: Terminal) -> None:
    """Talk until the reader leaves or the input ends.

    Raises StoreError when the journal cannot be used.
    """
    desk.library.refresh()
    terminal.say(GREETING)
    for problem in desk.pack_problems:
        terminal.say(f"Left out: {problem}")
    with suppress(EOFError):
        _Home(desk, terminal).go()
    terminal.say("Until next time.")


class _Home:
    """What can be done, told anew each time one comes back."""

    def __init__(self, desk: Desk, terminal: Terminal) -> None:
        self.desk = desk
        self.terminal = terminal

    def go(self) -> None:
        """Offer everything, until the reader leaves."""
        while True:
            actions = dict(self._actions())
            self.terminal.say("")
            chosen = choose(self.terminal, list(actions), back="leave studytui", default=0)
            if chosen is None:
                return
            try:
                list(actions.values())[chosen]()
            except StoreError:
                raise
            except StudyError as error:
                self.terminal.say(str(error))
            except QuitError:
                continue

    def _actions(self) -> list[tuple[str, Callable[[], None]]]:
        now = self.terminal.clock()
        due = due_by_track(self.desk.ledger, self.desk.records(), now)
        waits = f"{due.learning + due.reviews} due, {due.new} new"
        actions: list[tuple[str, Callable[[], None]]] = []
        last = self._last()
        if last is not None:
            entry, share = last
            told = f"Go on reading: {title_words(entry.title)}, {share:.0%}"
            actions.append((told, lambda: self._open(entry.id)))
        return [
            *actions,
            ("Read an article", self._read),
            (f"Review cards: {waits}", self._review),
            ("Skip what you know: a few questions", self._place),
            ("Search", self._search),
            ("Run a snippet", self._run),
            ("Work a derivation", self._derive),
            ("Write an exercise", self._exercise),
            ("Statistics", self._statistics),
            ("Settings", self._settings),
        ]

    def _last(self) -> tuple[Entry, float] | None:
        """The article one was in last, and how much of it lies behind."""
        known = {entry.id: entry for entry in self.desk.library.entries}
        latest = self.desk.ledger.journal.latest(ReadingPlace.kind).values()
        for event in sorted(latest, key=lambda event: event.order_ms, reverse=True):
            place = event.body
            if isinstance(place, ReadingPlace) and place.article in known:
                return known[place.article], place.fraction
        return None

    def _open(self, article: str) -> None:
        from studytui.study.plain.article import read

        read(self.desk, self.terminal, article)

    def _read(self) -> None:
        tracks = {track.id: track.title for track in self.desk.library.tracks}
        entries = self.desk.library.entries
        told = [
            f"{title_words(entry.title)} ({title_words(tracks.get(entry.track, entry.track))},"
            f" {max(1, round(entry.reading / 60))} minutes)"
            for entry in entries
        ]
        chosen = choose(self.terminal, told)
        if chosen is not None:
            self._open(entries[chosen].id)

    def _review(self) -> None:
        from studytui.study.plain.review import converse as review

        review(self.desk, self.terminal)

    def _place(self) -> None:
        from studytui.study.plain.placement import place

        place(self.desk, self.terminal)

    def _search(self) -> None:
        typed = self.terminal.ask("Words to look for: ").strip()
        hits = self.desk.library.search(typed, limit=FOUND, spoken=True) if typed else ()
        if not hits:
            self.terminal.say("Nothing was found.")
            return
        told = [f"{title_words(hit.title)}, {hit.kind}: {title_words(hit.snippet)}" for hit in hits]
        chosen = choose(self.terminal, told)
        if chosen is not None:
            from studytui.study.plain.article import read

            read(self.desk, self.terminal, hits[chosen].article, hits[chosen].line)

    def _run(self) -> None:
        from studytui.study.plain.snippet import use
        from studytui.study.running import Workbench

        bench = Workbench(self.desk, self.terminal.clock)
        scripts = list(bench.scripts())
        chosen = choose(self.terminal, [script.subject for script in scripts])
        if chosen is not None:
            use(self.desk, self.terminal, str(scripts[chosen].path))

    def _derive(self) -> None:
        library = self.desk.library
        names = [name for entry in library.entries for name in entry.derivation_ids]
        sources = [source for source in map(library.derivation, names) if source is not None]
        chosen = choose(self.terminal, [fragment_words(source.title) for source in sources])
        if chosen is not None:
            from studytui.study.plain.article import derive

            derive(self.desk, self.terminal, sources[chosen])

    def _exercise(self) -> None:
        library = self.desk.library
        names = [name for entry in library.entries for name in entry.exercise_ids]
        blocks = [block for block in map(library.exercise, names) if block is not None]
        chosen = choose(self.terminal, [fragment_words(block.title) for block in blocks])
        if chosen is not None:
            from studytui.study.plain.article import do

            do(self.desk, self.terminal, blocks[chosen])

    def _statistics(self) -> None:
        from studytui.study.plain.statistics import statistics_words
        from studytui.study.statistics import statistics

        found = statistics(self.desk, self.terminal.clock())
        self.terminal.say_all(list(statistics_words(found)))

    def _settings(self) -> None:
        from studytui.study.plain.settings import change_settings

        change_settings(self.desk, self.terminal)
