"""What is said of a draft: the verdict, what it printed, the first case that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.run.side_by_side import lines_of
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.output_lines import OutputLines
from studytui.tui.widgets.run_messages import untrusted_line
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.exercising import ExerciseBench, Judged
    from studytui.tui.palette import Palette
    from studytui.tui.widgets.fragment import Fragment

LEAST_COLUMNS = 40


class VerdictView(Column):
    """One sentence, and below it the numbers side by side. Empty, it takes no room."""

    DEFAULT_CSS = "VerdictView { height: auto; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette

    def compose(self) -> ComposeResult:
        """The sentence and the case."""
        yield Lines([], self.palette, id="exercise-verdict")
        yield OutputLines(self.palette)

    def say(self, *lines: Styled) -> None:
        """Say something of another kind; a case that stood there goes."""
        self.query_one("#exercise-verdict", Lines).show(list(lines))
        self._cases([])

    def show(self, judged: Judged) -> None:
        """Show what the check says."""
        if judged.passed:
            self.say([("✓ ", "good strong"), (judged.says, "good strong")])
        else:
            self.say(*_failed(judged))
        self._cases(_case(judged, self.size.width))

    def _cases(self, rows: list[Styled]) -> None:
        output = self.query_one(OutputLines)
        output.clear()
        for row in rows:
            output.say(*row)
        output.refresh(layout=True)


def _failed(judged: Judged) -> list[Styled]:
    """What is wrong, and where in the draft it went wrong."""
    rows: list[Styled] = [[("✗ ", "bad strong"), (judged.says, "bad")]]
    if judged.line:
        rows.append([(f"in line {judged.line} of yours:  ", "faint"), (judged.text, "code")])
    return rows


def _case(judged: Judged, width: int) -> list[Styled]:
    """What was printed, then what came beside what should have come."""
    rows: list[Styled] = [[(row, "soft")] for row in judged.printed]
    if judged.mismatch is not None:
        rows += lines_of(judged.mismatch, max(LEAST_COLUMNS, width))
    return rows


def listing_of(source: str) -> str:
    """Python as Markdown, whatever it holds."""
    fence = "`" * 8
    return f"{fence}python\n{source}\n{fence}"


class FirstLook:
    """Code of others is shown before it may run: it is trusted when what was shown is unchanged."""

    def __init__(self) -> None:
        self._shown = ""

    def at(self, bench: ExerciseBench, listing: Fragment) -> tuple[bool, Styled]:
        """Show the code, or trust what was shown; whether it is trusted, and what to say.

        Raises StudyError.
        """
        seen = bench.untrusted
        if seen is not None and seen.digest != self._shown:
            self._shown = seen.digest
            listing.show(listing_of(seen.listing()))
            return False, untrusted_line(len(seen.files))
        if seen is not None:
            bench.trust(seen)
        listing.show("")
        return True, [("Trusted. ", "soft"), ("^j", "key"), (" checks your function.", "soft")]
