"""Actions of the settings screen, and of the list of places."""

from studytui.tui.actions.registry import Action, Look

ACTIONS = (
    Action("settings.edit", "enter", "Change", "Type a value, or take the next one", bar=True),
    Action("settings.next", "l,right", "Next value", "The next of a few values", "turn(1)"),
    Action("settings.previous", "h,left", "Value before", "The value before", "turn(-1)"),
    Action("settings.restore", "d,delete", "Default", "As it comes: out of the file", bar=True),
    Look("settings.filter", "slash", "Find…", "Show only settings with these letters", bar=True),
    Look("settings.down", "j,down", "Down", "Next setting", "move(1)"),
    Look("settings.up", "k,up", "Up", "Setting before", "move(-1)"),
    Look("settings.page_down", "space,pagedown", "Page down", "A screen further", "page(1)"),
    Look("settings.page_up", "b,pageup", "Page up", "A screen back", "page(-1)"),
    Look("settings.first", "g,home", "First", "To the first setting", "move(-9999)"),
    Look("settings.last", "G,end", "Last", "To the last setting", "move(9999)"),
    Look("settings.leave", "escape,q", "Back", "Back to where you were", bar=True),
    Look("places.open", "enter,l,right", "Go there", "Open the article there", bar=True),
    Look("places.down", "j,down", "Down", "Next place", "move(1)", bar=True),
    Look("places.up", "k,up", "Up", "Place before", "move(-1)", bar=True),
    Action("places.remove", "d,delete", "Remove", "Take the bookmark away", bar=True),
    Look("places.close", "escape,q", "Back", "Back to where you were", bar=True),
)
