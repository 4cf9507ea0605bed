"""A verification: what is verified, by how many workers, and what of it was shown before."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library.blocks import SnippetBlock
from studytui.library.lint import read_all
from studytui.study.programs import kill_running
from studytui.study.questions import trust_subject
from studytui.study.trusting import is_trusted
from studytui.study.verifying.estimate import Estimate, in_words
from studytui.study.verifying.examiner import Examiner
from studytui.study.verifying.finding import Finding
from studytui.study.verifying.keeping import Kept, key_or_none
from studytui.study.verifying.pool import Began, Done, Pool, cores
from studytui.study.verifying.subjects import Subject, chosen, subjects_of

if TYPE_CHECKING:
    from studytui.run.runner import Runner
    from studytui.study.desk import Desk

COSTLIEST = 10
IMPORTED_BY_OPTIMISERS = ("torch._dynamo",)
"""The first step of any optimiser of torch imports it, which takes over a second of every run; a
reader waits for the first line rather, and runs one snippet, not eighty."""

Announce = Callable[[str], None]
_Examined = tuple[str | None, tuple[Finding, ...]]
"""The key under which findings may be kept, if they may, and they."""


class Verifier:
    """Verifies the packs in some folders, or of them only what is named.

    ``trusted`` allows code of packs that did not come with studytui to run; ``again`` does what was
    shown before, too. ``workers`` is how many things are done at once: one a core, if 0.
    """

    def __init__(
        self,
        desk: Desk,
        roots: Sequence[Path],
        names: Sequence[str] = (),
        *,
        trusted: bool = False,
        again: bool = False,
        workers: int = 0,
    ) -> None:
        self._desk = desk
        self._trusted = trusted
        self._again = again
        self._workers = workers or cores()
        packs = [read_all(root) for root in roots]
        broken = [problem for checked in packs for problem in checked.unreadable]
        if broken:
            raise StudyError(broken[0].what, where=broken[0].where, todo=broken[0].todo)
        self._subjects = list(chosen([*subjects_of(packs)], names))
        self._examiners: list[Examiner] = []
        self._closing = ExitStack()
        self._opening = Lock()
        self._costs: list[tuple[float, str]] = []
        self.at = 0
        """How many of ``total`` were told."""

    @property
    def total(self) -> int:
        """How many things there are to verify."""
        return len(self._subjects)

    @property
    def costliest(self) -> tuple[tuple[float, str], ...]:
        """Seconds and name of what took longest, the longest first; not what was kept."""
        dearest: dict[str, float] = {}
        for seconds, name in self._costs:
            dearest[name] = max(seconds, dearest.get(name, 0.0))
        return tuple(heapq.nlargest(COSTLIEST, ((s, name) for name, s in dearest.items())))

    def findings(self, announce: Announce) -> Iterator[Finding]:
        """One finding after another, in the order of the text; ``announce`` is told how far it is.

        Whoever breaks it off has everything stopped that was started.
        """
        kept = Kept(self._desk.directories.verified)
        ready = {
            number: found
            for number, subject in enumerate(self._subjects)
            if (found := self._at_once(subject, kept))
        }
        places = [number for number in range(self.total) if number not in ready]
        pool = Pool(self._examiner, self._workers)
        try:
            yield from self._in_order(ready)
            for number, found in self._examined(pool, places, kept, announce):
                ready[number] = found
                yield from self._in_order(ready)
            kept.tidy()
        finally:
            pool.stop()
            self._close()

    def _in_order(self, ready: dict[int, tuple[Finding, ...]]) -> Iterator[Finding]:
        """The findings that come next in the text, as far as they are there."""
        while self.at in ready:
            yield from ready.pop(self.at)
            self.at += 1

    def _examined(
        self,
        pool: Pool[Subject, _Examined],
        places: Sequence[int],
        kept: Kept,
        announce: Announce,
    ) -> Iterator[tuple[int, tuple[Finding, ...]]]:
        """The findings of the subjects at ``places`` as they come, each with its place."""
        began = perf_counter()
        open_ones = [self._subjects[place] for place in places]
        estimate = Estimate([subject.weight for subject in open_ones])
        for event in pool.run(open_ones):
            subject = open_ones[event.number]
            match event:
                case Began():
                    left = estimate.left(perf_counter() - began)
                    about = f", {in_words(left)}" if left is not None else ""
                    announce(f"{self.at} of {self.total}{about}: {subject.kind} {subject.name}")
                case Done(number, (key, found)):
                    estimate.finished(number)
                    if key is not None:
                        kept.keep(key, found, subject)
                    self._costs += [(finding.seconds, finding.name) for finding in found]
                    yield places[number], found

    def _at_once(self, subject: Subject, kept: Kept) -> tuple[Finding, ...]:
        """What can be said without doing anything: code may not run, or it was shown before."""
        try:
            if not self._may_run(subject):
                return (self._untrusted(subject),)
        except StudyError:
            return ()  # verifying it says what is wrong
        if self._again:
            return ()
        key = key_or_none(subject)
        return kept.find(key, subject) if key is not None else ()

    def _examiner(self) -> Callable[[Subject], _Examined]:
        examiner = Examiner(lambda: self._runner, self._desk.settings.derive.memory_mb)
        with self._opening:
            self._examiners.append(examiner)

        def examine(subject: Subject) -> _Examined:
            # What changes meanwhile must not be kept under what it was changed to.
            key = key_or_none(subject)
            found = examiner.findings(subject)
            return key if key == key_or_none(subject) else None, found

        return examine

    @property
    def _runner(self) -> Runner:
        with self._opening:
            return self._opened_runner

    @cached_property
    def _opened_runner(self) -> Runner:
        """A runner of its own: nothing stays of what it prints, and of what its snippets leave."""
        from studytui.run.runner import Runner

        folder = Path(self._closing.enter_context(TemporaryDirectory(prefix="studytui-")))
        temporary = folder / "tmp"
        temporary.mkdir()
        runner = Runner(folder / "outputs", temporary=temporary, also=IMPORTED_BY_OPTIMISERS)
        self._closing.callback(runner.close)
        return runner

    def _close(self) -> None:
        for examiner in self._examiners:
            examiner.stop()
        kill_running()
        self._closing.close()

    def _may_run(self, subject: Subject) -> bool:
        """Whether its code came with studytui, or the reader has trusted it as it is now."""
        from studytui.run.signature import read_snippet
        from studytui.run.trust import fingerprint

        pack, what = subject.pack, subject.what
        if pack.shipped or self._trusted:
            return True
        match what:
            case SnippetBlock():
                snippet = read_snippet(pack.snippet(what.name), what.name)
                digest = fingerprint(snippet).digest
                return is_trusted(self._desk, f"{pack.id}:{subject.name}", digest)
            case Card() if what.KIND.runs_code:
                question = what.question(what.scheduled_ids[0], 0)
                return is_trusted(self._desk, trust_subject(question), question.digest)
            case DerivationSource() | Card():
                return True
            case _:
                # Checks are not trusted one by one, and what is not known here runs code perhaps.
                return False

    def _untrusted(self, subject: Subject) -> Finding:
        """By itself only a snippet is trusted, of a pack in use: another's is not found by name."""
        in_use = any(pack.root == subject.pack.root for pack in self._desk.packs)
        by_name = in_use and isinstance(subject.what, SnippetBlock)
        way = f"studytui trust {subject.name}, or " if by_name else ""
        why = (
            f"code of the pack {subject.pack.id} runs once it was read and trusted: "
            f"{way}--trust for all of it"
        )
        return subject.finding("untrusted", False, perf_counter(), why)
