"""Actions of questions, of the review and of the statistics."""

from studytui.tui.actions.registry import Action

_MOVES = (
    Action("choices.down", "j,down", "Down", "Next option", "move(1)"),
    Action("choices.up", "k,up", "Up", "Option before", "move(-1)"),
    Action("ordering.down", "j,down", "Down", "Next line, or move the held line", "move(1)"),
    Action("ordering.up", "k,up", "Up", "Line before, or move the held line", "move(-1)"),
)
_PICKS = tuple(
    Action(f"choices.pick_{place}", str(place), f"Option {place}", "Pick it", f"pick({place - 1})")
    for place in range(1, 10)
)

ACTIONS = (
    Action(
        "choices.pick",
        "space,x",
        "Pick",
        "Choose the option under the cursor",
        "pick_here",
        bar=True,
    ),
    Action("choices.submit", "enter", "Answer", "This is the answer", "submit", bar=True),
    Action("ordering.carry_down", "J,shift+down", "Move down", "Move the line down", "carry(1)"),
    Action("ordering.carry_up", "K,shift+up", "Move up", "Move the line up", "carry(-1)"),
    Action(
        "ordering.pick",
        "space,x",
        "Hold",
        "Take hold of the line; arrows then move it",
        "pick_here",
        bar=True,
    ),
    Action("ordering.submit", "enter", "Answer", "This is the order", "submit", bar=True),
    *_MOVES,
    *_PICKS,
    Action("line.give", "enter,ctrl+j", "Answer", "Give the answer", bar=True),
    Action("text.give", "ctrl+j,ctrl+enter", "Answer", "Give the answer", bar=True),
    Action("question.show", "space", "Show", "Show the answer", bar=True),
    Action("question.begin", "enter,i", "Answer", "Into the field, or show the answer", bar=True),
    Action("question.submit", "ctrl+j,ctrl+enter", "Answer", "Give the answer", bar=True),
    Action("question.hint", "h,f2", "Hint", "Show the card's hint; it lowers the grade", bar=True),
    Action("question.trust", "ctrl+t", "Trust", "Let this card's program run from now on"),
    Action(
        "question.leave_field",
        "escape",
        "Leave",
        "Leave the field: letters are keys again",
        bar=True,
    ),
    Action("review.accept", "space,enter", "Next", "Take the proposed grade", bar=True),
    Action("review.go_on", "c", "Go on", "The next thing of today; a card is answered first"),
    Action("review.again", "1", "Again", "Forgotten", "grade(1)"),
    Action("review.hard", "2", "Hard", "Known with trouble", "grade(2)"),
    Action("review.good", "3", "Good", "Known", "grade(3)"),
    Action("review.easy", "4", "Easy", "Known at once", "grade(4)"),
    Action("review.undo", "u,ctrl+z", "Undo", "Take the last grade back", bar=True),
    Action("review.redo", "U", "Redo", "Give it again"),
    Action("review.more", "m", "More", "Twenty further new cards today, when all is done"),
    Action("review.bury", "b", "Bury", "Not again today"),
    Action("review.suspend", "s", "Suspend", "Not again until it is unsuspended"),
    Action(
        "review.edit", "e", "Edit", "Edit the card's source in $EDITOR; its history stays", bar=True
    ),
    Action("review.article", "o", "Article", "Read the article at this card"),
    Action("review.report", "R", "Report…", "Note that something is wrong with this card"),
    Action("review.leave", "q,escape", "End", "End the review; every grade is saved", bar=True),
    Action("cards.query", "slash", "Choose…", "Choose: words, track:… is:due is:leech …", bar=True),
    Action("cards.mark", "space", "Mark", "Mark the card under the cursor, or no more", bar=True),
    Action("cards.mark_all", "a", "All", "Mark all that are shown, or none"),
    Action("cards.suspend", "s", "Suspend", "Put aside, or let come again", bar=True),
    Action("cards.bury", "b", "Bury", "Not again today"),
    Action("cards.reset", "R", "Reset", "Make new again; the history stays"),
    Action("cards.due", "d", "Due", "Due today; the memory stays", bar=True),
    Action("cards.undo", "u,ctrl+z", "Undo", "Take the last change back", bar=True),
    Action("cards.open", "enter,o", "Read", "Read the article at this card", bar=True),
    Action("cards.leave", "q,escape", "Back", "Back to the articles", bar=True),
    Action("statistics.down", "j,down", "Down", "A line further", "scroll(1)"),
    Action("statistics.up", "k,up", "Up", "A line back", "scroll(-1)"),
    Action(
        "statistics.page_down",
        "space,pagedown,d",
        "Page",
        "A screen further",
        "scroll(20)",
        bar=True,
    ),
    Action("statistics.page_up", "b,pageup,u", "Back", "A screen back", "scroll(-20)"),
    Action("statistics.fit", "F", "Fit", "Fit the scheduler to your history", bar=True),
    Action("statistics.simulate", "w", "Workload", "What each retention would cost", bar=True),
    Action("statistics.leave", "q,escape,backspace", "Home", "Back", bar=True),
)
