"""``equal`` and ``derive`` as a shell has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def studytui(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studytui", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "STUDYTUI_HOME": str(home)},
    )


def test_equal_says_its_verdict_and_exits_by_it(tmp_path: Path) -> None:
    proved = studytui(tmp_path, "equal", "sqrt(x^2)", "x", "--assume", "x=positive", "--json")
    assert proved.returncode == 0
    assert json.loads(proved.stdout)["verdict"] == "proved"
    refuted = studytui(tmp_path, "equal", "p", "1 - p", "--assume", "p=0<p<1")
    assert refuted.returncode == 1
    assert refuted.stdout.startswith("refuted: at p = ")
    unclear = studytui(tmp_path, "equal", "1/2y", "y/2")
    assert unclear.returncode == 2
    assert "two readings" in unclear.stdout


def test_equal_names_the_mistake_in_what_was_written(tmp_path: Path) -> None:
    known = ("--assume", "a=positive", "--assume", "b=positive", "--explain")
    told = studytui(tmp_path, "equal", "log(a + b)", "log(a) + log(b)", *known)
    assert told.returncode == 1
    _, title, law = told.stdout.splitlines()
    assert title == "mistake: The logarithm of a sum taken apart"
    assert law.startswith("You took the log of a sum apart: log(a b) = log a + log b")
    data = json.loads(studytui(tmp_path, "equal", "a*b", "a*b + 7", *known, "--json").stdout)
    assert (data["verdict"], data["mistakes"]) == ("refuted", [])


def test_a_batch_streams_json_lines(tmp_path: Path) -> None:
    given = '{"id": "\\ud800", "a": "x", "b": "x"}\n{{{\n{"id": "b", "a": "x", "b": "y"}\n'
    ran = studytui(tmp_path, "equal", "--batch", "-", given=given)
    assert ran.returncode == 0
    verdicts = [json.loads(line)["verdict"] for line in ran.stdout.splitlines()]
    assert verdicts == ["proved", "error", "refuted"]


def test_a_derivation_can_be_worked_in_a_pipe(tmp_path: Path) -> None:
    shown = studytui(tmp_path, "derive", "adam-sign-step", "--show")
    assert shown.returncode == 0
    lines = "?\n-eta\n-eta * g / abs(g)\n-eta * sign(g)\n"
    ran = studytui(tmp_path, "derive", "adam-sign-step", given=lines)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    answers = ran.stdout.splitlines()[-4:]
    assert [answer.split()[0] for answer in answers] == ["hint", "no", "ok", "done"]
    given_up = studytui(tmp_path, "derive", "adam-sign-step", given="q\n")
    assert given_up.returncode == 1


def test_an_unknown_derivation_is_told(tmp_path: Path) -> None:
    ran = studytui(tmp_path, "derive", "no-such-thing")
    assert ran.returncode == 2
    assert "there is no derivation" in ran.stderr
