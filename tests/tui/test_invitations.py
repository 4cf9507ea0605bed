"""Where an answer goes it says what is wanted: an empty field is not five blank rows."""

from __future__ import annotations

from pathlib import Path

from studytui.settings import Settings
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from tests.asked import EVERY_CARD
from tests.tui.painted_screen import painted
from tests.tui.reading import make_desk
from tests.tui.studio import make_pack
from tests.tui.waiting import all_answered, on_screen, until

INVITED = {
    "count-sum": "a number or an expression",
    "count-form": "your answer, as maths",
    "count-print": "what it prints, line by line",
    "count-order": "two",
    "count-pick": "Four",
}
"""What stands in the place of the answer; of two, what is chosen or put in order."""


async def test_the_place_of_each_answer_says_what_goes_there(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "lab")
    with make_desk(tmp_path, Settings(review=EVERY_CARD), pack) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            screen = on_screen(app, ReviewScreen)
            missed = dict(INVITED)
            while screen.shown is not None:
                await all_answered(pilot, app)
                place = screen.view.query_one("#answer-field").region
                strips = painted(app)
                told = "\n".join(each.text for each in strips[place.y : place.bottom])
                if missed.get(screen.shown.record.card, "\0") in told:
                    del missed[screen.shown.record.card]
                await screen.action_bury()
            assert missed == {}
