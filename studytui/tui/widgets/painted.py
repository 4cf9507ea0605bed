"""Widgets that paint their own lines, upon the background that the style sheet gives them."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Painted(Widget):
    """Mix in before Widget or ScrollView: what ``render_line`` leaves bare gets the background."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with the background of the widget."""
        ground = Style(bgcolor=self.background_colors[1].rich_color)
        return [strip.apply_style(ground) for strip in super().render_lines(crop)]
