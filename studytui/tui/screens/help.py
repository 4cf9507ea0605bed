"""Help: what can be done where the focus is, then everywhere, from the registry of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from studytui.library.layout.layout_lines import NO_BREAK
from studytui.tui.actions import actions, bindings, scopes, shown_keys
from studytui.tui.palette import Palette
from studytui.tui.screens.sheet import Sheet
from studytui.tui.widgets.text_lines import Styled

_ABOUT = {
    "home": "All articles by track, with the minutes to read each and those to work it. Cards that "
    "are due come first: r starts the review.",
    "reader": "An article. A dashed mark at the edge shows what a translation had lost and was "
    "restored; the line at the top says whose words you are reading.",
    "snippet": "A program that runs where it stands, in a process of its own.",
    "derivation": "A derivation: type a line, and it is checked against the one above.",
    "card": "A card of this article; answering it here counts as a review.",
    "search": "Looks for words in every article, card and term, English or Chinese.",
}
_WIDTH = 22


class HelpScreen(Sheet):
    """Explains the focused thing."""

    SCOPE = "help"
    AROUND = ()
    BINDINGS = bindings(SCOPE)

    def __init__(
        self, palette: Palette, keymap: Mapping[str, str], explained: tuple[str, ...]
    ) -> None:
        super().__init__(palette)
        self.keymap = keymap
        self.explained = explained

    def lines(self) -> Sequence[Styled]:
        """A section for each scope, the nearest first."""
        lines: list[Styled] = []
        titles = scopes()
        for scope in self.explained:
            if scope == self.SCOPE:
                continue
            lines.append([("", "")])
            lines.append([(titles.get(scope, scope), "heading.2")])
            if scope in _ABOUT:
                lines.append([(_ABOUT[scope], "soft")])
            for told, items in groupby(actions(scope), key=attrgetter("help")):
                keys = [shown_keys(item, self.keymap, 4) for item in items]
                shown = "  ".join(keys[0])
                if len(keys) > 1:
                    shown += f" … {keys[-1][0]}"
                lines.append([(f"  {shown:<{_WIDTH}}".replace(" ", NO_BREAK), "key"), (told, "")])
        lines.append([("", "")])
        return lines
