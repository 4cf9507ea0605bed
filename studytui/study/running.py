"""Running snippets: found by name, trusted, edited, run within limits, recorded, kept.

The same for the shell and the interface; time is read from the clock that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.errors import StudyError
from studytui.library.pack import Pack
from studytui.memory.days import StudyDays
from studytui.run.cluster import ClusterRun, Place, attach, submit
from studytui.run.edits import Copy, Edits
from studytui.run.events import Ended, Event, Output, Started
from studytui.run.limits import MEBIBYTE, Limits
from studytui.run.outputs import Kept, kept
from studytui.run.ranks import Ranks
from studytui.run.runner import Run, Runner
from studytui.run.signature import Snippet, read_snippet
from studytui.run.trust import Fingerprint, TrustError, fingerprint
from studytui.store.errors import StoreError
from studytui.store.events import SnippetRun, Trusted
from studytui.study.desk import Desk
from studytui.study.trusting import is_trusted, trusted_digests

AnyRun = Run | ClusterRun


@dataclass(frozen=True, slots=True)
class Script:
    """A snippet's file and the pack it belongs to; None for a file that was named by its path."""

    name: str
    path: Path
    pack: Pack | None

    @property
    def subject(self) -> str:
        """What the journal calls it: the shipped pack needs no prefix."""
        if self.pack is None or self.pack.shipped:
            return self.name
        return f"{self.pack.id}:{self.name}"


class Workbench:
    """Everything that can be done with a snippet."""

    def __init__(
        self, desk: Desk, clock: Callable[[], datetime], runner: Runner | None = None
    ) -> None:
        """``runner`` in place of the desk's, which has a warm server."""
        self._desk = desk
        self._clock = clock
        self._own_runner = runner
        self.edits = Edits(desk.directories.edits)

    @property
    def runner(self) -> Runner:
        """Who starts the processes."""
        return self._own_runner or self._desk.runner

    def scripts(self) -> Iterator[Script]:
        """All snippets of all packs, by pack and name."""
        for pack in self._desk.packs:
            for path in sorted(pack.snippets.glob("*/*.py")):
                if not path.name.startswith("_"):
                    yield Script(f"{path.parent.name}/{path.stem}", path, pack)

    def find(self, name: str) -> Script:
        """By ``track/name``, by a name that only one has, or by the path of a ``.py`` file.

        Raises StudyError when there is none, or more than one.
        """
        if name.endswith(".py"):
            # Wherever links lead: a file of a pack is one by whatever path it is named.
            path = Path(name).expanduser().resolve()
        else:
            path = self._desk.snippet_path(name)
        for pack in self._desk.packs:
            for root in (pack.snippets, pack.snippets.resolve()):
                if path.is_relative_to(root):
                    inside = path.relative_to(root)
                    own = pack.snippets / inside
                    return Script(inside.with_suffix("").as_posix(), own, pack)
        return Script(f"{path.parent.name}/{path.stem}", path, None)

    def read(self, script: Script) -> Snippet:
        """The original. Raises SnippetError with the line at which it is broken."""
        return read_snippet(script.path, script.subject.replace(":", "/"))

    def copy(self, script: Script) -> Copy | None:
        """The reader's edited copy, if there is one."""
        return self.edits.find(self.read(script))

    def limits(self) -> Limits:
        """What the settings allow a run."""
        settings = self._desk.settings.run
        return Limits(
            seconds=settings.seconds,
            memory_bytes=settings.memory_mb * MEBIBYTE,
            output_bytes=settings.output_mb * MEBIBYTE,
        )

    def start(
        self,
        script: Script,
        parameters: Mapping[str, str] | None = None,
        device: str = "",
        limits: Limits | None = None,
        *,
        edited: bool = False,
        check: bool = False,
        columns: int = 100,
        ranks: Ranks | None = None,
        on: Place | None = None,
        keyboard: bool = False,
    ) -> AnyRun:
        """Start it; returns at once. ``edited`` runs the reader's copy; ``on`` a cluster;
        ``keyboard``: a line that it asks for can be typed.

        Raises TrustError when its pack is not shipped and the reader has not trusted this code,
        ClusterError when the scheduler cannot be had, and what :meth:`Runner.start` raises.
        """
        snippet = self.cleared(script, edited=edited)
        checks = self._checks(script) if check else ()
        limits = limits or self.limits()
        device = device or self._desk.settings.run.device
        if on is None:
            return self.runner.start(
                snippet,
                parameters,
                device,
                limits,
                columns=columns,
                check=checks,
                ranks=ranks,
                keyboard=keyboard and not check,
            )
        request = self.runner.request(
            snippet,
            parameters,
            device,
            limits,
            columns=columns,
            check=checks,
            ranks=ranks,
            elsewhere=True,
        )
        return submit(request, on)

    def _checks(self, script: Script) -> tuple[str, ...]:
        """What judges the exercise: the original tells, whose copy has no markers any more."""
        exercise = self.read(script).exercise
        if exercise is None:
            raise StudyError(f"{script.name} is no exercise", todo="studytui exercise lists them")
        return exercise.checks

    def attach(self, run_id: str) -> AnyRun:
        """A run on a cluster, again. Raises ClusterError."""
        return attach(self._desk.directories.outputs, run_id)

    def cleared(self, script: Script, *, edited: bool = False) -> Snippet:
        """The snippet to run, once it is known that it may. Raises TrustError."""
        unseen = self.untrusted(script)
        if unseen is not None:
            raise TrustError(
                f"the code of {script.name} did not come with studytui, and is not trusted",
                where=str(script.path),
                todo=f"Read it; then: studytui trust {script.name}",
            )
        return self.chosen(script, edited=edited)

    def chosen(self, script: Script, *, edited: bool) -> Snippet:
        """The reader's copy, if that is wanted and there; else the original."""
        original = self.read(script)
        copy = self.edits.find(original) if edited else None
        return copy.snippet if copy else original

    def untrusted(self, script: Script, snippet: Snippet | None = None) -> Fingerprint | None:
        """The files that the reader has to see and trust first; None when it may run."""
        if script.pack is None or script.pack.shipped:
            return None
        seen = fingerprint(snippet or self.read(script))
        return None if is_trusted(self._desk, script.subject, seen.digest) else seen

    def trust(self, script: Script, seen: Fingerprint, *, granted: bool = True) -> None:
        """Let the code that was seen run from now on; or, not ``granted``, no longer."""
        body = Trusted(script.subject, seen.digest, granted)
        self._desk.ledger.journal.append(body, self._days().moment(self._clock()))

    def trusted(self) -> dict[str, str]:
        """What is trusted: digests by subject (``pack:track/name``)."""
        return trusted_digests(self._desk)

    def distrust(self, subject: str) -> None:
        """Take trust back. Raises StudyError when it was never given."""
        digest = self.trusted().get(subject)
        if digest is None:
            raise StudyError(f"{subject} is not trusted", todo="studytui trust --list")
        body = Trusted(subject, digest, granted=False)
        self._desk.ledger.journal.append(body, self._days().moment(self._clock()))

    def follow(self, run: AnyRun, *, recorded: bool = True) -> Iterator[Event]:
        """The events of a run; its end is recorded in the journal. Blocks: for a worker.

        Not ``recorded``: one of many that come while a parameter moves.
        """
        started: Started | None = None
        for event in run.events():
            if isinstance(event, Started):
                started = event
            elif isinstance(event, Ended) and started is not None and recorded:
                trouble = self._record(started, event)
                if trouble:
                    yield Output(f"The run is not in the journal: {trouble}\n", "note")
            yield event

    def _record(self, started: Started, ended: Ended) -> str:
        body = SnippetRun(
            started.snippet, ended.status, ended.seconds, started.device, started.digest
        )
        try:
            self._desk.ledger.journal.append(body, self._days().moment(self._clock()))
        except StoreError as error:
            return error.what
        return ""

    def past(self, script: Script) -> tuple[Kept, ...]:
        """Runs of it that are kept, the newest first; ``Kept.stale(digest)`` tells stale ones."""
        return kept(self._desk.directories.outputs, script.subject.replace(":", "/"))

    def _days(self) -> StudyDays:
        settings = self._desk.settings.days
        return StudyDays.of(settings.time_zone, settings.rollover_hour)
