"""``studytui run`` and ``studytui trust`` as a person calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.run.events import Ended, Figure, Output, Table, from_json
from tests.run.conftest import END

SOURCE = """'''Print, draw and tabulate.'''
import sys, time
import matplotlib.pyplot as plt
from rich.console import Console
from rich.table import Table
def main(n: int = 1, wait: float = 0.0):
    print("\\x1b[31mred\\x1b[0m", n, flush=True)
    time.sleep(wait)
    table = Table("n", "名")
    table.add_row(str(n), "中文")
    Console().print(table)
    plt.plot([n]); plt.title("A line"); plt.show()
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "sample.py"
    path.write_text(SOURCE + END, encoding="utf-8")
    return path


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "studytui", *words]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "STUDYTUI_HOME": str(home / "home"), "PYTHONIOENCODING": "utf-8"}


def call(home: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(home, *words),
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        input=said,
        timeout=60,
    )


def test_run_prints_plain_text_into_a_pipe(tmp_path: Path, script: Path) -> None:
    answer = call(tmp_path, "run", str(script), "--n", "5")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert lines[:4] == ["red 5", "n  名", "-  ----", "5  中文"]
    title, _, path = lines[4].partition(": ")
    assert title == "A line"
    assert Path(path).read_bytes().startswith(b"\x89PNG")
    assert answer.stderr.startswith("ok: ")


def test_run_as_json_is_events(tmp_path: Path, script: Path) -> None:
    answer = call(tmp_path, "run", str(script), "--n=6", "--json", "--device", "cpu")
    events = [from_json(line) for line in answer.stdout.splitlines()]
    kinds = {type(event) for event in events}
    assert {Output, Table, Figure, Ended} <= kinds
    assert json.loads(answer.stdout.splitlines()[0])["parameters"] == {"n": "6", "wait": "0.0"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--m", "5"], "has no parameter 'm'\nIt takes --n, --wait."),
        (["--n", "five"], "n cannot be 'five'\nIt is a whole number."),
        (["--device", "tpu"], "'tpu' is no device\nChoose auto or one of: "),
        (["--max-memory", "much"], "'much' is no size\n"),
        (["--on", "pbs"], "'pbs' is no scheduler known here\n"),
    ],
)
def test_what_does_not_fit_is_told(
    tmp_path: Path, script: Path, words: list[str], told: str
) -> None:
    answer = call(tmp_path, "run", str(script), *words)
    assert answer.returncode == 2
    assert told in answer.stderr
    assert answer.stdout == ""


def test_a_limit_is_met_and_shown_by_the_status(tmp_path: Path, script: Path) -> None:
    answer = call(tmp_path, "run", str(script), "--wait", "60", "--max-seconds", "3")
    assert answer.returncode == 124
    assert "timeout (it ran for more than 3 s)" in answer.stderr


def test_ctrl_c_stops_the_run(tmp_path: Path, script: Path) -> None:
    with subprocess.Popen(
        command(tmp_path, "run", str(script), "--wait", "600"),
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "red 1\n"
        process.send_signal(signal.SIGINT)
        assert "stopped (it was interrupted)" in process.stderr.read()
        assert process.wait(60) == 130


def test_lists_and_helps(tmp_path: Path, script: Path) -> None:
    listed = call(tmp_path, "run", "--list").stdout
    assert "optimisation/adam_adamw\tAdam and AdamW written out" in listed
    helped = call(tmp_path, "run", str(script), "--help").stdout
    assert helped.startswith("Print, draw and tabulate.\n")
    assert "  --n                  integer, default 1." in helped
    assert "--max-memory" in call(tmp_path, "run").stdout


def test_a_copy_is_edited_run_compared_and_given_up(
    tmp_path: Path, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(script)
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib; p = pathlib.Path(sys.argv[1]);"
        "p.write_text(p.read_text().replace('n: int = 1', 'n: int = 9, more: int = 0'))"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {editor}")
    changed = call(tmp_path, "run", name, "--edit").stdout
    assert "+def main(n: int = 9, more: int = 0, wait: float = 0.0):" in changed
    assert call(tmp_path, "run", name, "--diff").stdout == changed
    assert call(tmp_path, "run", name, "--edited", "--more", "2").stdout.startswith("red 9\n")
    again = call(tmp_path, "run", name, "--last")
    assert again.stdout.startswith("red 9\n")
    assert "the snippet has changed since" in again.stderr
    assert "your copy is now" in call(tmp_path, "run", name, "--original").stdout
    assert "there is no copy" in call(tmp_path, "run", name, "--diff").stderr


def test_trust_shows_the_code_and_asks(tmp_path: Path) -> None:
    folder = tmp_path / "pack" / "snippets" / "track"
    folder.mkdir(parents=True)
    (tmp_path / "pack" / "pack.toml").write_text('id = "mine"\ntitle = "Mine"\n')
    (folder / "say.py").write_text("def main(n: int = 1): print('said', n)\n" + END)
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text(f"packs = [{json.dumps(str(tmp_path / 'pack'))}]\n")
    refused = call(tmp_path, "run", "say")
    assert refused.returncode == 2
    assert "studytui trust track/say" in refused.stderr
    declined = call(tmp_path, "trust", "say", said="n\n")
    assert declined.returncode == 1
    assert "print('said', n)" in declined.stdout
    assert call(tmp_path, "trust", "say", "--yes").returncode == 0
    assert call(tmp_path, "run", "say").stdout == "said 1\n"
    assert call(tmp_path, "trust", "--list").stdout.startswith("mine:track/say\t")
    assert call(tmp_path, "trust", "say", "--revoke").returncode == 0
    assert call(tmp_path, "run", "say").returncode == 2


STEERING = "\\x1b]52;c;cHduZWQ=\\x07\\x1b[2J\\x9b2J\\u202e"
HOSTILE = f"""\'\'\'Say {STEERING} something.\'\'\'
from typing import Annotated
import typer
def main(word: Annotated[str, typer.Option(help="{STEERING}")] = "{STEERING}"):
    print("{STEERING}")
    raise ExceptionGroup("{STEERING}", [ValueError("{STEERING}")])
"""


@pytest.mark.parametrize("words", [["--help"], [], ["--word", "x"], ["--last"], ["--json"]])
def test_nothing_of_a_snippet_steers_the_terminal(tmp_path: Path, words: list[str]) -> None:
    path = tmp_path / "hostile.py"
    path.write_text(HOSTILE + END, encoding="utf-8")
    answer = call(tmp_path, "run", str(path), *words)
    said = answer.stdout + answer.stderr
    assert said
    assert not set(said) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_nothing_of_a_pack_that_nobody_trusts_steers_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "pack" / "snippets" / "track"
    folder.mkdir(parents=True)
    (tmp_path / "pack" / "pack.toml").write_text('id = "evil"\ntitle = "a\\u001b[2Jb"\n')
    (folder / "hostile.py").write_text(HOSTILE + END, encoding="utf-8")
    settings = tmp_path / "home" / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"packs = ['{tmp_path / 'pack'}']\n")
    for words in (["--list"], ["hostile", "--help"], ["hostile"], ["nowhere\x1b[2J"]):
        answer = call(tmp_path, "run", *words)
        said = answer.stdout + answer.stderr
        assert said
        assert not set(said) & {"\x1b", "\x07", "\x9b", "\u202e"}, words
