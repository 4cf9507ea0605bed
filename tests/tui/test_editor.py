"""A file written in place, where no editor can be opened upon the interface."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.study.questions import Place
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.code_area import SourceArea
from tests.left_open import closed_behind
from tests.tui.waiting import until

TEXT = "def f(x):\n    return x\n"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_typed_is_on_the_disk_and_escape_goes_on(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "draft.py"
    path.write_text(TEXT)
    where = Directories(tmp_path / "d", tmp_path / "c", tmp_path / "x")
    desk = closed_behind(Desk(where, Settings()))
    app = StudyApp(desk=desk)
    gone_on: list[str] = []
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        screen = EditorScreen(app.palette, Place(path, 2), TEXT)
        app.push_screen(screen, lambda _: gone_on.append(path.read_text()))
        await until(pilot, lambda: screen.is_mounted and screen.query(SourceArea))
        await until(pilot, lambda: screen.query_one(SourceArea).has_focus)
        await pilot.press("#", "q")
        await until(pilot, lambda: path.read_text() == "def f(x):\n#q    return x\n")
        await pilot.press("escape")
        await until(pilot, lambda: gone_on)
    assert gone_on == ["def f(x):\n#q    return x\n"]
    assert list(tmp_path.glob("*.new")) == []
    desk.close()
