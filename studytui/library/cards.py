"""Cards as they are written in an article. Their schedule lives elsewhere, under the card's id."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FreshValue:
    """How one number of a question is drawn anew at every review.

    ``kind`` is ``integers`` (``low`` to ``high``, both in), ``uniform`` (rounded to ``digits``
    decimals) or ``choose`` (one of ``choices``, kept as written).
    """

    name: str
    kind: str
    low: float = 0.0
    high: float = 0.0
    digits: int = 2
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    id: str
    article: str
    line: int = 0
    hint: str = ""
    why: str = ""
    """Shown after the answer: Markdown."""
    digest: str = ""
    """Hash of the card's source: the content version kept with each review."""
    probe: bool = False
    """Whether it is asked to find out what a reader knows already, before the article is read."""


@dataclass(frozen=True, slots=True)
class BasicCard(_Card):
    """Question and answer in Markdown; the reader judges."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class ClozeCard(_Card):
    """A text with gaps written ``{{c1::hidden}}`` or ``{{c1::hidden::hint}}``; one card per number.

    The scheduled ids are ``<id>/c1``, ``<id>/c2`` ...
    """

    text: str


@dataclass(frozen=True, slots=True)
class ChoiceCard(_Card):
    """One or more right options among wrong ones, shuffled when shown."""

    ask: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpressionCard(_Card):
    """The answer is typed as maths and judged by the prover. ``symbols`` maps names to domains."""

    ask: str
    answer: str
    symbols: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NumberCard(_Card):
    """The answer is a number computed from an expression in the fresh values.

    In ``ask`` and ``why`` each ``{{name}}`` stands for the drawn value. ``tolerance`` is relative.
    """

    ask: str
    answer: str
    fresh: tuple[FreshValue, ...] = ()
    tolerance: float = 1e-3
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OutputCard(_Card):
    """Predict what a program prints; then it is run. ``{{name}}`` in ``code`` is a fresh value."""

    ask: str
    code: str
    fresh: tuple[FreshValue, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderCard(_Card):
    """Lines given in their right order, to be sorted."""

    ask: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermCard(_Card):
    """One direction of a term: made from the table of terms, never written by hand."""

    ask: str
    answer: str


CardSource = (
    BasicCard
    | ClozeCard
    | ChoiceCard
    | ExpressionCard
    | NumberCard
    | OutputCard
    | OrderCard
    | TermCard
)
