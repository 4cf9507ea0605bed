from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.library.writing import notes


def studytui(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {"STUDYTUI_HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "studytui", *arguments],
        capture_output=True,
        text=True,
        env=plain | environment,
        check=False,
    )


def test_check_tells_every_problem_and_fails(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one=":::{nota}\nx\n:::\n\n[x](#nowhere)\n")
    done = studytui("check", str(root), home=tmp_path)
    assert done.returncode == 1
    assert f"{root}/notes/one.md:6: unknown directive {{nota}} (did you mean note?)" in done.stdout
    assert done.stdout.endswith("2 problems\n")
    assert done.stderr == ""


def test_check_as_json(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="[x](#nowhere)\n")
    done = studytui("check", str(root), "--json", home=tmp_path)
    (problem,) = map(json.loads, done.stdout.splitlines())
    assert (problem["line"], problem["path"]) == (6, str(root / "notes" / "one.md"))


def test_new_things_pass_the_check(tmp_path: Path) -> None:
    root = tmp_path / "my-pack"
    assert studytui("new", "pack", str(root), home=tmp_path).returncode == 0
    assert (
        studytui("new", "article", "deep/one", "--pack", str(root), home=tmp_path).returncode == 0
    )
    done = studytui("check", str(root), home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "no problems\n")


def test_verify_fails_when_anything_does(tmp_path: Path) -> None:
    card = "```{card} c-one\nkind: number\nask: A?\nanswer: '1/0'\n```\n"
    root = notes(tmp_path / "mine", one=card)
    done = studytui("verify", "--pack", str(root), "--json", home=tmp_path)
    assert done.returncode == 1
    finding = json.loads(done.stdout)
    assert (finding["ok"], finding["name"], finding["line"]) == (False, "c-one", 6)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT of this kind")
def test_ctrl_c_says_how_far_a_verification_came(tmp_path: Path) -> None:
    endless = "```{card} c-two\nkind: output\ncode: |\n  import time; time.sleep(4)\n```\n"
    quick = "```{card} c-one\nkind: number\nask: A?\nanswer: '1 + 1'\n```\n"
    root = notes(tmp_path / "mine", one=f"{quick}\n{endless}")
    with subprocess.Popen(
        [sys.executable, "-m", "studytui", "verify", "--trust", "--pack", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"STUDYTUI_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    ) as verify:
        assert verify.stdout is not None
        assert verify.stderr is not None
        assert "c-one" in verify.stdout.readline()
        verify.send_signal(signal.SIGINT)
        said = verify.stderr.read()
        # Python 3.11 dies of the signal itself if it comes while a dataclass is being made; a shell
        # calls both 130.
        assert verify.wait(60) in (130, -signal.SIGINT)
    assert re.fullmatch(r"stopped: at [012] of 2 things; so far 1 findings hold and 0 fail\n", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "/nowhere"),
        ("verify", "--pack", "/nowhere"),
        ("new", "article", "a/b", "--pack", "/"),
    ],
)
def test_mistakes_get_a_clear_message(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = studytui(*arguments, home=tmp_path)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "pack" in done.stdout + done.stderr


def test_search_finds_and_says_when_it_does_not(tmp_path: Path) -> None:
    done = studytui("search", "gradient", "--json", "--limit", "2", home=tmp_path)
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(hits) == 2
    assert Path(hits[0]["path"]).is_file()
    assert "\x1b" not in done.stdout
    done = studytui("search", "zzyzzx", home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "nothing found\n")


@pytest.mark.skipif(sys.platform != "linux", reason="has no /dev/full")
def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    begin = f"STUDYTUI_HOME={tmp_path} {sys.executable} -m studytui read autograd"
    closed = subprocess.run(["sh", "-c", f"{begin} >&-"], capture_output=True, check=False)
    assert (closed.returncode, closed.stderr) == (0, b"")
    full = subprocess.run(["sh", "-c", f"{begin} >/dev/full"], capture_output=True, check=False)
    assert full.returncode == 2
    assert full.stderr == b"studytui: the output cannot be written: the disk is full\n"


def test_a_terminal_without_these_characters_shows_question_marks(tmp_path: Path) -> None:
    done = studytui("read", "autograd", home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\n  ?????" in done.stdout
