"""Files beside snippets that bear the name of a module of the library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from studytui.authoring.problems import Problem, shown
from studytui.library.lint.checked import Checked


def shadows(checked: Checked) -> Iterator[Problem]:
    """A file that takes a library's name: a script run alone breaks whatever imports that."""
    for folder in sorted(checked.pack.snippets.glob("*")):
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            name = path.name.partition(".")[0]
            importable = path.suffix in (".py", ".so", ".pyd", ".pyc") or path.is_dir()
            if importable and name.isidentifier() and _is_taken(name, folder):
                what = f"{shown(path.name)} has the name of a module that others import"
                yield Problem(path, 1 if path.is_file() else 0, what, "Give it another name")


def _is_taken(name: str, folder: Path) -> bool:
    if name in sys.stdlib_module_names or name in sys.builtin_module_names:
        return True
    try:
        found = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    if found is None:
        return False
    places = [found.origin, *(found.submodule_search_locations or ())]
    return not any(place and Path(place).is_relative_to(folder) for place in places)
