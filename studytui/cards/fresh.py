"""``fresh``: the numbers that are drawn anew at every review, and where they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, product
from random import Random
from typing import assert_never

from studytui.authoring.fields import Fields, number_of, shape
from studytui.authoring.problems import shown
from studytui.authoring.yaml_tree import Mapping, Node

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAMED = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_]\w*")
_CORNERS = 64

Values = tuple[tuple[str, str], ...]
"""Drawn numbers by name, as they will stand in the text."""


class Draw(StrEnum):
    """How a number is drawn."""

    INTEGERS = "integers"
    """``low`` to ``high``, both in."""
    UNIFORM = "uniform"
    """Between ``low`` and ``high``, rounded to ``digits`` decimals."""
    CHOOSE = "choose"
    """One of ``choices``, kept as written."""


@dataclass(frozen=True, slots=True)
class FreshValue:
    """How one number of a question is drawn."""

    name: str
    kind: Draw
    low: float = 0.0
    high: float = 0.0
    digits: int = 2
    choices: tuple[str, ...] = ()

    def draw(self, random: Random) -> str:
        """A value, written as it will stand in the text."""
        match self.kind:
            case Draw.INTEGERS:
                return str(random.randint(int(self.low), int(self.high)))
            case Draw.UNIFORM:
                return f"{random.uniform(self.low, self.high):.{self.digits}f}"
            case Draw.CHOOSE:
                return random.choice(self.choices)
            case _:
                assert_never(self.kind)

    @property
    def ends(self) -> tuple[str, ...]:
        """The values at the ends of what can be drawn; all of them where they are listed."""
        match self.kind:
            case Draw.INTEGERS:
                return str(int(self.low)), str(int(self.high))
            case Draw.UNIFORM:
                return f"{self.low:.{self.digits}f}", f"{self.high:.{self.digits}f}"
            case Draw.CHOOSE:
                return self.choices
            case _:
                assert_never(self.kind)


def draw(fresh: tuple[FreshValue, ...], random: Random) -> Values:
    """A value for each name."""
    return tuple((value.name, value.draw(random)) for value in fresh)


def corners(fresh: tuple[FreshValue, ...]) -> Iterator[tuple[FreshValue, ...]]:
    """The values that can only be drawn as the ends of their ranges, in every combination."""
    for ends in islice(product(*(value.ends for value in fresh)), _CORNERS):
        yield tuple(
            replace(value, kind=Draw.CHOOSE, choices=(end,))
            for value, end in zip(fresh, ends, strict=True)
        )


def fill(text: str, values: Values) -> str:
    """``text`` with each ``{{name}}`` that was drawn replaced; other braces stay.

    >>> fill("{{a}} of {{b}}", (("a", "2"),))
    '2 of {{b}}'
    """
    known = dict(values)
    return _NAMED.sub(lambda match: known.get(match[1], match[0]), text)


# Reading -----------------------------------------------------------------------------------------


def read_fresh(fields: Fields) -> tuple[FreshValue, ...]:
    """The field ``fresh``: a mapping from names to how each is drawn."""
    node = fields.node("fresh")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        fields.report.add(node.line, f"fresh is {shape(node)}, not name: {{integers: [1, 9]}}")
        return ()
    found: list[FreshValue] = []
    for key, value in node.items:
        if not _NAME.fullmatch(key.text):
            fields.report.add(key.line, f"{shown(key.text)} is not the name of a number")
            continue
        drawn = _read_one(key.text, value, Fields(value, key.text, value.line, fields.report))
        if drawn is not None:
            found.append(drawn)
    return tuple(found)


def _read_one(name: str, node: Node, fields: Fields) -> FreshValue | None:
    if not isinstance(node, Mapping):
        return None
    digits = fields.number("digits", 2.0)
    given = [kind for kind in Draw if fields.node(kind) is not None]
    fields.close()
    if len(given) != 1:
        fields.report.add(
            node.line,
            f"{name} needs one of {', '.join(Draw)}",
            f"{name}: {{integers: [1, 9]}}",
        )
        return None
    kind = given[0]
    choices = fields.texts(kind)
    if kind is Draw.CHOOSE:
        if len(set(choices)) < 2:
            fields.report.add(node.line, f"{name} has nothing to choose from", "Give two or more")
            return None
        return FreshValue(name, kind, choices=choices)
    bounds = [number_of(text) for text in choices]
    if len(bounds) != 2 or bounds[0] is None or bounds[1] is None:
        fields.report.add(node.line, f"{name} needs two bounds", f"{name}: {{{kind}: [1, 9]}}")
        return None
    low, high = bounds[0], bounds[1]
    whole = kind is Draw.UNIFORM or (low.is_integer() and high.is_integer())
    if low >= high or not whole or max(abs(low), abs(high)) > 1e15:
        fields.report.add(
            node.line,
            f"{name} cannot be drawn from {kind} {shown(', '.join(choices))}",
            "Give the lower bound first" if whole else "Give whole numbers",
        )
        return None
    if not (digits.is_integer() and 0 <= digits <= 12):
        fields.report.add(node.line, f"digits of {name} is not a whole number from 0 to 12")
        return None
    return FreshValue(name, kind, low, high, int(digits))


def check_placeholders(
    fields: Fields,
    fresh: tuple[FreshValue, ...],
    texts: dict[str, tuple[str, ...]],
    uses: str,
) -> None:
    """Tell placeholders without a value, and values that nothing in ``uses`` mentions."""
    names = {value.name for value in fresh}
    for field, parts in texts.items():
        for found in PLACEHOLDER.findall("\n".join(parts)):
            if found not in names:
                fields.report.add(
                    fields.line_of(field),
                    f"{shown('{{' + found + '}}')} has no value",
                    f"Add {found} under fresh" if _NAME.fullmatch(found) else "Give a plain name",
                )
    for name in sorted(names - set(re.findall(r"[^\W\d]\w*", uses))):
        fields.report.add(fields.line_of("fresh"), f"the fresh value {name} is never used")
