"""A text with gaps, ``{{c1::hidden}}`` or ``{{c1::hidden::hint}}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.cards.card import Common, Judged, Kind, Tools, WrittenCard
from studytui.cards.question import Answer, AnswerField, Question, text_of
from studytui.cards.words import judge_words
from studytui.errors import StudyError

_GAP = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(r"c([1-9]\d?)::(.+)", re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+?(?<!\\)\$", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class ClozeCard(WrittenCard):
    """One card for each number of its gaps, scheduled as ``<id>/c1``, ``<id>/c2`` …"""

    KIND: ClassVar = Kind("cloze", "Fill the gap", seconds=15, is_computed=False, runs_code=False)

    text: str

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Field: ``text``, with at least one gap, numbered from 1 without holes."""
        text = fields.text("text", required=True)
        if not text:
            return None
        line = fields.line_of("text")
        numbers: set[int] = set()
        for inside in _BRACES.findall(text):
            gap = _INSIDE.fullmatch(inside)
            if gap is None:
                what = f"not a gap: {shown('{{' + inside + '}}')}"
                fields.report.add(line, what, "Write {{c1::…}}")
            elif not gap[2].split("::")[0].strip():
                fields.report.add(line, "a gap hides nothing", "Write {{c1::hidden}}")
            else:
                numbers.add(int(gap[1]))
        if not numbers:
            fields.report.add(line, "a cloze without gaps", "Write {{c1::hidden}}")
            return None
        if numbers != set(range(1, len(numbers) + 1)):
            found = ", ".join(f"c{number}" for number in sorted(numbers))
            fields.report.add(line, f"gaps are numbered {found}", "Number them c1, c2, c3 …")
        return cls(text=text, **common)

    @property
    def scheduled_ids(self) -> tuple[str, ...]:
        """One for each number, from the least."""
        numbers = sorted({int(match[1]) for match in _GAP.finditer(self.text)})
        return tuple(f"{self.id}/c{number}" for number in numbers)

    @property
    def headline(self) -> str:
        """Not its text, which would give the gaps away."""
        return self.KIND.title

    @property
    def gapped_text(self) -> str:
        """Its text as it was written: Anki's gaps are the same."""
        return self.text

    def shown(self) -> Iterator[str]:
        """The text with nothing hidden."""
        yield _GAP.sub(lambda match: match[2], self.text)

    def pose(self, scheduled: str, random: Random) -> Question:
        """The text with the gaps of one number hidden. StudyError when there are none any more."""
        wanted = scheduled.rpartition("/c")[2]
        hidden = tuple(match[2] for match in _GAP.finditer(self.text) if match[1] == wanted)
        if not hidden:
            raise StudyError(
                f"card {self.id} has no gap c{wanted}",
                todo="The card was edited since it was scheduled; its other gaps go on.",
            )

        formulas = [match.span() for match in _FORMULA.finditer(self.text)]

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
            bold = match[1] == wanted and not in_formula(match)
            # A picture is a paragraph, and no emphasis goes over its ends.
            return f"**{match[2]}**" if bold and "\n" not in match[2] else match[2]

        return Question(
            scheduled,
            AnswerField.LINE,
            _GAP.sub(cut, self.text),
            answer=_GAP.sub(show, self.text),
            expected=tuple(map(_as_typed, hidden)),
            invitation="the missing words; several with | between",
        )

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """By the words of all its gaps."""
        return judge_words(text_of(answer), question.expected)


def _as_typed(markdown: str) -> str:
    """A gap's text as one types it: without escapes, but for those of a formula."""
    if "$" in markdown.replace(r"\$", ""):
        return markdown
    return _ESCAPED.sub(r"\1", markdown)
