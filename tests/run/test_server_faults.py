"""What may happen to the server, a supervisor, the disk and us while a snippet runs."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from studytui.run.events import Ended
from studytui.run.limits import Limits
from studytui.run.runner import Runner
from studytui.run.signature import read_snippet
from tests.patience import wait_until
from tests.run.conftest import Bench, ended, printed
from tests.run.following import follow, left_of, until_printed


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Bench]:
    """A bench with a server of its own, to be killed."""
    runner = Runner(tmp_path / "outputs")
    yield Bench(runner, tmp_path)
    runner.close()


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
