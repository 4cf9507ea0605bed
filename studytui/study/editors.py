"""The reader's own editor: the one they named, else the gentlest that is there."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

GENTLE = ("nano", "micro", "ne", "mcedit", "joe")
"""Say on the screen how one leaves them; vi, which does not, comes last."""
LINE_FLAG = ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne")


def chosen_editor(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> str:
    """``$VISUAL`` or ``$EDITOR``; else nano or the like, else vi."""
    named = environment.get("VISUAL") or environment.get("EDITOR")
    if named:
        return named
    last = "notepad" if os.name == "nt" else "vi"
    return next((name for name in GENTLE if which(name)), last)


def editor_command(path: Path, line: int, environment: Mapping[str, str]) -> list[str]:
    """The command that opens a file at a line. Raises ValueError on an odd ``$EDITOR``."""
    command = shlex.split(chosen_editor(environment))
    name = os.path.basename(command[0])  # noqa: PTH119 - a command, not a path of ours
    if name in ("code", "codium"):
        return [*command, "--wait", "--goto", f"{path}:{line}"]
    if name in ("hx", "helix", "zed", "subl"):
        return [*command, f"{path}:{line}"]
    at = [f"+{line}"] if name in LINE_FLAG and line > 0 else []
    return [*command, *at, str(path)]


def word_before(command: list[str], environment: Mapping[str, str]) -> str:
    """What who named no editor is told before vi opens, which does not say how it is left."""
    if environment.get("VISUAL") or environment.get("EDITOR") or command[0] != "vi":
        return ""
    return (
        "This opens vi, the only editor here: i begins to type, Esc ends that, then :wq keeps\n"
        "what you wrote and leaves, :q! leaves without. Another: set EDITOR, or install nano."
    )
