"""What a layout is made of: styled segments in lines, lines in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studytui.library.layout.safe import cells

NO_BREAK = "\N{NO-BREAK SPACE}"
"""A space in a span at which no line is broken."""


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one style, before it is broken into lines; a line feed in it is a forced break."""

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one style. ``style`` is names with spaces between (``strong link``).

    ``link`` is the target that a click or Enter opens, if any.
    """

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the screen.

    The first ``indent`` characters are decoration (gutter, bullet, bar): they stay where they are
    when the line is moved sideways and are not copied. ``join`` is what stands between this line
    and the next one in the copied text: a space or nothing where a paragraph was wrapped.
    """

    segments: tuple[Segment, ...] = ()
    indent: int = 0
    join: str = "\n"

    @property
    def text(self) -> str:
        """The characters of the line, decoration included."""
        return "".join(segment.text for segment in self.segments)

    @property
    def width(self) -> int:
        """Cells."""
        return sum(cells(segment.text) for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Item:
    """Something on lines ``first`` to ``last`` (both in) that is copied as a whole.

    ``kind`` is formula, code, table or picture; ``copy`` is what goes to the clipboard: the TeX,
    the listing, the table as tab-separated values, or the picture's path. ``width`` is in
    cells where it is wider than its room, so that it must be moved sideways to be seen, else 0.
    ``source`` is the line of the Markdown.
    """

    kind: str
    first: int
    last: int
    copy: str
    width: int
    source: int = 0

    def moved(self, lines: int, columns: int = 0) -> Item:
        """The same item further down and to the right."""
        return replace(
            self,
            first=self.first + lines,
            last=self.last + lines,
            width=self.width and self.width + columns,
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of one block, with what can be copied from it."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...] = ()


BLANK = Line()


def stacked(pieces: Iterable[tuple[int, Piece]]) -> Piece:
    """Pieces one below the other, each after so many blank lines."""
    lines: list[Line] = []
    items: list[Item] = []
    for blank, piece in pieces:
        lines.extend([BLANK] * blank)
        items.extend(item.moved(len(lines)) for item in piece.items)
        lines.extend(piece.lines)
    return Piece(tuple(lines), tuple(items))


def indented(piece: Piece, first: Segment, rest: Segment) -> Piece:
    """A piece with a decoration before its first line and another before all further ones."""
    lines = tuple(
        Line(
            (head, *line.segments),
            len(head.text) + line.indent,
            line.join,
        )
        for number, line in enumerate(piece.lines)
        for head in (rest if number else first,)
    )
    shift = cells(rest.text)
    return Piece(lines, tuple(item.moved(0, shift) for item in piece.items))
