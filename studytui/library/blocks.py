"""What an article is made of once it is parsed: frozen blocks that hold frozen inlines.

Every block knows the line of the source it begins on (1-based) and where its words come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.cards.card import Card
    from studytui.cards.citation import Citation
    from studytui.derive.steps.source import DerivationSource


class Origin(StrEnum):
    """Whose words a block holds."""

    TRANSLATED = "translated"
    """A faithful translation of the original."""
    RESTORED = "restored"
    """A formula or listing that the original lost, restored from the field's knowledge."""
    WRITTEN = "written"
    """Written for studytui."""


# Inlines -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words, without line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An inline code span."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """An inline formula, TeX without its dollar signs."""

    tex: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold words."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic words."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Strike:
    """Struck-out words."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Link:
    """A link. ``target`` is a URL, ``#anchor``, ``article-id`` or ``article-id#anchor``."""

    children: Inlines
    target: str


@dataclass(frozen=True, slots=True)
class Restored:
    """Words of a translation that the original lost."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break."""


Inline = Text | Code | Math | Strong | Emphasis | Strike | Link | Restored | Break
Inlines = tuple[Inline, ...]


# Blocks ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    line: int = 0
    origin: Origin = Origin.WRITTEN


@dataclass(frozen=True, slots=True)
class Heading(_Placed):
    """A heading, ``level`` 1 to 6; ``anchor`` is unique in its article."""

    level: int
    children: Inlines
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph(_Placed):
    """A paragraph."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class MathBlock(_Placed):
    """A display formula, TeX without its dollar signs; ``label`` is its equation label, if any."""

    tex: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock(_Placed):
    """A listing."""

    code: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock(_Placed):
    """A list; each item is a run of blocks. ``start`` is None for bullets."""

    items: tuple[Blocks, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quote(_Placed):
    """A block quotation."""

    children: Blocks


@dataclass(frozen=True, slots=True)
class Note(_Placed):
    """A call-out; ``kind`` is note, tip, warning or translator."""

    kind: str
    title: Inlines
    children: Blocks


@dataclass(frozen=True, slots=True)
class Table(_Placed):
    """A table. ``alignment`` holds left, center or right for each column; rows are as wide."""

    header: tuple[Inlines, ...]
    alignment: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture(_Placed):
    """An image file beside the article; ``source`` is relative to the article's folder."""

    source: str
    alternative: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Rule(_Placed):
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class SnippetBlock(_Placed):
    """A place where a snippet can be run; ``parameters`` override the script's defaults."""

    name: str
    parameters: tuple[tuple[str, str], ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class DerivationBlock(_Placed):
    """A place where a derivation can be worked."""

    derivation: DerivationSource


@dataclass(frozen=True, slots=True)
class ExerciseBlock(_Placed):
    """A place where a function of a snippet is written from memory, and judged.

    ``snippet`` is ``track/name``; in it ``function`` has a gap. ``title`` is a line, ``ask`` and
    the ``hints``, which run from a nudge to nearly the solution, are Markdown. ``digest`` is the
    content version of the block, not of the snippet; ``replaces`` the one that it stands in for.
    """

    snippet: str
    function: str
    title: str
    ask: str
    hints: tuple[str, ...] = ()
    digest: str = ""
    replaces: str = ""

    @property
    def id(self) -> str:
        """``track/name:function``, unique among all packs that are read together."""
        return f"{self.snippet}:{self.function}"


@dataclass(frozen=True, slots=True)
class CheckBlock(_Placed):
    """Claims of the prose around it as a program, for ``studytui verify``; readers never see it.

    The first line of ``code`` stands on the line after ``line``.
    """

    code: str


@dataclass(frozen=True, slots=True)
class CardBlock(_Placed):
    """A place where a card can be answered."""

    card: Card


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the field in both languages; it feeds two-way cards.

    ``replaces`` is the digest of the cards that those of a reader's own version stand in for.
    """

    id: str
    chinese: str
    english: str
    meaning: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class TermsBlock(_Placed):
    """The table of terms; ``of`` is the article whose cards it makes when that is another one."""

    terms: tuple[Term, ...]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note of the reader's own beside a place in an article; ``text`` is Markdown.

    It stands in its file as ``:::{annotation} id`` and is shown there as a call-out.
    """

    id: str
    cites: Citation
    text: str
    line: int = 0


Block = (
    Heading
    | Paragraph
    | MathBlock
    | CodeBlock
    | ListBlock
    | Quote
    | Note
    | Table
    | Picture
    | Rule
    | SnippetBlock
    | DerivationBlock
    | ExerciseBlock
    | CheckBlock
    | CardBlock
    | TermsBlock
)
Blocks = tuple[Block, ...]
