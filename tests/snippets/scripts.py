"""Snippets as a test sees them: imported for their parts, or run as a reader runs them."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from studytui.run.exercise import read_exercise

SNIPPETS = Path(__file__).parents[2] / "snippets"


def load(name: str) -> ModuleType:
    """The snippet ``track/name`` as a module, without running its ``main``."""
    path = SNIPPETS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"snippet_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the snippet as a program, without a display. A warning of any library fails it."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(SNIPPETS / f"{name}.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "MPLBACKEND": "Agg", "OMP_WAIT_POLICY": "PASSIVE", "COLUMNS": "100"},
    )


def call_main(name: str, **values: Any) -> None:
    """Call the snippet's ``main`` here, without a display: a process less where none is asked for.

    What is not given has the value that a reader would get.
    """
    import matplotlib.pyplot as plt

    main = load(name).main
    plt.switch_backend("Agg")
    main(**values)
    plt.close("all")


def without_solution(name: str) -> dict[str, Any]:
    """The names of the learner's first copy of an exercise, its ``main`` not run."""
    path = SNIPPETS / f"{name}.py"
    source = path.read_text(encoding="utf-8")
    exercise = read_exercise(source, ast.parse(source), path)
    assert exercise is not None
    copy = ModuleType(f"copy_{path.stem}")
    sys.modules[copy.__name__] = copy
    exec(compile(exercise.copy, str(path), "exec"), copy.__dict__)  # noqa: S102
    return copy.__dict__
