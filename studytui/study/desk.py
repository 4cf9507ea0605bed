"""Everything a reader works with, each part opened when it is first used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.paths import Directories, directories
from studytui.settings import Settings, load_settings

if TYPE_CHECKING:
    from studytui.authoring.problems import Problem
    from studytui.derive.process.prover import Prover
    from studytui.library.catalogue import Library
    from studytui.library.entry import Entry
    from studytui.library.pack import Pack
    from studytui.memory.ledger import Ledger
    from studytui.memory.queue import CardRecord
    from studytui.run.runner import Runner

PACK_FILE = "pack.toml"
_IMPORTED_NOTE = re.compile(r"anki-[0-9a-f]{12}(?=-\d+(/c\d+)?$|/c\d+$|$)")
"""An Anki note: an id as imports make them, less the number of its template and of its gap."""


class Desk:
    """The reader's desk: settings, library, journal, prover and runner.

    Opening it touches nothing but the settings file; whatever is never used is never opened.

    ``may_only_read``: a journal that cannot be used is opened to be read, as far as it goes, and
    refuses to record; else asking for the ledger raises. ``on_replay`` hears how far a replay of
    the journal is, which a change of the scheduler's parameters makes necessary.
    """

    def __init__(
        self, where: Directories, settings: Settings, *, may_only_read: bool = False
    ) -> None:
        self.directories = where
        self.settings = settings
        self.may_only_read = may_only_read
        self.on_replay: Callable[[int, int], None] | None = None
        self._opening = Lock()
        self._closing = ExitStack()

    @classmethod
    def open(cls, where: Directories | None = None) -> Desk:
        """The desk in the platform's folders. Raises SettingsError."""
        where = where or directories()
        return cls(where, load_settings(where.settings))

    def take_settings(self, settings: Settings) -> None:
        """Go on with other settings. Limits count at once; what is open stays as it was opened."""
        self.settings = settings
        if self.journal_is_open:
            self.ledger.settings = replace(self.ledger.settings, review=settings.review)

    @property
    def imported_packs(self) -> Path:
        """Where packs live that were imported from elsewhere."""
        return self.directories.data / "packs"

    @cached_property
    def _read_packs(self) -> tuple[tuple[Pack, tuple[Problem, ...]], ...]:
        from studytui.library.pack import read_pack

        imported = sorted(path.parent for path in self.imported_packs.glob(f"*/{PACK_FILE}"))
        return tuple(map(read_pack, (*self.settings.pack_folders(), *imported)))

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The shipped pack, those named in the settings, those imported; broken ones left out.

        The reader's own comes last, whatever is wrong with it, and before anything is in it.
        """
        from studytui.library.pack import shipped_pack
        from studytui.study.own_files import own_pack

        sound = (pack for pack, problems in self._read_packs if not problems)
        return (shipped_pack(), *sound, own_pack(self.directories.own))

    @property
    def pack_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the packs that were left out, and in the reader's own."""
        left_out = tuple(problem for _, problems in self._read_packs for problem in problems)
        return (*left_out, *self.own_problems)

    @property
    def own_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the reader's own cards and notes, by file and line."""
        from studytui.study.own_files import own_problems

        return own_problems(self.directories.own, self.library)

    @cached_property
    def library(self) -> Library:
        """The library as it was last indexed; ``library.refresh()`` belongs in a worker."""
        from studytui.library.catalogue import Library

        return Library.open(self.packs, self.directories.index)

    @property
    def ledger(self) -> Ledger:
        """The journal with its states, current. Raises StoreError."""
        # Opening may take long: whoever asks meanwhile waits for the same one.
        with self._opening:
            return self._ledger

    @property
    def journal_is_open(self) -> bool:
        """Whether ``ledger`` is there already, and is had at once."""
        return "_ledger" in self.__dict__

    @cached_property
    def _ledger(self) -> Ledger:
        from studytui.store.errors import StoreError
        from studytui.study.journal_maintenance import open_ledger, open_to_read

        try:
            return open_ledger(self.directories, self.settings, self.on_replay)
        except StoreError as error:
            if not self.may_only_read:
                raise
            return open_to_read(self.directories, self.settings, error)

    @cached_property
    def prover(self) -> Prover:
        """The prover; its process starts with the first check."""
        from studytui.derive.process.prover import Prover

        limits = self.settings.derive
        return Prover(seconds=limits.seconds, memory_mb=limits.memory_mb)

    @cached_property
    def runner(self) -> Runner:
        """The runner; ``runner.warm()`` starts its server in the background."""
        from studytui.run.runner import Runner
        from studytui.study.journal_maintenance import hindrance

        outputs = self.directories.outputs
        if self.may_only_read and hindrance(outputs) is not None:
            # Runs are shown and then forgotten, which the reader is told.
            outputs = Path(self._closing.enter_context(TemporaryDirectory(prefix="studytui-")))
        return Runner(outputs=outputs)

    def records(self) -> tuple[CardRecord, ...]:
        """What scheduling knows of every card and derivation in the library.

        New cards are met in this order: derivations that were worked and are not scheduled yet,
        then those whose section was read, then all others, if the settings want them at all.
        Imported decks count as read, and so do cards of one's own: who makes them wants them.
        """
        from studytui.memory.queue import CardRecord
        from studytui.store.events import Derived, ReadingPlace

        begun = self.ledger.journal.latest(ReadingPlace.kind)
        worked = self.ledger.journal.latest(Derived.kind)
        imported = {pack.id for pack in self.packs if pack.root.is_relative_to(self.imported_packs)}
        wanted, library = self.settings.review, self.library
        met = self._met_in_text()

        def is_ready(entry: Entry, name: str) -> bool:
            if entry.pack in imported or library.is_own(entry):
                return True
            if is_term(name):
                return wanted.terms and (wanted.new_from == "all" or entry.id in begun)
            if wanted.new_from == "all" or name in worked or name in met:
                return True
            return wanted.new_from == "begun" and entry.id in begun

        def waits(entry: Entry) -> bool:
            return entry.id not in begun and not library.is_own(entry)

        records = (
            CardRecord(
                name,
                note_of(name),
                library.track_of(entry),
                library.digest_of(name, entry),
                is_ready(entry, name),
                name in deep,
            )
            for entry in sorted(library.entries, key=waits)
            for deep in ({*entry.derivation_ids, *entry.exercise_ids},)
            for name in library.scheduled(entry)
            if library.article_of(name) == entry.id
        )
        return tuple(sorted(records, key=lambda record: record.card not in worked))

    def _met_in_text(self) -> set[str]:
        """What stands in sections and articles that were read, or that need not be."""
        from studytui.library.outline import section_id
        from studytui.study.sections import articles_placed, articles_read, sections_read

        journal = self.ledger.journal
        sections = sections_read(journal)
        whole = articles_read(journal) | articles_placed(journal)
        touched = whole | {name.partition("#")[0] for name in sections}
        return {
            name
            for entry in self.library.by_hand[0]
            if entry.id in touched
            for section in entry.outline
            if entry.id in whole or section_id(entry.id, section.anchor) in sections
            for task in section.tasks
            for name in task.ids
        }

    def snippet_path(self, name: str) -> Path:
        """The script of a snippet by its full name or, where it is the only one, its last part.

        Raises StudyError when there is none, or when several packs or tracks have it.
        """
        found = sorted(set(self._scripts(name)))
        if len(found) == 1:
            return found[0]
        if found:
            raise StudyError(
                f"there are {len(found)} snippets '{name}'",
                todo="Name one: " + ", ".join(str(path) for path in found),
            )
        raise StudyError(f"there is no snippet '{name}'", todo="studytui run --list")

    def _scripts(self, name: str) -> Iterator[Path]:
        safe = Path(name)
        if safe.is_absolute() or ".." in safe.parts:
            return
        for pack in self.packs:
            exact = pack.snippets / f"{name}.py"
            if exact.is_file():
                yield exact
            elif "/" not in name:
                yield from pack.snippets.glob(f"*/{name}.py")

    def close(self) -> None:
        """Close whatever was opened; the processes of prover and runner end."""
        for name in ("runner", "prover", "library"):
            if name in self.__dict__:
                self.__dict__[name].close()
        if self.journal_is_open:
            self.ledger.journal.close()
        self._closing.close()

    def back_up(self) -> None:
        """Copy the journal if it was opened and the newest copy is a day old. Raises StoreError."""
        if self.journal_is_open:
            from datetime import UTC, datetime

            from studytui.study.journal_maintenance import back_up_if_due

            back_up_if_due(self.ledger, self.directories, datetime.now(UTC))

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            # After a failure the journal may be what failed: its error is the one to tell.
            if error is None:
                self.back_up()
        finally:
            self.close()


def note_of(card: str) -> str:
    """What siblings share: the text of its gaps, the term of its two directions, Anki's note."""
    imported = _IMPORTED_NOTE.match(card)
    if imported:
        return imported[0]
    head, _, tail = card.rpartition("/")
    sibling = (tail[:1] == "c" and tail[1:].isdigit()) or is_term(card)
    return head if sibling else card


def is_term(card: str) -> bool:
    """Whether a card asks a term, in one of its two directions."""
    return card.endswith(("/zh-en", "/en-zh"))
