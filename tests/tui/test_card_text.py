"""Pictures stand in the card where its text has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from studytui.cards.question import AnswerField, Question
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.block_picture import BlockPicture
from studytui.tui.widgets.card_text import CardText
from studytui.tui.widgets.fragment import Fragment
from tests.tui.studio import make_desk
from tests.tui.test_review import review
from tests.tui.waiting import until

PROMPT = "Which curve?\n\n![left](media/a.png)\n\nAnd which\n\n![gone](media/b.png)\n\nis it?"


async def test_a_picture_stands_between_its_words_and_goes_with_them(tmp_path: Path) -> None:
    with make_desk(tmp_path) as desk:
        media = tmp_path / "lab" / "things" / "media"
        media.mkdir()
        Image.new("RGB", (40, 20), "red").save(media / "a.png")
        app = StudyApp(desk.settings, desk=desk, terminal_is_dark=True)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await review(pilot, app)
            question = Question(
                card="count-why", prompt=PROMPT, field=AnswerField.COMPARED, answer="The left."
            )
            await screen.view.pose(question)
            prompt = screen.view.query_one("#prompt", CardText)
            await until(pilot, lambda: prompt.query(BlockPicture))
            first, picture, rest = prompt.children
            assert isinstance(first, Fragment)
            assert first.markdown.strip() == "Which curve?"
            assert isinstance(picture, BlockPicture)
            assert isinstance(rest, Fragment)
            # A file that is not there stays in the text, as the words for it.
            assert "![gone]" in rest.markdown
            await until(pilot, lambda: first.region.y < picture.region.y < rest.region.y)
            assert picture.region.height > 3
            await screen.view.pose(replace(question, prompt="Plain."))
            await until(pilot, lambda: len(prompt.children) == 1)
