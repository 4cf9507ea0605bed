"""Actions of the live blocks of an article: snippets, derivations and cards."""

from studytui.tui.actions.registry import Action

ACTIONS: tuple[Action, ...] = (
    Action("snippet.run", "ctrl+j,ctrl+enter,r,enter", "Run", "Run the snippet", bar=True),
    Action("snippet.stop", "x", "Stop", "Stop it, with all its processes", bar=True),
    Action("snippet.form", "p", "Parameters", "Change its parameters in a form", bar=True),
    Action("snippet.device", "D", "Device", "Run it on the next device"),
    Action("snippet.source", "v", "Source", "Show or hide its source", bar=True),
    Action("snippet.edit", "e", "Edit", "Edit a copy of your own in $EDITOR", bar=True),
    Action("snippet.difference", "f", "Difference", "How your copy differs from the original"),
    Action("snippet.original", "O", "Original", "Back to the original; your copy is put aside"),
    Action("snippet.check", "c", "Check", "Check your solution of the exercise"),
    Action("snippet.trust", "T", "Trust", "Let code that did not come with studytui run"),
    Action("snippet.copy_output", "y", "Copy", "Copy what it printed"),
    Action("snippet.save_output", "s", "Save", "Write what it printed to a file"),
    Action("form.run", "ctrl+j,ctrl+enter", "Run", "Run with these values", bar=True),
    Action("form.close", "escape", "Close", "Close the form; the values stay", bar=True),
    Action("card.begin", "enter", "Answer", "Answer the card, or show its answer", bar=True),
    Action("card.again", "1", "Again", "Forgotten", "grade(1)"),
    Action("card.hard", "2", "Hard", "Known with trouble", "grade(2)"),
    Action("card.good", "3", "Good", "Known", "grade(3)"),
    Action("card.easy", "4", "Easy", "Known at once", "grade(4)"),
    Action("card.undo", "u,ctrl+z", "Undo", "Take the grade back"),
    Action("card.next_gap", "n", "Next", "The next gap, or the question again with new numbers"),
)
