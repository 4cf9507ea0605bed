"""Home: what is due, where one was, and every article."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen

from studytui.counting import many
from studytui.errors import StudyError
from studytui.library.layout.title import titled
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.home_model import Shelf
from studytui.tui.messages import FilterChanged, FilterClosed, OpenArticle
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.bars import open_bar
from studytui.tui.widgets.catalogue import Catalogue
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines, Styled

USUAL = Size(80, 24)
MARGINS = 4
"""Cells at both sides of the greeting."""
AROUND = 5
"""Lines of the greeting that are no pieces of the day."""


class HomeScreen(AsAWhole, Screen[None]):
    """The first screen. It is painted empty at once and filled when the shelf has been read."""

    SCOPE = "home"
    BINDINGS = bindings(SCOPE)
    AUTO_FOCUS = "#catalogue"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.shelf = Shelf()

    def compose(self) -> ComposeResult:
        """Greeting, catalogue, keys."""
        yield Lines([[("studytui", "heading.1")], [("", "")]], self.palette, id="greeting")
        yield Catalogue(self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    @property
    def catalogue(self) -> Catalogue:
        """The list of articles."""
        return self.query_one(Catalogue)

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what was read."""
        self.shelf = shelf
        self._greet()
        self.catalogue.show(shelf)

    def _greet(self) -> None:
        self.query_one("#greeting", Lines).show(greeting(self.shelf, self.size))

    def on_resize(self) -> None:
        """Another width and height: what is to be done is listed anew."""
        if self.shelf.entries:
            self._greet()

    def show_error(self, error: StudyError) -> None:
        """Say why there is nothing to show."""
        lines: list[Styled] = [[("studytui", "heading.1")], [("", "")]]
        lines.append([("Nothing can be shown.", "bad strong")])
        lines.extend([(row, "")] for row in str(error).splitlines())
        self.query_one("#greeting", Lines).show(lines)

    def show_replay(self, done: int, total: int) -> None:
        """Say how far the journal has been replayed."""
        share = f"{done / total:.0%}" if total else ""
        self.query_one("#greeting", Lines).show(
            [
                [("studytui", "heading.1")],
                [
                    ("The schedule is worked out anew after a change of settings: ", "soft"),
                    (share, "strong"),
                ],
                [(f"{done:,} of {many(total, 'event')}; this is done once.", "faint")],
            ]
        )

    def action_open(self) -> None:
        """Open the chosen article."""
        entry = self.catalogue.chosen
        if entry is not None:
            self.post_message(OpenArticle(entry.id))

    def action_resume(self) -> None:
        """Do the next thing of the day."""
        shell_of(self).plan.go_on()

    def action_more(self) -> None:
        """Ten minutes more today."""
        shell_of(self).plan.more_today()

    def action_plan(self) -> None:
        """Minutes a day, the goal, and by when it is reached."""
        shell_of(self).plan.show()

    def action_review(self) -> None:
        """Start the review."""
        shell_of(self).start_review()

    def action_statistics(self) -> None:
        """Show the statistics."""
        shell_of(self).show_statistics()

    def action_cards(self) -> None:
        """Show every card."""
        shell_of(self).show_cards()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.catalogue.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a screen."""
        self.catalogue.move(by * max(1, self.catalogue.size.height - 2))

    def action_track(self, by: int) -> None:
        """To another track."""
        self.catalogue.move_track(by)

    def action_edge(self, by: int) -> None:
        """To the first or the last article."""
        self.catalogue.move(by * len(self.catalogue.rows))

    def action_problems(self) -> None:
        """Show what is wrong with the packs."""
        from studytui.tui.screens.problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(self.palette, self.shelf.problems))

    def action_filter(self) -> None:
        """Type letters to choose by."""
        from studytui.tui.widgets.filter import FilterBar

        open_bar(self, FilterBar, lambda: FilterBar(self.catalogue.words))

    def on_filter_changed(self, message: FilterChanged) -> None:
        """Other letters."""
        self.catalogue.show(self.shelf, message.words)

    def on_filter_closed(self, message: FilterClosed) -> None:
        """Back to the list."""
        self.catalogue.focus()

    def action_clear(self) -> None:
        """Show all articles again."""
        self.catalogue.show(self.shelf, "")
        for bar in self.query("FilterBar"):
            bar.remove()
        self.catalogue.focus()

    def action_leave(self) -> None:
        """Leave studytui."""
        self.app.exit()


def greeting(shelf: Shelf, size: Size = USUAL) -> list[Styled]:
    """The lines above the catalogue; of the day as much as leaves it room on a screen of a size."""
    today = shelf.today if shelf.entries and shelf.today and shelf.today.has_content else None
    head: Styled = [("studytui", "heading.1")]
    plan: list[Styled] = []
    if today is not None:
        # Not before there is a plan: the first paint would wait for all that planning needs.
        from studytui.study.planning.words import WIDTH
        from studytui.tui.screens.plan_text import SHOWN, end_line, head_line, today_lines

        width = min(WIDTH, size.width - MARGINS)
        most = max(1, min(SHOWN, size.height // 2 - AROUND))
        head = head_line(today, width)
        plan = [*today_lines(today, width, most), end_line(today)]
    lines: list[Styled] = [head]
    if shelf.refusal:
        lines.append([("Nothing can be kept: no grade, no place, no output.", "bad strong")])
        lines.extend([(row, "warn")] for row in shelf.refusal.splitlines())
    if not shelf.entries:
        lines += [[("", "")], [("There are no articles here.", "warn")]]
    if today is not None:
        lines += plan
    elif shelf.due or shelf.fresh:
        cards = "1 card is due" if shelf.due == 1 else f"{shelf.due or 'No'} cards are due"
        fresh = f", {shelf.fresh} new {'one' if shelf.fresh == 1 else 'ones'} to meet"
        fresh = fresh if shelf.fresh else ""
        tone = "strong" if shelf.due else "soft"
        lines.append([(cards, tone), (fresh, "soft"), ("   r", "key"), (" review", "soft")])
    elif shelf.entries:
        lines.append([("Nothing is due today.", "soft")])
    last = shelf.entry(shelf.last)
    if last is not None and today is None:
        share = f" · {round(shelf.share(last.id) * 100)} %"
        lines.append(
            [
                ("You were in ", "soft"),
                (titled(last.title), "strong"),
                (share, "faint"),
                ("   c", "key"),
                (" continue", "soft"),
            ]
        )
    if shelf.problems:
        count = len(shelf.problems)
        told = "A pack has a problem" if count == 1 else f"Packs have {many(count, 'problem')}"
        lines.append([(told, "warn"), ("   p", "key"), (" show", "soft")])
    lines.append([("", "")])
    return lines
