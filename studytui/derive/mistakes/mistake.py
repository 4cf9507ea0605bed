"""A classical mistake, and what is told of one that was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node

Variants = Callable[[Node, Symbols], Iterator[Node]]
"""Wrong variants of one part of a line, which say nothing of the parts inside of it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A right expression and what the mistake makes of it; ``symbols`` as they are declared."""

    right: str
    wrong: str
    symbols: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake of the field.

    ``name`` identifies it in the journal and never changes; ``title`` is what a list calls it;
    ``says`` tells the learner what was done, and the law that holds. A ``small`` one may be one of
    two mistakes in a line.
    """

    name: str
    title: str
    says: str
    example: Example
    variants: Variants
    small: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A mistake at its place: ``part`` of the right line became ``became``, both as text."""

    name: str
    part: str
    became: str


Explanation = tuple[Named, ...]
"""The mistakes that make a wrong line of a right one: one, or two; empty where none is shown."""
