"""Keys of the reader's own: which names can be given, and whether two actions want the same one."""

from __future__ import annotations

from collections.abc import Mapping

from textual.keys import KEY_ALIASES, Keys, _character_to_key

from studytui.errors import SettingsError
from studytui.tui.actions import Action, actions, scopes

_NAMED = {key.value for key in Keys} | {name for names in KEY_ALIASES.values() for name in names}
_MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")
_EXAMPLE = "As in u, ctrl+z, f5, space, question_mark"


def every_action() -> tuple[Action, ...]:
    """The actions of all scopes."""
    return tuple(item for scope in scopes() for item in actions(scope))


def keys_as_named(typed: str) -> str:
    """Keys as Textual names them: ``?, g`` becomes ``question_mark,g``. Raises SettingsError."""
    return ",".join(_named(key.strip()) for key in _parts(typed))


def _parts(typed: str) -> list[str]:
    # A comma alone is the key of that name.
    return [","] if typed.strip() == "," else [part for part in typed.split(",") if part.strip()]


def _named(key: str) -> str:
    if len(key) == 1:
        return _character_to_key(key)
    *modifiers, last = key.split("+")
    is_known = last in _NAMED or (len(last) == 1 and last.isprintable())
    if len(last) > 1 and not is_known:
        from unicodedata import lookup

        try:
            is_known = bool(lookup(last.replace("_", " ")))
        except KeyError:
            is_known = False
    if not is_known or any(each not in _MODIFIERS for each in modifiers):
        raise SettingsError(f"there is no key {key!r}", todo=_EXAMPLE)
    return key


def check_keys(item: Action, named: str, keymap: Mapping[str, str]) -> None:
    """Raise SettingsError where an action would get no key, or one that another of its scope has.

    What the nearer scope binds wins over what is further out, so only one's own scope counts.
    """
    wanted = set(named.split(",")) - {""}
    if not wanted:
        raise SettingsError(f"{item.label} needs a key", todo=_EXAMPLE)
    for other in actions(item.scope):
        taken = wanted & set(keymap.get(other.id, other.keys).split(","))
        if other.id != item.id and taken:
            raise SettingsError(
                f"{', '.join(sorted(taken))} is {other.label!r} there already",
                todo=f"Give {other.id} another key first",
            )
