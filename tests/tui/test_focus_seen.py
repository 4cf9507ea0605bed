"""What has the focus is seen, also without colours: by the shape of its edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.settings import Settings
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.live_block import LiveBlock
from tests.asked import EVERY_CARD
from tests.tui.painted_screen import painted
from tests.tui.reading import make_desk, reader_at
from tests.tui.studio import make_pack
from tests.tui.waiting import all_answered, on_screen


async def test_one_block_of_several_on_the_screen_stands_out_without_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with make_desk(tmp_path, Settings(review=EVERY_CARD), make_pack(tmp_path / "lab")) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await reader_at(pilot, CardPanel)
            for key in ("right_curly_bracket", "enter"):  # the block, then a field in it
                await pilot.press(key)
                await all_answered(pilot, app)
                page = on_screen(app, ReaderScreen).page
                strips = painted(app)
                blocks = [each for each, _, _ in page.on_screen() if isinstance(each, LiveBlock)]
                edges = {
                    each: strips[max(each.region.y, page.region.y)].text[each.region.x]
                    for each in blocks
                }
                assert len(blocks) > 2
                (focused,) = [each for each in blocks if each.has_focus_within]
                assert [each for each in blocks if edges[each] == edges[focused]] == [focused]
