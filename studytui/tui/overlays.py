"""What lies over any screen and gives it back: help, palette, search, settings, places.

Each is imported when it is first wanted: the start would be slower for all of them.

Nearly all of it is actions and handlers, which Textual looks for on the app itself: therefore a
mix-in, and no object that the app holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from studytui.settings import Settings
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette

    class _Base(App[None]):
        """What the app has."""

        def must_wait(self, go: Callable[[], None]) -> bool: ...
else:
    _Base = object


class Overlays(_Base):
    """Mix into the app, which owns desk, settings and palette."""

    desk: Desk
    settings: Settings
    palette: Palette

    def action_help(self) -> None:
        """Explain what has the focus, or close what explains it."""
        from studytui.tui.scopes import scopes_of
        from studytui.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.action_close()
            return
        explained = scopes_of(self.screen, beyond_field=True)
        self.push_screen(HelpScreen(self.palette, self.settings.keys, explained))

    def action_command_palette(self) -> None:
        """Find any command by its name."""
        from studytui.tui.commands import CommandSheet

        if not isinstance(self.screen, CommandSheet):
            self.push_screen(CommandSheet(id="--command-palette"))

    def action_search(self) -> None:
        """Search everything."""
        from studytui.tui.screens.search import SearchScreen

        if not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen(self.desk, self.palette))

    def action_settings(self, name: str = "") -> None:
        """Look at all settings, or at one, and change them."""
        from studytui.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self.desk, self.palette, name))

    def action_places(self) -> None:
        """Bookmarks, and what was read last."""
        from studytui.tui.screens.places import PlacesScreen

        if not isinstance(self.screen, PlacesScreen) and not self.must_wait(self.action_places):
            self.push_screen(PlacesScreen(self.desk, self.palette))
