"""Actions of the reader, its find bar and its table of contents."""

from studytui.tui.actions.registry import Action

ACTIONS = (
    Action("reader.down", "j,down", "Down", "A line further", "scroll_lines(1)"),
    Action("reader.up", "k,up", "Up", "A line back", "scroll_lines(-1)"),
    Action(
        "reader.page_down",
        "space,pagedown,ctrl+f",
        "Page",
        "A screen further",
        "scroll_pages(1.0)",
        bar=True,
    ),
    Action("reader.page_up", "b,pageup,ctrl+b", "Page back", "A screen back", "scroll_pages(-1.0)"),
    Action(
        "reader.half_down", "d,ctrl+d", "Half down", "Half a screen further", "scroll_pages(0.5)"
    ),
    Action("reader.half_up", "u,ctrl+u", "Half up", "Half a screen back", "scroll_pages(-0.5)"),
    Action("reader.top", "g,home", "Top", "To the beginning", "top"),
    Action("reader.bottom", "G,end", "End", "To the end", "bottom"),
    Action(
        "reader.next_section",
        "right_square_bracket",
        "Next section",
        "To the next heading",
        "section(1)",
    ),
    Action(
        "reader.previous_section",
        "left_square_bracket",
        "Previous section",
        "To the heading before",
        "section(-1)",
    ),
    Action(
        "reader.next_live",
        "right_curly_bracket",
        "Next to do",
        "To the next snippet, derivation or card",
        "live(1)",
    ),
    Action(
        "reader.previous_live",
        "left_curly_bracket",
        "Previous to do",
        "To the snippet, derivation or card before",
        "live(-1)",
    ),
    Action(
        "reader.next_stop",
        "tab",
        "Next link",
        "To the next link or the next thing to do",
        "stop(1)",
        bar=True,
    ),
    Action(
        "reader.previous_stop",
        "shift+tab",
        "Previous link",
        "To the link or the thing to do before",
        "stop(-1)",
    ),
    Action("reader.follow", "enter", "Follow", "Open the link that is marked"),
    Action("reader.contents", "t", "Contents…", "Show or hide the table of contents", bar=True),
    Action("reader.find", "slash", "Find…", "Find words in this article", bar=True),
    Action("reader.next_match", "n", "Next match", "To the next place that was found", "match(1)"),
    Action(
        "reader.previous_match", "N", "Previous match", "To the place found before", "match(-1)"
    ),
    Action(
        "reader.copy",
        "y",
        "Copy",
        "Copy the selection, or the marked formula (as TeX) or listing; again for the next one",
        bar=True,
    ),
    Action(
        "reader.say",
        "w",
        "In words",
        "Say the marked formula in words, and copy them; again for the next one",
    ),
    Action(
        "reader.tex",
        "dollar_sign",
        "TeX",
        "Show all formulas as TeX, or drawn again",
        words="latex source formulas raw",
    ),
    Action(
        "reader.shift_right",
        "greater_than_sign,l,right",
        "Right",
        "Move wide formulas, tables and listings to the left",
        "shift(8)",
    ),
    Action(
        "reader.shift_left",
        "less_than_sign,h,left",
        "Left",
        "Move wide formulas, tables and listings back",
        "shift(-8)",
    ),
    Action(
        "reader.go_on",
        "c",
        "Go on",
        "A screen further in what is to be read, then the next thing of today",
        bar=True,
    ),
    Action(
        "reader.claims",
        "C",
        "Claims",
        "Show what this section and the next ones claim: the checks that the page hides",
    ),
    Action("reader.back", "backspace,ctrl+o,alt+left", "Back", "Where you came from", bar=True),
    Action(
        "reader.mark",
        "m",
        "Bookmark",
        "Mark this place, or no more; ' lists the marked ones",
    ),
    Action("reader.forward", "alt+right,ctrl+g", "Forward", "Undo going back"),
    Action(
        "reader.next_article",
        "right_parenthesis",
        "Next article",
        "The article that is best read next",
        "next_article",
    ),
    Action("reader.escape", "escape", "Clear", "Clear the find, the mark and the selection"),
    Action("reader.leave", "q", "Home", "Back to the articles, or to the review", bar=True),
    Action("find.next", "enter,down", "Next", "To the next match", "match(1)", bar=True),
    Action(
        "find.previous", "shift+enter,up", "Previous", "To the match before", "match(-1)", bar=True
    ),
    Action("find.close", "escape", "Close", "Back to the text", bar=True),
    Action("contents.down", "j,down", "Down", "Next heading", "move(1)"),
    Action("contents.up", "k,up", "Up", "Previous heading", "move(-1)"),
    Action(
        "contents.open", "enter,l,right", "Go there", "To the heading under the cursor", bar=True
    ),
    Action("claims.close", "escape,q,c", "Close", "Back to the text", bar=True),
    Action("claims.down", "j,down", "Down", "A line further", "scroll(1)", bar=True),
    Action("claims.up", "k,up", "Up", "A line back", "scroll(-1)", bar=True),
    Action("claims.page_down", "space,pagedown,d", "Page down", "A screen further", "scroll(15)"),
    Action("claims.page_up", "b,pageup,u", "Page up", "A screen back", "scroll(-15)"),
    Action("claims.copy", "y", "Copy", "Copy the checks", bar=True),
    Action("contents.close", "escape,t,h,left,q", "Close", "Back to the text", bar=True),
)
