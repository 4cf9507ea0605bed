"""Reading a mapping field by field: what is missing, empty, misspelt or of the wrong shape."""

from __future__ import annotations

import re

from studytui.authoring.problems import Report, shown, suggest
from studytui.authoring.yaml_tree import Mapping, Node, Scalar, Sequence

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_SHAPES = {Scalar: "text", Sequence: "a list", Mapping: "a mapping"}


def shape(node: Node) -> str:
    """What a node is, in words."""
    return _SHAPES[type(node)]


def number_of(text: str) -> float | None:
    """A decimal number as written, or None."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


class Fields:
    """The fields of one mapping. Each is asked for once; :meth:`close` tells the unknown ones.

    A node that is no mapping is told once and its missing fields are not; None was told before.
    """

    def __init__(self, node: Node | None, what: str, line: int, report: Report) -> None:
        self.what = what
        self.line = line
        self.report = report
        self._asked: list[str] = []
        self._fields: dict[str, tuple[Scalar, Node]] = {}
        self._sound = isinstance(node, Mapping)
        if isinstance(node, Mapping):
            self._fields = {key.text: (key, value) for key, value in node.items}
        elif node is not None:
            report.add(node.line, f"{what} is {shape(node)}, not key: value lines")

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._fields

    def line_of(self, name: str) -> int:
        """Where the field stands, or the mapping itself."""
        return self._fields[name][0].line if name in self._fields else self.line

    def node(self, name: str, *, required: bool = False) -> Node | None:
        """The field as it stands."""
        self._asked.append(name)
        if name in self._fields:
            return self._fields[name][1]
        if required and self._sound:
            self.report.add(self.line, f"{self.what} has no {name}", f"Add {name}: …")
        return None

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A text, without the blank at its ends."""
        node = self.node(name, required=required)
        if node is None:
            return default
        text = self.plain(node, name)
        if required and not text:
            self.report.add(node.line, f"{name} is empty", f"Say what {name} is")
        return text

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if isinstance(node, Scalar):
            found: tuple[str, ...] = (node.text.strip(),) if node.text.strip() else ()
        elif isinstance(node, Sequence):
            found = tuple(self.plain(item, f"an entry of {name}") for item in node.items)
        else:
            self.report.add(node.line, f"{name} is {shape(node)}, not a list")
            return ()
        for position, text in enumerate(found):
            if not text and isinstance(node, Sequence):
                self.report.add(node.items[position].line, f"an entry of {name} is empty")
        if required and not found:
            self.report.add(node.line, f"{name} is empty", f"Give {name} at least one entry")
        return found

    def pairs(self, name: str, *, required: bool = False) -> tuple[tuple[str, str], ...]:
        """A mapping from text to text, in the order written."""
        node = self.node(name, required=required)
        if node is None or (isinstance(node, Scalar) and not node.text):
            return ()
        if not isinstance(node, Mapping):
            self.report.add(node.line, f"{name} is {shape(node)}, not key: value pairs")
            return ()
        return tuple((key.text, self.plain(value, key.text)) for key, value in node.items)

    def number(self, name: str, default: float) -> float:
        """A decimal number."""
        node = self.node(name)
        if node is None:
            return default
        text = self.plain(node, name)
        found = number_of(text)
        if found is None:
            self.report.add(node.line, f"{name} is not a number: {shown(text)}")
            return default
        return found

    def flag(self, name: str) -> bool:
        """``true`` or ``false``; a field that is not there is false."""
        node = self.node(name)
        if node is None:
            return False
        text = self.plain(node, name)
        if text not in ("true", "false"):
            self.report.add(node.line, f"{name} is neither true nor false: {shown(text)}")
        return text == "true"

    def plain(self, node: Node, name: str) -> str:
        """The text of a node that must be one."""
        if isinstance(node, Scalar):
            return node.text.strip()
        self.report.add(node.line, f"{name} is {shape(node)}, not text", "Quote it, or use |")
        return ""

    def close(self) -> None:
        """Tell every field that nobody asked for."""
        for name, (key, _) in self._fields.items():
            if name not in self._asked:
                advice = suggest(name, self._asked)
                self.report.add(key.line, f"{self.what} has an unknown key {shown(name)}", advice)
