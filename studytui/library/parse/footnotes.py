"""Footnotes: numbered as the text refers to them, and shown in one list at the article's end."""

from __future__ import annotations

from dataclasses import dataclass, field

from studytui.authoring.problems import Report, shown
from studytui.library.blocks import Block, Blocks, Heading, Link, ListBlock, Text

ANCHOR = "footnotes"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Footnotes:
    """The footnotes of one article: numbers by name, and words with the line they stand on."""

    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, tuple[Blocks, int]] = field(default_factory=dict)

    def reference(self, name: str) -> Link:
        """What stands in the line: a raised number that leads to the words."""
        number = self.numbers.setdefault(name, len(self.numbers) + 1)
        return Link((Text(str(number).translate(_RAISED)),), f"#{ANCHOR}")

    def define(self, name: str, blocks: Blocks, line: int, report: Report) -> None:
        """Keep the words of a footnote. Which stands first counts, as in all links."""
        if name in self.words:
            report.add(
                line, f"the footnote {shown(name)} is written twice", "Give one another name"
            )
        else:
            self.words[name] = (blocks, line)

    def at_the_end(self, report: Report) -> tuple[Block, ...]:
        """A heading and the list of all footnotes that the text refers to; nothing without any."""
        for name, (_, line) in self.words.items():
            if name not in self.numbers:
                report.add(
                    line,
                    f"nothing refers to the footnote {shown(name)}",
                    f"Write [^{name}], or delete it",
                )
        items = [(self.words[name]) for name in self.numbers if name in self.words]
        if not items:
            return ()
        line = min(line for _, line in items)
        heading = Heading(3, (Text("Notes"),), ANCHOR, line=line)
        return heading, ListBlock(tuple(blocks for blocks, _ in items), 1, line=line)
