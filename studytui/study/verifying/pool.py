"""Work done by several threads at once, told to the one that waits for it."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Began:
    """A task was taken up; ``number`` is its place among all."""

    number: int


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """A task is done."""

    number: int
    result: Result


@dataclass(frozen=True, slots=True)
class _Failed:
    """A worker raised."""

    error: BaseException


class Pool(Generic[Task, Result]):
    """``count`` threads that each make a worker with ``make`` and give it tasks until none is left.

    Tasks are taken up in their order, and may be done in another.
    """

    def __init__(self, make: Callable[[], Callable[[Task], Result]], count: int) -> None:
        self._make = make
        self._count = count
        self.stopped = threading.Event()

    def run(self, tasks: Sequence[Task]) -> Iterator[Began | Done[Result]]:
        """What happens, as it happens, until all is done. What a worker raises is raised here."""
        waiting = iter(range(len(tasks)))
        taking = threading.Lock()
        told: queue.SimpleQueue[Began | Done[Result] | _Failed] = queue.SimpleQueue()

        def work() -> None:
            try:
                worker = self._make()
                while not self.stopped.is_set():
                    with taking:
                        number = next(waiting, None)
                    if number is None:
                        return
                    told.put(Began(number))
                    told.put(Done(number, worker(tasks[number])))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                told.put(_Failed(error))

        # Daemons: whoever is interrupted does not wait for them, but stops what they wait for.
        for _ in range(min(self._count, len(tasks))):
            threading.Thread(target=work, daemon=True, name="verifying").start()
        done = 0
        while done < len(tasks):
            event = told.get()
            if isinstance(event, _Failed):
                raise event.error
            done += isinstance(event, Done)
            yield event

    def stop(self) -> None:
        """Let no thread take up another task."""
        self.stopped.set()
