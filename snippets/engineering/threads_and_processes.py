"""What threads and processes share, what they speed up, and how a race loses an update.

Part 1 counts the threads of this process: those Python knows of and those the system knows of.
Part 2 runs the same four jobs one after another, on threads and on processes: jobs that compute
in Python, and jobs that wait. Processor seconds per second say what really ran side by side.
Part 3 measures Amdahl's law with jobs that sleep, so that no other program disturbs it.
Part 4 loses an update with certainty (a barrier stands between read and write), and mends it.

References
  G. M. Amdahl: Validity of the single processor approach to achieving large scale computing
  capabilities, AFIPS Spring Joint Computer Conference, 1967.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer

# A spawned child imports this file anew. torch and matplotlib are imported where they are used,
# so that no child has to load them.

Job = Callable[[], Any]
PATIENCE = 10.0
"""Seconds after which a job of `check` stops waiting for another one that must run beside it."""
GRACE = 0.1
"""Seconds for which k jobs of `check` are held, so that one too many can begin and be seen."""


def run_all(jobs: list[Job], k: int) -> list[Any]:
    """Run jobs without arguments on at most k threads; their results, in the order of the jobs.

    Raises the error of the first job in the list that failed, once all threads have ended.
    """
    # exercise: run the jobs on at most k threads
    # Start min(k, number of jobs) threads. Each takes the next job that nobody has taken until
    # none is left. Results stand where their jobs stood, whichever ends first. Wait for all
    # threads; if jobs failed, raise the error of the first of them in the list.
    # solution
    results: list[Any] = [None] * len(jobs)
    errors: dict[int, Exception] = {}
    numbers, lock = count(), threading.Lock()

    def work() -> None:
        while True:
            with lock:  # reading the counter and moving it on must not be torn apart
                number = next(numbers)
            if number >= len(jobs):
                return
            try:
                results[number] = jobs[number]()
            except Exception as error:  # noqa: BLE001  it belongs to the caller
                errors[number] = error

    threads = [threading.Thread(target=work) for _ in range(min(k, len(jobs)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[min(errors)]
    return results
    # end


class Gauge:
    """Counts how many jobs are under way, and the most there ever were."""

    def __init__(self, k: int) -> None:
        self.lock, self.now, self.peak = threading.Lock(), 0, 0
        self.k, self.crowded = k, threading.Event()

    def __enter__(self) -> None:
        with self.lock:
            self.now += 1
            self.peak = max(self.peak, self.now)
        if self.peak > self.k:
            self.crowded.set()

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.now -= 1


def outcome(jobs: list[Job], k: int) -> Any:
    """What run_all returns, or the error that it raises, as text."""
    try:
        return run_all(jobs, k)
    except Exception as error:  # noqa: BLE001  whatever the learner's code raises is shown
        return repr(error)


def fails(number: int) -> None:
    """A job that raises an error with its number."""
    raise ValueError(f"job {number}")


def check(seed: int = 0) -> None:
    """Judge run_all: results in order, never more than k at once, errors reach the caller."""
    drawn = random.Random(seed)
    for jobs, k in ((0, 1), (1, 1), (2, 1), (1, 4), (3, 2), (5, 3), (9, 4)):
        values = [drawn.randrange(100) for _ in range(jobs)]
        case = {"jobs": jobs, "k": k}
        came = outcome([lambda value=value: value for value in values], k)
        should = values
        assert came == should, "the results must stand in the order of the jobs"

    # Events decide, not clocks: only a wrong solution waits until its patience ends.
    third = threading.Event()
    jobs_out_of_order: list[Job] = [
        lambda: "first" if third.wait(PATIENCE) else "waited for the third in vain",
        lambda: "second",
        lambda: (third.set(), "third")[1],
    ]
    case = {"jobs": "the first ends after the third", "k": 2}
    came, should = outcome(jobs_out_of_order, 2), ["first", "second", "third"]
    assert came == should, "a free thread takes the next job; the order is that of the jobs"

    for k in (1, 2, 4):
        gauge, meeting = Gauge(k), threading.Barrier(k)

        def job(gauge: Gauge = gauge, meeting: threading.Barrier = meeting) -> None:
            with gauge:
                meeting.wait(PATIENCE)  # goes on only when k jobs are under way at once
                gauge.crowded.wait(GRACE)

        case = {"jobs": 3 * k, "k": k}
        outcome([job] * (3 * k), k)
        came, should = gauge.peak, k
        assert came == should, "k jobs at once, and never more"

    for k in (1, 2):
        done: list[int] = []
        case = {"jobs": "0 works, 1 fails, 2 works, 3 fails, 4 works", "k": k}
        came = outcome([lambda done=done: done.append(0), lambda: fails(1),
                        lambda done=done: done.append(2), lambda: fails(3),
                        lambda done=done: done.append(4)], k)  # fmt: skip
        should = "ValueError('job 1')"
        assert came == should, "the error of the first failed job must reach the caller"
        came, should = sorted(done), [0, 2, 4]
        assert came == should, "the other jobs are run all the same"

    second = threading.Event()
    case = {"jobs": "1 fails, then 2 works, then 0 fails", "k": 2}
    came = outcome([lambda: (second.wait(PATIENCE), fails(0)), lambda: fails(1), second.set], 2)
    should = "ValueError('job 0')"
    assert came == should, "the first failed job is the first in the list, not in time"

    before = threading.active_count()
    case = {"jobs": "4, each of which returns None", "k": 3}
    came, should = outcome([lambda: None] * 4, 3), [None] * 4
    assert came == should, "None is a result like any other"
    came, should = threading.active_count(), before
    assert came == should, "no thread may be left behind"


def system_threads() -> int | None:
    """How many threads the system counts in this process; None where it does not say."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else None


def show_threads() -> None:
    """Count the threads before and after torch is loaded and has multiplied once."""
    print("threads of this process           known to Python   to the system")
    print(f"  as it stands                  {threading.active_count():17} {system_threads()!s:>15}")
    import torch

    matrix = torch.ones(800, 800)
    matrix @ matrix
    print(f"  torch loaded, one product     {threading.active_count():17} {system_threads()!s:>15}")
    print()


def compute(turns: int) -> int:
    """A loop in pure Python: it holds the interpreter's lock while it runs."""
    total = 0
    for number in range(turns):
        total += number & 3
    return total


def wait(seconds: float) -> None:
    """A job that waits, as for a disk or a network, and holds no lock meanwhile."""
    time.sleep(seconds)


def timed(job: Callable[[Any], Any], size: float, jobs: int, pool: Executor | None) -> float:
    """Seconds that `jobs` calls of job(size) take: one after another, or on a warm pool."""
    began = time.perf_counter()
    if pool is None:
        for _ in range(jobs):
            job(size)
    else:
        list(pool.map(job, [size] * jobs))
    return time.perf_counter() - began


def cpu_share(turns: int, jobs: int, pool: Executor | None) -> float:
    """Processor seconds of this process per second of computing: how many cores really worked."""
    spent, began = time.process_time(), time.perf_counter()
    timed(compute, turns, jobs, pool)
    return (time.process_time() - spent) / (time.perf_counter() - began)


def compare(turns: int, seconds: float, jobs: int) -> dict[str, dict[str, float]]:
    """Times of both kinds of job in all three ways; each pool is warm before it is timed."""
    times: dict[str, dict[str, float]] = {"computing": {}, "waiting": {}}
    spawn = multiprocessing.get_context("spawn")  # the only method that all systems have
    print(f"{jobs} jobs      one by one   {jobs} threads   {jobs} processes")
    with ThreadPoolExecutor(jobs) as threads, ProcessPoolExecutor(jobs, spawn) as processes:
        for pool in (threads, processes):
            list(pool.map(wait, [0.05] * jobs))
        kinds: list[tuple[str, Callable[[Any], Any], float]] = [
            ("computing", compute, turns),
            ("waiting", wait, seconds),
        ]
        for kind, job, size in kinds:
            pools = {"one by one": None, "threads": threads, "processes": processes}
            for way, pool in pools.items():
                times[kind][way] = timed(job, size, jobs, pool)
            row = "".join(f"{times[kind][way]:10.2f} s" for way in pools)
            print(f"{kind:<9} {row}")
        print(f"  theory  {jobs * seconds:10.2f} s{seconds:10.2f} s{seconds:10.2f} s")
        alone, shared = (cpu_share(turns, jobs, pool) for pool in (None, threads))
    print("processor seconds per second of computing (with the interpreter's lock: 1.0 at most)")
    print(f"  one by one {alone:.2f}, on threads {shared:.2f}")
    return times


def amdahl(p: float, n: int) -> float:
    """Speed-up of a fixed job of which the share p is divided over n workers."""
    return 1 / ((1 - p) + p / n)


def measured_speed_up(p: float, n: int, seconds: float) -> float:
    """The same, measured: (1-p) of the time asleep alone, then p/n of it on each of n threads.

    The threads are started beforehand, because starting them would count as undivided work.
    """
    best = float("inf")
    for _ in range(3):
        meeting = threading.Barrier(n + 1)

        def share(meeting: threading.Barrier = meeting) -> None:
            meeting.wait()
            time.sleep(p * seconds / n)

        threads = [threading.Thread(target=share) for _ in range(n)]
        for thread in threads:
            thread.start()
        began = time.perf_counter()
        time.sleep((1 - p) * seconds)
        meeting.wait()
        for thread in threads:
            thread.join()
        best = min(best, time.perf_counter() - began)
    return seconds / best


def lost_update() -> int:
    """Two threads add 1 to a counter; a barrier makes both read before either writes."""
    counter, both_have_read = [0], threading.Barrier(2)

    def add() -> None:
        value = counter[0]
        both_have_read.wait()
        counter[0] = value + 1

    run_pair(add)
    return counter[0]


def kept_update() -> int:
    """The same with a lock around read and write together."""
    counter, lock = [0], threading.Lock()

    def add() -> None:
        with lock:
            value = counter[0]
            time.sleep(0)  # offers the processor to the other thread: it has to wait
            counter[0] = value + 1

    run_pair(add)
    return counter[0]


def run_pair(work: Job) -> None:
    """Run the same work on two threads and wait for both."""
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def draw(times: dict[str, dict[str, float]], rows: list[tuple[float, int, float]]) -> None:
    """Left: bars of the three ways. Right: measured speed-up on Amdahl's curves."""
    import matplotlib.pyplot as plt

    figure, (bars, curves) = plt.subplots(1, 2, figsize=(10, 4))
    for offset, (kind, ways) in enumerate(times.items()):
        places = [place + 0.4 * offset for place in range(len(ways))]
        bars.bar(places, list(ways.values()), width=0.4, label=kind)
    bars.set_xticks([0.2, 1.2, 2.2], list(times["waiting"]))
    bars.set_ylabel("seconds")
    bars.legend()
    workers = [1 + 0.15 * step for step in range(101)]
    for p in sorted({row[0] for row in rows}):
        curves.plot(workers, [amdahl(p, n) for n in workers], label=f"p = {p}")
        mine = [row for row in rows if row[0] == p]
        curves.scatter([row[1] for row in mine], [row[2] for row in mine])
    curves.set_xlabel("workers")
    curves.set_ylabel("speed-up")
    curves.legend()
    figure.tight_layout()
    plt.show()


def main(
    jobs: Annotated[int, typer.Option(min=2, max=8, help="Jobs, and workers, of part 2")] = 4,
    turns: Annotated[
        int, typer.Option(min=10_000, max=20_000_000, help="Turns of a computing job's loop")
    ] = 1_000_000,
    seconds: Annotated[
        float, typer.Option(min=0.05, max=1.0, help="How long a waiting job waits")
    ] = 0.1,
) -> None:
    """Count threads, compare threads with processes, measure Amdahl's law, lose an update."""
    show_threads()
    times = compare(turns, seconds, jobs)

    print("\nAmdahl's law     p    n   theory   measured")
    rows = []
    for p in (0.5, 0.9):
        for n in (2, 4, 8, 16):
            rows.append((p, n, measured_speed_up(p, n, 0.3)))
            print(f"{p:18} {n:4} {amdahl(p, n):8.2f} {rows[-1][2]:10.2f}")
    worst = max(abs(speed / amdahl(p, n) - 1) for p, n, speed in rows)
    print(f"largest error {100 * worst:.1f} % (expected: under 10 % where threads wake in time)")

    print(f"\ntwo additions, both read before either wrote: {lost_update()} instead of 2")
    print(f"two additions under a lock:                   {kept_update()}")
    draw(times, rows)


if __name__ == "__main__":
    typer.run(main)
