"""``fresh``: the numbers that are drawn anew at every review, and where they are shown."""

from __future__ import annotations

import re

from studytui.authoring.fields import Fields, number_of, shape
from studytui.authoring.problems import shown
from studytui.authoring.yaml_tree import Mapping, Node
from studytui.library.cards import FreshValue

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_]\w*")
_KINDS = ("integers", "uniform", "choose")


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
    given = [kind for kind in _KINDS if fields.node(kind) is not None]
    fields.close()
    if len(given) != 1:
        fields.report.add(
            node.line,
            f"{name} needs one of integers, uniform, choose",
            f"{name}: {{integers: [1, 9]}}",
        )
        return None
    kind = given[0]
    choices = fields.texts(kind)
    if kind == "choose":
        if len(set(choices)) < 2:
            fields.report.add(node.line, f"{name} has nothing to choose from", "Give two or more")
            return None
        return FreshValue(name, kind, choices=choices)
    bounds = [number_of(text) for text in choices]
    if len(bounds) != 2 or bounds[0] is None or bounds[1] is None:
        fields.report.add(node.line, f"{name} needs two bounds", f"{name}: {{{kind}: [1, 9]}}")
        return None
    low, high = bounds[0], bounds[1]
    whole = kind == "uniform" or (low.is_integer() and high.is_integer())
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
