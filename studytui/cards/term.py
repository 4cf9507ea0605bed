"""One direction of a term: made from the table of terms, never written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import ClassVar

from studytui.cards.card import Card, Judged, Kind, Tools
from studytui.cards.question import Answer, AnswerField, Question, text_of
from studytui.cards.words import judge_words


@dataclass(frozen=True, slots=True)
class TermCard(Card):
    """A term in one language, asked for in the other."""

    KIND: ClassVar = Kind("term", "Remember", seconds=8, is_computed=False, runs_code=False)

    ask: str
    answer: str

    def shown(self) -> Iterator[str]:
        """Both sides."""
        yield self.ask
        yield self.answer

    def pose(self, scheduled: str, random: Random) -> Question:
        """The question as it stands."""
        return Question(
            scheduled,
            AnswerField.LINE,
            self.ask,
            answer=self.answer,
            expected=(self.answer,),
            invitation="the term in the other language",
        )

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """By its words."""
        return judge_words(text_of(answer), question.expected)


def both_ways(
    article: str, note: str, texts: tuple[str, str, str], line: int, replaces: str = ""
) -> Iterator[TermCard]:
    """Two cards of a term that stands in ``article``, with ids ``<note>/zh-en`` and ``…/en-zh``.

    ``note`` is ``<article>/term/<id>`` of the article that has the term first; ``texts`` are the
    term in Chinese and in English, and what it means.
    """
    chinese, english, meaning = texts
    digest = sha256(f"{chinese}\n{english}\n{meaning}".encode()).hexdigest()[:16]
    for direction, ask, answer in (
        ("zh-en", f"Say in English: {chinese}", english),
        ("en-zh", f"Say in Chinese: {english}", chinese),
    ):
        yield TermCard(
            ask=ask,
            answer=answer,
            id=f"{note}/{direction}",
            article=article,
            line=line,
            why=meaning,
            digest=digest,
            replaces=replaces,
        )
