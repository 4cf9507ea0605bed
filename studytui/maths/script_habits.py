"""Which scripts are written as Unicode characters and which as raised or lowered boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from studytui.maths import nodes
from studytui.maths.context import Context
from studytui.maths.nodes import Node
from studytui.maths.scripts import as_subscript, as_superscript, is_primes

LONGEST_FOLDED = 5
LONGEST_WORD = 3
"""Characters of a script, and letters of a word, that still read well in small type."""


def flat(node: Node | None) -> str | None:
    """A simple script as one string without spaces, or None where it has structure."""
    if node is None:
        return ""
    if isinstance(node, nodes.Symbol):
        return node.text
    if isinstance(node, nodes.Row):
        parts = [flat(child) for child in node.children]
        return None if None in parts else "".join([part or "" for part in parts])
    if isinstance(node, nodes.Text):
        if all(isinstance(part, str) and " " not in part for part in node.parts):
            return "".join([str(part) for part in node.parts])
        return None
    if isinstance(node, nodes.Function):
        return node.name if " " not in node.name else None
    return None


def folded_superscript(node: Node | None, longest: int = LONGEST_FOLDED) -> str | None:
    """The script in raised characters, where that reads well."""
    text = flat(node)
    return None if text is None or not _reads(text, longest) else as_superscript(text)


def folded_subscript(node: Node | None, longest: int = LONGEST_FOLDED) -> str | None:
    """The script in lowered characters, where that reads well."""
    text = flat(node)
    return None if text is None or not _reads(text, longest) else as_subscript(text)


def _reads(text: str, longest: int) -> bool:
    if len(text) > (min(longest, LONGEST_WORD) if text.isalpha() else longest):
        return False
    # Raised brackets are hard to see, except right around a counter, as in the n-th derivative.
    return "(" not in text or (text[0] == "(" and text[-1] == ")" and len(text) <= longest)


def always_folds(node: Node | None) -> bool:
    """Squares, primes, stars and transposes look at home beside boxed scripts too."""
    text = flat(node)
    return text is not None and (
        text.isdigit() or is_primes(text) or text in ("⊤", "T", "∗", "*", "†", "∘", "−1", "+", "−")
    )


def with_habits(root: Node) -> Context:
    """The context of a formula: which bases must wear boxed scripts throughout."""
    superscripts: set[str] = set()
    subscripts: set[str] = set()
    for node in walk(root):
        if not isinstance(node, nodes.Scripts):
            continue
        base = flat(node.base)
        if base is None or not base:
            continue
        if node.superscript is not None and folded_superscript(node.superscript) is None:
            superscripts.add(base)
        if node.subscript is not None and folded_subscript(node.subscript) is None:
            subscripts.add(base)
    return Context(
        boxed_superscripts=frozenset(superscripts), boxed_subscripts=frozenset(subscripts)
    )


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    pending: list[object] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending.extend(one)
        elif isinstance(one, nodes.KINDS):
            found = cast(Node, one)
            yield found
            pending.extend([getattr(found, name) for name in found.__slots__])
