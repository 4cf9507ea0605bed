"""``due``, ``review``, ``replay``, ``doctor`` and ``sync`` from the shell."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studytui.memory.fsrs6 import Model
from studytui.memory.rating import Rating

ROOT = Path(__file__).parents[2]
NOON = 1_772_366_400_000  # 2026-03-01 12:00 UTC
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one small pack."""
    pack = tmp_path / "pack"
    (pack / "sums").mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'id = "sums"\ntitle = "Sums"\n[[tracks]]\nid = "sums"\ntitle = "Sums"\n'
    )
    cards = "".join(
        f"```{{card}} s-{number}\nkind: basic\nask: '{number} + 1?'\nanswer: '{number + 1}'\n```\n"
        for number in range(5)
    )
    (pack / "sums" / "sums.md").write_text(
        f"---\nid: sums\ntitle: Sums\ntrack: sums\n---\n# Sums\n\nAdd.\n\n{cards}"
    )
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(
        f'packs = ["{pack}"]\n[review]\nnew_from = "all"\nterms = true\n'
    )
    return home


def studytui(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studytui", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "STUDYTUI_HOME": str(home)},
        cwd=ROOT,
        check=False,
    )


def test_due_review_doctor_and_sync(home: Path, tmp_path: Path) -> None:
    before = json.loads(studytui(home, "due", "--track", "sums", "--json").stdout)
    assert (before["total"], before["new"]) == (5, 5)
    done = studytui(home, "review", "--track", "sums", typed="\n4\n\n1\nq\n")
    assert done.returncode == 0, done.stderr
    assert "saved: s-0 easy" in done.stdout
    assert "\x1b" not in done.stdout
    after = json.loads(studytui(home, "due", "--track", "sums", "--json").stdout)
    assert (after["new"], after["learning"]) == (3, 1)
    health = studytui(home, "doctor", "--json")
    assert health.returncode == 0
    assert json.loads(health.stdout)["events"] == 2
    assert len(json.loads(health.stdout)["backups"]) == 1
    shared = tmp_path / "shared"
    shared.mkdir()
    assert studytui(home, "sync", str(shared)).stdout == "2 events written, 0 taken\n"
    # Nobody is there to be asked whether the folder is one's own.
    refused = studytui(tmp_path / "other", "sync", str(shared))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "2 events" in refused.stderr
    assert "studytui sync FOLDER --accept" in refused.stderr
    other = studytui(tmp_path / "other", "sync", str(shared), "--json", "--accept")
    told = {"written": 0, "taken": 2, "problems": [], "strangers": []}
    told |= {"own": 0, "own_problems": []}
    assert json.loads(other.stdout) == told


def test_nothing_due_exits_1(home: Path) -> None:
    studytui(home, "review", "--track", "sums", typed="\n4\n" * 5)
    done = studytui(home, "due", "--track", "sums")
    assert (done.returncode, done.stdout) == (1, "nothing is due\n")


def test_a_suspended_card_is_listed_and_taken_back(home: Path) -> None:
    studytui(home, "review", "--track", "sums", typed="\ns\nq\n")
    assert studytui(home, "due", "--suspended").stdout == "s-0\n"
    assert studytui(home, "review", "--unsuspend", "s-0").stdout == "s-0 comes again\n"
    assert studytui(home, "due", "--suspended", "--json").stdout == "[]\n"
    assert studytui(home, "review", "--unsuspend", "s-0").returncode == 2


def test_doctor_explains_the_settings(home: Path) -> None:
    done = studytui(home, "doctor", "--settings")
    assert "#rollover_hour = 4" in done.stdout
    assert str(home / "config" / "settings.toml") in done.stdout


def test_errors_exit_2_and_say_what_to_do(home: Path) -> None:
    unknown = studytui(home, "review", "--track", "sum")
    assert unknown.returncode == 2
    assert "there is no track sum" in unknown.stderr
    assert "Tracks:" in unknown.stderr
    missing = studytui(home, "sync", str(home / "nowhere"))
    assert missing.returncode == 2
    assert "there is no such folder" in missing.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no read-only folders of this kind")
def test_a_read_only_home_is_told_and_nothing_is_lost(home: Path) -> None:
    studytui(home, "review", "--track", "sums", typed="\n4\n\n4\n")
    for verb in ("review", "due"):
        done = read_only(home, verb)
        assert done.returncode == 2
        assert "the journal cannot be written" in done.stderr
        assert "STUDYTUI_HOME" in done.stderr
    doctor = read_only(home, "doctor")
    assert doctor.returncode == 1
    assert "2 events" in doctor.stdout
    assert "nothing can be kept" in doctor.stdout
    assert "something is wrong" in doctor.stdout
    assert json.loads(studytui(home, "doctor", "--json").stdout)["events"] == 2


def read_only(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run with a home that cannot be written: by its mode, or for root by a read-only mount."""
    program = [sys.executable, "-m", "studytui", *arguments]
    if os.geteuid() == 0:
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        program = ["unshare", "-m", "sh", "-c", mount, str(home), *program]
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
            pytest.skip("root may write everywhere, and may not mount here")
    folders = [home / "data", home / "cache", home]
    for folder in folders:
        folder.chmod(0o500)
    try:
        return subprocess.run(
            program,
            capture_output=True,
            text=True,
            env={**ENVIRONMENT, "STUDYTUI_HOME": str(home)},
            cwd=ROOT,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_doctor_repairs_a_cut_journal(home: Path) -> None:
    studytui(home, "review", "--track", "sums", typed="\n4\n" * 5)
    journal = home / "data" / "journal.db"
    journal.write_bytes(journal.read_bytes()[:9000])
    refused = studytui(home, "due")
    assert refused.returncode == 2
    assert "studytui doctor --repair" in refused.stderr
    assert studytui(home, "doctor").returncode == 1
    mended = studytui(home, "doctor", "--repair")
    assert mended.returncode == 0, mended.stderr
    assert "all is well" in mended.stdout
    assert json.loads(studytui(home, "doctor", "--json").stdout)["events"] == 5


def test_ctrl_c_in_a_review_keeps_every_grade(home: Path) -> None:
    terminal, theirs = pty.openpty()
    review = subprocess.Popen(
        [sys.executable, "-m", "studytui", "review", "--track", "sums"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**ENVIRONMENT, "STUDYTUI_HOME": str(home)},
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    deadline = time.monotonic() + 60
    os.write(terminal, b"\n3\n\n4\n")
    while seen.count(b"saved:") < 2 or not seen.rstrip().endswith(b"answer)"):
        assert time.monotonic() < deadline, seen
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536)
    review.send_signal(signal.SIGINT)
    assert review.wait(60) == 130
    os.close(terminal)
    assert json.loads(studytui(home, "doctor", "--json").stdout)["events"] == 2


def test_replay_of_a_file(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "card_id,rating,review_time\n"
        f"b,3,{NOON}\na,4,{NOON}\nb,3,{NOON + 600_000}\nb,3,{NOON + 2 * 86_400_000}\n"
    )
    done = studytui(home, "replay", str(log), "--json", "--timezone", "Europe/Berlin")
    first, second = json.loads(done.stdout)
    model = Model()
    stability, difficulty = model.next(
        *model.next(*model.first(Rating.GOOD), 0, Rating.GOOD), 2, Rating.GOOD
    )
    assert first["card_id"] == "b"
    assert first["stability"] == pytest.approx(stability, rel=1e-12)
    assert first["difficulty"] == pytest.approx(difficulty, rel=1e-12)
    assert first["state"] == "review"
    assert (second["card_id"], second["due_day"]) == ("a", "2026-03-09")
    plain = studytui(home, "replay", str(log)).stdout
    assert plain.startswith("b  ")
    assert "due 2026-03-09  review" in plain


def test_replay_takes_parameters_timezone_and_rollover(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(
        f'{{"card_id": 1, "rating": 4, "review_time": {NOON}}}\n'
        f'{{"card_id": 1, "rating": 3, "review_time": {NOON + 15 * 3_600_000}}}\n'
    )
    ours = [str(value + 0.001 * (place < 4)) for place, value in enumerate(Model().parameters)]
    fitted = tmp_path / "fitted.json"
    fitted.write_text(f"[{','.join(ours)}]")

    def stability(*options: str) -> float:
        done = studytui(home, "replay", str(log), "--json", *options)
        assert done.returncode == 0, done.stderr
        return float(json.loads(done.stdout)[0]["stability"])

    same_day = stability("--timezone", "UTC")
    next_day = stability("--timezone", "UTC", "--rollover", "2")
    assert stability("--timezone", "Asia/Tokyo") == next_day != same_day
    by_list = stability("--timezone", "UTC", "--parameters", ",".join(ours))
    assert by_list == stability("--timezone", "UTC", "--parameters", str(fitted)) != same_day
    for wrong, message in (
        (("--parameters", "1,2"), "where FSRS-6 has 21"),
        (("--parameters", "x"), "not parameters"),
        (("--timezone", "Mars"), "unknown time zone"),
    ):
        refused = studytui(home, "replay", str(log), *wrong)
        assert refused.returncode == 2
        assert message in refused.stderr


def test_cards_are_listed_chosen_and_changed(home: Path) -> None:
    assert studytui(home, "review", "--track", "sums", typed="\n4\nq\n").returncode == 0
    listed = json.loads(studytui(home, "cards", "article:sums", "--json").stdout)
    assert {row["standing"] for row in listed} == {"new", "review"}
    met = next(row["card"] for row in listed if row["standing"] == "review")
    assert "1 of 1 cards changed" in studytui(home, "cards", met, "--due", "2026-03-09").stdout
    assert "2026-03-09" in studytui(home, "cards", met).stdout
    assert "1 of 5 cards changed" in studytui(home, "cards", "article:sums", "--reset").stdout
    refused = studytui(home, "cards", "--suspend")
    assert refused.returncode == 2
    assert "nothing says which cards" in refused.stderr
    assert "is no day" in studytui(home, "cards", met, "--due", "soon").stderr
    assert "Known: " in studytui(home, "cards", "is:late").stderr
