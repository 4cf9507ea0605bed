"""The helper modules that stand beside a snippet, imported as the snippet imports them."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from tests.snippets.scripts import SNIPPETS


def part(track: str, module: str) -> ModuleType:
    """``part("attention", "_flash.tiled")`` is ``snippets/attention/_flash/tiled.py``."""
    folder = str(SNIPPETS / track)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(module)
