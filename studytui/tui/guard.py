"""What a key may write about: only what was on the screen when it was sent.

A key is sent for what the reader sees. Until its turn comes, keys before it may have scrolled the
page, moved a cursor or brought another card: then it would write about something that nobody has
looked at. So every action says whether it writes (:class:`~studytui.tui.actions.Effect`), whatever
answers such keys says what they would be about (``acts_on``), and every screen what can be seen
(``in_sight``). What says nothing of itself is not written about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from studytui.tui.actions import Action, Effect, action

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from studytui.tui.shell import StudyApp

Things = frozenset[object]
NOTHING: Things = frozenset()
UNSEEN = "Not done: that key was sent before this was on the screen. Press it again."


class AsAWhole:
    """Mix into a screen whose writing keys are about all that stands on it."""

    def in_sight(self) -> Things:
        """The screen."""
        return frozenset((self,))

    def acts_on(self, item: Action | None) -> Things:
        """The screen."""
        return frozenset((self,))


def things_in_sight(app: StudyApp) -> Things:
    """What is on the screen and can be answered: also under the palette, which lies over it."""
    found: set[object] = set()
    for screen in reversed(app.screen_stack):
        found.update(getattr(screen, "in_sight", frozenset)())
        if not screen.is_modal:
            break
    return frozenset(found)


def action_of(binding: Binding) -> Action | None:
    """The action of the registry that a binding runs; None for those of Textual's own widgets."""
    try:
        return action(binding.id or "")
    except KeyError:
        return None


def written_about(node: DOMNode, binding: Binding) -> Things:
    """What the action of a binding of a node would write about; nothing where it writes nothing."""
    item = action_of(binding)
    if item is None and binding.action != "submit":
        return NOTHING  # it moves in a field, or leaves
    return acted_on(node, item)


def acted_on(node: DOMNode, item: Action | None) -> Things:
    """What an action would write about. ``item`` is None for what was typed into a field."""
    if item is not None and item.effect is not Effect.WRITES:
        return NOTHING
    for each in node.ancestors_with_self:
        acts_on = getattr(each, "acts_on", None)
        if acts_on is not None:
            things: Things = acts_on(item)
            return things
    # What a writing action is about must be told. A field that nobody speaks for only looks.
    return NOTHING if item is None else frozenset((object(),))
