"""From any widget to the app, with its type.

The app imports the screens and they the widgets; back from them leads the type alone, and only
here. A protocol of the app would repeat what a dozen screens ask of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from studytui.tui.shell import StudyApp


def shell_of(node: DOMNode) -> StudyApp:
    """The app that a widget or a screen lives in."""
    return cast("StudyApp", node.app)
