"""The reader answers its keys, keeps its place, follows links, finds and copies."""

import shutil
from pathlib import Path

import pytest
from textual.geometry import Region

from studytui.store.events import ReadingPlace
from studytui.tui.screens.claims import ClaimsScreen
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.contents import Contents
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.mounting import MOST_WIDGETS
from studytui.tui.widgets.prose import Prose
from tests.present import present
from tests.tui.reading import PACK, make_app, make_desk, opened
from tests.tui.waiting import ClockedApp, HearingApp, idle, page_at_rest, read_through, until


def top_text(reader: ReaderScreen) -> str:
    """The words on the first lines of the screen."""
    widget, first, last = reader.page.on_screen()[0]
    assert isinstance(widget, Prose)
    return " ".join(widget.laid.line(y).text.strip() for y in range(first, min(last, first + 4)))


async def test_moving_by_keys(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        page = reader.page
        assert page.scroll_y == 0
        await pilot.press("j", "j", "k")
        assert page.scroll_y == 1
        await pilot.press("space")
        await until(pilot, lambda: page.scroll_y == 1 + page.size.height - 2)
        await pilot.press("b")
        assert page.scroll_y == 1
        await pilot.press("d")
        assert page.scroll_y > 5
        await pilot.press("ctrl+u", "g")
        await until(pilot, lambda: page.scroll_y == 0)
        await pilot.press("G")
        await until(pilot, lambda: page.scroll_y == page.max_scroll_y > 200)
        await pilot.press("g", "right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: "Section 2" in top_text(reader))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "Section 1" in top_text(reader))


async def test_text_is_laid_out_as_wide_as_it_is_shown(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        for _ in range(8):
            await pilot.press("space")
            await page_at_rest(pilot, reader)
            for widget, first, last in reader.page.on_screen():
                assert isinstance(widget, Prose)
                assert widget.laid.width == widget.size.width
                assert not any("›" in widget.render_line(y).text for y in range(first, last))


async def test_resizing_keeps_the_place(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        reader = await opened(pilot, "long")
        reader.page.go(present(reader.document).contents[21].spot)
        await until(pilot, lambda: "Section 21" in top_text(reader))
        for size in ((60, 20), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await page_at_rest(pilot, reader)
            assert "Section 21" in top_text(reader)


async def test_the_place_is_kept_and_found_again(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        reader.page.go(present(reader.document).contents[10].spot)
        await page_at_rest(pilot, reader)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await idle(pilot)
        place = app.desk.ledger.journal.latest(ReadingPlace.kind)["long"].body
        assert isinstance(place, ReadingPlace)
        assert 0.1 < place.fraction < 0.5
        reader = await opened(pilot, "long")
        assert "Section 10" in top_text(reader)


async def test_links_back_and_forward(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[0].spot)
        await page_at_rest(pilot, reader)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: present(reader.document).article.id == "scaling")
        await page_at_rest(pilot, reader)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: present(reader.document).article.id == "averages")
        await until(pilot, lambda: "What it holds" in top_text(reader))
        await pilot.press("backspace")
        await until(pilot, lambda: present(reader.document).article.id == "scaling")
        await pilot.press("alt+right")
        await until(pilot, lambda: present(reader.document).article.id == "averages")
        await until(pilot, lambda: "What it holds" in top_text(reader))


async def test_a_link_inside_the_article_goes_to_its_heading(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[0].spot)
        await page_at_rest(pilot, reader)
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: "Where it is used" in top_text(reader))


async def test_finding_words(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        await pilot.press("slash", *"item two", "enter")
        await page_at_rest(pilot, reader)
        bar = reader.query_one("#keys", KeyBar)
        assert bar.note == "2 of 40"
        await pilot.press("escape", "n")
        await until(pilot, lambda: bar.note == "3 of 40, esc clears")
        await pilot.press("N", "N")
        assert bar.note == "1 of 40, esc clears"
        words = [text for text, _ in _painted(reader) if "item two" in text]
        assert words
        await pilot.press("escape")
        assert bar.note == ""


def _painted(reader: ReaderScreen) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for widget, first, last in reader.page.on_screen():
        if isinstance(widget, Prose):
            found.extend(
                (s.text, s.style) for y in range(first, last) for s in widget.render_line(y)
            )
    return found


async def test_words_that_are_not_there(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        await pilot.press("slash", *"zebra")
        await until(pilot, lambda: reader.query_one("#keys", KeyBar).note == "not in this article")


def copies(app: StudyApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is given to copy; the clipboard of who runs the tests is let alone."""
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    monkeypatch.setattr("studytui.tui.clipboard.program", lambda environment: None)
    return copied


async def test_y_copies_formulas_as_tex_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    copied = copies(app, monkeypatch)
    async with app.run_test(size=(80, 40)) as pilot:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[1].spot)
        await page_at_rest(pilot, reader)
        await pilot.press("y", "y")
        assert copied[0] == r"m_t = (1 - \beta) \sum_{i=1}^{t} \beta^{t-i} g_i"
        assert copied[1] == r"\hat m_t = \frac{m_t}{1 - \beta^t}"


async def test_a_formula_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = HearingApp(desk=make_desk(tmp_path), terminal_is_dark=True)
    copied = copies(app, monkeypatch)
    async with app.run_test(size=(80, 40)) as pilot:
        reader = await opened(pilot, "averages")
        await pilot.press("y", "w")
        first = "m sub t equals open paren 1 minus beta close paren sum from i equals 1"
        assert copied[1].startswith(first), "the marked formula, in words"
        assert "\\" not in copied[1]
        await until(pilot, lambda: copied[1] in app.heard)
        await pilot.press("w")
        assert copied[2] != copied[1], "again: the next one"
        reader.page.marks.item = None
        await pilot.press("w")
        assert copied[3] == copied[1]


async def test_selected_words_are_copied_without_their_line_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    copied = copies(app, monkeypatch)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[0].spot)
        await page_at_rest(pilot, reader)
        widget, first, _ = reader.page.on_screen()[0]
        assert isinstance(widget, Prose)
        row = next(y for y in range(first, 20) if "A running" in widget.laid.line(y).text)
        await pilot.mouse_down(widget, offset=(2, row))
        await pilot.hover(widget, offset=(30, row + 1))
        await pilot.mouse_up(widget, offset=(30, row + 1))
        await pilot.press("ctrl+c")
        assert copied
        assert copied[0].startswith("A running average with rate β forgets exponentially.")
        assert "\n" not in copied[0]


async def test_a_wide_formula_is_moved_sideways(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(60, 24)) as pilot:
        reader = await opened(pilot, "scaling")
        before = "".join(text for text, _ in _painted(reader))
        await pilot.press("greater_than_sign")
        after = "".join(text for text, _ in _painted(reader))
        if "›" in before:
            assert before != after
        await pilot.press("less_than_sign")
        assert "".join(text for text, _ in _painted(reader)) == before


async def test_contents_beside_or_over_the_text(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        reader = await opened(pilot, "long")
        contents = reader.query_one(Contents)
        assert contents.display
        reader.page.go(present(reader.document).contents[7].spot)
        await until(pilot, lambda: contents.here == 7)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not contents.display)
        await pilot.press("t")
        await until(pilot, lambda: contents.display)
        assert contents.has_focus
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: not contents.display)
        assert "Section 9" in top_text(reader)


@pytest.mark.parametrize("count", [1, 30])
async def test_live_blocks_are_mounted_late_and_never_too_many(tmp_path: Path, count: int) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    path = pack / "notes" / "averages.md"
    text = path.read_text("utf-8")
    card = text[text.index("```{card} averages-why") : text.index("The last words")]
    prose = "Some prose.\n\nAnd more.\n\nAnd more of it.\n\n"
    more = [prose + card.replace("averages-why", f"averages-why-{n}") for n in range(count)]
    path.write_text(text + "".join(more), "utf-8")
    app = StudyApp(desk=make_desk(tmp_path, pack=pack), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        page = reader.page
        await page_at_rest(pilot, reader)
        assert len(page.mounted) < 20
        for _ in range(12):
            reader.action_scroll_pages(1.0)
            await page_at_rest(pilot, reader)
            assert len(page.mounted) <= MOST_WIDGETS
        await pilot.press("G")
        await until(pilot, lambda: page.scroll_y == page.max_scroll_y)


async def test_an_unknown_link_is_told_not_raised(tmp_path: Path) -> None:
    app = HearingApp(desk=make_desk(tmp_path), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        reader.open("no-such-article")
        reader.open("averages", "no-such-heading")
        await until(pilot, lambda: len(app.heard) >= 2)
        assert present(reader.document).article.id == "averages"


async def test_an_article_read_to_its_end_stays_read(tmp_path: Path) -> None:
    app = ClockedApp(desk=make_desk(tmp_path), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await read_through(pilot, await opened(pilot, "long"))
        assert "long" in app.shelf.read
        await pilot.press("q")
        reader = await opened(pilot, "long")
        await pilot.press("g")
        await until(pilot, lambda: reader.page.scroll_y == 0)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await idle(pilot)
        assert "long" in app.shelf.read
        assert app.shelf.share("long") < 0.1


async def test_prose_that_was_just_taken_away_is_painted_empty(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        prose = reader.query(Prose).first()
        await prose.remove()
        assert [strip.text for strip in prose.render_lines(Region(0, 0, 3, 2))] == ["   ", "   "]


CLAIMED = """---
id: claimed
title: Claimed
track: notes
---
## First

Half of 6 is 3.

```{check}
says("3", 6 / 2)
```

```{card} claimed-card
kind: basic
ask: A?
answer: B.
```

```{check}
assert 1 < 2
```

## Second

Nothing.
"""


async def test_the_hidden_checks_of_a_section_are_shown_by_a_key(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    (pack / "notes" / "claimed.md").write_text(CLAIMED, encoding="utf-8")
    app = StudyApp(desk=make_desk(tmp_path, pack=pack), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "claimed")
        await pilot.press("C")
        assert isinstance(app.screen, ClaimsScreen)
        shown = app.screen.lines()
        text = "\n".join("".join(text for text, _ in line) for line in shown)
        assert 'says("3", 6 / 2)' in text
        assert "assert 1 < 2" in text
        await pilot.press("C")
        assert isinstance(app.screen, ReaderScreen)
        assert app.screen.document is not None
        app.screen.page.go(app.screen.document.contents[-1].spot)
        await pilot.press("C")
        assert isinstance(app.screen, ClaimsScreen)
        assert app.screen.programs == ()
