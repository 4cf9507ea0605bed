"""The colours of the light and the dark theme, for the interface and for laid-out text."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style

DARK: Mapping[str, str] = {
    "ground": "#15171c",
    "panel": "#1b1e25",
    "raised": "#232731",
    "ink": "#d6d9e0",
    "soft": "#9aa1af",
    "faint": "#7a8496",
    "line": "#333945",
    "accent": "#8fb3f5",
    "maths": "#e8c98f",
    "link": "#83c5d4",
    "good": "#9fce8c",
    "warn": "#e9b872",
    "bad": "#ea8a84",
    "violet": "#c4a7e7",
    "chosen": "#2b3549",
    "found": "#5a4a1c",
    "current": "#a8842c",
}
LIGHT: Mapping[str, str] = {
    "ground": "#fbfaf6",
    "panel": "#f3f1ea",
    "raised": "#e9e6dc",
    "ink": "#2a2d34",
    "soft": "#5d6470",
    "faint": "#727985",
    "line": "#d5d1c5",
    "accent": "#2c5cb5",
    "maths": "#7d4a00",
    "link": "#0d6c80",
    "good": "#3a7327",
    "warn": "#955c00",
    "bad": "#b3312c",
    "violet": "#6d4aa3",
    "chosen": "#d9e3f5",
    "found": "#f6e4a8",
    "current": "#f0c23c",
}

_STYLES: Mapping[str, str] = {
    "strong": "bold",
    "emphasis": "italic",
    "strike": "strike",
    "code": "{violet}",
    "math": "{maths}",
    "low": "{faint}",
    "formula": "{maths}",
    "formula.raw": "{warn}",
    "link": "{link} underline",
    "restored": "",
    "heading.1": "bold {accent}",
    "heading.2": "bold {accent}",
    "heading.3": "bold {ink}",
    "heading.4": "bold italic {soft}",
    "heading.5": "italic {soft}",
    "heading.6": "italic {faint}",
    "heading.rule": "{line}",
    "marker": "{accent}",
    "rule": "{line}",
    "quote.bar": "{line}",
    "note.note": "{accent}",
    "note.tip": "{good}",
    "note.warning": "{warn}",
    "note.translator": "{soft}",
    "table.header": "bold {soft}",
    "table.rule": "{line}",
    "stand-in": "{accent}",
    "gutter.restored": "{warn}",
    "divider": "{faint} italic",
    "faint": "{faint}",
    "soft": "{soft}",
    "accent": "{accent}",
    "good": "{good}",
    "warn": "{warn}",
    "bad": "{bad}",
    "title": "bold {ink}",
    "key": "bold {accent}",
    "line": "{line}",
    "listing": "{ink} on {panel}",
    "listing.label": "{faint}",
    "listing.keyword": "{accent}",
    "listing.constant": "{maths}",
    "listing.function": "{link}",
    "listing.class": "bold {link}",
    "listing.decorator": "{violet}",
    "listing.builtin": "{link}",
    "listing.string": "{good}",
    "listing.number": "{maths}",
    "listing.comment": "italic {faint}",
    "listing.operator": "{soft}",
    "listing.deleted": "{bad}",
    "listing.inserted": "{good}",
    "chosen": "on {chosen}",
    "marked": "on {chosen}",
    "selected": "on {chosen}",
    "found": "on {found}",
    "found.current": "{ink} on {current} bold",
    "bar.full": "{accent}",
    "bar.empty": "{line}",
}

_WITHOUT_COLOUR: Mapping[str, str] = {
    "chosen": "reverse",
    "marked": "reverse",
    "selected": "reverse",
    "found": "underline",
    "found.current": "reverse bold",
}


class Palette:
    """Turns style names into styles; ``strong link`` is both. Unknown names are plain."""

    def __init__(self, *, dark: bool, colour: bool = True) -> None:
        self.dark = dark
        self.colour = colour
        self.colours = DARK if dark else LIGHT
        self.generation = 0
        self._known: dict[str, Style] = {}
        self._upon: dict[tuple[Style, str], Style] = {}

    def turn(self, *, dark: bool) -> None:
        """Take the colours of the other theme."""
        self.dark = dark
        self.colours = DARK if dark else LIGHT
        self.generation += 1
        self._known.clear()
        self._upon.clear()

    def style(self, names: str) -> Style:
        """The style of one or more names with spaces between."""
        style = self._known.get(names)
        if style is None:
            style = Style.parse(self.colours["ink"]) if self.colour else Style()
            for name in names.split():
                style += self._single(name)
            self._known[names] = style
        return style

    def upon(self, ground: Style, names: str) -> Style:
        """The style of some names upon a background: the same object each time."""
        key = (ground, names)
        style = self._upon.get(key)
        if style is None:
            style = self._upon[key] = ground + self.style(names)
        return style

    def highlight(self, name: str) -> Style:
        """A style to lay over another one: it sets only what it must."""
        return self._single(name)

    def _single(self, name: str) -> Style:
        if not self.colour and name in _WITHOUT_COLOUR:
            return Style.parse(_WITHOUT_COLOUR[name])
        style = Style.parse(_STYLES.get(name, "").format_map(self.colours))
        return style if self.colour else style.without_color
