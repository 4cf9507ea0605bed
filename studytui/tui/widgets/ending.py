"""What stands after an article: which one is best read next."""

from __future__ import annotations

from textual import events

from studytui.tui.messages import OpenArticle
from studytui.tui.palette import Palette
from studytui.tui.widgets.text_lines import Lines


class Ending(Lines):
    """The last lines of the page."""

    def __init__(self, following: tuple[str, str], palette: Palette) -> None:
        self.article, title = following
        lines = [[("· · ·", "faint")], [("", "")]]
        if self.article:
            lines.append([("Next: ", "soft"), (title, "link"), ("   )", "key"), (" open", "soft")])
        else:
            lines.append([("You have read everything here.", "soft")])
        super().__init__(lines, palette)

    def on_click(self, event: events.Click) -> None:
        """Open the next article."""
        if self.article:
            self.post_message(OpenArticle(self.article))
