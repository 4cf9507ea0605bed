"""Widgets that paint their own lines, upon the background that the style sheet gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    # Textual takes the style sheet of the first base that is a widget: a mix-in may not be one.
    _Base = object


def ground_of(widget: Widget) -> Style:
    """The background of a widget; nothing where the reader asked for no colours."""
    if widget.app.no_color:
        return Style()
    return Style(bgcolor=widget.background_colors[1].rich_color)


class Painted(_Base):
    """Mix in before Widget or ScrollView: what ``render_line`` leaves bare gets the background."""

    _kept: tuple[object, list[Strip]] = (None, [])

    def look(self) -> object:
        """All that the lines depend on besides size and background: they are kept for as long.

        None, unless a subclass says otherwise: paint the lines each time.
        """
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with the background of the widget."""
        ground = ground_of(self)
        if self.gutter:
            return [strip.apply_style(ground) for strip in super().render_lines(crop)]
        look, width = self.look(), self.size.width
        key = (look, ground, width, crop)
        if look is not None and key == self._kept[0]:
            return self._kept[1]
        # Without border and padding there is nothing that Textual's cache of boxes would add.
        strips = [self.render_line(y).apply_style(ground) for y in crop.line_range]
        if crop.x or crop.width != width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        self._kept = key, strips
        return strips


class Bare(_Base):
    """Mix in before a container that shows nothing but its background: one strip does for all."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank lines."""
        return [Strip.blank(crop.width, ground_of(self))] * crop.height


class Even(_Base):
    """Mix in before a container whose lines all look the same: one is painted for all.

    That is so with a background, a border or padding at the left and the right alone.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The first line as often as there are lines."""
        return super().render_lines(Region(crop.x, 0, crop.width, 1)) * crop.height
