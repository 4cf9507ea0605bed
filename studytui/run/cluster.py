"""Runs on a cluster: queued by its scheduler, with the same events over the shared file system.

The job is a supervisor like any other; it writes its events into the run's folder, and they are
read from there. So a lost link loses nothing: :func:`attach` finds the run again by its id.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import studytui
from studytui.errors import StudyError
from studytui.run.cluster_scheduler import Scheduler, State, scheduler_of
from studytui.run.event_log import EVENTS_FILE
from studytui.run.events import Ended, Event, Output, from_json
from studytui.run.request import Request, to_line

JOB_FILE = "job.json"
REQUEST_FILE = "request.json"
STOP_FILE = "stop"
POLL = 0.1
QUESTION = 1.0
"""Seconds between two questions to the scheduler."""
LAG = 6.0
"""Seconds that a shared file system may take to show what a job wrote last."""


class ClusterError(StudyError):
    """A scheduler that cannot be had, or refuses."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with what to run: the scheduler's name, a partition, and what to ask for."""

    scheduler: str = "slurm"
    partition: str = ""
    gpus: int = 0
    cpus: int = 1

    @classmethod
    def parse(cls, text: str, gpus: int = 0, cpus: int = 1) -> Place:
        """Of ``slurm`` or ``slurm:PARTITION``. Raises :class:`ClusterError`."""
        scheduler, _, partition = text.partition(":")
        if scheduler not in ("slurm", "local"):
            raise ClusterError(
                f"{scheduler!r} is no scheduler known here", todo="--on slurm or slurm:PARTITION"
            )
        return cls(scheduler, partition, gpus, cpus)


@dataclass(frozen=True, slots=True)
class Job:
    """A job that was handed in, as it is remembered in the run's folder."""

    job_id: str
    scheduler: str
    grace: float


def submit(request: Request, place: Place) -> ClusterRun:
    """Queue the run. Raises :class:`ClusterError` when the scheduler cannot be had."""
    folder = Path(request.folder)
    (folder / REQUEST_FILE).write_bytes(to_line(request))
    submitit = _submitit()
    try:
        executor = submitit.AutoExecutor(folder=folder / "job", cluster=place.scheduler)
        executor.update_parameters(**_asked(request, place))
        with _importable():
            job = executor.submit(work, str(folder))
    except Exception as error:
        raise ClusterError(
            f"{place.scheduler} did not take the job: {_reason(error)}",
            todo="Is this a machine from which sbatch works, and does the scheduler answer?",
        ) from error
    remembered = Job(str(job.job_id), place.scheduler, request.limits.grace)
    (folder / JOB_FILE).write_text(json.dumps(asdict(remembered)), encoding="utf-8")
    # submitit's local job is our own child, which has to be collected when it ends.
    if place.scheduler == "local":
        return ClusterRun(request.run_id, folder, remembered, job.done)
    return ClusterRun(request.run_id, folder, remembered)


def _submitit() -> Any:
    try:
        import submitit
    except ImportError as error:
        raise ClusterError(
            "running on a cluster needs the package submitit",
            todo="pip install 'studytui[cluster]'",
        ) from error
    return submitit


def _asked(request: Request, place: Place) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "name": request.snippet.replace("/", "-"),
        "timeout_min": math.ceil(request.limits.seconds / 60) + 1,
        "cpus_per_task": place.cpus,
        "tasks_per_node": 1,
        "nodes": 1,
    }
    if place.gpus:
        asked["gpus_per_node"] = place.gpus
    if place.scheduler == "slurm":
        if place.partition:
            asked["slurm_partition"] = place.partition
        # The job looks for its stop file itself; it shall not be requeued behind our back.
        asked["slurm_additional_parameters"] = {"no_requeue": True}
    return asked


@contextlib.contextmanager
def _importable() -> Iterator[None]:
    """The job's Python must find this package, wherever it was started from."""
    before = os.environ.get("PYTHONPATH")
    root = str(Path(studytui.__file__).parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, before]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _reason(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def work(folder: str) -> str:
    """Inside the job: run what the folder asks for. Returns the status it ended with."""
    from studytui.run.direct_launch import supervise_job

    return supervise_job(Path(folder) / REQUEST_FILE, Path(folder) / STOP_FILE)


def attach(outputs: Path, run_id: str) -> ClusterRun:
    """The run of that id again, from its first event on. Raises :class:`ClusterError`."""
    if not run_id or not all(character.isalnum() or character in "-_" for character in run_id):
        raise ClusterError(f"{run_id!r} is no run's id")
    for path in outputs.glob(f"**/{run_id}/{JOB_FILE}"):
        try:
            remembered = Job(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(f"the run's job file is broken: {error}", where=str(path)) from error
        return ClusterRun(run_id, path.parent, remembered)
    raise ClusterError(f"no run {run_id} was queued from here", where=str(outputs))


class ClusterRun:
    """A queued run. Like :class:`studytui.run.runner.Run`, but closing it stops nothing."""

    def __init__(
        self, run_id: str, folder: Path, job: Job, collect: Callable[[], bool] = lambda: True
    ) -> None:
        self.run_id = run_id
        self.folder = folder
        self.job = job
        self.ended: Ended | None = None
        self._scheduler: Scheduler = scheduler_of(job.scheduler, job.job_id)
        self._collect = collect
        self._stop_at = float("inf")
        self._state = State("")

    def events(self) -> Iterator[Event]:
        """Events as they come over the file system, :class:`Ended` last. Blocks: for a worker."""
        again = f"studytui run --attach {self.run_id}"
        job = f"{self.job.scheduler} has it as job {self.job.job_id}"
        yield Output(f"{job}; if the link is lost: {again}\n", "note")
        threading.Thread(target=self._ask, daemon=True, name="scheduler").start()
        position, told, gone_at = 0, "", float("inf")
        while self.ended is None:
            position, lines = self._new_lines(position)
            for line in lines:
                try:
                    event = from_json(line)
                except ValueError as error:
                    event = Output(f"An event of the run was lost: {error}\n", "note")
                if isinstance(event, Ended):
                    self.ended = event
                yield event
            state, now = self._state, time.monotonic()
            gone_at = min(gone_at, now + LAG) if state.over else float("inf")
            if self.ended is not None:
                break
            if state.text and state.text != told:
                told = state.text
                yield Output(f"{self.job.scheduler}: {told}\n", "note")
            if now >= min(gone_at, self._stop_at):
                yield self._given_up(told)
            elif not lines:
                time.sleep(POLL)
        self._collect_job()

    def _ask(self) -> None:
        """In a thread: a scheduler that is gone takes long not to answer."""
        while self.ended is None:
            self._state = self._scheduler.state()
            time.sleep(QUESTION)

    def _collect_job(self) -> None:
        patience = time.monotonic() + LAG
        while not self._collect() and time.monotonic() < patience:
            time.sleep(POLL)

    def _new_lines(self, position: int) -> tuple[int, list[str]]:
        try:
            with (self.folder / EVENTS_FILE).open("rb") as file:
                file.seek(position)
                raw = file.read()
        except OSError:
            return position, []  # not yet written, or the file system is away: ask again
        whole, newline, _ = raw.rpartition(b"\n")
        if not newline:
            return position, []
        return position + len(whole) + 1, whole.decode("utf-8", "replace").split("\n")

    def _given_up(self, told: str) -> Ended:
        if self._stop_at < float("inf"):
            self._cancel()
            self.ended = Ended("stopped", 0.0, 0, "it was cancelled")
        else:
            why = f"the job ended without a word ({told or 'its state is not known'})"
            self.ended = Ended("crashed", 0.0, 0, why)
        return self.ended

    def stop(self) -> None:
        """Ask the job to stop; a second call, or the grace time, cancels it at the scheduler.

        Returns at once.
        """
        if self._stop_at < float("inf") or self._state.waiting:
            self._stop_at = 0.0
            self._cancel()
            return
        self._stop_at = time.monotonic() + self.job.grace + LAG
        with contextlib.suppress(OSError):
            (self.folder / STOP_FILE).touch()

    kill = stop

    def _cancel(self) -> None:
        threading.Thread(target=self._scheduler.cancel, name="cancel").start()
