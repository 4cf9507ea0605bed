"""Actions of the live blocks (snippets, derivations, cards) and of review and statistics."""

from studytui.tui.actions.registry import Action

ACTIONS: tuple[Action, ...] = (
    Action("review.close", "escape,q", "Home", "Leave the review; every grade is saved", bar=True),
    Action("statistics.close", "escape,q", "Home", "Back to the list of articles", bar=True),
)
