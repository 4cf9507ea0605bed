"""A card as it is asked once: fresh numbers drawn, gaps cut, options shuffled. Pure and seeded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from studytui.errors import StudyError
from studytui.library.cards import (
    BasicCard,
    CardSource,
    ChoiceCard,
    ClozeCard,
    ExpressionCard,
    FreshValue,
    NumberCard,
    OrderCard,
    OutputCard,
    TermCard,
)

GAP = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+?(?<!\\)\$", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Question:
    """One asking of a card. Texts are Markdown.

    ``card`` is the scheduled id. ``options`` are shuffled; ``right`` holds the indices of the right
    ones (choice) or the indices that put them in order (order). ``expected`` is what a typed
    answer is held against: an expression, an expression in ``values``, or gap texts. ``code`` is
    the program of an output card. ``values`` are the drawn numbers, as written in the texts.
    """

    card: str
    kind: str
    prompt: str
    answer: str = ""
    why: str = ""
    hint: str = ""
    digest: str = ""
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    expected: tuple[str, ...] = ()
    symbols: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    tolerance: float = 0.0
    unit: str = ""
    code: str = ""


def draw(fresh: tuple[FreshValue, ...], random: Random) -> tuple[tuple[str, str], ...]:
    """A value for each name, written as it will stand in the text."""
    return tuple((value.name, _draw_one(value, random)) for value in fresh)


def _draw_one(value: FreshValue, random: Random) -> str:
    match value.kind:
        case "integers":
            return str(random.randint(int(value.low), int(value.high)))
        case "uniform":
            return f"{random.uniform(value.low, value.high):.{value.digits}f}"
        case "choose":
            return random.choice(value.choices)
    raise StudyError(f"unknown kind of fresh value '{value.kind}' for {value.name}")


def fill(text: str, values: tuple[tuple[str, str], ...]) -> str:
    """``text`` with each ``{{name}}`` that was drawn replaced; other braces stay."""
    known = dict(values)
    return PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)


def ask(card: CardSource, scheduled: str, asked: int) -> Question:
    """The question that ``card`` poses when it is asked for the ``asked``-th time.

    The same card, id and count give the same question, so that a restart changes nothing and
    every review brings new numbers.
    """
    random = Random(f"{scheduled}\0{asked}")
    match card:
        case BasicCard() | TermCard():
            kind = "term" if isinstance(card, TermCard) else "basic"
            expected = (card.answer,) if isinstance(card, TermCard) else ()
            parts = Question(scheduled, kind, card.ask, answer=card.answer, expected=expected)
        case ClozeCard():
            parts = _ask_cloze(card, scheduled)
        case ChoiceCard():
            parts = _ask_choice(card, scheduled, random)
        case ExpressionCard():
            parts = Question(
                scheduled,
                "expression",
                card.ask,
                expected=(card.answer,),
                symbols=card.symbols,
            )
        case NumberCard():
            values = draw(card.fresh, random)
            parts = Question(
                scheduled,
                "number",
                fill(card.ask, values),
                expected=(card.answer,),
                values=values,
                tolerance=card.tolerance,
                unit=fill(card.unit, values),
            )
        case OutputCard():
            values = draw(card.fresh, random)
            code = fill(card.code, values)
            parts = Question(scheduled, "output", fill(card.ask, values), values=values, code=code)
        case OrderCard():
            parts = _ask_order(card, scheduled, random)
    return _with_notes(parts, card)


def _with_notes(question: Question, card: CardSource) -> Question:
    from dataclasses import replace

    return replace(
        question,
        why=fill(card.why, question.values),
        hint=fill(card.hint, question.values),
        digest=card.digest,
    )


def _ask_cloze(card: ClozeCard, scheduled: str) -> Question:
    wanted = scheduled.rpartition("/c")[2]
    hidden = tuple(match[2] for match in GAP.finditer(card.text) if match[1] == wanted)
    if not hidden:
        raise StudyError(
            f"card {card.id} has no gap c{wanted}",
            todo="The card was edited since it was scheduled; its other gaps go on.",
        )

    formulas = [match.span() for match in _FORMULA.finditer(card.text)]

    def in_formula(match: re.Match[str]) -> bool:
        return any(start < match.start() < end for start, end in formulas)

    def cut(match: re.Match[str]) -> str:
        if match[1] != wanted:
            return match[2]
        if in_formula(match):
            return rf"[\text{{{match[3]}}}]" if match[3] else r"[\ldots]"
        return f"**[{match[3] or '…'}]**"

    def show(match: re.Match[str]) -> str:
        # Stars are stars in a formula.
        return f"**{match[2]}**" if match[1] == wanted and not in_formula(match) else match[2]

    return Question(
        scheduled,
        "cloze",
        GAP.sub(cut, card.text),
        answer=GAP.sub(show, card.text),
        expected=tuple(map(_words, hidden)),
    )


def _words(markdown: str) -> str:
    """A gap's text as one types it: without escapes, but for those of a formula."""
    if "$" in markdown.replace(r"\$", ""):
        return markdown
    return _ESCAPED.sub(r"\1", markdown)


def _ask_choice(card: ChoiceCard, scheduled: str, random: Random) -> Question:
    options = [*card.right, *card.wrong]
    order = list(range(len(options)))
    random.shuffle(order)
    shuffled = tuple(options[index] for index in order)
    right = tuple(place for place, index in enumerate(order) if index < len(card.right))
    return Question(
        scheduled,
        "choice",
        card.ask,
        answer="\n".join(f"- {option}" for option in card.right),
        options=shuffled,
        right=right,
    )


def _ask_order(card: OrderCard, scheduled: str, random: Random) -> Question:
    order = list(range(len(card.lines)))
    while len(order) > 1 and order == sorted(order):
        random.shuffle(order)
    return Question(
        scheduled,
        "order",
        card.ask,
        answer="\n".join(f"{number}. {line}" for number, line in enumerate(card.lines, 1)),
        options=tuple(card.lines[index] for index in order),
        right=tuple(order.index(index) for index in range(len(order))),
    )
