"""``python -m studytui.run.child``: a process of a run that was not forked from the warm server.

The request stands in the file that the environment names: so do ranks that torchrun starts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from studytui.run.child.script import run
from studytui.run.request import from_line
from studytui.run.variables import KEYBOARD_VARIABLE, REQUEST_VARIABLE

# Who is started by this process gets no keyboard: one line has one reader.
keyboard = os.environ.pop(KEYBOARD_VARIABLE, "")
lines = os.fdopen(int(keyboard), "rb") if keyboard else None
sys.exit(run(from_line(Path(os.environ[REQUEST_VARIABLE]).read_bytes()), lines))
