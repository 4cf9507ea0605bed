"""One run at a time, of which the newest wish wins: what a parameter that moves asks for.

Whoever wants another run while one is going gets it as soon as that one is killed; what was wanted
in between is never started, so that nothing queues up however fast a key repeats.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studytui.errors import StudyError
from studytui.run.events import Ended, Event
from studytui.run.outputs import discard
from studytui.study.running import AnyRun, Script, Workbench


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that is wanted. ``live``: because a parameter moved; it takes the last one's place."""

    script: Script
    values: dict[str, str] = field(default_factory=dict)
    device: str = ""
    edited: bool = False
    check: bool = False
    columns: int = 100
    live: bool = False


@dataclass(frozen=True, slots=True)
class Began:
    """The run of a wish was started."""

    wish: Wish
    run: AnyRun


News = Began | Event | StudyError


class LatestRun:
    """Starts and follows runs in a worker; what they say waits in :meth:`news`."""

    def __init__(
        self,
        bench: Callable[[], Workbench],
        spawn: Callable[[Callable[[], None]], object],
        tell: Callable[[], object],
    ) -> None:
        """``spawn`` runs a function in a thread; ``tell`` is called there when there is news."""
        self._bench = bench
        self._spawn = spawn
        self._tell = tell
        self._lock = threading.Lock()
        self._wish: Wish | None = None
        self._serves = False
        self._stopped = False
        self._news: deque[News] = deque()
        self._told = False
        self._previous: Path | None = None
        self.run: AnyRun | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something runs, or is about to."""
        return self._serves

    def want(self, wish: Wish) -> None:
        """Run this next; what runs now is killed, what waited is forgotten. Returns at once."""
        with self._lock:
            self._wish = wish
            run, serves, self._serves = self.run, self._serves, True
        if not serves:
            self._spawn(self._serve)
        elif run is not None:
            run.kill()

    def stop(self) -> None:
        """Interrupt what runs; a second call kills it. May block for a moment: for a worker."""
        with self._lock:
            run = self.run
        if run is not None:
            run.stop()

    def kill(self) -> None:
        """Kill what runs, and start nothing any more. Returns at once."""
        with self._lock:
            self._stopped, self._wish, run = True, None, self.run
        if run is not None:
            run.kill()

    def news(self) -> Iterator[News]:
        """What has happened since the last call, in order."""
        self._told = False
        while self._news:
            yield self._news.popleft()

    def keep(self) -> None:
        """The last run stays, whatever takes its place."""
        with self._lock:
            self._previous = None

    def _serve(self) -> None:
        """In a worker: run what is wanted until nothing is."""
        while (wish := self._next()) is not None:
            try:
                run = self._bench().start(
                    wish.script,
                    wish.values,
                    wish.device,
                    edited=wish.edited,
                    check=wish.check,
                    columns=wish.columns,
                    keyboard=True,
                )
            except StudyError as error:
                self._say(error)
                continue
            self._follow(wish, run)

    def _next(self) -> Wish | None:
        with self._lock:
            wish, self._wish = self._wish, None
            self._serves = wish is not None and not self._stopped
            return wish if self._serves else None

    def _follow(self, wish: Wish, run: AnyRun) -> None:
        with self._lock:
            self.run, late = run, self._wish is not None or self._stopped
        if late:
            run.kill()
        else:
            self._say(Began(wish, run))
        has_ended = False
        for event in self._bench().follow(run, recorded=not wish.live):
            if not self._is_outdated():
                self._say(event)
                has_ended = isinstance(event, Ended)
        with self._lock:
            self.run = None
            gone = self._previous if has_ended else run.folder
            if has_ended:
                self._previous = run.folder if wish.live else None
        if gone is not None:
            discard(gone)

    def _is_outdated(self) -> bool:
        with self._lock:
            return self._wish is not None

    def _say(self, news: News) -> None:
        self._news.append(news)
        if not self._told:
            self._told = True
            self._tell()
