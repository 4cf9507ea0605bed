"""Actions of the whole app."""

from studytui.tui.actions.registry import Action, Effect, Look

ACTIONS = (
    Look(
        "everywhere.help",
        "question_mark,f1",
        "Help",
        "Explain what has the focus",
        "help",
        bar=True,
    ),
    Look(
        "everywhere.palette",
        "colon,ctrl+p",
        "Commands…",
        "Find any command by its name",
        "command_palette",
    ),
    Look(
        "everywhere.search",
        "f,ctrl+k",
        "Search all…",
        "Search every article, card and term",
        "search",
    ),
    Look(
        "everywhere.theme",
        "ctrl+t",
        "Light/dark",
        "Between the light and the dark theme",
        "switch_theme",
        words="colours mode appearance",
    ),
    Look(
        "everywhere.settings",
        "comma",
        "Settings…",
        "Theme, device, limits and keys: looked at and changed",
        "settings",
        words="preferences options configure",
    ),
    Look(
        "everywhere.places",
        "apostrophe",
        "Places…",
        "Bookmarks, and what you read last",
        "places",
        words="bookmarks history recent marks",
    ),
    Look(
        "everywhere.guide",
        "f10",
        "Guide…",
        "How everything is done, in eleven chapters",
        "guide",
        words="manual tutorial handbook documentation how",
    ),
    Action(
        "everywhere.undo",
        "ctrl+z",
        "Undo",
        "Take the last thing back: of the focused block, or else the last grade of all",
        words="take back mistake grade wrong key",
        effect=Effect.SHOWS,
    ),
    Look(
        "everywhere.screenshot",
        "f12",
        "Screenshot",
        "Save a picture of the screen (SVG)",
        "save_screen",
        words="export image",
    ),
    Look(
        "everywhere.quit", "ctrl+q", "Quit", "Leave studytui; everything is saved already", "quit"
    ),
)
