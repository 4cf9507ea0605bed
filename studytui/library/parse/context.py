"""What the parts of the parser share while they read one article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from studytui.authoring.problems import Report
from studytui.library.blocks import Annotation, Blocks, Origin
from studytui.library.parse.footnotes import Footnotes
from studytui.library.parse.front_matter import slug

MAX_FENCES = 6
"""How deep directives may hold directives."""


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A link as written: lint looks whether it leads anywhere."""

    written: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Directive:
    """A fence ``{name} argument`` with its body; ``body_line`` is where the body begins."""

    name: str
    argument: str
    body: str
    line: int
    body_line: int

    @property
    def source(self) -> str:
        """All that the author wrote of it."""
        return f"{{{self.name}}} {self.argument}\n{self.body}"


@dataclass(slots=True)
class Context:
    """The state of one reading. ``offset`` is the number of lines before the text at hand."""

    article: str
    report: Report
    lines: list[str]
    story: str = ""
    origin: Origin = Origin.WRITTEN
    offset: int = 0
    depth: int = 0
    inside: str = ""
    """What encloses the block at hand, in words; empty at the left margin."""
    links: list[LinkUse] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    doubled: dict[str, int] = field(default_factory=dict)
    live_ids: dict[str, int] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)
    footnotes: Footnotes = field(default_factory=Footnotes)
    pending_anchor: tuple[str, int] | None = None
    read_blocks: Callable[[str, Context], Blocks] | None = None

    def nested(self, text: str, first_line: int, inside: str) -> Blocks:
        """The blocks of the text inside a directive."""
        if self.depth >= MAX_FENCES or self.read_blocks is None:
            self.report.add(
                first_line, f"directives nested deeper than {MAX_FENCES}", "Flatten them"
            )
            return ()
        kept = self.offset, self.inside
        self.offset, self.inside = first_line - 1, inside
        self.depth += 1
        try:
            return self.read_blocks(text, self)
        finally:
            self.depth -= 1
            self.offset, self.inside = kept

    def anchor(self, words: str, line: int) -> str:
        """The anchor of a heading: the one fixed before it, else one made of its words."""
        if self.pending_anchor is not None:
            name, where = self.pending_anchor
            self.pending_anchor = None
            if name not in self.anchors:
                self.anchors[name] = line
                return name
            self.report.add(
                where, f"the anchor '{name}' stands twice, first in line {self.anchors[name]}"
            )
        base = name = slug(words)
        while name in self.anchors:
            # Counted on: from 1 each time, many like headings would take for ever.
            self.doubled[base] = self.doubled.get(base, 0) + 1
            name = f"{base}-{self.doubled[base]}"
        self.anchors[name] = line
        return name
