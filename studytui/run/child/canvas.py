"""The matplotlib back end of a run: what is shown becomes a PNG file and a figure event.

Chosen by the variable ``MPLBACKEND``, so that matplotlib is only imported when the snippet draws.
"""

from __future__ import annotations

import itertools
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase, _Backend
from matplotlib.backends.backend_agg import FigureCanvasAgg

from studytui.run import message
from studytui.run.child.panels import panels
from studytui.run.events import Figure, Output, Panel

_numbers = itertools.count(1)
FIGURES_LIMIT = 200
PIXELS_LIMIT = 40_000_000


def emit(figure: Any) -> None:
    """Write ``figure`` into the run's folder and tell of it."""
    channel = message.channel()
    number = next(_numbers)
    if channel is None:
        return
    if number > FIGURES_LIMIT:
        if number == FIGURES_LIMIT + 1:
            told = f"Only the first {FIGURES_LIMIT} figures of a run are shown.\n"
            channel.send(Output(told, "note"))
        return
    width, height = (int(side) for side in figure.canvas.get_width_height())
    if width * height > PIXELS_LIMIT:
        print(f"figure {number}: {width} x {height} pixels are too many", file=sys.stderr)
        return
    path = channel.folder / f"figure-{os.getpid()}-{number}.png"
    try:
        _save(figure, path)
    except OSError as error:
        path.unlink(missing_ok=True)
        print(f"figure {number} could not be saved: {error.strerror}", file=sys.stderr)
        return
    title = figure.get_suptitle() or next((axes.get_title() for axes in figure.axes), "")
    channel.send(Figure(str(path), width, height, title, _panels(figure)))


def _save(figure: Any, path: Path) -> None:
    """Write the picture; what matplotlib warns of is told of the line that showed the figure."""
    with warnings.catch_warnings(record=True) as caught:
        figure.savefig(path, format="png")
    if not caught:
        return
    frame = sys._getframe()
    while frame.f_back is not None and _is_between(frame.f_code.co_filename):
        frame = frame.f_back
    for each in caught:
        place = frame.f_code.co_filename, frame.f_lineno
        warnings.warn_explicit(each.message, each.category, *place)


def _is_between(filename: str) -> bool:
    return any(f"/{part}/" in filename.replace("\\", "/") for part in ("studytui", "matplotlib"))


def _panels(figure: Any) -> tuple[Panel, ...]:
    """What the figure shows; nothing where it has parts of its own making that cannot be read."""
    try:
        return panels(figure)
    except Exception:  # noqa: BLE001 - the picture is there, and a figure may hold anything
        return ()


class FigureManager(FigureManagerBase):
    """Shows a figure by emitting it."""

    def show(self) -> None:
        """Emit the figure, and close it as a person would close its window."""
        emit(self.canvas.figure)
        pyplot.close(self.canvas.figure)


class FigureCanvas(FigureCanvasAgg):  # type: ignore[misc]
    """Draws by Agg; its manager emits."""

    manager_class = FigureManager


def emit_open() -> None:
    """Emit what was drawn and never shown; called at the end of the run."""
    for manager in pyplot._pylab_helpers.Gcf.get_all_fig_managers():
        manager.show()


@_Backend.export
class _Back(_Backend):
    FigureCanvas = FigureCanvas
    FigureManager = FigureManager
    backend_version = "1"

    @staticmethod
    def mainloop() -> None:
        """Nothing to wait for: there is no window."""
