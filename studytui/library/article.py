"""An article with all that was read from its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.library.blocks import (
    Annotation,
    Block,
    Blocks,
    CardBlock,
    CheckBlock,
    DerivationBlock,
    ExerciseBlock,
    SnippetBlock,
    Term,
)


@dataclass(frozen=True, slots=True)
class Article:
    """One parsed article. ``digest`` is the SHA-256 of its source."""

    id: str
    title: str
    track: str
    needs: tuple[str, ...]
    translated_from: str
    path: Path
    digest: str
    blocks: Blocks
    terms: tuple[Term, ...] = ()
    cards: tuple[Card, ...] = ()
    derivations: tuple[DerivationSource, ...] = ()
    snippets: tuple[SnippetBlock, ...] = ()
    exercises: tuple[ExerciseBlock, ...] = ()
    checks: tuple[CheckBlock, ...] = ()
    annotations: tuple[Annotation, ...] = ()


def is_live(block: Block) -> bool:
    """Whether the reader can act on the block: run it, work it or answer it."""
    return isinstance(block, SnippetBlock | DerivationBlock | ExerciseBlock | CardBlock)
