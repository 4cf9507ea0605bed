"""Cards as a reader will meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.library.layout.sheet import printed
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.study.preview import drawn, preview
from tests.library.writing import article, write_pack

BODY = """Word {restored}`lost`, **{restored}`$x^2$`** and $y$.

```{card} c-number
kind: number
ask: "What is {{n}} + {{n}}?"
answer: "n + n"
fresh: {n: {integers: [100, 900]}}
```

```{card} c-gaps
kind: cloze
text: "{{c1::One}} and {{c2::two}}."
```

```{card} c-output
kind: output
code: |
  print(6 * 7)
```
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    text = article("one", BODY, more="translated_from: zh\n")
    root = write_pack(tmp_path / "mine", {"notes/one": text})
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    return Desk(where, Settings(packs=(str(root),)))


def test_numbers_are_drawn_some_times_and_gaps_each_once(desk: Desk) -> None:
    with desk:
        desk.library.refresh()
        numbers = list(preview(desk, "c-number", 3))
        gaps = list(preview(desk, "c-gaps", 3))
        (second,) = preview(desk, "c-gaps/c2", 3)
    prompts = {each.question.prompt for each in numbers}
    assert len(prompts) == 3
    assert not any("{{" in prompt for prompt in prompts)
    assert all(each.answer.startswith("**") for each in numbers)
    assert [each.question.card for each in gaps] == ["c-gaps/c1", "c-gaps/c2"]
    assert second.question.card == "c-gaps/c2"


def test_what_cannot_be_shown(desk: Desk) -> None:
    with desk:
        desk.library.refresh()
        with pytest.raises(StudyError, match="there is no card 'c-gone'"):
            list(preview(desk, "c-gone", 1))
        with pytest.raises(StudyError, match="did not come with studytui"):
            list(preview(desk, "c-output", 1))


def test_a_printed_article_has_drawn_numbers_and_marks_what_was_restored(desk: Desk) -> None:
    with desk:
        desk.library.refresh()
        page = "\n".join(printed(drawn(desk.library.article("one")), 80, colour=False))
    assert "Word ┊lost┊, ┊x²┊ and y." in page
    assert "{{" not in page
    assert "What is " in page
