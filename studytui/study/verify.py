"""Content has a test suite: derivations are proved, answers recomputed, snippets run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from studytui.derive.verdict import Verdict
from studytui.errors import StudyError
from studytui.library.blocks import SnippetBlock
from studytui.library.cards import CardSource, ExpressionCard, FreshValue, NumberCard, OutputCard
from studytui.library.derivations import DerivationSource
from studytui.library.lint import Checked, read_all
from studytui.library.parse import Parsed
from studytui.library.problems import shown
from studytui.memory.questions import Question, ask
from studytui.study.answering import expected_number, number_text
from studytui.study.programs import program_output

if TYPE_CHECKING:
    from studytui.run.events import Ended
    from studytui.study.desk import Desk

DRAWS = 5
"""Fresh draws of every card, beside the corners of what can be drawn."""
CORNERS = 64
SNIPPET_SECONDS = 300.0
"""Generous: a busy machine is no failure; with its defaults a snippet should take 20."""

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one thing that can be verified.

    ``kind`` is derivation, card or snippet. ``verdict`` is the prover's word for a step;
    ``computed`` for an answer; ``ran`` for a program; else what went wrong.
    """

    kind: str
    name: str
    article: str
    verdict: str
    ok: bool
    path: Path
    line: int
    seconds: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Subject:
    """One thing to verify, with where it stands."""

    kind: str
    name: str
    checked: Checked
    parsed: Parsed
    what: DerivationSource | CardSource | SnippetBlock

    def finding(
        self, verdict: str, ok: bool, began: float, why: str = "", *, part: str = "", line: int = 0
    ) -> Finding:
        return Finding(
            kind=self.kind,
            name=f"{self.name} {part}".rstrip(),
            article=self.parsed.article.id,
            verdict=verdict,
            ok=ok,
            path=self.parsed.article.path,
            line=line or self.what.line,
            seconds=perf_counter() - began,
            why=why,
        )


class Verifier:
    """Verifies the packs in some folders, or of them only what is named.

    ``trusted`` allows code of packs that did not come with studytui to run.
    """

    def __init__(
        self, desk: Desk, roots: Sequence[Path], names: Sequence[str] = (), *, trusted: bool = False
    ) -> None:
        self._desk = desk
        self._trusted = trusted
        packs = [read_all(root) for root in roots]
        broken = [problem for checked in packs for problem in checked.unreadable]
        if broken:
            raise StudyError(broken[0].what, where=broken[0].where, todo=broken[0].todo)
        self._subjects = list(_chosen([*_subjects(packs)], names))

    def findings(self, announce: Announce) -> Iterator[Finding]:
        """One finding after another; ``announce`` is told what is being worked on."""
        for number, subject in enumerate(self._subjects, 1):
            announce(f"{number} of {len(self._subjects)}: {subject.kind} {subject.name}")
            what = subject.what
            if isinstance(what, DerivationSource):
                yield from self._derivation(subject, what)
            elif isinstance(what, SnippetBlock):
                yield self._snippet(subject, what)
            else:
                yield self._card(subject, what)

    def _derivation(self, subject: _Subject, source: DerivationSource) -> Iterator[Finding]:
        began = perf_counter()
        try:
            judgements = self._desk.prover.verify(source)
        except StudyError as error:
            yield subject.finding("error", False, began, _said(error))
            return
        for number, judgement in enumerate(judgements):
            step = source.steps[number] if number < len(source.steps) else None
            part = f"step {number + 1}/{len(source.steps)}" if step else "goal"
            line = step.line if step else 0
            ok = judgement.verdict is Verdict.PROVED
            finding = subject.finding(
                judgement.verdict, ok, perf_counter() - judgement.seconds, part=part, line=line,
                why="" if ok else f"{shown(step.to if step else source.goal)}: {judgement.why}",
            )  # fmt: skip
            yield finding

    def _card(self, subject: _Subject, card: CardSource) -> Finding:
        began = perf_counter()
        try:
            if isinstance(card, NumberCard):
                return subject.finding("computed", True, began, _compute(card))
            if isinstance(card, OutputCard):
                if not self._may_run(subject):
                    return _untrusted(subject, began)
                return subject.finding("ran", True, began, _run_program(card))
            assert isinstance(card, ExpressionCard)
            return self._expression(subject, card, began)
        except StudyError as error:
            return subject.finding("error", False, began, _said(error))

    def _expression(self, subject: _Subject, card: ExpressionCard, began: float) -> Finding:
        # An answer that cannot be shown equal to itself can never be accepted from a reader.
        judgement = self._desk.prover.equal(card.answer, card.answer, dict(card.symbols))
        ok = judgement.verdict is Verdict.PROVED
        return subject.finding(judgement.verdict, ok, began, "" if ok else judgement.why)

    def _snippet(self, subject: _Subject, block: SnippetBlock) -> Finding:
        from studytui.run.limits import Limits
        from studytui.run.signature import read_snippet

        began = perf_counter()
        if not self._may_run(subject):
            return _untrusted(subject, began)
        try:
            snippet = read_snippet(subject.checked.pack.snippet(block.name), block.name)
            run = self._desk.runner.start(
                snippet, dict(block.parameters), limits=Limits(seconds=SNIPPET_SECONDS)
            )
        except StudyError as error:
            return subject.finding("error", False, began, _said(error))
        failure = ""
        try:
            for event in run.events():
                name = type(event).__name__
                if name == "Failed":
                    failure = f"{getattr(event, 'kind', '')}: {getattr(event, 'message', '')}"
        except BaseException:
            run.kill()
            raise
        ended: Ended | None = run.ended
        ok = ended is not None and ended.status == "ok"
        status = "ran" if ok else (ended.status if ended else "crashed")
        why = "" if ok else failure or (ended.why if ended else "")
        return subject.finding(status, ok, began, why)

    def _may_run(self, subject: _Subject) -> bool:
        return subject.checked.pack.shipped or self._trusted


def _subjects(packs: Sequence[Checked]) -> Iterator[_Subject]:
    for checked in packs:
        for parsed in checked.parsed:
            article = parsed.article
            for source in article.derivations:
                yield _Subject("derivation", source.id, checked, parsed, source)
            for card in article.cards:
                if isinstance(card, NumberCard | OutputCard | ExpressionCard):
                    yield _Subject("card", card.id, checked, parsed, card)
            ways = {(block.name, block.parameters): block for block in article.snippets}
            for block in ways.values():
                yield _Subject("snippet", block.name, checked, parsed, block)


def _chosen(subjects: list[_Subject], names: Sequence[str]) -> Iterator[_Subject]:
    """The subjects that are named: by article, by their own id, or a snippet by its last part."""
    known = [
        {subject.name, subject.parsed.article.id, subject.name.rpartition("/")[2]}
        for subject in subjects
    ]
    for name in names:
        if not any(name in each for each in known):
            raise StudyError(
                f"there is nothing to verify called '{name}'",
                todo="Name an article, a derivation, a card that is computed, or a snippet",
            )
    for subject, each in zip(subjects, known, strict=True):
        if not names or each.intersection(names):
            yield subject


def _untrusted(subject: _Subject, began: float) -> Finding:
    why = f"code of the pack {subject.checked.pack.id} runs only with --trust: read it first"
    return subject.finding("untrusted", False, began, why)


def _compute(card: NumberCard) -> str:
    """Compute the answer for the corners and some draws. StudyError where there is none."""
    values: list[str] = []
    for question in _questions(card, card.fresh):
        drawn = ", ".join(f"{name} = {value}" for name, value in question.values)
        try:
            value = expected_number(question)
        except StudyError as error:
            raise StudyError(f"at {drawn}: {_said(error)}") from error
        if not math.isfinite(value):
            raise StudyError(f"at {drawn} it is {value}")
        values.append(number_text(value))
    return f"{len(values)} × {', '.join(values[:3])}"


def _run_program(card: OutputCard) -> str:
    """Run the program for some draws, twice each. StudyError when it fails or will not repeat."""
    outputs: list[str] = []
    for question in islice(_questions(card, card.fresh), DRAWS):
        first, second = program_output(question.code), program_output(question.code)
        if first != second:
            raise StudyError("it does not print the same twice")
        if not first.strip():
            raise StudyError("it prints nothing")
        outputs.append(" ".join(first.split()))
    return f"{len(outputs)} × {shown(outputs[0], 40)}"


def _questions(card: NumberCard | OutputCard, fresh: tuple[FreshValue, ...]) -> Iterator[Question]:
    if not fresh:
        yield ask(card, card.id, 0)
        return
    for draw in range(DRAWS):
        yield ask(card, card.id, draw)
    from dataclasses import replace

    for corner in islice(product(*map(_ends, fresh)), CORNERS):
        fixed = tuple(
            replace(value, kind="choose", choices=(end,))
            for value, end in zip(fresh, corner, strict=True)
        )
        yield ask(replace(card, fresh=fixed), card.id, 0)


def _ends(value: FreshValue) -> tuple[str, ...]:
    match value.kind:
        case "integers":
            return str(int(value.low)), str(int(value.high))
        case "uniform":
            return f"{value.low:.{value.digits}f}", f"{value.high:.{value.digits}f}"
    return value.choices


def _said(error: StudyError) -> str:
    return f"{error.where}: {error.what}" if error.where else error.what
