"""The tree of a formula, independent of the library that parsed it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import get_args

from studytui.maths.box import Box


class Atom(Enum):
    """TeX's classes of atoms (The TeXbook, chapter 17), from which spacing follows."""

    ORDINARY = "ord"
    OPERATOR = "op"
    BINARY = "bin"
    RELATION = "rel"
    OPEN = "open"
    CLOSE = "close"
    PUNCTUATION = "punct"
    INNER = "inner"


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes side by side."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """One letter, number or sign, already in the Unicode form it is shown in."""

    text: str
    atom: Atom = Atom.ORDINARY
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A named function such as ``log``; with ``limits`` its scripts stand below and above."""

    name: str
    limits: bool = False


@dataclass(frozen=True, slots=True)
class BigOperator:
    """A sum, product, integral ...; ``limits`` is None where the symbol's own habit holds."""

    symbol: str
    limits: bool | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """``ruled`` is False for the two stacked entries of a binomial coefficient."""

    numerator: Node
    denominator: Node
    ruled: bool = True
    small: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or with an index the root of that order."""

    radicand: Node
    index: Node | None = None


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with what stands at its upper and lower right."""

    base: Node
    superscript: Node | None = None
    subscript: Node | None = None


@dataclass(frozen=True, slots=True)
class Delimited:
    """Growing delimiters around parts, ``middles`` between the parts; "" where none is drawn."""

    opening: str
    closing: str
    parts: tuple[Node, ...]
    middles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedDelimiter:
    r"""``\big`` to ``\Bigg``: ``size`` 1 to 4."""

    symbol: str
    atom: Atom
    size: int


@dataclass(frozen=True, slots=True)
class HorizontalRule:
    """A line above table row ``row``, from column ``first`` to ``last``."""

    row: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix, cases, aligned lines ...: ``shape`` names the environment's family."""

    shape: str
    rows: tuple[tuple[Node, ...], ...]
    columns: tuple[str, ...] = ()
    verticals: tuple[int, ...] = ()
    horizontals: tuple[HorizontalRule, ...] = ()
    intertexts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    r"""``\text``: strings, and formulas between dollars in it."""

    parts: tuple[str | Node, ...]


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over (or under) the base; ``wide`` ones span all of it."""

    base: Node
    mark: str
    wide: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A line over or under the base."""

    base: Node
    above: bool


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace or bracket with a label."""

    base: Node
    above: bool
    label: Node | None = None
    bracket: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """A space in em; negative ones draw together."""

    em: float


@dataclass(frozen=True, slots=True)
class Framed:
    """A box around the base, or only a coloured ground behind it."""

    base: Node
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The base struck through."""

    base: Node


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow as long as its labels."""

    symbol: str
    above: Node | None = None
    below: Node | None = None


@dataclass(frozen=True, slots=True)
class VerticalArrow:
    """An arrow between two rows of a diagram, with labels beside it."""

    symbol: str
    left: Node | None = None
    right: Node | None = None


@dataclass(frozen=True, slots=True)
class Stacked:
    """Something small above or below the base."""

    base: Node
    above: Node | None = None
    below: Node | None = None


@dataclass(frozen=True, slots=True)
class Phantom:
    """The room that the base would take, in the directions told, and nothing drawn."""

    base: Node
    wide: bool = True
    tall: bool = True


@dataclass(frozen=True, slots=True)
class Classed:
    """The base, spaced as an atom of another class."""

    atom: Atom
    base: Node


@dataclass(frozen=True, slots=True)
class Style:
    """Display (0), text (1), script (2) or smaller (3) style for what follows in the group."""

    level: int
    base: Node


@dataclass(frozen=True, slots=True)
class Spanning:
    """A table cell that spans several columns."""

    columns: int
    alignment: str
    base: Node


@dataclass(frozen=True, slots=True)
class Drawn:
    """What has its box already; the parser makes none."""

    box: Box


Node = (
    Row
    | Symbol
    | Function
    | BigOperator
    | Fraction
    | Root
    | Scripts
    | Delimited
    | FixedDelimiter
    | Table
    | Text
    | Accent
    | Bar
    | Brace
    | Space
    | Framed
    | Cancelled
    | Arrow
    | VerticalArrow
    | Stacked
    | Phantom
    | Classed
    | Style
    | Spanning
    | Drawn
)

KINDS: tuple[type, ...] = get_args(Node)
"""Every kind of node."""

EMPTY = Row(())
