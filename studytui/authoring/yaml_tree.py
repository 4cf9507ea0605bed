"""YAML as a tree of plain text with line numbers.

Built from the parser's events, so nothing is ever constructed, resolved or expanded: every scalar
is the text that was written. Depth, size, doubled keys, tags, anchors and aliases are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from studytui.authoring.problems import Report, shown

MAX_DEPTH = 12
MAX_NODES = 20_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as it was written; ``line`` is 1-based in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order written, with their values and lines."""

    items: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | Sequence | Mapping


class _RefusedError(Exception):
    """The text is YAML, but not of the kind that content is written in."""

    def __init__(self, line: int, what: str, todo: str = "") -> None:
        self.line = line
        self.what = what
        self.todo = todo
        super().__init__(what)


def read_yaml(text: str, first_line: int, report: Report) -> Node | None:
    """The tree of ``text``, whose first line is ``first_line`` of the file.

    Nothing but blanks is an empty mapping. None when it is not YAML: ``report`` has been told why.
    """
    try:
        return _build(text, first_line, report)
    except _RefusedError as refused:
        report.add(refused.line, refused.what, refused.todo)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        report.add(line, f"not YAML: {error.problem}", "Put the text under | or in single quotes")
    except yaml.YAMLError as error:
        report.add(first_line, f"not YAML: {shown(str(error))}", "Delete what is not text")
    return None


class _Open:
    """A collection that is still being filled."""

    def __init__(self, event: Event, line: int) -> None:
        self.is_mapping = isinstance(event, MappingStartEvent)
        self.line = line
        self.nodes: list[Node] = []

    def closed(self, report: Report) -> Node:
        if not self.is_mapping:
            return Sequence(tuple(self.nodes), self.line)
        found: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(self.nodes[::2], self.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise _RefusedError(key.line, "a key is not plain text", "Quote it")
            if key.text in found:
                first = found[key.text][0].line
                report.add(key.line, f"{shown(key.text)} stands twice, first in line {first}")
                continue
            found[key.text] = (key, value)
        return Mapping(tuple(found.values()), self.line)


def _build(text: str, first_line: int, report: Report) -> Node:
    stack: list[_Open] = []
    root: Node | None = None
    documents = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        node: Node | None = None
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _RefusedError(line, "a second YAML document begins", "Delete the line of ---")
        elif isinstance(event, AliasEvent):
            raise _RefusedError(line, "an alias (*name)", "Write it out, or quote the text")
        elif isinstance(event, ScalarEvent | CollectionStartEvent):
            if event.anchor is not None:
                raise _RefusedError(line, "an anchor (&name)", "Delete it, or quote the text")
            if event.tag is not None:
                raise _RefusedError(line, "a tag (!name)", "Delete it, or quote the text")
            nodes += 1
            if nodes > MAX_NODES:
                raise _RefusedError(line, f"more than {MAX_NODES:,} entries", "Split it")
            if isinstance(event, ScalarEvent):
                node = Scalar(event.value, line)
            else:
                if len(stack) >= MAX_DEPTH:
                    raise _RefusedError(
                        line, f"nested deeper than {MAX_DEPTH} levels", "Flatten it"
                    )
                stack.append(_Open(event, line))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = stack.pop().closed(report)
        if node is not None:
            if stack:
                stack[-1].nodes.append(node)
            else:
                root = node
    return root if root is not None else Mapping((), first_line)
