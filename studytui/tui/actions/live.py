"""Actions of the live blocks of an article: snippets, derivations and cards."""

from studytui.tui.actions.registry import Action

ACTIONS: tuple[Action, ...] = (
    Action("card.begin", "enter", "Answer", "Answer the card, or show its answer", bar=True),
    Action("card.again", "1", "Again", "Forgotten", "grade(1)"),
    Action("card.hard", "2", "Hard", "Known with trouble", "grade(2)"),
    Action("card.good", "3", "Good", "Known", "grade(3)"),
    Action("card.easy", "4", "Easy", "Known at once", "grade(4)"),
    Action("card.undo", "u,ctrl+z", "Undo", "Take the grade back"),
    Action("card.next_gap", "n", "Next", "The next gap, or the question again with new numbers"),
)
