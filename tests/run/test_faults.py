"""Everything that a snippet can do to us, with real processes.

After each run nothing is left behind: neither a process of the run nor a thread that waits for one.
"""

from __future__ import annotations

import threading
import time

import psutil
import pytest

from studytui.run.events import Event, Output
from studytui.run.limits import MEBIBYTE, Limits
from tests.run.conftest import Bench, ended, printed
from tests.run.following import follow, left_of, until_printed


def test_an_endless_loop_meets_its_time_limit(bench: Bench) -> None:
    run = bench.start("def main(n: int = 1):\n    while True: pass", Limits(seconds=0.3))
    end = ended(follow(run))
    assert (end.status, end.why) == ("timeout", "it ran for more than 0.3 s")
    assert 0.3 <= end.seconds < 10


def test_an_endless_loop_is_stopped(bench: Bench) -> None:
    run = bench.start("def main(n: int = 1):\n    print('on', flush=True)\n    while True: pass")
    until_printed(run, [], "on")
    assert left_of(run.folder)
    run.stop()
    assert ended(follow(run)).status == "stopped"


def test_an_ignored_interrupt_is_followed_by_a_kill(bench: Bench) -> None:
    run = bench.start(
        """
        import signal, time
        def main(n: int = 1):
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(name, signal.SIG_IGN)
            print("deaf", flush=True)
            while True: time.sleep(1)
        """,
        Limits(grace=0.2),
    )
    until_printed(run, [], "deaf")
    run.stop()
    end = ended(follow(run))
    assert (end.status, end.why) == ("stopped", "it did not heed the interrupt and was killed")


def test_a_snippet_that_cleans_up_on_interrupt_may(bench: Bench) -> None:
    run = bench.start("""
        import time
        def main(n: int = 1):
            try:
                print("on", flush=True)
                time.sleep(60)
            finally:
                print("cleaned")
        """)
    events: list[Event] = []
    until_printed(run, events, "on")
    run.stop()
    events += follow(run)
    assert "cleaned" in printed(events)
    assert ended(events).why == "it was interrupted"


def test_allocating_all_memory_ends_at_the_limit(bench: Bench) -> None:
    run = bench.start(
        """
        import numpy
        def main(n: int = 1):
            kept = []
            while True: kept.append(numpy.ones(4_000_000))
        """,
        Limits(memory_bytes=600 * MEBIBYTE),
    )
    end = ended(follow(run))
    assert (end.status, end.why) == ("memory", "it used more than 600 MiB of memory")
    assert end.peak_bytes > 600 * MEBIBYTE


def test_memory_of_children_counts(bench: Bench) -> None:
    run = bench.start(
        """
        import subprocess, sys
        def main(n: int = 1):
            hog = "kept = []\\nwhile True: kept.append(bytearray(8_000_000))"
            subprocess.run([sys.executable, "-c", hog])
        """,
        Limits(memory_bytes=700 * MEBIBYTE),
    )
    assert ended(follow(run)).status == "memory"


def test_a_segmentation_fault_is_told(bench: Bench) -> None:
    run = bench.start("""
        import ctypes
        def main(n: int = 1):
            print("before")
            ctypes.string_at(0)
        """)
    events = follow(run)
    assert printed(events) == "before\n"
    end = ended(events)
    assert (end.status, end.why) == ("crashed", "it was ended by SIGSEGV (Segmentation fault)")


@pytest.mark.parametrize(("code", "status"), [(0, "crashed"), (7, "failed")])
def test_leaving_by_os_exit_is_told(bench: Bench, code: int, status: str) -> None:
    run = bench.start(f"""
        import os
        def main(n: int = 1):
            print("before", flush=True)
            os._exit({code})
        """)
    events = follow(run)
    assert printed(events) == "before\n"
    assert ended(events).status == status


FLOOD = """
    import os
    def main(n: int = 1):
        line = b"x" * 1023 + b"\\n"
        for _ in range(1_000_000): os.write(1, line)
"""


def test_a_flood_is_cut(bench: Bench) -> None:
    events = follow(bench.start(FLOOD, Limits(output_bytes=MEBIBYTE)))
    assert len(printed(events)) == MEBIBYTE
    end = ended(events)
    assert end.status == "output"
    assert end.why == "it printed more than 1,048,576 bytes; the rest was cut"


def test_a_flood_waits_for_a_reader_who_is_slow(bench: Bench) -> None:
    run = bench.start(FLOOD, Limits(output_bytes=1024 * MEBIBYTE, seconds=60))
    events = run.events()
    assert isinstance(next(events), Event.__args__)
    time.sleep(1.0)
    here = psutil.Process().memory_info().rss
    run.stop()  # must be heard though every pipe is full
    total = sum(len(event.text) for event in events if isinstance(event, Output))
    assert run.ended is not None
    assert run.ended.status == "stopped"
    assert total < 64 * MEBIBYTE, "what nobody had read yet was piled up"
    assert psutil.Process().memory_info().rss - here < 64 * MEBIBYTE
    assert not left_of(run.folder)


def test_this_process_stays_awake_during_a_flood(bench: Bench) -> None:
    """Another thread gets its turn all the time while the flood is read."""
    run = bench.start(FLOOD, Limits(output_bytes=24 * MEBIBYTE))
    reader = threading.Thread(target=lambda: list(run.events()))
    turns = 0
    reader.start()
    while reader.is_alive():
        time.sleep(0.005)
        turns += 1
    assert turns >= 5
    assert run.ended is not None
    assert run.ended.status == "output"


def test_binary_output_and_every_control_sequence_become_text(bench: Bench) -> None:
    events = follow(
        bench.start("""
        import os, sys
        def main(n: int = 1):
            os.write(1, bytes(range(256)))
            os.write(1, b"\\n\\x1b[31mred\\x1b[0m \\x1b[2J\\x1b]0;title\\x07")
            os.write(1, b"\\x1b]52;c;aGk=\\x1b\\\\\\x1bP+q544e\\x1b\\\\\\x1b_apc\\x1b\\\\")
            os.write(1, b"\\x1b^pm\\x1b\\\\\\x1b[?1049h\\x1bc\\x1b(0")
            os.write(1, "\\x9b2J\\x9d0;t\\x9c\\x90q\\x9c\\x9f;\\x9c\\x98s\\x9c".encode())
            os.write(1, b"end\\n")
            os.write(1, b"\\x1b]0;never ended\\n")
        """)
    )
    text = printed(events)
    assert "\x1b[31mred\x1b[0m end\n" in text
    bare = text.replace("\x1b[31m", "").replace("\x1b[0m", "")
    assert not [c for c in bare if not (c.isprintable() or c in "\n\t\ufffd")]
    assert ended(events).status == "ok"


def test_200_children_left_behind_are_ended(bench: Bench) -> None:
    run = bench.start("""
        import os, time
        def main(n: int = 200):
            for _ in range(n):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0: time.sleep(600)
                    os._exit(0)
            print("spawned", flush=True)
            time.sleep(0.2)
        """)
    events = follow(run)
    assert ended(events).status == "ok"
    assert "200 processes that the snippet left behind ended." in printed(events, "note")


def test_too_many_processes_are_ended(bench: Bench) -> None:
    run = bench.start(
        """
        import os, time
        def main(n: int = 1):
            while True:
                if os.fork() == 0: time.sleep(600)
                time.sleep(0.002)
        """,
        Limits(processes=40),
    )
    end = ended(follow(run))
    assert (end.status, end.why) == ("processes", "it had more than 40 processes at once")


def test_an_escaped_daemon_is_stopped_as_well(bench: Bench) -> None:
    run = bench.start("""
        import os, signal, time
        def main(n: int = 1):
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                if os.fork() == 0:
                    os.environ.clear()
                    print("daemon", os.getpid(), flush=True)
                    time.sleep(600)
                os._exit(0)
            time.sleep(600)
        """)
    events: list[Event] = []
    until_printed(run, events, "daemon")
    daemon = int(printed(events).split()[1])
    run.stop()
    assert ended(follow(run)).status == "stopped"
    assert not psutil.pid_exists(daemon)


def test_a_closed_stdout_does_not_end_the_run(bench: Bench) -> None:
    run = bench.start("""
        import os, sys
        import matplotlib.pyplot as plt
        def main(n: int = 1):
            print("before", flush=True)
            os.close(1)
            try:
                print("lost", flush=True)
            except OSError as error:
                print("told:", error.strerror, file=sys.stderr)
            sys.stdout = None
            plt.plot([1]); plt.show()
        """)
    events = follow(run)
    assert printed(events) == "before\n"
    assert printed(events, "err") == "told: Bad file descriptor\n"
    assert "Figure" in [type(event).__name__ for event in events]
    assert ended(events).status == "ok"
