"""A run owns its folders, and tells what it left out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from studytui.run.events import Output, Progress
from studytui.run.limits import Limits
from studytui.run.temporary import PREFIX
from tests.run.conftest import Bench, ended, printed

LEAVES = """
    import pathlib, tempfile
    def main(n: int = 1):
        made = pathlib.Path(tempfile.mkdtemp(prefix="left-"))
        (made / "x").write_text("y")
        print(made)
    """


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_what_a_run_leaves_in_its_temporary_folder_goes_with_it(
    bench: Bench, cold: Callable[[], Bench], warm: bool
) -> None:
    used = bench if warm else cold()
    made = Path(printed(used.run(LEAVES)).strip())
    assert made.is_relative_to(tempfile.gettempdir())
    assert PREFIX in str(made)
    assert not made.parent.exists()


def test_folders_of_runs_whose_watcher_was_killed_go_with_the_next(
    cold: Callable[[], Bench],
) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    left = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{pid}-"))
    mine = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    cold().run("def main(n: int = 1): pass")
    assert not left.exists()
    assert mine.exists()
    mine.rmdir()


def test_a_snippet_that_asks_for_input_is_told(bench: Bench) -> None:
    events = bench.run("""
        def main(n: int = 1):
            print(input("name? "))
        """)
    notes = printed(events, "note")
    assert "has no keyboard" in notes
    assert notes.count("keyboard") == 1
    assert ended(events).status == "failed"


def test_figures_that_are_left_out_are_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    events = bench.run("""
        import matplotlib.pyplot as plt
        from studytui.run.child import canvas
        def main(n: int = 1):
            canvas.FIGURES_LIMIT = 2
            for number in range(5):
                plt.figure(figsize=(1, 1))
                plt.show()
        """)
    assert printed(events, "note") == "Only the first 2 figures of a run are shown.\n"


def test_a_flood_of_progress_is_no_output(bench: Bench) -> None:
    events = bench.run(
        """
        from tqdm import tqdm
        def main(n: int = 1):
            for _ in tqdm(range(300_000), mininterval=0, miniters=1):
                pass
            print("done")
        """,
        Limits(seconds=60, output_bytes=1000),
    )
    assert printed(events) == "done\n"
    assert ended(events).status == "ok"
    bars = [event for event in events if isinstance(event, Progress)]
    assert len(bars) < 2000
    assert max(bar.done for bar in bars) == 300_000


def test_a_long_message_is_told_once(bench: Bench) -> None:
    events = bench.run("def main(n: int = 1): raise ValueError('x' * 5000)")
    assert len(ended(events).why) < 400


def test_an_event_of_the_snippet_s_own_making_is_reduced_or_lost(bench: Bench) -> None:
    events = bench.run("""
        import json, os
        def main(n: int = 1):
            for fields in ({"text": 5}, {"text": "a\\x1b]0;t\\x07b"}):
                text = json.dumps({"event": "output", **fields})
                token = os.environ["STUDYTUI_TOKEN"]
                print(f"\\x1b_studytui;{token};{text}\\x1b\\\\", end="", flush=True)
        """)
    assert printed(events) == "ab"
    assert any(isinstance(event, Output) and "was lost" in event.text for event in events)


def test_what_multiprocessing_starts_for_itself_was_not_left_behind(bench: Bench) -> None:
    events = bench.run("""
        import multiprocessing
        def main(n: int = 1):
            context = multiprocessing.get_context("forkserver")
            with context.Pool(1) as pool:
                print(pool.apply(abs, (-3,)))
        """)
    assert printed(events) == "3\n"
    assert "left behind" not in printed(events, "note")


def test_an_error_without_words_is_told_by_its_name(bench: Bench) -> None:
    assert ended(bench.run("def main(n: int = 1): raise GeneratorExit")).why == "GeneratorExit"


def test_a_warning_of_a_figure_names_the_line_that_shows_it(bench: Bench) -> None:
    events = bench.run("""
        import matplotlib.pyplot as plt
        def main(n: int = 1):
            plt.title("\\u4e2d")
            plt.show()
        """)
    assert "snippet.py:4: UserWarning: Glyph 20013" in printed(events, "err")
    assert "canvas.py" not in printed(events, "err")


def test_a_thread_that_goes_on_after_main_is_told(bench: Bench) -> None:
    run = bench.start("""
        import threading
        go = threading.Event()
        def main(n: int = 1):
            threading.Thread(target=go.wait, daemon=True).start()
            threading.Thread(target=go.wait).start()
        """)
    for event in run.events():
        if isinstance(event, Output) and event.stream == "note":
            assert event.text == "main is over; the run goes on for 1 thread of its own.\n"
            run.stop()
    assert run.ended is not None
    assert run.ended.status == "stopped"
