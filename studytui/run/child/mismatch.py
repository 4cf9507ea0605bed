"""The failing case of an exercise: the locals ``case``, ``came`` and ``should`` of its check."""

from __future__ import annotations

import threading
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from studytui.run.child.values import side_by_side, small
from studytui.run.events import MOST_LETTERS, Mismatch, Value

PATIENCE = 3.0
"""Seconds: a value whose ``repr`` does not end is not waited for."""
MOST_LINES = 12
_OF_A_CASE = frozenset({"case", "came", "should"})


def mismatch(error: BaseException, path: Path) -> Mismatch | None:
    """What is told of ``error``, raised while a check of the snippet at ``path`` ran.

    None when no frame of the snippet has a case. When something else than the check's own
    ``assert`` failed, what came is the error, for the case that was under way.
    """
    frames = _own_frames(error.__traceback__, str(path))
    # From Python 3.13 on the locals are a view of the frame, whose keys are no set.
    judging = [frame for frame, _ in frames if _OF_A_CASE.intersection(frame.f_locals)]
    if not judging:
        return None
    names = dict(judging[-1].f_locals)
    failed_here = isinstance(error, AssertionError) and frames[-1][0] is judging[-1]
    case, came, should = _in_time(names, failed_here)
    return Mismatch(
        message=_text(error) if failed_here else f"{type(error).__name__}: {_text(error)}",
        case=case,
        came=came,
        should=should,
        code=tuple((line, _line(path, line)) for _, line in frames)[-MOST_LINES:],
    )


def _in_time(names: dict[str, Any], failed_here: bool) -> tuple[tuple[Value, ...], ...]:
    """Case, what came and what should have come, as far as they can be had in time."""
    found: list[tuple[Value, ...]] = [(), (), ()]

    def look() -> None:
        if "case" in names:
            found[0] = small(names["case"])
        # What an earlier case left in them says nothing of this one.
        if failed_here and {"came", "should"} <= names.keys():
            found[1:] = side_by_side(names["came"], names["should"])

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE)
    return tuple(found)


def _own_frames(trace: TracebackType | None, path: str) -> list[tuple[FrameType, int]]:
    """The frames of the file, the outermost first, without that of the module."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == path and code.co_name != "<module>":
            found.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return found


def _line(path: Path, number: int) -> str:
    import linecache

    return linecache.getline(str(path), number).strip()[:MOST_LETTERS]


def _text(error: BaseException) -> str:
    try:
        return str(error)[: 4 * MOST_LETTERS]
    except Exception:  # noqa: BLE001 - a snippet's own __str__ can raise anything
        return "its message cannot be made"
