"""What is painted on the screen, cell by cell."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.strip import Strip


def painted(app: App[Any]) -> list[Strip]:
    """The lines of the screen: with what lies over it, and as it is cut by its edges."""
    # Textual gives out the whole screen as a picture only, where a colour that is not set is lost.
    return app.screen._compositor.render_strips()  # noqa: SLF001


def seen(app: App[Any]) -> str:
    """The text on the screen."""
    return "\n".join(strip.text for strip in painted(app))
