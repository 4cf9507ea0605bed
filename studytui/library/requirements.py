"""What a pack demands of each of its articles: ``[requires]`` in ``pack.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studytui.authoring.problems import Report, shown, suggest

_COUNTS = ("cards", "kinds", "fresh", "snippets", "exercises", "probes")
_SWITCHES = ("references", "key_lines", "claims")


@dataclass(frozen=True, slots=True)
class Requirements:
    """Least numbers in an article; ``terms`` is a least and a greatest number.

    ``key_lines``: every derivation has one. ``claims``: every number and every name of an API in
    the prose is claimed.
    """

    cards: int = 0
    kinds: int = 0
    fresh: int = 0
    snippets: int = 0
    exercises: int = 0
    probes: int = 0
    terms: tuple[int, int] = (0, 1_000)
    references: bool = False
    key_lines: bool = False
    claims: bool = False


def read_requirements(value: object, report: Report) -> Requirements:
    """The table as it stands in TOML; what is wrong is told and left out."""
    if not isinstance(value, Mapping):
        report.add(0, "requires is not a table", "Write [requires]")
        return Requirements()
    known = (*_COUNTS, "terms", *_SWITCHES)
    counts = dict.fromkeys(_COUNTS, 0)
    terms = Requirements().terms
    for key, given in value.items():
        if key in counts:
            if isinstance(given, int) and given >= 0:
                counts[key] = given
            else:
                report.add(0, f"requires.{key} is not a whole number")
        elif key == "terms":
            match given:
                case [int() as low, int() as high] if 0 <= low <= high:
                    terms = (low, high)
                case _:
                    report.add(0, "requires.terms is not two numbers", "Write terms = [6, 15]")
        elif key in _SWITCHES:
            if not isinstance(given, bool):
                report.add(0, f"requires.{key} is not true or false")
        else:
            report.add(0, f"unknown key {shown(str(key))} in requires", suggest(str(key), known))
    return Requirements(
        cards=counts["cards"],
        kinds=counts["kinds"],
        fresh=counts["fresh"],
        snippets=counts["snippets"],
        exercises=counts["exercises"],
        probes=counts["probes"],
        terms=terms,
        references=value.get("references") is True,
        key_lines=value.get("key_lines") is True,
        claims=value.get("claims") is True,
    )
