"""Actions of the reader's own cards and notes: choosing words, the form, the list of a place."""

from studytui.tui.actions.registry import Action, Look

ACTIONS = (
    Look("pick.next", "j,down,tab", "Next", "The next sentence, formula or listing", "move(1)"),
    Look("pick.previous", "k,up,shift+tab", "Previous", "The one before", "move(-1)"),
    Look("pick.more", "space,J,shift+down", "More", "Take the next one too", "more(1)", bar=True),
    Look("pick.less", "K,shift+up", "Less", "One less", "more(-1)"),
    Look("pick.take", "enter", "Take", "Make a card or a note of it", bar=True),
    Look("pick.close", "escape,q", "Leave", "Choose nothing", bar=True),
    Action(
        "draft.save",
        "ctrl+s,ctrl+j,ctrl+enter",
        "Save",
        "Write it into your own pack",
        bar=True,
        priority=True,
    ),
    Look(
        "draft.turn",
        "f2",
        "Card/cloze/note",
        "Make it a card, a text with gaps, or a note",
        bar=True,
        priority=True,
    ),
    Look(
        "draft.gap",
        "f3",
        "Gap",
        "Hide the selected words (shift and arrows select): {{c1::words}}",
        bar=True,
        priority=True,
    ),
    Look("draft.close", "escape", "Leave", "Leave without saving", bar=True, priority=True),
    Look("own.down", "j,down", "Down", "The next one", "move(1)"),
    Look("own.up", "k,up", "Up", "The one before", "move(-1)"),
    Look("own.open", "enter", "Go there", "To its place in the article", bar=True),
    Action("own.edit", "e", "Edit", "Change it; its history stays", bar=True),
    Action("own.remove", "x", "Take away", "Take it away; its text is put aside", bar=True),
    Look("own.close", "escape,q,o", "Close", "Back to the text", bar=True),
)
