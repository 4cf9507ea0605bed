"""A measured figure beside its target."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``target`` is what to reach, ``how`` the way it was measured."""

    name: str
    value: float
    unit: str
    target: str
    met: bool
    how: str = ""


def at_most(name: str, value: float, unit: str, bound: float, how: str = "") -> Figure:
    """A figure that must not pass ``bound``."""
    return Figure(name, value, unit, f"<= {bound:g}", value <= bound, how)


def at_least(name: str, value: float, unit: str, bound: float, how: str = "") -> Figure:
    """A figure that must reach ``bound``."""
    return Figure(name, value, unit, f">= {bound:g}", value >= bound, how)


def report(figures: Iterable[Figure], *, as_json: bool = False) -> None:
    """Print the figures, one a line."""
    for figure in figures:
        if as_json:
            print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
            continue
        mark = "met " if figure.met else "MISS"
        value = f"{figure.value:,.4g} {figure.unit}".strip()
        print(
            f"{mark}  {figure.name:<58} {value:>18}   {figure.target:<10} {figure.how}", flush=True
        )


def as_page(command: str, about: str, figures: Iterable[Figure]) -> str:
    """The figures of a run as a Markdown page: when it was, and on what."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    versions = f"Python {platform.python_version()}"
    rows = [
        f"| {each.name} | {each.target} | {each.value:,.4g} {each.unit}".rstrip()
        + f"{'' if each.met else ', missed'} | {each.how} |"
        for each in figures
    ]
    return "\n".join(
        [
            f"# `python -m benchmarks {command}`",
            "",
            about.strip(),
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {versions}.",
            "",
            "| figure | target | value | how |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
