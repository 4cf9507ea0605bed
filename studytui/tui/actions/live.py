"""Actions of the live blocks of an article: snippets, derivations and cards."""

from studytui.tui.actions.registry import Action

ACTIONS: tuple[Action, ...] = ()
