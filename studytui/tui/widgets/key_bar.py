"""The key bar at the lower edge: what can be done here, from the registry of actions."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.tui.actions import Action, actions, shown_keys
from studytui.tui.palette import Palette
from studytui.tui.scopes import is_typing
from studytui.tui.widgets.painted import Painted


class KeyBar(Painted, Widget):
    """One line of keys and labels. A click on a label does what the key does."""

    def __init__(
        self, palette: Palette, keymap: Mapping[str, str], scopes: tuple[str, ...]
    ) -> None:
        super().__init__(id="keys")
        self.palette = palette
        self.keymap = keymap
        self.scopes = scopes
        self.note = ""
        self._places: list[tuple[int, int, Action]] = []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def show(self, scopes: tuple[str, ...]) -> None:
        """Show the actions of other scopes, the nearest first."""
        if scopes != self.scopes:
            self.scopes = scopes
            self.refresh()

    def say(self, note: str) -> None:
        """Put a short word at the right end."""
        self.note = note
        self.refresh()

    def look(self) -> object:
        """The scopes and the note; the key map stays as it is."""
        return self.scopes, self.note, self.palette.generation, is_typing(self.screen)

    def render_line(self, y: int) -> Strip:
        """Keys and labels, as many as have room."""
        style, width = self.palette.style, self.size.width
        strip = Strip([])
        self._places = []
        note = Strip([RichSegment(f" {self.note} ", style("faint"))] if self.note else [])
        room = width - note.cell_length
        seen: set[str] = set()
        typing = is_typing(self.screen)
        for scope in self.scopes:
            for item in actions(scope):
                keys = shown_keys(item, self.keymap, 1, typing=typing)
                if not item.bar or not keys or seen & {keys[0], item.label}:
                    continue
                if item.call == "leave_field" and not typing:
                    continue  # there is no field to leave
                if item.call == "begin" and typing:
                    continue  # it has begun
                seen |= {keys[0], item.label}
                cell = Strip(
                    [
                        RichSegment(f" {keys[0]}", style("key")),
                        RichSegment(f" {item.label} ", style("soft")),
                    ]
                )
                if strip.cell_length + cell.cell_length > room:
                    continue
                begin = strip.cell_length
                strip = Strip.join([strip, cell])
                self._places.append((begin, strip.cell_length, item))
        return Strip.join([strip.adjust_cell_length(room), note]).adjust_cell_length(width)

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for begin, end, item in self._places:
            if begin <= event.x < end:
                self.app.simulate_key(item.keys.split(",")[0])
                return
