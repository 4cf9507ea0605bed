"""Terms as cards: each is asked in both directions."""

from __future__ import annotations

from hashlib import sha256

from studytui.library.blocks import Term
from studytui.library.cards import CardSource, TermCard


def cards_of_terms(article: str, terms: tuple[Term, ...], line: int) -> tuple[CardSource, ...]:
    """Two cards a term, with ids ``<article>/term/<id>/zh-en`` and ``…/en-zh``."""
    cards: list[CardSource] = []
    for term in terms:
        source = f"{term.chinese}\n{term.english}\n{term.meaning}"
        digest = sha256(source.encode()).hexdigest()[:16]
        for direction, ask, answer in (
            ("zh-en", f"Say in English: {term.chinese}", term.english),
            ("en-zh", f"Say in Chinese: {term.english}", term.chinese),
        ):
            cards.append(
                TermCard(
                    ask=ask,
                    answer=answer,
                    id=f"{article}/term/{term.id}/{direction}",
                    article=article,
                    line=line,
                    why=term.meaning,
                    digest=digest,
                )
            )
    return tuple(cards)
