"""Derivations as they are written in an article: declared symbols, a start, a goal, and steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepSource:
    """One line of a derivation.

    ``to`` is the new line; ``by`` the rule that leads to it (``equal`` when nothing is said) and
    ``say`` what is done, in words. ``hints`` run from a nudge to nearly the line itself. A ``key``
    line carries the idea: nobody has finished the derivation who has not written it.
    """

    to: str
    by: str = "equal"
    say: str = ""
    hints: tuple[str, ...] = ()
    line: int = 0
    key: bool = False


@dataclass(frozen=True, slots=True)
class DerivationSource:
    """A derivation that is proved by ``studytui verify`` and worked by the reader.

    ``symbols`` maps each name to its domain as written (``0 < beta < 1``, ``positive integer``);
    ``given`` is the first line; ``goal`` the last. ``instance`` says in words to what special
    case the proof is limited (``K = 3``); empty when it is general. ``facts`` are relations
    that may be used, quoted and told to the reader. One of the reader's own that stands in for
    another of the same id says by ``replaces`` which digest that had.
    """

    id: str
    article: str
    title: str
    symbols: tuple[tuple[str, str], ...]
    given: str
    goal: str
    steps: tuple[StepSource, ...]
    facts: tuple[str, ...] = ()
    instance: str = ""
    line: int = 0
    digest: str = ""
    replaces: str = ""
