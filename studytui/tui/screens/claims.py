"""What an author claims, section by section: the check blocks that the page does not show."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.library.layout.listing import listing
from studytui.tui.actions import bindings
from studytui.tui.copying import copy_out
from studytui.tui.palette import Palette
from studytui.tui.screens.sheet import Sheet
from studytui.tui.widgets.text_lines import Styled


class ClaimsScreen(Sheet):
    """The programs by which ``studytui verify`` recomputes what the prose says."""

    SCOPE = "claims"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette, programs: Sequence[tuple[str, str]]) -> None:
        super().__init__(palette)
        self.programs = programs
        """Headings of sections, each with the code of its check blocks."""

    def lines(self) -> Sequence[Styled]:
        """Each section that claims something, with its program."""
        if not self.programs:
            return [[("", "")], [("Nothing is claimed from here on.", "soft")]]
        lines: list[Styled] = []
        for heading, code in self.programs:
            coloured = listing(code, "python", 0).lines[1:-1]
            lines += [[("", "")], [(heading, "heading.2")]]
            lines += [[(each.text, each.style) for each in line.segments] for line in coloured]
        lines += [[("", "")], [("Run by studytui verify; the prose says the numbers.", "soft")]]
        return lines

    def action_copy(self) -> None:
        """Copy the programs."""
        copy_out(self, "\n".join(code for _, code in self.programs), "Claims")
