"""Start snippets and follow their runs: the one door to everything in this package.

Each run is a fresh process beside a supervisor of its own; the caller reads typed events from a
worker thread and may stop the run from any other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from studytui.errors import StudyError
from studytui.run import devices
from studytui.run.arguments import arguments, check_all
from studytui.run.connection import Connection, connect_cold, connect_warm
from studytui.run.dependencies import code_digest
from studytui.run.events import Ended, Event, Output, from_json
from studytui.run.fork_server_client import GIVEN_UP, State, WarmServer
from studytui.run.limits import Limits
from studytui.run.outputs import new_folder
from studytui.run.ranks import Ranks, as_declared, rank_command, rank_environment
from studytui.run.request import Request
from studytui.run.signature import Snippet
from studytui.run.supervisor import KILL, STOP, TYPED
from studytui.run.variables import temporary_files

STARTED_WITHOUT_SERVER = "The warm process died; the snippet starts without it."


class RunError(StudyError):
    """A run that could not be started."""


class Run:
    """One run that has been started. Read :meth:`events` in one thread only."""

    def __init__(self, request: Request, connection: Connection, notes: list[str]) -> None:
        self.request = request
        self.run_id = request.run_id
        self.folder = Path(request.folder)
        self.ended: Ended | None = None
        self._connection = connection
        self._notes = notes
        self._stopped = False

    def events(self) -> Iterator[Event]:
        """Events as they come, :class:`Ended` last and always. Blocks: for a worker thread."""
        began = False
        for note in self._notes:
            yield Output(f"{note}\n", "note")
        while self.ended is None:
            line = self._connection.read()
            if line:
                began = True
                try:
                    event = from_json(line.decode("utf-8", "replace"))
                except ValueError as error:
                    event = Output(f"An event of the run was lost: {error}\n", "note")
                if isinstance(event, Ended):
                    self._end(event)
                yield event
            elif self._stopped:
                yield self._end(Ended("stopped", 0.0, 0, "it was interrupted"))
            elif began or not self._connection.warm:
                yield self._end(Ended("crashed", 0.0, 0, "what watched over the run was killed"))
            else:
                # The server died with the run in its hands, and nothing had begun.
                self._connection.close()
                self._connection = connect_cold(self.request)
                yield Output(f"{STARTED_WITHOUT_SERVER}\n", "note")

    def _end(self, ended: Ended) -> Ended:
        self.ended = ended
        self._connection.close()
        return ended

    def stop(self) -> None:
        """Interrupt the run; what does not end within the grace time is killed. Returns at once.

        A second call kills at once.
        """
        self._connection.send(KILL if self._stopped else STOP)
        self._stopped = True

    def type(self, line: str | None) -> None:
        """Give it the line that it asked for by :class:`~studytui.run.events.Asked`.

        None: there will be none. Returns at once.
        """
        self._connection.send(TYPED + json.dumps(line).encode() + b"\n")

    def kill(self) -> None:
        """Kill the run without asking. Returns at once."""
        self._stopped = True
        self._connection.send(KILL)


class Runner:
    """Starts runs, by a warm server where there can be one.

    ``outputs`` is the folder in which what runs print and draw is kept; ``clock`` tells the time
    in UTC. ``temporary`` is the folder for what snippets, and the libraries that they use, leave
    behind; the system's, if None. ``also`` are modules that the warm server imports beside those of
    every snippet: it is ready later, and each run that needs them sooner. ``server`` is one that
    others use too: it is theirs to close.
    """

    def __init__(
        self,
        outputs: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        warm: bool = True,
        temporary: Path | None = None,
        also: Sequence[str] = (),
        server: WarmServer | None = None,
    ) -> None:
        self._outputs = outputs
        self._clock = clock
        self._environment = temporary_files(temporary) if temporary else {}
        self._own = WarmServer(self._environment, also) if warm and server is None else None
        self._server = server or self._own
        self._runs: list[Run] = []

    @property
    def state(self) -> State:
        """Of the warm server: cold, warming, warm, given up."""
        return self._server.state if self._server else State(GIVEN_UP)

    @property
    def server_pid(self) -> int:
        """The warm server's process, 0 when there is none."""
        return self._server.pid if self._server else 0

    def warm(self) -> None:
        """Start the warm server in the background, unless it runs already. Returns at once."""
        if self._server is not None:
            self._server.start()

    def start(
        self,
        snippet: Snippet,
        parameters: Mapping[str, str] | None = None,
        device: str = devices.AUTO,
        limits: Limits | None = None,
        *,
        columns: int = 100,
        check: Sequence[str] = (),
        seeds: Sequence[int] = (0,),
        ranks: Ranks | None = None,
        keyboard: bool = False,
    ) -> Run:
        """Start ``snippet``; returns at once.

        ``check`` names functions of an exercise that are called instead, with each of the
        ``seeds`` in turn. ``keyboard``: a line that the snippet asks for will be given by
        :meth:`Run.type`. Raises ParameterError for a value the snippet does not take, DeviceError
        for a device that is not there, RunError when the run's folder cannot be made.
        """
        request = self.request(
            snippet,
            parameters,
            device,
            limits,
            columns=columns,
            check=check,
            seeds=seeds,
            ranks=ranks,
            keyboard=keyboard,
        )
        notes = []
        connection = None
        # Apple's graphics cannot be used in a process that was forked from one which loaded it.
        if self._server is not None and not request.command and request.device != "mps":
            self._server.start()
            connection = connect_warm(self._server, request)
            note = self._server.take_note()
            if note:
                notes.append(note)
            if connection is None and self._server.state.name != GIVEN_UP:
                # Dead or stopped, and its keeper does not know yet: nobody else will tell it.
                notes.append(STARTED_WITHOUT_SERVER)
        run = Run(request, connection or connect_cold(request), notes)
        self._runs = [each for each in self._runs if each.ended is None] + [run]
        return run

    def request(
        self,
        snippet: Snippet,
        parameters: Mapping[str, str] | None = None,
        device: str = devices.AUTO,
        limits: Limits | None = None,
        *,
        columns: int = 100,
        check: Sequence[str] = (),
        seeds: Sequence[int] = (0,),
        ranks: Ranks | None = None,
        elsewhere: bool = False,
        keyboard: bool = False,
    ) -> Request:
        """What :meth:`start` asks for. ``elsewhere``: it will run on another machine, whose
        devices are not known here."""
        given: dict[str, str] = dict(parameters or {})
        own = snippet.parameter("device")
        if own is not None:
            device = given.pop(own.name, "") or device
        chosen = devices.Device(device, "") if elsewhere else devices.pick(device)
        if own is not None and (not own.choices or chosen.name in own.choices):
            given[own.name] = chosen.name
        values = check_all(snippet, given)
        ranks = as_declared(snippet, ranks, values)
        command = rank_command(snippet, ranks) if snippet.ranks and not check else ()
        now = self._clock()
        run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        try:
            folder = new_folder(self._outputs, snippet.name, run_id)
        except OSError as error:
            raise RunError.of_system(
                error,
                "the folder for the output cannot be made",
                self._outputs,
                todo="Make room or give write permission there.",
            ) from error
        return Request(
            run_id=run_id,
            snippet=snippet.name,
            path=str(snippet.path),
            home=str(snippet.home),
            digest=snippet.digest,
            code=code_digest(snippet),
            folder=str(folder),
            at=now.isoformat(timespec="seconds"),
            token=secrets.token_hex(16),
            arguments=tuple(arguments(snippet, values)),
            parameters=values,
            device=chosen.name,
            device_name=chosen.title,
            limits=limits or Limits(),
            columns=columns,
            check=tuple(check),
            seeds=tuple(seeds),
            command=command,
            # Several ranks would ask for the same line.
            keyboard=keyboard and not command,
            environment=self._environment | (rank_environment(snippet, ranks) if command else {}),
        )

    def close(self) -> None:
        """Kill what still runs, and end the warm server, if it is our own."""
        for run in self._runs:
            if run.ended is None:
                run.kill()
        if self._own is not None:
            self._own.close()
