"""``run()`` opens the interface; the app itself is imported while the terminal answers."""

from __future__ import annotations

import os
from pathlib import Path


def run(file: Path | None = None) -> int:
    """Open the interface, or a file in it, and stay until it is left; the code to exit with.

    Raises:
        SettingsError: The settings file has a mistake.
    """
    from studytui.paths import directories
    from studytui.settings import load_settings
    from studytui.tui.terminal import BackgroundQuestion, dark_by_environment

    settings = load_settings(directories().settings)
    dark = dark_by_environment(os.environ)
    in_browser = "TEXTUAL_DRIVER" in os.environ
    asks = settings.interface.theme == "auto" and dark is None and not in_browser
    question = BackgroundQuestion() if asks else None
    from studytui.tui.shell import StudyApp

    if question is not None:
        dark = question.answer()
    app = StudyApp(settings, terminal_is_dark=dark, file=file)
    try:
        app.run()
        app.desk.back_up()
    finally:
        app.desk.close()
    return app.return_code or 0
