"""The registry. A scope is a screen or a widget that answers keys; each has a table of actions."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from importlib import import_module

from textual.binding import Binding


class Effect(Enum):
    """What an action does to what is kept: the journal, and the reader's own files."""

    WRITES = "writes"
    """It writes about what its screen or block says it acts on: that must have been seen."""
    SHOWS = "shows"
    """It writes, and brings what that is about onto the screen: undo, from wherever one is."""
    LOOKS = "looks"
    """It writes nothing about what is studied: it moves, opens, closes, copies."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader can do with a key.

    ``id`` is ``scope.name``: the key map of the settings file uses it. ``keys`` are Textual key
    names with commas between. ``method`` is the action method that is called (``action_<method>``
    of the widget or screen of the scope), by default the name after the dot. ``bar`` puts it on
    the key bar; ``help`` is one sentence,
    ``words`` are other names that the palette finds it by. An action whose ``effect`` is not told
    counts as one that writes.
    """

    id: str
    keys: str
    label: str
    help: str
    method: str = ""
    bar: bool = False
    priority: bool = False
    words: str = ""
    effect: Effect = Effect.WRITES

    @property
    def scope(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def call(self) -> str:
        """The Textual action that it runs."""
        return self.method or self.id.partition(".")[2]


Look = partial(Action, effect=Effect.LOOKS)
"""An action that writes nothing."""

SCOPES: dict[str, tuple[str, str]] = {
    "everywhere": ("studytui.tui.actions.everywhere", "Everywhere"),
    "home": ("studytui.tui.actions.home", "Home"),
    "reader": ("studytui.tui.actions.reader", "Reader"),
    "find": ("studytui.tui.actions.reader", "Find in the article"),
    "contents": ("studytui.tui.actions.reader", "Table of contents"),
    "claims": ("studytui.tui.actions.reader", "Claims"),
    "search": ("studytui.tui.actions.home", "Search"),
    "snippet": ("studytui.tui.actions.live_blocks", "Snippet"),
    "form": ("studytui.tui.actions.live_blocks", "Parameters"),
    "number": ("studytui.tui.actions.live_blocks", "Moving a number"),
    "typed": ("studytui.tui.actions.live_blocks", "Typing for a snippet"),
    "output": ("studytui.tui.actions.live_blocks", "Whole output"),
    "derivation": ("studytui.tui.actions.live_blocks", "Derivation"),
    "step": ("studytui.tui.actions.live_blocks", "Typing a line"),
    "card": ("studytui.tui.actions.live_blocks", "Card"),
    "exercise": ("studytui.tui.actions.live_blocks", "Exercise"),
    "code": ("studytui.tui.actions.live_blocks", "Writing code"),
    "editor": ("studytui.tui.actions.live_blocks", "Writing in a file"),
    "question": ("studytui.tui.actions.review", "Question"),
    "line": ("studytui.tui.actions.review", "Typing an answer"),
    "text": ("studytui.tui.actions.review", "Typing several lines"),
    "choices": ("studytui.tui.actions.review", "Choosing"),
    "ordering": ("studytui.tui.actions.review", "Putting in order"),
    "review": ("studytui.tui.actions.review", "Review"),
    "statistics": ("studytui.tui.actions.review", "Statistics"),
    "cards": ("studytui.tui.actions.review", "Cards"),
    "pick": ("studytui.tui.actions.own", "Choosing words"),
    "draft": ("studytui.tui.actions.own", "Your card or note"),
    "own": ("studytui.tui.actions.own", "Your cards and notes here"),
    "settings": ("studytui.tui.actions.settings", "Settings"),
    "places": ("studytui.tui.actions.settings", "Places"),
    "help": ("studytui.tui.actions.home", "Help"),
    "problems": ("studytui.tui.actions.home", "Problems"),
    "plan": ("studytui.tui.actions.planning", "Plan"),
    "place": ("studytui.tui.actions.planning", "Placement"),
    "day": ("studytui.tui.actions.planning", "Day"),
    "welcome": ("studytui.tui.actions.home", "Welcome"),
}
"""Each scope: the module whose ``ACTIONS`` hold its actions, and its title on the help screen."""


def scopes() -> dict[str, str]:
    """Every scope and its title."""
    return {scope: title for scope, (_, title) in SCOPES.items()}


def actions(scope: str) -> tuple[Action, ...]:
    """The actions of a scope, in the order of the key bar."""
    module = import_module(SCOPES[scope][0])
    return tuple(item for item in module.ACTIONS if item.scope == scope)


def action(identity: str) -> Action:
    """The action with an id. Raises KeyError."""
    scope = identity.partition(".")[0]
    for item in actions(scope):
        if item.id == identity:
            return item
    raise KeyError(identity)


def bindings(scope: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The bindings of a screen or a widget: ``BINDINGS = bindings("reader")``."""
    return [
        Binding(
            item.keys,
            item.call,
            item.label,
            show=item.bar,
            tooltip=item.help,
            id=item.id,
            priority=item.priority,
        )
        for item in actions(scope)
    ]


def bindings_over(scope: str = "") -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The bindings of what lies over another screen and keeps keys from the app.

    Help, undo and leaving work from everywhere all the same, by the reader's own keys.
    """
    kept = [action(f"everywhere.{name}") for name in ("help", "undo", "quit")]
    return [
        *(bindings(scope) if scope else ()),
        *(
            Binding(item.keys, f"app.{item.call}", item.label, show=False, id=item.id)
            for item in kept
        ),
        ("ctrl+c", "app.help_quit", "Quit"),
    ]


_NAMES = {
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "enter": "⏎",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "backspace": "⌫",
    "minus": "-",
    "plus": "+",
    "shift+tab": "⇧tab",
}


def shown_keys(
    item: Action, keymap: Mapping[str, str], most: int = 9, *, typing: bool = False
) -> list[str]:
    """The keys of an action as a person reads them, after the user's key map.

    While ``typing``, those that would be text are left out.
    """
    keys = [key.strip() for key in keymap.get(item.id, item.keys).split(",")]
    return [_shown(key) for key in keys if key and not (typing and _is_text(key))][:most]


def _is_text(key: str) -> bool:
    """Whether a key puts a character into a field."""
    shown = _shown(key)
    return key == "space" or (len(shown) == 1 and shown.isascii())


def _shown(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, last = key.split("+")
    marks = "".join({"ctrl": "^", "alt": "⌥", "shift": "⇧"}.get(name, name) for name in modifiers)
    return marks + _NAMES.get(last, _character(last))


def _character(key: str) -> str:
    """The character of a key that Textual calls by its Unicode name, as ``dollar_sign``."""
    try:
        character = unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return key
    return character if character.isprintable() and not character.isspace() else key
