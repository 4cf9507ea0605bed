"""Cards as a reader will meet them, for whoever writes them: drawn, with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from studytui.cards.card import Card
from studytui.cards.question import Question
from studytui.errors import StudyError
from studytui.library.article import Article
from studytui.library.blocks import Block, CardBlock
from studytui.study.desk import Desk
from studytui.study.questions import right_answer_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question with its right answer, both Markdown."""

    kind: str
    question: Question
    answer: str

    def parts(self) -> Iterator[str]:
        """What a reader sees one after the other, as Markdown; empty ones left out."""
        question = self.question
        yield question.prompt
        if question.code:
            yield f"```python\n{question.code.rstrip()}\n```"
        yield from (f"{number}\\. {text}" for number, text in enumerate(question.options, 1))
        if question.hint:
            yield f"*Hint:* {question.hint}"
        yield f"*Answer:*\n\n{self.answer}"
        if question.why:
            yield f"*Why:* {question.why}"


def drawn(article: Article) -> Article:
    """The article with numbers in the questions that draw them, as a reader first meets them."""
    return replace(article, blocks=tuple(map(_drawn, article.blocks)))


def _drawn(block: Block) -> Block:
    return replace(block, card=block.card.drawn()) if isinstance(block, CardBlock) else block


def preview(desk: Desk, name: str, times: int) -> Iterator[Drawn]:
    """A card asked some times, each of its gaps; what draws nothing is shown once.

    Raises StudyError when there is no such card, and when its program may not run or fails.
    """
    source = _card(desk, name)
    names = [name] if name in source.scheduled_ids else source.scheduled_ids
    draws = times if source.draws_numbers else 1
    for scheduled in names:
        for number in range(draws):
            question = source.question(scheduled, number)
            yield Drawn(source.KIND.name, question, right_answer_of(desk, question))


def _card(desk: Desk, name: str) -> Card:
    """A card by its own id or by that of one of its gaps."""
    found = desk.library.card(name) or desk.library.card(f"{name}/c1")
    if found is None:
        todo = "studytui search WORDS finds its id, in the packs that the settings list"
        raise StudyError(f"there is no card '{name}'", todo=todo)
    return found
