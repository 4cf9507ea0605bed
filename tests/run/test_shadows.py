"""No file of a pack takes the place of a module that others import, nor runs unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studytui.library.lint.pack import lint, read_all
from tests.run.conftest import END, Bench, ended, printed
from tests.run.test_command import call

NAMES = (
    "socketserver", "timeit", "fractions", "platform", "unittest", "numpy", "statistics", "queue",
    "html", "http", "typer", "rich", "tqdm", "torch", "matplotlib", "sitecustomize", "secrets",
    "colorsys", "bisect", "csv",
)  # fmt: skip
SOURCE = """
import http.server, statistics, fractions, platform, timeit, unittest, html, colorsys, csv
def main(n: int = 1):
    print("own")
"""


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_twenty_files_with_names_of_the_library_run_nothing(
    bench: Bench, cold: Callable[[], Bench], warm: bool
) -> None:
    used = bench if warm else cold()
    for name in NAMES:
        (used.folder / f"{name}.py").write_text("print('PWNED')\n")
    events = used.run(SOURCE)
    assert printed(events) == "own\n", printed(events, "err")
    assert ended(events).status == "ok"


def test_a_foreign_pack_with_all_of_them_is_shown_whole_and_runs_nothing_else(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "pack" / "snippets" / "track"
    folder.mkdir(parents=True)
    (tmp_path / "pack" / "pack.toml").write_text('id = "foreign"\ntitle = "Foreign"\n')
    (folder / "mine.py").write_text(SOURCE + END)
    for name in NAMES:
        (folder / f"{name}.py").write_text(f"print('PWNED by {name}')\n")
    settings = tmp_path / "home" / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"packs = ['{tmp_path / 'pack'}']\n")
    assert call(tmp_path, "run", "mine").returncode == 2
    shown = call(tmp_path, "trust", "mine", "--yes").stdout
    assert {line.rpartition("/")[2] for line in shown.splitlines() if line.startswith("# /")} == {
        f"{name}.py" for name in ("mine", *NAMES)
    }
    ran = call(tmp_path, "run", "mine")
    assert (ran.stdout, ran.returncode) == ("own\n", 0)
    assert "PWNED" not in ran.stderr
    (folder / "random.py").write_text("print('PWNED, and never shown')\n")
    refused = call(tmp_path, "run", "mine")
    assert (refused.stdout, refused.returncode) == ("", 2)
    assert "is not trusted" in refused.stderr


def test_check_refuses_them(tmp_path: Path) -> None:
    folder = tmp_path / "snippets" / "track"
    folder.mkdir(parents=True)
    (tmp_path / "pack.toml").write_text('id = "p"\ntitle = "P"\n')
    for name in ("platform.py", "numpy.py", "_helper.py", "mine.py"):
        (folder / name).write_text("def main(): pass\n")
    (folder / "json").mkdir()
    problems = [
        problem for problem in lint(read_all(tmp_path)) if "name of a module" in problem.what
    ]
    assert [problem.path.name for problem in problems] == ["json", "numpy.py", "platform.py"]
