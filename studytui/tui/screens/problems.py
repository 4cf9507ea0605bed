"""What is wrong with the packs: every problem, with its place and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studytui.tui.actions import bindings
from studytui.tui.copying import copy_out
from studytui.tui.palette import Palette
from studytui.tui.screens.sheet import Sheet
from studytui.tui.widgets.text_lines import Styled

if TYPE_CHECKING:
    from studytui.authoring.problems import Problem


class ProblemsScreen(Sheet):
    """All problems, one below the other."""

    SCOPE = "problems"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette, problems: tuple[Problem, ...]) -> None:
        super().__init__(palette)
        self.problems = problems

    def lines(self) -> Sequence[Styled]:
        """Place, what is wrong, what to do."""
        if not self.problems:
            return [[("", "")], [("All packs are fine.", "good")]]
        lines: list[Styled] = []
        for problem in self.problems:
            lines.append([("", "")])
            lines.append([(problem.where, "link")])
            lines.append([(problem.what, "strong")])
            if problem.todo:
                lines.append([(problem.todo, "soft")])
        return lines

    def action_copy(self) -> None:
        """Copy the list."""
        copy_out(self, "\n".join(map(str, self.problems)), "Problems")
