"""What the snippet panel says about values, ends and runs of the past. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.counting import many
from studytui.library.layout.layout_lines import NO_BREAK
from studytui.tui.widgets.text_lines import Styled

if TYPE_CHECKING:
    from studytui.run.events import Ended, Failed, Started
    from studytui.run.outputs import Kept
    from studytui.run.signature import Snippet

STATUSES = {
    "ok": ("done", "good"),
    "failed": ("failed", "bad"),
    "stopped": ("stopped", "warn"),
    "timeout": ("stopped: too long", "bad"),
    "memory": ("stopped: too much memory", "bad"),
    "output": ("stopped: too much output", "bad"),
    "processes": ("stopped: too many processes", "bad"),
    "crashed": ("crashed", "bad"),
}


def values_line(snippet: Snippet, values: Mapping[str, str], device: str) -> Styled:
    """The values that a run would have now, and the device."""
    parts: list[tuple[str, str]] = []
    for parameter in snippet.parameters:
        if parameter.name == "device":
            continue
        value = values.get(parameter.name, parameter.default)
        tone = "strong" if parameter.name in values else "soft"
        shown = "–" if value is None else value
        parts += [(f"{parameter.name}{NO_BREAK}", "faint"), (f"{shown}   ", tone)]
    if snippet.ranks:
        parts += [(f"ranks{NO_BREAK}", "faint"), (f"{snippet.ranks}   ", "soft")]
    parts += [(f"on{NO_BREAK}", "faint"), (device or "auto", "soft")]
    return parts


def ended_line(event: Ended, started: Started | None, failed: Failed | None = None) -> Styled:
    """How a run ended: status, time, memory, device; why, unless its output tells the error."""
    word, tone = STATUSES.get(event.status, (event.status, "warn"))
    parts: list[tuple[str, str]] = [(word, f"{tone} strong")]
    parts.append((f"  {seconds_text(event.seconds)}  {bytes_text(event.peak_bytes)}", "soft"))
    if started is not None and started.device:
        parts.append((f"  {started.device_name or started.device}", "faint"))
    if event.why and failed is None:
        parts.append((f"  {event.why}", "soft"))
    return parts


def moving_words(seconds: float | None, *, live: bool) -> str:
    """What moving a value does, where the last run took so long."""
    if live:
        return "← → move a number: it runs again at once"
    if seconds is None:
        return "← → move a number; ctrl+j runs"
    return f"← → move a number; ctrl+j runs (the last run took {seconds_text(seconds)})"


def values_of(snippet: Snippet, values: Mapping[str, str]) -> dict[str, str | None]:
    """The value of every parameter that a run would have now."""
    return {each.name: values.get(each.name, each.default) for each in snippet.parameters}


def past_line(
    run: Kept,
    now: Mapping[str, str | None],
    *,
    stale: bool,
    failed: Failed | None = None,
) -> Styled:
    """When and on what a kept output was made, with which values where they are others ``now``.

    ``stale``: the snippet has changed since.
    """
    when = datetime.fromisoformat(run.started.at).astimezone()
    parts: list[tuple[str, str]] = [(f"from {when:%Y-%m-%d %H:%M}", "faint")]
    if run.ended is not None:
        parts += [("  ", ""), *ended_line(run.ended, run.started, failed)]
    elif run.still_runs:
        parts.append(
            ("  it ran still when this was read: another window shows how it goes", "warn")
        )
    else:
        parts.append(("  it never came to its end", "warn"))
    ran = run.started.parameters
    others = [f"{name} {value}" for name, value in ran.items() if now.get(name, value) != value]
    if others:
        parts.append(("  it ran with " + ", ".join(others), "warn"))
    if stale:
        parts.append(("  stale: the code has changed since", "warn"))
    return parts


def untrusted_line(files: int) -> Styled:
    """What is said beside code that the reader has to see first."""
    count = many(files, "file")
    return [
        (f"This code ({count}) did not come with studytui. Read it; ", "warn"),
        ("T", "key"),
        (" lets it run from now on.", "warn"),
    ]


def seconds_text(seconds: float) -> str:
    """A duration: ``40 ms``, ``3.2 s``, ``2:05``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def bytes_text(count: int) -> str:
    """An amount of memory: ``310 MB``, ``1.2 GB``."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
