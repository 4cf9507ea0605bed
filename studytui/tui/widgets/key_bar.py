"""The key bar at the lower edge: what can be done here, from the registry of actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, runtime_checkable

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.tui.actions import Action, actions, shown_keys
from studytui.tui.palette import Palette
from studytui.tui.scopes import is_typing, target_of
from studytui.tui.widgets.painted import Painted

HELP = "everywhere.help"


@runtime_checkable
class Names(Protocol):
    """A screen or a block whose keys do other things, or nothing, as its work goes on."""

    def label_of(self, item: Action) -> str:
        """What an action is called now; empty where its key would do nothing."""


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
        """Show what can be done now, of these scopes, the nearest first."""
        self.scopes = scopes
        self.refresh()

    def take(self, keymap: Mapping[str, str]) -> None:
        """Show keys after another key map."""
        self.keymap = keymap
        self.refresh()

    def say(self, note: str) -> None:
        """Put a short word at the right end."""
        self.note = note
        self.refresh()

    def look(self) -> object:
        """The scopes and the note; the key map stays as it is."""
        return (
            self.scopes,
            self.note,
            tuple(self.keymap.items()),
            self.palette.generation,
            is_typing(self.screen),
            tuple(self._offered()),
        )

    def render_line(self, y: int) -> Strip:
        """Keys and labels, as many as have room."""
        width = self.size.width
        self._places = []
        note = self.palette.style("faint")
        tail = Strip([RichSegment(f" {self.note} ", note)] if self.note else [])
        shown = list(self.shown_items())
        helps = [(cell, item) for cell, item in shown if item.id == HELP]
        # Whoever finds nothing else finds help: it keeps its room at every width.
        room = width - tail.cell_length - sum(cell.cell_length for cell, _ in helps)
        strip = Strip([])
        for cell, item in shown:
            if item.id != HELP and strip.cell_length + cell.cell_length <= room:
                strip = self._with(strip, cell, item)
        for cell, item in helps:
            strip = self._with(strip, cell, item)
        room = width - tail.cell_length
        return Strip.join([strip.adjust_cell_length(room), tail]).adjust_cell_length(width)

    def _with(self, strip: Strip, cell: Strip, item: Action) -> Strip:
        begin = strip.cell_length
        self._places.append((begin, begin + cell.cell_length, item))
        return Strip.join([strip, cell])

    def shown_items(self) -> Iterator[tuple[Strip, Action]]:
        """Key and label of each action that can be done now, the nearest scope first."""
        style, typing = self.palette.style, is_typing(self.screen)
        seen: set[str] = set()
        for item, label in self._offered():
            keys = shown_keys(item, self.keymap, 1, typing=typing)
            if not keys or seen & {keys[0], label}:
                continue
            if item.call == "leave_field" and not typing:
                continue  # there is no field to leave
            if item.call == "begin" and typing:
                continue  # it has begun
            seen |= {keys[0], label}
            key = RichSegment(f" {keys[0]}", style("key"))
            yield Strip([key, RichSegment(f" {label} ", style("soft"))]), item

    def _offered(self) -> Iterator[tuple[Action, str]]:
        """The actions of the bar that would do something now, and what they are called."""
        labels: Mapping[str, str] = getattr(self.screen, "labels", {})
        for scope in self.scopes:
            target = target_of(self.screen, scope)
            # Asked once for each scope: it costs more than all the rest.
            names = target if isinstance(target, Names) else None
            for item in actions(scope):
                if not item.bar:
                    continue
                label = names.label_of(item) if names else labels.get(item.id, item.label)
                if label:
                    yield item, label

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for begin, end, item in self._places:
            if begin <= event.x < end:
                keys = self.keymap.get(item.id, item.keys)
                self.app.simulate_key(keys.split(",")[0].strip())
                return
