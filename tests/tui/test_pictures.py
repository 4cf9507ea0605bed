from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from textual.app import App, ComposeResult
from textual.geometry import Size

from studytui.run.events import Axis, Curve, Figure, Panel
from studytui.tui.palette import Palette
from studytui.tui.pictures import figure_widget, picture_widget, protocol
from studytui.tui.widgets.block_picture import BlockPicture, paint_picture
from studytui.tui.widgets.chart_picture import ChartPicture, legible
from studytui.tui.widgets.picture import picture_path, picture_size
from tests.tui.waiting import until


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, "charts"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, "charts"),
        ({"TERM": "xterm-kitty", "TEXTUAL_DRIVER": "web"}, "charts"),
        ({}, "charts"),
    ],
)
def test_the_terminal_is_known_by_its_environment(
    environment: dict[str, str], expected: str
) -> None:
    assert protocol("auto", environment) == expected
    assert protocol("sixel", environment) == "sixel"


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A picture that is red on the left and blue on the right, with a thin black line."""
    image = Image.new("RGB", (400, 200), (255, 0, 0))
    image.paste((0, 0, 255), (200, 0, 400, 200))
    path = tmp_path / "half.png"
    image.save(path)
    return path


def test_blocks_keep_colours_and_shape(half: Path) -> None:
    picture = BlockPicture(half, (400, 200))
    assert picture.cells(40) == Size(40, 10)
    assert picture.cells(400).height == 26
    rows = paint_picture(half, Size(40, 10), "half")
    assert len(rows) == 10
    assert all(row.cell_length == 40 for row in rows)
    colours = [segment.style.bgcolor for segment in rows[5] if segment.style]
    assert colours[2].get_truecolor()[0] > 240  # type: ignore[union-attr]
    assert colours[-2].get_truecolor()[2] > 240  # type: ignore[union-attr]


def test_a_thin_line_is_not_washed_out(tmp_path: Path) -> None:
    image = Image.new("RGB", (1000, 500), (255, 255, 255))
    image.paste((0, 0, 0), (0, 250, 1000, 254))
    image.save(tmp_path / "line.png")
    rows = paint_picture(tmp_path / "line.png", Size(50, 12), "line")
    darkest = min(
        sum(colour.get_truecolor())
        for row in rows
        for segment in row
        if segment.style
        for colour in (segment.style.color, segment.style.bgcolor)
        if colour is not None
    )
    assert darkest < 3 * 190


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(content)
    (row,) = paint_picture(path, Size(10, 2), "a plot")
    assert "a plot" in row.text
    assert picture_size(path) is None


def test_a_picture_stays_in_its_folder(tmp_path: Path, half: Path) -> None:
    article = tmp_path / "a.md"
    assert picture_path(article, "half.png") == half.resolve()
    assert picture_path(article, "../../etc/passwd") is None
    assert picture_path(article, "missing.png") is None


@pytest.mark.parametrize("kind", ["kitty", "sixel", "charts", "blocks", "none"])
async def test_every_kind_of_picture_can_be_shown(half: Path, kind: str) -> None:
    class Wall(App[None]):
        def compose(self) -> ComposeResult:
            yield picture_widget(half, (400, 200), "half", kind)

    app = Wall()
    async with app.run_test(size=(60, 30)) as pilot:
        await until(pilot, lambda: app.screen.children and app.screen.children[0].size.height >= 1)


LINE = Panel(
    "loss",
    Axis("step", 0, 10, ticks=((0, "0"), (10, "10"))),
    Axis("", 0, 1, ticks=((0, "0"), (1, "1"))),
    (Curve("measured", "#1f77b4", "line", (0, 10), (1, 0)),),
)


async def test_a_figure_of_curves_is_drawn_where_there_are_no_graphics(half: Path) -> None:
    figure = Figure(str(half), 400, 200, "what it \x1b[31mshows", (LINE,))

    class Wall(App[None]):
        def compose(self) -> ComposeResult:
            palette = Palette(dark=True)
            yield figure_widget(figure, half, palette, "charts")
            yield figure_widget(figure, half, palette, "blocks")

    app = Wall()
    async with app.run_test(size=(60, 60)) as pilot:
        drawn = app.query_one(ChartPicture)
        await until(pilot, lambda: drawn.size.height)
        text = "\n".join(drawn.render_line(y).text for y in range(drawn.size.height))
        assert "measured" in text
        assert "step" in text
        assert "\x1b" not in text
        colours = {
            segment.style.color.get_truecolor()
            for y in range(drawn.size.height)
            for segment in drawn.render_line(y)
            if "━" in segment.text and segment.style and segment.style.color
        }
        assert colours == {legible((0x1F, 0x77, 0xB4), dark=True)}
        assert app.query_one(BlockPicture).size.height > 1


def test_colours_chosen_for_paper_are_legible_on_both_grounds() -> None:
    assert min(legible((0, 0, 0), dark=True)) >= 100
    assert max(legible((255, 255, 0), dark=False)) < 200
    assert legible((0xFF, 0x7F, 0x0E), dark=True) == (0xFF, 0x7F, 0x0E)
