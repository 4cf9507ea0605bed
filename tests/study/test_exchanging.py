"""Export and import as the shell calls them, on the shipped content and a real journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.study.exchanging import export, take

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def desk_in(folder: Path) -> Desk:
    return Desk(Directories(folder / "data", folder / "config", folder / "cache"), Settings())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "one") as desk:
        desk.library.refresh()
        for place, record in enumerate(desk.records()[:12]):
            for again, grade in enumerate((3, 3, 1, 3)[: 1 + place % 4]):
                now = NOW + timedelta(days=place, minutes=7 * again)
                desk.ledger.grade(record.card, grade, now, retention=0.9, factor=None)
        yield desk


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "two") as desk:
        yield desk


def states(desk: Desk) -> dict[str, tuple[float, ...]]:
    found = desk.ledger.journal.states.all()
    return {
        card: (each.stability, each.difficulty, each.due_day, each.reps) for card, each in found
    }


@pytest.mark.parametrize("ending", ["apkg", "jsonl"])
def test_a_history_goes_out_and_comes_in_equal(
    desk: Desk, other: Desk, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    export(desk, path, NOW)
    taken = take(other, path, NOW + timedelta(days=60))
    assert taken.events > 0
    assert not taken.problems
    assert states(other) == states(desk)
    assert take(other, path, NOW + timedelta(days=60)).events == 0
    assert take(desk, path, NOW + timedelta(days=60)).events == 0


def test_one_track_goes_out_alone(desk: Desk, tmp_path: Path) -> None:
    entries = desk.library.entries
    track = entries[0].track
    cards = sum(
        len(entry.card_ids) + len(entry.exercise_ids) for entry in entries if entry.track == track
    )
    assert f" {cards} cards" in export(desk, tmp_path / "one.apkg", NOW, only=track).says
    with pytest.raises(StudyError, match="no track or article 'nope'"):
        export(desk, tmp_path / "one.apkg", NOW, only="nope")


def test_every_article_can_be_a_notebook(desk: Desk, tmp_path: Path) -> None:
    for entry in desk.library.entries:
        path = tmp_path / f"{entry.id}.ipynb"
        export(desk, path, NOW, only=entry.id)
        kinds = [cell["cell_type"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
        assert kinds.count("code") >= 1


def test_broken_lines_are_told_and_the_others_taken(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    export(desk, path, NOW)
    lines = path.read_bytes().splitlines()
    lines[1:1] = [b"{}", b"\xff", b"not json"]
    path.write_bytes(b"\n".join(lines))
    taken = take(other, path, NOW + timedelta(days=60))
    assert [problem.split(":")[1] for problem in taken.problems] == ["2", "3", "4"]
    assert states(other) == states(desk)


@pytest.mark.parametrize("name", ["x.docx", "x"])
def test_an_unknown_format_is_told(desk: Desk, tmp_path: Path, name: str) -> None:
    with pytest.raises(StudyError, match="what format"):
        export(desk, tmp_path / name, NOW)
    with pytest.raises(StudyError, match="what format"):
        take(desk, tmp_path / name, NOW + timedelta(days=60))


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    for name in ("x.apkg", "x.jsonl"):
        with pytest.raises(StudyError, match="cannot be written"):
            export(desk, tmp_path / "missing" / name, NOW)
