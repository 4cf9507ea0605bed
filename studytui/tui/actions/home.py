"""Actions of the home screen and of the search screen."""

from studytui.tui.actions.registry import Action

ACTIONS = (
    Action("home.open", "enter,l,right", "Read", "Open the article under the cursor", bar=True),
    Action("home.resume", "c", "Continue", "Go on reading where you were", bar=True),
    Action("home.review", "r", "Review", "Answer the cards that are due", bar=True),
    Action(
        "home.filter",
        "slash",
        "Filter",
        "Show only articles with these letters in title or track",
        bar=True,
    ),
    Action("home.statistics", "s", "Statistics", "Forecast, retention and mastery as pictures"),
    Action("home.down", "j,down", "Down", "Next article", "move(1)"),
    Action("home.up", "k,up", "Up", "Previous article", "move(-1)"),
    Action("home.page_down", "pagedown,d,space,ctrl+d", "Page down", "A screen further", "page(1)"),
    Action("home.page_up", "pageup,u,b,ctrl+u", "Page up", "A screen back", "page(-1)"),
    Action(
        "home.next_track",
        "right_square_bracket,right_curly_bracket",
        "Next track",
        "To the next track",
        "track(1)",
    ),
    Action(
        "home.previous_track",
        "left_square_bracket,left_curly_bracket",
        "Previous track",
        "To the previous track",
        "track(-1)",
    ),
    Action("home.first", "g,home", "First", "To the first article", "edge(-1)"),
    Action("home.last", "G,end", "Last", "To the last article", "edge(1)"),
    Action("home.problems", "p", "Problems", "What is wrong with the packs, file by file"),
    Action("home.clear", "escape", "All", "Show all articles again"),
    Action("home.leave", "q", "Quit", "Leave studytui; everything is saved already", bar=True),
    Action("search.open", "enter", "Open", "Open the article at this place", bar=True),
    Action("search.down", "down,ctrl+n", "Down", "Next hit", "move(1)", bar=True),
    Action("search.up", "up,ctrl+p", "Up", "Previous hit", "move(-1)", bar=True),
    Action("search.page_down", "pagedown", "Page down", "A screen further", "move(10)"),
    Action("search.page_up", "pageup", "Page up", "A screen back", "move(-10)"),
    Action("search.close", "escape", "Back", "Close the search", bar=True),
)
