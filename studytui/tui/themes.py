"""Light and dark as Textual themes."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from studytui.tui.palette import DARK, LIGHT

DARK_NAME = "studytui-dark"
LIGHT_NAME = "studytui-light"


def themes() -> tuple[Theme, Theme]:
    """The dark and the light theme."""
    return _theme(DARK_NAME, DARK, dark=True), _theme(LIGHT_NAME, LIGHT, dark=False)


def _theme(name: str, colours: Mapping[str, str], *, dark: bool) -> Theme:
    variables = {
        "soft": colours["soft"],
        "faint": colours["faint"],
        "line": colours["line"],
        "raised": colours["raised"],
        "chosen": colours["chosen"],
        "scrollbar": colours["line"],
        "scrollbar-hover": colours["faint"],
        "scrollbar-active": colours["accent"],
        "scrollbar-background": colours["ground"],
        "scrollbar-background-hover": colours["ground"],
        "scrollbar-background-active": colours["ground"],
        "scrollbar-corner-color": colours["ground"],
        "input-selection-background": colours["chosen"],
        "footer-background": colours["panel"],
        "border": colours["accent"],
        "border-blurred": colours["line"],
    }
    return Theme(
        name=name,
        primary=colours["accent"],
        secondary=colours["link"],
        accent=colours["accent"],
        warning=colours["warn"],
        error=colours["bad"],
        success=colours["good"],
        foreground=colours["ink"],
        background=colours["ground"],
        surface=colours["ground"],
        panel=colours["panel"],
        dark=dark,
        variables=variables,
    )


def wanted_theme(setting: str, terminal_is_dark: bool | None) -> str:
    """The theme for a setting (``auto``, ``light``, ``dark``) and what the terminal said."""
    if setting == "light":
        return LIGHT_NAME
    if setting == "dark" or terminal_is_dark is None:
        return DARK_NAME
    return DARK_NAME if terminal_is_dark else LIGHT_NAME
