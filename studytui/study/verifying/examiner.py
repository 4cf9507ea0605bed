"""One worker of a verification: it has a prover of its own, and shares the runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, assert_never

from studytui.authoring.problems import shown
from studytui.cards.card import Card, Tools
from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource
from studytui.derive.verdict import Judgement, Verdict
from studytui.errors import StudyError
from studytui.library.blocks import CheckBlock, SnippetBlock
from studytui.study.claiming import judge, run_checks
from studytui.study.programs import program_output
from studytui.study.verifying.finding import Finding
from studytui.study.verifying.subjects import Subject

if TYPE_CHECKING:
    from typing import Any

    from studytui.run.runner import Runner
    from studytui.run.signature import Snippet

PROVER_SECONDS = 60.0
"""For each check: what an author's derivation needs is granted, on a busy machine too."""
SNIPPET_SECONDS = 300.0
"""Generous: a busy machine is no failure; with its defaults a snippet should take 20."""


class StoppedError(Exception):
    """The verification was interrupted: what was being shown stays open."""


class Examiner:
    """Verifies one subject after another."""

    def __init__(self, runner: Callable[[], Runner], memory_mb: int) -> None:
        self._runner = runner
        self._prover = Prover(seconds=PROVER_SECONDS, memory_mb=memory_mb)
        self._stopped = False

    def findings(self, subject: Subject) -> tuple[Finding, ...]:
        """What becomes of a subject. Raises StoppedError after :meth:`stop`."""
        began = perf_counter()
        try:
            return tuple(self._examine(subject, subject.what))
        except StudyError as error:
            said = f"{error.where}: {error.what}" if error.where else error.what
            return (subject.finding("error", False, began, said),)

    def stop(self) -> None:
        """End what is under way; called from another thread."""
        self._stopped = True
        self._prover.close()

    @property
    def seconds(self) -> float:
        """The processor time that a check may take."""
        return self._prover.seconds

    def check(self, *given: Any, **named: Any) -> Judgement:
        """As the prover's own; what it says once it was closed is no finding."""
        self._go_on()
        judgement = self._prover.check(*given, **named)
        self._go_on()
        return judgement

    def _go_on(self) -> None:
        if self._stopped:
            raise StoppedError

    def _examine(
        self,
        subject: Subject,
        what: DerivationSource | Card | SnippetBlock | CheckBlock,
    ) -> Iterator[Finding]:
        match what:
            case DerivationSource():
                yield from self._derivation(subject, what)
            case SnippetBlock():
                yield from self._snippet(subject, what)
            case CheckBlock():
                yield from self._claims(subject)
            case Card():
                yield from self._card(subject, what)
            case _:
                assert_never(what)

    def _derivation(self, subject: Subject, source: DerivationSource) -> Iterator[Finding]:
        for number, judgement in enumerate(verify_derivation(self, source)):
            step = source.steps[number] if number < len(source.steps) else None
            part = f"step {number + 1}/{len(source.steps)}" if step else "goal"
            ok = judgement.verdict is Verdict.PROVED
            yield subject.finding(
                judgement.verdict, ok, perf_counter() - judgement.seconds, part=part,
                line=step.line if step else 0,
                why="" if ok else f"{shown(step.to if step else source.goal)}: {judgement.why}",
            )  # fmt: skip

    def _card(self, subject: Subject, card: Card) -> Iterator[Finding]:
        began = perf_counter()
        self._go_on()
        for found in card.verify(Tools(self._prover, program_output)):
            yield subject.finding(found.verdict, found.holds, began, found.why)

    def _claims(self, subject: Subject) -> Iterator[Finding]:
        """Every claim that does not hold, and how many do."""
        began = perf_counter()
        judged = judge(subject.article, run_checks(self._runner(), subject.article, subject.pack))
        for claim in judged:
            if claim.why:
                yield subject.finding("false", False, began, claim.why, line=claim.line)
        held = sum(not claim.why for claim in judged)
        if held:
            why = f"{held} claim{'s hold' if held > 1 else ' holds'}"
            yield replace(subject.finding("held", True, began, why), claims=held)

    def _snippet(self, subject: Subject, block: SnippetBlock) -> Iterator[Finding]:
        from studytui.run.signature import read_snippet

        snippet = read_snippet(subject.pack.snippet(block.name), block.name)
        yield self._run(subject, snippet, dict(block.parameters))
        if snippet.exercise is not None:
            yield self._run(subject, snippet, {}, snippet.exercise.checks)

    def _run(
        self,
        subject: Subject,
        snippet: Snippet,
        parameters: dict[str, str],
        check: tuple[str, ...] = (),
    ) -> Finding:
        from studytui.run.events import Failed
        from studytui.run.exercise import SEEDS
        from studytui.run.limits import Limits

        began = perf_counter()
        self._go_on()
        limits = Limits(seconds=SNIPPET_SECONDS)
        run = self._runner().start(
            snippet, parameters, limits=limits, check=check, seeds=range(SEEDS)
        )
        failures = [event for event in run.events() if isinstance(event, Failed)]
        failure = f"{failures[-1].kind}: {failures[-1].message}" if failures else ""
        status, why = (run.ended.status, run.ended.why) if run.ended else ("crashed", "")
        ok = status == "ok"
        part = "exercise" if check else ""
        return subject.finding(
            "ran" if ok else status, ok, began, "" if ok else failure or why, part=part
        )
