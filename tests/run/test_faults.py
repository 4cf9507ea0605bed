"""Everything that a snippet can do to us, with real processes.

After each run nothing is left behind: neither a process of the run nor a thread that waits for one.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from studytui.run.events import Ended, Event, Output
from studytui.run.limits import MEBIBYTE, Limits
from studytui.run.runner import Run, Runner
from studytui.run.signature import read_snippet
from tests.run.conftest import Bench, ended, printed


def left_of(folder: Path) -> list[psutil.Process]:
    """Processes of a run: they all were started in its folder, and a fork stays there."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def follow(run: Run) -> list[Event]:
    """All events; then nobody of the run may be left."""
    events = list(run.events())
    assert not left_of(run.folder)
    return events


def until_printed(run: Run, events: list[Event], word: str) -> None:
    """Read events until ``word`` was printed."""
    for event in run.events():
        events.append(event)
        if isinstance(event, Output) and word in event.text:
            return
    raise AssertionError(f"{word} was never printed: {events}")


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


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Bench]:
    """A bench with a server of its own, to be killed."""
    runner = Runner(tmp_path / "outputs")
    yield Bench(runner, tmp_path)
    runner.close()


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_server_is_replaced_and_told(own: Bench) -> None:
    own.runner.warm()
    wait_until(lambda: own.runner.state.name == "warm")
    first = own.runner.server_pid
    run = own.start("def main(n: int = 1):\n    import time; time.sleep(0.5); print('survived')")
    assert next(run.events())
    os.kill(first, signal.SIGKILL)
    assert printed(follow(run)) == "survived\n", "a run does not need the server any more"
    wait_until(lambda: own.runner.server_pid not in (0, first))
    events = follow(own.start("def main(n: int = 1): print('again')"))
    assert printed(events) == "again\n"
    assert "had died (signal 9); a new one was started" in printed(events, "note")


@pytest.fixture
def importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A bench whose server imports for ever: it takes a request, and never comes to read it."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "endless.py").write_text("import signal\nwhile True: signal.pause()\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    runner = Runner(tmp_path / "outputs", also=["endless"])
    yield Bench(runner, tmp_path)
    runner.close()


WITHOUT = "The warm process died; the snippet starts without it.\n"


def test_a_server_that_dies_with_a_request_costs_no_run(importing: Bench) -> None:
    run = importing.start("def main(n: int = 1): print('done')")
    os.kill(importing.runner.server_pid, signal.SIGKILL)
    events = follow(run)
    assert printed(events) == "done\n"
    assert printed(events, "note") == WITHOUT


def test_a_server_found_stopped_costs_no_run_and_is_told(importing: Bench) -> None:
    importing.runner.warm()
    server = importing.runner.server_pid
    os.kill(server, signal.SIGSTOP)
    wait_until(lambda: psutil.Process(server).status() == psutil.STATUS_STOPPED)
    events = follow(importing.start("def main(n: int = 1): print('done')"))
    assert printed(events) == "done\n"
    assert WITHOUT in printed(events, "note")


def test_a_server_that_died_a_moment_ago_costs_no_run_and_is_told(own: Bench) -> None:
    """Whoever notices first, the keeper or the run, the reader hears of it with this run."""
    own.runner.warm()
    os.kill(own.runner.server_pid, signal.SIGKILL)
    events = follow(own.start("def main(n: int = 1): print('done')"))
    assert printed(events) == "done\n"
    assert printed(events, "note").startswith(("The warm process died", "The warm process for"))


def test_a_killed_supervisor_is_told_and_leaves_nobody(bench: Bench) -> None:
    run = bench.start("""
        import os, signal, time
        def main(n: int = 1):
            if os.fork() == 0:
                os.setsid()
                time.sleep(600)
            print("on", flush=True)
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        """)
    end = ended(list(run.events()))
    assert (end.status, end.why) == ("crashed", "what watched over the run was killed")
    wait_until(lambda: not left_of(run.folder))


def test_a_killed_supervisor_without_a_server_takes_the_snippet_along(
    cold: Callable[[], Bench],
) -> None:
    run = cold().start("""
        import os, signal, time
        def main(n: int = 1):
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        """)
    assert ended(list(run.events())).status == "crashed"
    wait_until(lambda: not left_of(run.folder))


STOPS_ITS_WATCHER = """
    import os, signal, time
    def main(n: int = 1):
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(600)
    """


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_a_snippet_that_stops_its_supervisor_passes_no_limit(
    bench: Bench, cold: Callable[[], Bench], warm: bool
) -> None:
    run = (bench if warm else cold()).start(STOPS_ITS_WATCHER, Limits(seconds=600))
    end = ended(list(run.events()))
    assert (end.status, end.why) == ("crashed", "what watched over the run was killed")
    wait_until(lambda: not left_of(run.folder))


def test_a_server_that_was_stopped_is_replaced(own: Bench) -> None:
    own.runner.warm()
    wait_until(lambda: own.runner.state.name == "warm")
    first = own.runner.server_pid
    os.kill(first, signal.SIGSTOP)
    wait_until(lambda: psutil.Process(first).status() == psutil.STATUS_STOPPED)
    assert printed(follow(own.start("def main(n: int = 1): print('ran')"))) == "ran\n"
    wait_until(lambda: own.runner.server_pid not in (0, first))


def test_a_full_disk_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    """No file may grow beyond 4 KB in the process below: writing fails as on a full disk."""
    source = """
        import matplotlib.pyplot as plt
        def main(n: int = 1):
            for k in range(400): print("line", k)
            plt.plot([1]); plt.show()
            print("last")
    """
    path = Bench(Runner(tmp_path, warm=False), tmp_path).write(source)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    program = f"""
from pathlib import Path
from studytui.run.runner import Runner
from studytui.run.signature import read_snippet
from studytui.run.events import to_json
runner = Runner(Path({str(tmp_path / "outputs")!r}), warm=False)
for event in runner.start(read_snippet(Path({str(path)!r}))).events():
    print(to_json(event))
"""
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=small_files,
    )
    assert "The output cannot be saved (File too large); the run goes on." in answer.stdout
    assert "figure 1 could not be saved: File too large" in answer.stdout
    assert "last" in answer.stdout
    assert '"status": "ok"' in answer.stdout


def test_a_closed_interface_ends_its_runs(tmp_path: Path) -> None:
    """Killed without a chance to say goodbye."""
    path = Bench(Runner(tmp_path, warm=False), tmp_path).write(
        "def main(n: int = 1):\n    import time; print('on', flush=True); time.sleep(600)"
    )
    program = f"""
from pathlib import Path
from studytui.run.runner import Runner
from studytui.run.signature import read_snippet
runner = Runner(Path({str(tmp_path / "outputs")!r}))
run = runner.start(read_snippet(Path({str(path)!r})))
print(run.folder, flush=True)
for event in run.events():
    print(event, flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as interface:
        assert interface.stdout is not None
        folder = Path(interface.stdout.readline().strip())
        while (line := interface.stdout.readline()) and "Output(text='on" not in line:
            pass
        processes = left_of(folder)
        interface.kill()
    assert processes
    wait_until(lambda: not left_of(folder))


def test_a_closed_runner_leaves_no_process(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "outputs")
    bench = Bench(runner, tmp_path)
    run = bench.start("def main(n: int = 1):\n    print('on', flush=True)\n    while True: pass")
    until_printed(run, [], "on")
    server = runner.server_pid
    runner.close()
    assert isinstance(follow(run)[-1], Ended)
    wait_until(lambda: not psutil.pid_exists(server))


def test_reading_a_snippet_never_runs_it(tmp_path: Path) -> None:
    path = tmp_path / "loud.py"
    path.write_text("raise SystemExit('it ran')\ndef main(n: int = 1): pass\n")
    assert read_snippet(path).parameters[0].name == "n"
