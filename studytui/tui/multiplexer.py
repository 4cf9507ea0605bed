"""Pictures through tmux: what the terminal outside can do, and how its commands get there.

tmux draws cells; it knows nothing of pictures. But kitty's protocol has placeholders: a picture is
sent once, and where it stands cells hold U+10EEEE with the row and the column as diacritics, and
the picture's number as their colour. tmux moves, scrolls and clears those like any other text; only
the commands go past it, wrapped, where ``allow-passthrough`` is on.
https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from functools import cache

PLACEHOLDER_TERMINALS = ("xterm-kitty", "xterm-ghostty")
"""Terminals, by their TERM, that know placeholders."""
BEFORE, AFTER = "\x1bPtmux;\x1b\x1b_G", "\x1b\x1b\\\x1b\\"
"""Around a graphics command, in the place of ``ESC _ G`` and ``ESC \\``: every ESC is doubled."""
QUESTION = "#{client_termname} #{allow-passthrough} #{client_termfeatures}"
_PATIENCE = 2.0
"""Seconds for tmux to answer: without an answer pictures are drawn in characters."""


def in_tmux(environment: Mapping[str, str]) -> bool:
    """Whether this runs inside of tmux."""
    return bool(environment.get("TMUX"))


def takes_placeholders(answer: str) -> bool:
    """Whether what tmux says of the terminal outside lets a picture through.

    The number of a picture is a colour of 24 bits: without these it would be another picture's.

    >>> takes_placeholders("xterm-kitty on 256,RGB,title")
    True
    >>> takes_placeholders("xterm-kitty off 256,RGB,title")
    False
    """
    name, passthrough, features = [*answer.split(), "", "", ""][:3]
    return (
        name in PLACEHOLDER_TERMINALS
        and passthrough in ("on", "all", "1")
        and "RGB" in features.split(",")
    )


@cache
def outside_takes_placeholders() -> bool:
    """Ask tmux, once."""
    try:
        answer = subprocess.run(
            ["tmux", "display-message", "-p", QUESTION],
            env=os.environ,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and takes_placeholders(answer.stdout)
