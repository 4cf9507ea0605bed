"""Widgets that paint their own lines, upon the background that the style sheet gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

if TYPE_CHECKING:
    from typing import Self

    from textual.widget import Widget

    _Base = Widget
else:
    # Textual takes the style sheet of the first base that is a widget: a mix-in may not be one.
    _Base = object


class Grounded(_Base):
    """Mix in before a widget that asks for its background whenever it paints."""

    _ground: Style | None = None

    @property
    def ground(self) -> Style:
        """The background; nothing where the reader asked for no colours.

        Looked up once: Textual refreshes a widget whenever what lies behind it changes.
        """
        if self._ground is None:
            no_color = self.app.no_color
            own = self.background_colors[1]
            self._ground = Style() if no_color else Style(bgcolor=own.rich_color)
        return self._ground

    def refresh(self, *regions: Region, **wanted: Any) -> Self:
        """Paint anew, perhaps upon another background."""
        self._ground = None
        return super().refresh(*regions, **wanted)


class Sized(_Base):
    """Mix in before a widget that asks for its size often, or before it is on the screen.

    Textual looks for it in the layout of the screen, and makes that anew for what is not there.
    """

    @property
    def size(self) -> Size:
        """The content area, as the last layout left it."""
        return self.outer_size - self.styles.gutter.totals


class Painted(Sized, Grounded):
    """Mix in before Widget or ScrollView: what ``render_line`` leaves bare gets the background."""

    _stamp: object = None
    _kept: dict[int, Strip]

    def look(self) -> object:
        """All that the lines depend on besides size and background: they are kept for as long.

        None, unless a subclass says otherwise: paint the lines each time.
        """
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with the background of the widget."""
        ground = self.ground
        if self.gutter:
            return [strip.apply_style(ground) for strip in super().render_lines(crop)]
        # Without border and padding there is nothing that Textual's cache of boxes would add.
        width = self.size.width
        self._look()
        strips = [self._line(y, ground) for y in crop.line_range]
        if crop.x or crop.width != width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def _look(self) -> bool:
        """Forget the lines when what they depend on has changed. False if none can be kept."""
        look = self.look()
        stamp = (look, self.ground, self.size.width)
        if look is None or stamp != self._stamp:
            self._stamp, self._kept = stamp, {}
        return look is not None

    def is_painted(self, region: Region) -> bool:
        """Whether painting these lines now would not help later."""
        if self.gutter or not self._look():
            return True
        return all(y in self._kept for y in region.line_range)

    def _line(self, y: int, ground: Style) -> Strip:
        strip = self._kept.get(y)
        if strip is None:
            strip = self._kept[y] = self.render_line(y).apply_style(ground)
        return strip


class Bare(Grounded):
    """Mix in before a container that shows nothing but its background: one strip does for all."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank lines."""
        return [Strip.blank(crop.width, self.ground)] * crop.height


class Kept(_Base):
    """Mix in before a widget that Textual paints: its lines are kept until it is refreshed.

    Textual keeps them too, but asks for all that is around them each time.
    """

    _strips_for: object = None
    _strips: list[Strip]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they were painted last."""
        key = (self.outer_size, crop)
        if key != self._strips_for:
            self._strips = super().render_lines(crop)
            # What the layout does not hold now, Textual paints without a size: not for long.
            self._strips_for = key if self.region.size == self.outer_size else None
        return self._strips

    def is_painted(self, region: Region) -> bool:
        """Whether these lines are kept."""
        return self._strips_for == (self.outer_size, region)

    def refresh(self, *regions: Region, **wanted: Any) -> Self:
        """Paint anew."""
        self._strips_for = None
        return super().refresh(*regions, **wanted)


class Even(Kept):
    """Mix in before a container whose lines all look the same: one is painted for all.

    That is so with a background, a border or padding at the left and the right alone.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The first line as often as there are lines."""
        return super().render_lines(Region(crop.x, 0, crop.width, 1)) * crop.height

    def is_painted(self, region: Region) -> bool:
        """Whether the one line is kept."""
        return super().is_painted(Region(region.x, 0, region.width, 1))
