"""All settings on one screen: looked at, found by name, changed, written to the reader's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, assert_never

from rich.segment import Segment as RichSegment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from studytui.errors import SettingsError
from studytui.study.preferences import TITLES, Preference, change, preferences, restore
from studytui.tui.actions import Action, bindings, scopes
from studytui.tui.guard import NOTHING, Things
from studytui.tui.key_map import check_keys, every_action, keys_as_named
from studytui.tui.messages import SettingChosen
from studytui.tui.painting import shortened
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.settings import Settings
    from studytui.study.desk import Desk

Row = Preference | str
"""A setting, or the title above some."""
_VALUE = 26
"""Cells of the column of values."""


def rows_of(settings: Settings, words: str) -> list[Row]:
    """The settings that have all the words, under the titles of their tables."""
    every = (*preferences(settings), *_keys(settings))
    wanted = words.casefold().split()
    rows: list[Row] = []
    table: str | None = None
    for each in every:
        told = f"{each.name} {each.says} {each.words} {TITLES[each.table]}".casefold()
        if not all(word in told.replace("_", " ") or word in told for word in wanted):
            continue
        if each.table != table:
            table = each.table
            rows.append(TITLES[each.table])
        rows.append(each)
    return rows


def _keys(settings: Settings) -> Iterator[Preference]:
    """The keys of every action."""
    titles = scopes()
    for item in every_action():
        keys = settings.keys.get(item.id, item.keys)
        says = f"{titles[item.scope]}: {item.label}. {item.help}"
        yield Preference("keys", item.id, keys, item.keys, says, words=f"key {item.words}")


class SettingsList(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """A line for each setting; one has the cursor."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="settings")
        self.palette = palette
        self.rows: list[Row] = []
        self.cursor = 0

    def show(self, rows: list[Row], name: str = "") -> None:
        """Show other rows, the cursor on the setting of a name, or where it is."""
        self.rows = rows
        places = [n for n, row in enumerate(rows) if isinstance(row, Preference)]
        named = [n for n in places if getattr(rows[n], "name", "") == name]
        self.cursor = next(iter(named or [n for n in places if n >= self.cursor] or places), 0)
        self.virtual_size = Size(self.size.width, len(rows))
        self.call_after_refresh(self._reveal)
        self.refresh()

    @property
    def chosen(self) -> Preference | None:
        """The setting under the cursor."""
        row = self.rows[self.cursor] if self.cursor < len(self.rows) else None
        return row if isinstance(row, Preference) else None

    def move(self, by: int) -> None:
        """Move the cursor over so many settings."""
        places = [n for n, row in enumerate(self.rows) if isinstance(row, Preference)]
        if places:
            here = places.index(self.cursor) if self.cursor in places else 0
            self.cursor = places[max(0, min(len(places) - 1, here + by))]
            self._reveal()
            self.refresh()

    def _reveal(self) -> None:
        top = max(0, self.cursor - 1) if self.rows else 0  # the title with its first setting
        self.scroll_to_region(
            Region(0, top, 1, self.cursor - top + 1), animate=False, immediate=True
        )

    async def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; a second click does what enter does."""
        number = event.y + self.scroll_offset.y
        if number >= len(self.rows) or not isinstance(self.rows[number], Preference):
            return
        if number == self.cursor:
            await self.run_action("screen.edit")
        else:
            self.cursor = number
            self.post_message(SettingChosen())
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A setting, or a title."""
        number, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        style = self.palette.style
        if number >= len(self.rows):
            return Strip.blank(width)
        match self.rows[number]:
            case str(title):
                return Strip([RichSegment(title, style("heading.2"))]).adjust_cell_length(width)
            case Preference() as row:
                return self._setting(row, width, number == self.cursor)
            case other:
                assert_never(other)

    def _setting(self, row: Preference, width: int, chosen: bool) -> Strip:
        style = self.palette.style
        name = Strip(
            [
                RichSegment("▸ " if chosen else "  ", style("accent")),
                RichSegment(row.key.replace("_", " "), style("title" if chosen else "soft")),
            ]
        )
        value = Strip(
            [RichSegment(row.shown or "–", style("faint" if row.is_default else "strong"))]
        )
        room = min(_VALUE, width // 3)
        name = shortened(name, width - room, self.palette)
        value = shortened(value, room, self.palette)
        strip = Strip.join([name.adjust_cell_length(width - room), value]).adjust_cell_length(width)
        return strip.apply_style(self.palette.highlight("chosen")) if chosen else strip


class SettingsScreen(Screen[None]):
    """The list, what the chosen one means, and a field where it is typed."""

    SCOPE = "settings"
    CSS_PATH = "../styles/search.tcss"
    BINDINGS = bindings(SCOPE)
    AUTO_FOCUS = "#settings"

    def __init__(self, desk: Desk, palette: Palette, name: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self._wanted = name
        self._words = ""

    def compose(self) -> ComposeResult:
        """Where it is written, the settings, what is told, the field, the keys."""
        yield Lines([], self.palette, id="settings-head")
        yield SettingsList(self.palette)
        yield Lines([], self.palette, id="settings-told")
        yield OneLine(id="settings-field", compact=True)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """All settings, the wanted one under the cursor."""
        path = str(self.desk.directories.settings)
        self.query_one("#settings-head", Lines).show(
            [[("Settings  ", "heading.1"), (path, "faint")]]
        )
        self._field.display = False
        self._show(self._wanted)

    def in_sight(self) -> Things:
        """The settings on the screen."""
        top = self.list.scroll_offset.y
        shown = self.list.rows[top : top + self.list.size.height]
        return frozenset(row.name for row in shown if isinstance(row, Preference))

    def acts_on(self, item: Action | None) -> Things:
        """The setting under the cursor; letters to choose by change none."""
        chosen = self.list.chosen
        if chosen is None or (item is None and self._field.has_class("filtering")):
            return NOTHING
        return frozenset((chosen.name,))

    @property
    def list(self) -> SettingsList:
        """The list."""
        return self.query_one(SettingsList)

    @property
    def _field(self) -> OneLine:
        return self.query_one("#settings-field", OneLine)

    def _show(self, name: str = "", *told: Styled) -> None:
        self.list.show(rows_of(self.desk.settings, self._words), name)
        self._explain(*told)

    def _explain(self, *told: Styled) -> None:
        """What the chosen setting means; what has just happened stands above that."""
        chosen = self.list.chosen
        lines = list(told)
        if chosen is None:
            lines.append([("No setting has these letters.", "warn")])
        else:
            limits = " ".join(part for part in (chosen.bounds, chosen.unit) if part)
            few = " | ".join(chosen.choices)
            lines.append([(f"{chosen.says}.".replace("..", "."), "soft")])
            parts = [part for part in (few, limits) if part]
            default = Preference("", "", chosen.default, "", "").shown or "nothing"
            when = "" if chosen.counts_at_once else " · counts from the next start"
            lines.append(
                [(" · ".join([chosen.name, *parts, f"as it comes: {default}"]) + when, "faint")]
            )
        self.query_one("#settings-told", Lines).show(lines)

    # Moving ----------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.move(by)
        self._explain()

    def action_page(self, by: int) -> None:
        """A screen further or back."""
        self.action_move(by * max(1, self.list.size.height - 2))

    def on_setting_chosen(self, message: SettingChosen) -> None:
        """Another one was clicked."""
        self._explain()

    def action_filter(self) -> None:
        """Type letters to choose by."""
        self._ask(self._words, "letters of a setting", filtering=True)

    def _ask(self, value: str, placeholder: str, *, filtering: bool = False) -> None:
        field = self._field
        field.placeholder, field.value = placeholder, value
        field.set_class(filtering, "filtering")
        field.display = True
        field.cursor_position = len(value)
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """While one filters, the list follows."""
        if event.input.has_class("filtering") and event.input.has_focus:
            self._words = event.value
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write what was typed, or keep the filter."""
        if event.input.has_class("filtering") or self._set(event.value):
            self._close()

    def _close(self) -> None:
        self._field.display = False
        self.list.focus()

    # Changing --------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """The next of a few values at once; others are typed."""
        chosen = self.list.chosen
        if chosen is None:
            return
        if chosen.choices:
            self.action_turn(1)
        else:
            self._ask(chosen.shown, chosen.says)

    def action_turn(self, by: int) -> None:
        """Another of a few values: at once, so that a theme is seen while one chooses."""
        chosen = self.list.chosen
        if chosen is not None and chosen.choices:
            here = chosen.choices.index(chosen.shown) if chosen.shown in chosen.choices else 0
            self._set(chosen.choices[(here + by) % len(chosen.choices)])

    def action_restore(self) -> None:
        """Out of the file."""
        chosen = self.list.chosen
        if chosen is not None:
            self._written(lambda: restore(self.desk.directories.settings, chosen), chosen)

    def _set(self, typed: str) -> bool:
        chosen = self.list.chosen
        if chosen is None:
            return True

        def write() -> Settings:
            value = typed
            if chosen.table == "keys":
                value = keys_as_named(typed)
                item = next(each for each in every_action() if each.id == chosen.key)
                check_keys(item, value, self.desk.settings.keys)
            return change(self.desk.directories.settings, chosen, value)

        return self._written(write, chosen)

    def _written(self, write: Callable[[], Settings], chosen: Preference) -> bool:
        try:
            settings = write()
        except SettingsError as error:
            self._explain([(error.what + (f". {error.todo}." if error.todo else "."), "bad")])
            return False
        shell_of(self).take_settings(settings)
        self._show(chosen.name, [("Written.", "good")])
        return True

    def action_leave(self) -> None:
        """Leave the field, the filter, or the screen."""
        if self._field.display:
            self._close()
        elif self._words:
            self._words = ""
            self._show(self.list.chosen.name if self.list.chosen else "")
        else:
            self.dismiss()
