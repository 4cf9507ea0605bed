from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from studytui.run.devices import DeviceError
from studytui.run.events import Failed, Figure, Progress, Started, Table
from studytui.run.parameters import ParameterError
from tests.run.conftest import Bench, ended, printed

HELLO = """
    '''Say hello.'''
    def main(name: str = "world", n: int = 1, device: str = "auto"):
        for k in range(n):
            print("hello", name, k, device)
"""


def test_a_run_prints_and_ends(bench: Bench) -> None:
    events = bench.run(HELLO, parameters={"name": "Ada", "n": "2"})
    started = events[0]
    assert isinstance(started, Started)
    assert started.parameters == {"name": "Ada", "n": "2", "device": started.device}
    assert printed(events) == f"hello Ada 0 {started.device}\nhello Ada 1 {started.device}\n"
    end = ended(events)
    assert (end.status, end.why) == ("ok", "")
    assert end.seconds > 0
    assert end.peak_bytes > 1_000_000


def test_the_same_without_a_warm_server(cold: Callable[[], Bench]) -> None:
    events = cold().run(HELLO, parameters={"name": "Bo"})
    assert printed(events) == "hello Bo 0 cpu\n"
    assert ended(events).status == "ok"


def test_a_run_is_the_main_script_of_its_process(bench: Bench) -> None:
    events = bench.run("""
        import os, sys
        def main(n: int = 1):
            import __main__
            print(__name__, __main__.main is main, sys.argv[1:], os.getcwd() != "/")
            print(os.environ["STUDYTUI_DEVICE"], sys.path[-1] == os.path.dirname(__file__))
            print(sys.stdin.read() == "")
        """)
    assert printed(events) == "__main__ True [] True\ncpu True\nTrue\n"


def test_processes_that_the_snippet_spawns_find_its_functions(bench: Bench) -> None:
    events = bench.run("""
        import multiprocessing
        def square(x): return x * x
        def main(n: int = 1):
            with multiprocessing.get_context("spawn").Pool(2) as pool:
                print(pool.map(square, range(4)))
        """)
    assert printed(events) == "[0, 1, 4, 9]\n", events


def test_torch_computes_with_threads_in_the_child(bench: Bench) -> None:
    events = bench.run("""
        import torch
        def main(n: int = 600):
            a = torch.ones(n, n)
            print((a @ a).sum().item() == n**3)
        """)
    assert printed(events) == "True\n"


def test_two_runs_draw_different_random_numbers(bench: Bench) -> None:
    source = """
        import random, numpy
        def main(n: int = 1):
            print(random.random(), numpy.random.rand())
        """
    random.seed(0)
    first, second = (printed(bench.run(source)).split() for _ in range(2))
    assert not set(first) & set(second)


def test_figures_are_files_in_the_folder_of_the_run(bench: Bench) -> None:
    run = bench.start("""
        import matplotlib.pyplot as plt
        def main(n: int = 1):
            plt.plot([1, 2]); plt.title("shown é"); plt.show()
            print("between")
            plt.figure(figsize=(2, 1)); plt.plot([3]); plt.title("never shown")
        """)
    events = list(run.events())
    figures = [event for event in events if isinstance(event, Figure)]
    assert [figure.title for figure in figures] == ["shown é", "never shown"]
    assert (figures[1].width, figures[1].height) == (200, 100)
    for figure in figures:
        assert Path(figure.path).parent == run.folder
        assert Path(figure.path).read_bytes().startswith(b"\x89PNG")
    order = [type(event).__name__ for event in events]
    assert order == ["Started", "Figure", "Output", "Figure", "Ended"]


def test_bars_and_tables_are_events(bench: Bench) -> None:
    events = bench.run("""
        import sys
        from tqdm import tqdm
        from rich.console import Console
        from rich.progress import track
        from rich.table import Table
        def main(n: int = 3):
            for _ in tqdm(range(n), desc="train"): pass
            for _ in track(range(n), description="test"): pass
            table = Table("n", "loss", title="Losses")
            table.add_row("1", "[red]0.5[/red]")
            Console().print(table)
            for k in (10, 50, 100):
                print(f"\\r{k} % of it", end="", flush=True)
            print()
            print("after")
        """)
    last = {event.label: event for event in events if isinstance(event, Progress)}
    assert (last["train"].done, last["train"].total) == (3, 3)
    assert (last["test"].done, last["test"].total) == (3, 3)
    assert Table(("n", "loss"), (("1", "0.5"),), "Losses") in events
    assert printed(events).endswith("100 % of it\nafter\n")
    assert printed(events, "err") == ""


def test_a_long_table_comes_whole(bench: Bench) -> None:
    events = bench.run("""
        from rich.console import Console
        from rich.table import Table
        def main(n: int = 2000):
            table = Table("n", "square")
            for k in range(n): table.add_row(str(k), "é" * 3)
            Console().print(table)
        """)
    tables = [event for event in events if isinstance(event, Table)]
    assert len(tables) == 1
    assert len(tables[0].rows) == 2000
    assert tables[0].rows[-1] == ("1999", "ééé")


def test_a_traceback_begins_at_the_snippet(bench: Bench) -> None:
    events = bench.run("""
        import json
        def parse(text): return json.loads(text)
        def main(n: int = 1):
            parse("{")
        """)
    failed = next(event for event in events if isinstance(event, Failed))
    assert failed.kind == "JSONDecodeError"
    assert failed.line == 2
    lines = failed.traceback.splitlines()
    assert "snippet.py" in lines[1]
    assert "typer" not in failed.traceback
    assert "studytui/run" not in failed.traceback
    end = ended(events)
    assert end.status == "failed"
    assert end.why.startswith("JSONDecodeError: ")


def test_a_missing_package_is_named(bench: Bench) -> None:
    events = bench.run("""
        import a_package_that_is_not_there
        def main(n: int = 1): pass
        """)
    assert "a_package_that_is_not_there, which is not installed" in ended(events).why


def test_an_exit_status_is_told(bench: Bench) -> None:
    end = ended(bench.run("def main(n: int = 1): raise SystemExit(3)"))
    assert (end.status, end.why) == ("failed", "exit status 3")


def test_a_file_that_changed_since_it_was_read_does_not_run(bench: Bench) -> None:
    from studytui.run.signature import read_snippet

    snippet = read_snippet(bench.write("def main(n: int = 1): print('seen')"))
    bench.write("def main(n: int = 1): print('unseen')")
    events = list(bench.runner.start(snippet).events())
    assert "changed" in ended(events).why
    assert "unseen" not in printed(events)


def test_values_are_checked_before_anything_starts(bench: Bench) -> None:
    with pytest.raises(ParameterError, match="n cannot be 'x'"):
        bench.start(HELLO, parameters={"n": "x"})
    with pytest.raises(DeviceError, match="tpu"):
        bench.start(HELLO, device="tpu")
