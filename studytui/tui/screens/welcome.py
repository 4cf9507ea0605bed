"""The first screen of the first start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from studytui.errors import SettingsError
from studytui.library.guide import TOUR
from studytui.library.layout.title import titled
from studytui.study.preferences import change, preferences
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.messages import OpenArticle, ReviewChanged
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk

_LINES: tuple[Styled, ...] = (
    [("studytui", "heading.1")],
    [("Deep learning to own: read it, run it, derive it, recall it.", "")],
    [("", "")],
    [("read", "accent strong"), ("     an article, with its mathematics set as on paper", "soft")],
    [("run", "accent strong"), ("      its programs where they stand, and change them", "soft")],
    [("derive", "accent strong"), ("   its results line by line; each line is checked", "soft")],
    [("recall", "accent strong"), ("   it by cards that come back when you would forget", "soft")],
    [("", "")],
    [
        ("Every key is on the last line of the screen; ", "soft"),
        ("?", "key"),
        (" explains more.", "soft"),
    ],
    [
        ("The first time? ", "soft"),
        ("g", "key"),
        (" shows all of it on one page, in two minutes.", "soft"),
    ],
    [("", "")],
    [
        ("25 minutes a day, on one thing after another: ", "soft"),
        ("c", "key"),
        (" goes on. ", "soft"),
        ("P", "key"),
        (" says what they carry by when, and takes other minutes.", "soft"),
    ],
    [("", "")],
    [("Ask the terms of articles too, Chinese and English, as cards? ", "soft")],
    [("{terms}", "strong"), ("   t", "key"), (" {other}", "soft")],
    [("", "")],
    [("⏎", "key"), (" begin with ", "soft"), ("{title}", "strong")],
)


def _filled(text: str, said: Mapping[str, str]) -> str:
    for name, value in said.items():
        text = text.replace(name, value)
    return text


class WelcomeScreen(AsAWhole, Screen[None]):
    """What this is, in one look; then straight into an article."""

    SCOPE = "welcome"
    CSS_PATH = "../styles/welcome.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette, article: str, title: str, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.article = article
        self.first = titled(title)

    def compose(self) -> ComposeResult:
        """The lines in the middle."""
        with Vertical(id="welcome"):
            yield Lines(self._lines(), self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def _lines(self) -> list[Styled]:
        terms = self.desk.settings.review.terms
        said = {
            "{title}": self.first,
            "{terms}": "yes" if terms else "no",
            "{other}": "no, only what I read" if terms else "yes, both ways",
        }
        return [[(_filled(text, said), style) for text, style in line] for line in _LINES]

    def action_terms(self) -> None:
        """Want the terms, or not; it is written into the settings at once."""
        wanted = not self.desk.settings.review.terms
        try:
            known = preferences(self.desk.settings)
            terms = next(each for each in known if each.name == "review.terms")
            change(self.desk.directories.settings, terms, "yes" if wanted else "no")
        except SettingsError as error:
            self.notify(str(error), title="Not kept", severity="warning", markup=False)
        review = replace(self.desk.settings.review, terms=wanted)
        shell_of(self).take_settings(replace(self.desk.settings, review=review))
        self.query_one(Lines).show(self._lines())
        self.app.post_message(ReviewChanged())

    def action_begin(self) -> None:
        """Open the first article."""
        self.dismiss()
        shell = shell_of(self)
        if shell.shelf.today is not None:
            shell.call_later(shell.plan.go_on)
        else:
            shell.post_message(OpenArticle(self.article))

    def action_tour(self) -> None:
        """Two minutes on a page where everything works; it can be left like any page."""
        self.dismiss()
        shell = shell_of(self)
        shell.call_later(shell.action_guide, TOUR)

    def action_plan(self) -> None:
        """Minutes a day, the goal, and what they carry."""
        self.dismiss()
        shell = shell_of(self)
        shell.call_later(shell.plan.show)

    def action_home(self) -> None:
        """To the list of articles."""
        self.dismiss()
