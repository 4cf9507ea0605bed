"""Actions of the plan and of the page at the end of a day."""

from studytui.tui.actions.registry import Action, Look

ACTIONS = (
    Action("plan.begin", "enter,c", "Begin", "Keep the plan and do the first thing", bar=True),
    Look("plan.fewer", "left,h,minus", "Fewer", "Five minutes a day fewer", "minutes(-1)"),
    Look("plan.more", "right,l,plus", "Minutes", "Five minutes more", "minutes(1)", bar=True),
    Look("plan.next_goal", "down,j,tab", "Goal", "Another goal", "goal(1)", bar=True),
    Look("plan.previous_goal", "up,k,shift+tab", "Goal before", "The goal before", "goal(-1)"),
    Look("plan.why", "w", "Why", "Say in a sentence what it is for", "say_why", bar=True),
    Action("plan.place", "p", "Skip what you know", "A few questions; what is known", bar=True),
    Action("plan.keep", "s", "Keep", "Keep the plan and go home", bar=True),
    Look("plan.leave", "escape,q", "Later", "Leave the plan as it was", bar=True),
    Action("place.next", "space,enter", "Next", "Answer, or go on", bar=True),
    Action("place.yes", "y", "Yes", "I knew it", "known(True)", bar=True),
    Action("place.no", "n", "No", "I did not know it", "known(False)", bar=True),
    Look("place.leave", "q,escape", "Leave", "Keep nothing of it", bar=True),
    Action("day.go_on", "c,enter,space", "Begin", "Do the first thing", bar=True),
    Action("day.more", "plus", "Ten minutes", "Ten minutes more today", bar=True),
    Look("day.plan", "m,P", "Plan", "Other minutes or another goal", bar=True),
    Look("day.leave", "q,escape", "Done", "Home", bar=True),
)
