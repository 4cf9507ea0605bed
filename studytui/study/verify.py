"""Content has a test suite: derivations are proved, answers recomputed, snippets run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from studytui.derive.verdict import Verdict
from studytui.errors import StudyError
from studytui.library.blocks import CheckBlock, SnippetBlock
from studytui.library.cards import CardSource, ExpressionCard, NumberCard, OutputCard
from studytui.library.derivations import DerivationSource
from studytui.library.entry import scheduled_ids
from studytui.library.lint import Checked, read_all
from studytui.library.parse import Parsed
from studytui.library.problems import shown
from studytui.memory.questions import ask
from studytui.study.asking import trust_subject
from studytui.study.claiming import judge, run_checks
from studytui.study.recompute import compute, run_program
from studytui.study.trusting import is_trusted

if TYPE_CHECKING:
    from studytui.run.signature import Snippet
    from studytui.study.desk import Desk

SNIPPET_SECONDS = 300.0
"""Generous: a busy machine is no failure; with its defaults a snippet should take 20."""

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one thing that can be verified.

    ``kind`` is derivation, card, claims or snippet. ``verdict`` is the prover's word for a step;
    ``computed`` for an answer; ``ran`` for a program; ``held`` for claims; else what went wrong.
    ``claims`` is how many claims of the prose held.
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
    claims: int = 0


@dataclass(frozen=True, slots=True)
class _Subject:
    """One thing to verify, with where it stands."""

    kind: str
    name: str
    checked: Checked
    parsed: Parsed
    what: DerivationSource | CardSource | SnippetBlock | CheckBlock

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
        self.at = 0
        """The number of the one that is being verified, of ``total``."""

    @property
    def total(self) -> int:
        """How many things there are to verify."""
        return len(self._subjects)

    def findings(self, announce: Announce) -> Iterator[Finding]:
        """One finding after another; ``announce`` is told what is being worked on."""
        for number, subject in enumerate(self._subjects, 1):
            self.at = number
            announce(f"{number} of {len(self._subjects)}: {subject.kind} {subject.name}")
            what = subject.what
            if isinstance(what, DerivationSource):
                yield from self._derivation(subject, what)
            elif isinstance(what, SnippetBlock):
                yield from self._snippet(subject, what)
            elif isinstance(what, CheckBlock):
                yield from self._claims(subject)
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
                return subject.finding("computed", True, began, compute(card))
            if isinstance(card, OutputCard):
                if not self._may_run(subject):
                    return _untrusted(subject, began)
                return subject.finding("ran", True, began, run_program(card))
            assert isinstance(card, ExpressionCard)
            return self._expression(subject, card, began)
        except StudyError as error:
            return subject.finding("error", False, began, _said(error))

    def _expression(self, subject: _Subject, card: ExpressionCard, began: float) -> Finding:
        # An answer that cannot be shown equal to itself can never be accepted from a reader.
        judgement = self._desk.prover.equal(card.answer, card.answer, dict(card.symbols))
        ok = judgement.verdict is Verdict.PROVED
        return subject.finding(judgement.verdict, ok, began, "" if ok else judgement.why)

    def _snippet(self, subject: _Subject, block: SnippetBlock) -> Iterator[Finding]:
        from studytui.run.signature import read_snippet

        began = perf_counter()
        try:
            path = subject.checked.pack.snippet(block.name)
            snippet = read_snippet(path, block.name)
            if not self._may_run(subject, snippet):
                yield _untrusted(subject, began)
                return
            yield self._run(subject, snippet, dict(block.parameters))
            if snippet.exercise is not None:
                yield self._run(subject, snippet, {}, snippet.exercise.checks)
        except StudyError as error:
            yield subject.finding("error", False, began, _said(error))

    def _run(
        self,
        subject: _Subject,
        snippet: Snippet,
        parameters: dict[str, str],
        check: tuple[str, ...] = (),
    ) -> Finding:
        from studytui.run.events import Failed
        from studytui.run.exercise import SEEDS
        from studytui.run.limits import Limits

        began = perf_counter()
        limits = Limits(seconds=SNIPPET_SECONDS)
        run = self._desk.runner.start(
            snippet, parameters, limits=limits, check=check, seeds=range(SEEDS)
        )
        failure = ""
        try:
            for event in run.events():
                if isinstance(event, Failed):
                    failure = f"{event.kind}: {event.message}"
        except BaseException:
            # Ctrl+C: what was started must not outlive the one who waits for it.
            run.kill()
            raise
        status, why = (run.ended.status, run.ended.why) if run.ended else ("crashed", "")
        ok = status == "ok"
        part = "exercise" if check else ""
        return subject.finding(
            "ran" if ok else status, ok, began, "" if ok else failure or why, part=part
        )

    def _claims(self, subject: _Subject) -> Iterator[Finding]:
        """Every claim that does not hold, and how many do."""
        began = perf_counter()
        if not (subject.checked.pack.shipped or self._trusted):
            yield _untrusted(subject, began)
            return
        article = subject.parsed.article
        try:
            records = run_checks(self._desk.runner, article, subject.checked.pack)
        except StudyError as error:
            yield subject.finding("error", False, began, _said(error))
            return
        judged = judge(article, records)
        held = sum(not claim.why for claim in judged)
        for claim in judged:
            if claim.why:
                yield subject.finding("false", False, began, claim.why, line=claim.line)
        if held:
            why = f"{held} claim{'s hold' if held > 1 else ' holds'}"
            yield replace(subject.finding("held", True, began, why), claims=held)

    def _may_run(self, subject: _Subject, snippet: Snippet | None = None) -> bool:
        """Whether its code came with studytui, or the reader has trusted it as it is now."""
        from studytui.run.trust import fingerprint

        pack = subject.checked.pack
        if pack.shipped or self._trusted:
            return True
        if snippet is not None:
            digest = fingerprint(snippet).digest
            return is_trusted(self._desk, f"{pack.id}:{subject.name}", digest)
        assert isinstance(subject.what, OutputCard)
        question = ask(subject.what, scheduled_ids(subject.what)[0], 0)
        return is_trusted(self._desk, trust_subject(question), question.digest)


def _subjects(packs: Sequence[Checked]) -> Iterator[_Subject]:
    for checked in packs:
        for parsed in checked.parsed:
            article = parsed.article
            for source in article.derivations:
                yield _Subject("derivation", source.id, checked, parsed, source)
            for card in article.cards:
                if isinstance(card, NumberCard | OutputCard | ExpressionCard):
                    yield _Subject("card", card.id, checked, parsed, card)
            if article.checks:
                yield _Subject("claims", f"{article.id} claims", checked, parsed, article.checks[0])
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
    pack = subject.checked.pack.id
    way = f"studytui trust {subject.name}, or " if isinstance(subject.what, SnippetBlock) else ""
    why = f"code of the pack {pack} runs once it was read and trusted: {way}--trust for all of it"
    return subject.finding("untrusted", False, began, why)


def _said(error: StudyError) -> str:
    return f"{error.where}: {error.what}" if error.where else error.what
