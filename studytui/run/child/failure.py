"""A traceback as the author of the snippet wants it: beginning at the snippet's own frames."""

from __future__ import annotations

import traceback
from pathlib import Path

from studytui.run.events import Failed

TEXT_LIMIT = 20_000
STARTERS = ("/typer/", "/click/", "/studytui/run/")


def describe(error: BaseException, path: Path) -> Failed:
    """What is shown of ``error``, raised by the snippet at ``path``."""
    told = traceback.TracebackException.from_exception(error, compact=True)
    line = _trim(told, str(path))
    text = "".join(told.format())
    if len(text) > TEXT_LIMIT:
        text = text[: TEXT_LIMIT // 2] + "\n...\n" + text[-TEXT_LIMIT // 2 :]
    return Failed(
        kind=type(error).__name__,
        message=_message(error)[:TEXT_LIMIT],
        traceback=text,
        line=line,
    )


def _trim(told: traceback.TracebackException, path: str) -> int:
    """Leave out who called the snippet. Returns the last line of the snippet, 0 if none."""
    frames = list(told.stack)
    own = [number for number, frame in enumerate(frames) if frame.filename == path]
    for linked in (told.__cause__, told.__context__):
        if linked is not None:
            _trim(linked, path)
    if not own:
        if getattr(told, "filename", None) != path:
            return 0
        told.stack[:] = []  # a syntax error: Python tells its line itself
        return int(told.lineno or 0)
    callers = [number for number, frame in enumerate(frames) if _starts(frame.filename)]
    told.stack[:] = frames[next((n for n in own if n > max(callers, default=-1)), own[0]) :]
    return frames[own[-1]].lineno or 0


def _starts(filename: str) -> bool:
    return any(part in filename.replace("\\", "/") for part in STARTERS)


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception as broken:  # noqa: BLE001 - a snippet's own __str__ can raise anything
        return f"its message cannot be made: {type(broken).__name__}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        missing = error.name.partition(".")[0]
        return f"{text}: this snippet needs the package {missing}, which is not installed"
    return text
