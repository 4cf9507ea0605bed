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
    callers = [
        number
        for number, frame in enumerate(frames)
        if any(part in frame.filename.replace("\\\\", "/") for part in STARTERS)
    ]
    inside = [number for number in own if not callers or number > max(callers)]
    start = inside[0] if inside else (own[0] if own else 0)
    told.stack[:] = frames[start:] if own else [] if isinstance(told.exc_type, type) and issubclass(
        told.exc_type, SyntaxError
    ) else frames
    for linked in (told.__cause__, told.__context__):
        if linked is not None:
            _trim(linked, path)
    if own:
        return frames[own[-1]].lineno or 0
    return int(told.lineno or 0) if getattr(told, "lineno", None) else 0


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception as broken:  # noqa: BLE001 - a snippet's own __str__ can raise anything
        return f"its message cannot be made: {type(broken).__name__}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        missing = error.name.partition(".")[0]
        return f"{text}: this snippet needs the package {missing}, which is not installed"
    return text
