"""A place to write Python in: colours, indentation that goes on, undo."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.widgets.text_area import Selection, TextAreaTheme

from studytui.tui.actions import bindings
from studytui.tui.widgets.function_keys import PlainTextArea

if TYPE_CHECKING:
    from studytui.tui.palette import Palette

INDENT = 4
GAP = "raise NotImplementedError("
_STYLES = {
    "keyword": ("keyword", "include", "conditional", "repeat", "exception"),
    "function": ("function", "method", "constructor"),
    "class": ("type", "class"),
    "builtin": ("constant.builtin", "variable.builtin", "function.builtin", "boolean"),
    "string": ("string",),
    "number": ("number", "float"),
    "comment": ("comment",),
    "operator": ("operator",),
    "decorator": ("attribute", "preproc"),
}
"""Our style of a listing for each family of names that the grammar gives."""
_NAMES = (
    *("", ".function", ".operator", ".return", ".call", ".builtin"),
    *(".class", ".definition", ".escape"),
)


class SourceArea(PlainTextArea):
    """Tab indents; Enter goes on as far in as the line before, a step further after a colon."""

    TAKES_LETTERS = True
    DEFAULT_CSS = """
    SourceArea { height: auto; max-height: 60vh; margin: 1 0 0 0; padding: 0; border: none;
               background: $raised; }
    SourceArea:focus { border: none; }
    """

    def __init__(self, text: str, palette: Palette, *, python: bool = True) -> None:
        # Without the grammar it is written in one colour.
        known = python and all(map(find_spec, ("tree_sitter", "tree_sitter_python")))
        super().__init__(
            text,
            language="python" if known else None,
            tab_behavior="indent",
            show_line_numbers=True,
            soft_wrap=False,
            compact=True,
        )
        self.palette = palette
        self.indent_width = INDENT
        self._dress()

    def _dress(self) -> None:
        """Take the colours of the palette."""
        styles = {
            f"{family}{name}": self.palette.style(f"listing.{ours}")
            for ours, families in _STYLES.items()
            for family in families
            for name in _NAMES
        }
        name = f"studytui-{self.palette.generation}"
        # Colours of the text alone: the ground is the widget's.
        bare = {token: Style(color=style.color, bold=style.bold) for token, style in styles.items()}
        self.register_theme(TextAreaTheme(name, syntax_styles=bare))
        self.theme = name

    def turn(self) -> None:
        """Other colours."""
        self._dress()

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            row, column = self.cursor_location
            before = self.document[row][:column]
            indent = len(before) - len(before.lstrip(" "))
            further = INDENT if self.language and before.rstrip().endswith(":") else 0
            start, end = self.selection
            self._replace_via_keyboard("\n" + " " * (indent + further), start, end)
        elif event.key == "escape":
            event.prevent_default()  # Textual's would go to the next field: it is a key of ours
        else:
            await super()._on_key(event)


class CodeArea(SourceArea):
    """The function of an exercise; keys of its panel work here too."""

    SCOPE = "code"
    BINDINGS = bindings(SCOPE)

    def select_gap(self) -> None:
        """Select what stands in the open gap, so that typing fills it; else go to the end."""
        for row in range(self.document.line_count):
            line = self.document[row]
            if line.lstrip().startswith(GAP):
                self.selection = Selection((row, len(line) - len(line.lstrip())), (row, len(line)))
                return
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.action_panel("leave")
        else:
            await super()._on_key(event)

    def action_panel(self, what: str) -> None:
        """An action of the exercise that this belongs to."""
        panel = self.parent
        if panel is not None:
            self.call_later(getattr(panel, f"action_{what}"))
