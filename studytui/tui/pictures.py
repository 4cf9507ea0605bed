"""Which widget shows a picture: the terminal's own graphics where it has them, blocks elsewhere.

What a terminal can do is read from its environment. Asking it, as ``textual-image`` does when it is
imported, is not possible any more while Textual reads the keyboard.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from studytui.tui.multiplexer import AFTER, BEFORE, in_tmux, outside_takes_placeholders
from studytui.tui.widgets.block_picture import BlockPicture

if TYPE_CHECKING:
    from textual.widget import Widget

    from studytui.run.events import Figure
    from studytui.tui.palette import Palette

SIXEL_PROGRAMS = ("WezTerm", "iTerm.app", "mintty", "contour")
DEFAULT_CELL = (10, 20)
TALLEST = 26


def protocol(
    setting: str,
    environment: Mapping[str, str],
    outside: Callable[[], bool] = outside_takes_placeholders,
) -> str:
    """``kitty``, ``sixel``, ``blocks``, ``charts`` or ``none`` for a setting and an environment.

    ``charts`` are drawn from what a figure shows; ``blocks`` from the pixels of its picture.
    ``outside`` tells whether a terminal around tmux takes placeholders.
    """
    if setting != "auto":
        return setting
    terminal = environment.get("TERM", "")
    # Multiplexers and browsers do not pass graphics on unless they are told to.
    if in_tmux(environment) and "TEXTUAL_DRIVER" not in environment:
        return "kitty" if outside() else "charts"
    if terminal.startswith(("screen", "tmux")):
        return "charts"
    if "TEXTUAL_DRIVER" in environment:
        return "charts"
    if "KITTY_WINDOW_ID" in environment or terminal in ("xterm-kitty", "xterm-ghostty"):
        return "kitty"
    if environment.get("TERM_PROGRAM", "") in SIXEL_PROGRAMS or "KONSOLE_VERSION" in environment:
        return "sixel"
    if terminal.startswith(("foot", "mlterm")):
        return "sixel"
    return "charts"


def figure_widget(figure: Figure, path: Path, palette: Palette, setting: str = "auto") -> Widget:
    """A widget for a figure of a run: its curves drawn anew where there are no graphics."""
    if figure.panels and protocol(setting, os.environ) == "charts":
        from studytui.tui.widgets.chart_picture import ChartPicture

        return ChartPicture(figure.panels, figure.title, palette)
    return picture_widget(path, (figure.width, figure.height), figure.title, setting)


def show_figure(widget: Widget, figure: Figure, path: Path) -> bool:
    """Put a figure into a widget that shows another one, where that can be; without a flicker."""
    from studytui.tui.widgets.chart_picture import ChartPicture

    if isinstance(widget, ChartPicture):
        if figure.panels:
            widget.show(figure.panels, figure.title)
        return bool(figure.panels)
    if isinstance(widget, BlockPicture):
        widget.show(path, (figure.width, figure.height), figure.title)
        return True
    if hasattr(type(widget), "image"):
        widget.image = path  # type: ignore[attr-defined]
        return True
    return False


def picture_widget(
    path: Path, pixels: tuple[int, int], title: str, setting: str = "auto"
) -> Widget:
    """A widget for a picture file of ``pixels`` (wide, high)."""
    chosen = protocol(setting, os.environ)
    if chosen == "none":
        from textual.widgets import Static

        return Static(f"[{title or 'picture'}: {path}]", markup=False)
    if chosen in ("blocks", "charts"):
        return BlockPicture(path, pixels, title)
    return _graphics(chosen, path, pixels)


class _ThroughDriver:
    """Where graphics commands are written: in one line with all else that the app writes.

    On a way of their own they would fall into the middle of an escape sequence.
    """

    def write(self, text: str) -> None:
        from textual._context import active_app

        driver = active_app.get()._driver
        if driver is not None:
            driver.write(text)

    def flush(self) -> None:
        """The driver does it."""


def _graphics(chosen: str, path: Path, pixels: tuple[int, int]) -> Widget:
    from textual_image import _terminal

    cell = cell_size()
    # Both answers are known: set them, so that the import asks the terminal nothing.
    _terminal.get_cell_size._result = _terminal.CellSize(*cell)  # type: ignore[attr-defined]
    real = sys.__stdout__
    sys.__stdout__ = io.StringIO()  # type: ignore[misc, assignment]
    try:
        from textual_image.renderable import tgp
        from textual_image.widget import SixelImage, TGPImage
    finally:
        sys.__stdout__ = real  # type: ignore[misc]
    tgp.sys = SimpleNamespace(__stdout__=_ThroughDriver())  # type: ignore[assignment,attr-defined]
    if in_tmux(os.environ):
        tgp._TGP_MESSAGE_START, tgp._TGP_MESSAGE_END = BEFORE, AFTER
    widget: Widget = TGPImage(path) if chosen == "kitty" else SixelImage(path)
    rows = min(TALLEST, max(1, round(pixels[1] / cell[1])))
    widget.styles.height = rows
    widget.styles.width = "auto"
    return widget


def cell_size() -> tuple[int, int]:
    """Pixels of a cell, wide and high, from the kernel; a usual size where it does not know."""
    try:
        import fcntl
        import struct
        import termios

        assert sys.__stdout__ is not None
        answer = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
        rows, columns, wide, high = struct.unpack("HHHH", answer)
    except (ImportError, OSError, ValueError):
        return DEFAULT_CELL
    if not (rows and columns and wide and high):
        return DEFAULT_CELL
    return wide // columns or DEFAULT_CELL[0], high // rows or DEFAULT_CELL[1]
