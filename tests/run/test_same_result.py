"""A program computes the same with studytui's hooks as alone: a hundred small ones, both ways."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.run.limits import Limits
from studytui.run.signature import read_snippet
from tests.run.conftest import Bench, ended, printed

TQDM = {
    "plain": "tqdm(range(9))",
    "disabled": "tqdm(range(9), disable=True)",
    "negative": "tqdm(range(9), total=-1)",
    "no total": "tqdm(iter(range(9)))",
    "odd total": "tqdm(range(9), total=3.5)",
    "endless total": "tqdm(range(9), total=float('inf'))",
    "into a text": "tqdm(range(9), file=io.StringIO())",
    "not left": "tqdm(range(9), leave=False)",
    "delayed": "tqdm(range(9), delay=60)",
    "at a place": "tqdm(range(9), position=3)",
    "often": "tqdm(range(9), mininterval=0, miniters=1)",
    "named": "tqdm(range(9), desc='d', postfix={'a': 1})",
    "by trange": "trange(9)",
    "ascii": "tqdm(range(9), ascii=True, ncols=30)",
    "initial": "tqdm(range(9), initial=4, total=20)",
    "scaled": "tqdm(range(9), unit='B', unit_scale=True)",
    "empty": "tqdm([])",
    "formatted": "tqdm(range(9), bar_format='{l_bar}{n}')",
}
TQDM_USES = {
    "sum": "bar = {0}\nprint(sum(bar))",
    "counts": "bar = {0}\nlist(bar)\nprint(bar.n, bar.total, bar.disable)",
    "manual": "with {0} as bar:\n    bar.update(2)\n    bar.update(1e10)\n    print(bar.n)",
    "closed twice": "bar = {0}\nbar.close()\nbar.close()\nprint(bar.n)",
}
OTHERS = {
    "tqdm stream": (
        "out = io.StringIO()\nwith tqdm(total=2, file=out, mininterval=0) as bar:\n"
        "    bar.update(1)\nprint(out.getvalue().count('50%'), len(out.getvalue()) > 10)"
    ),
    "tqdm write": "with tqdm(total=2) as bar:\n    tqdm.write('between')\n    bar.update(2)",
    "tqdm gone": "tqdm(total=3, disable=True).__del__()\nprint('gone')",
    "rich capture": (
        # Colours are those of a terminal, as the reader's is.
        "console = Console(width=40, color_system=None)\nwith console.capture() as taken:\n"
        "    console.print(table)\nprint(len(taken.get()), 'one' in taken.get())"
    ),
    "rich record": (
        "console = Console(width=40, record=True, file=io.StringIO())\nconsole.print(table)\n"
        "print(len(console.export_text()))"
    ),
    "rich record out": (
        "console = Console(width=40, record=True)\nconsole.print(table)\n"
        "text = console.export_text()\nprint(len(text))"
    ),
    "rich stream": (
        "out = io.StringIO()\nConsole(file=out, width=40).print(table)\n"
        "print(len(out.getvalue()), '\\x1b' in out.getvalue())"
    ),
    "rich quiet": "Console(quiet=True).print(table)\nprint('quiet')",
    "rich colours": "out = io.StringIO()\nprint(Console(file=out).is_terminal)",
    "rich progress": (
        "from rich.progress import Progress\nwith Progress() as bars:\n"
        "    task = bars.add_task('t', total=3)\n    bars.advance(task, 2)\n"
        "    print(bars.tasks[0].completed)"
    ),
    "rich progress stream": (
        "from rich.progress import Progress\nout = io.StringIO()\n"
        "with Progress(console=Console(file=out, width=60)) as bars:\n"
        "    bars.update(bars.add_task('task', total=2), completed=2)\n"
        "print('task' in out.getvalue())"
    ),
    "rich progress off": (
        "from rich.progress import Progress\nwith Progress(disable=True) as bars:\n"
        "    bars.advance(bars.add_task('t', total=-1))\nprint('off')"
    ),
    "rich pager": "print(Console(width=30).size.width)",
    "warnings": (
        "import warnings\nwith warnings.catch_warnings(record=True) as told:\n"
        "    warnings.simplefilter('always')\n    warnings.warn('w')\nprint(len(told))"
    ),
    "temporary": (
        "import tempfile, pathlib\nfolder = pathlib.Path(tempfile.mkdtemp())\n"
        "(folder / 'x').write_text('y')\nprint((folder / 'x').read_text())"
    ),
    "redirect": (
        "import contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n"
        "    print('kept')\nprint(repr(out.getvalue()))"
    ),
    "redirected table": (
        "import contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n"
        "    Console(width=40).print(table)\nprint(len(out.getvalue()))"
    ),
    "input": "try:\n    input()\nexcept EOFError:\n    print('no input')",
    "read": "print(repr(sys.stdin.read()), sys.stdin.closed)",
    "exit": "sys.exit(3)",
    "raise": "raise ValueError('wrong')",
    "atexit": "import atexit\natexit.register(print, 'last')\nprint('first')",
    "threads": (
        "import threading\nthread = threading.Thread(target=print, args=('in a thread',))\n"
        "thread.start()\nthread.join()"
    ),
    "numbers": "import random\nrandom.seed(3)\nprint(random.random())",
    "json": "import json\nprint(json.dumps({'a': [1, 2.5, None]}))",
}
HEAD = """
import io, sys
from tqdm import tqdm, trange
from rich.console import Console
from rich.table import Table
table = Table("one", "two")
table.add_row("1", "a longer cell")
"""
SMALL = {
    f"{use}, {bar}": text.format(call)
    for use, text in TQDM_USES.items()
    for bar, call in TQDM.items()
} | OTHERS
COLOURS = re.compile(r"\x1b\[[0-9;:]*m")


def drawn(programs: dict[str, str]) -> dict[str, str]:
    """Programs that draw, which need matplotlib."""
    base = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\n"
    uses = {
        "open": "axes.plot([1, 2])\nprint(len(plt.get_fignums()))",
        "saved": "figure.savefig('x.png')\nimport os\nprint(os.path.getsize('x.png') > 99)",
        "closed": "plt.close('all')\nprint(plt.get_fignums())",
        "limits": "axes.plot([1, 9])\nprint(axes.get_ylim())",
        "size": "print(figure.get_size_inches(), figure.dpi)",
    }
    return {**programs, **{f"drawn, {name}": base + text for name, text in uses.items()}}


PROGRAMS = drawn(SMALL)


def test_there_are_a_hundred_or_nearly() -> None:
    assert len(PROGRAMS) >= 100


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_s_result_is_its_result_alone(bench: Bench, tmp_path: Path, name: str) -> None:
    body = "\n".join(f"    {line}" for line in PROGRAMS[name].split("\n"))
    source = f"{HEAD}\ndef main():\n{body}\n\nmain()\n"
    path = tmp_path / "program.py"
    path.write_text(source)
    environment = {**os.environ, "COLUMNS": "100", "MPLBACKEND": "Agg"}
    alone = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    events = list(bench.runner.start(read_snippet(path), limits=Limits(seconds=60)).events())
    ran = COLOURS.sub("", printed(events))
    # What bars draw is told by events.
    assert ran == "".join(line for line in alone.stdout.splitlines(True) if ":--" not in line)
    status = {"ok": 0, "failed": alone.returncode or -1}[ended(events).status]
    assert status == alone.returncode, events
