"""Proving a derivation: every step from its first line to its goal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studytui.derive.expr.nodes import Relation
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.budget import Budget, Checks
from studytui.derive.steps.claims import settled
from studytui.derive.steps.lines import Line, Setting, read_line, read_setting
from studytui.derive.steps.rules import claims_of
from studytui.derive.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

STEP_SECONDS = 60.0
"""The processor time that a step of an author's derivation may take: what is proved only there is
proved on every machine, while a learner's line gets less."""


def verify_derivation(prover: Checks, source: DerivationSource) -> tuple[Judgement, ...]:
    """A judgement for each step in order, and one more: whether the last line is the goal."""
    try:
        setting = read_setting(source)
    except ExpressionError as error:
        return tuple(Judgement(Verdict.ERROR, str(error)) for _ in range(len(source.steps) + 1))
    judgements: list[Judgement] = []
    before, shown = setting.given, [setting.given]
    for step in source.steps:
        try:
            line = read_line(step.to, setting.symbols, before)
            knowing = replace(setting, earlier=earlier(shown[:-1]))
            judgement = follows(step.by, before, line, knowing, Budget(prover, STEP_SECONDS))
            if judgement.verdict is Verdict.PROVED:
                shown.append(line)
            before = line
        except ExpressionError as error:
            judgement = Judgement(Verdict.ERROR, str(error))
        judgements.append(judgement)
    judgements.append(_reached(before, setting, Budget(prover, STEP_SECONDS)))
    if source.instance:
        judgements = [_limited(judgement, source.instance) for judgement in judgements]
    return tuple(judgements)


def earlier(shown: list[Line]) -> tuple[Relation, ...]:
    """Lines as relations that may be used further down."""
    return tuple(line.node for line in shown if isinstance(line.node, Relation))


def follows(by: str, before: Line, after: Line, setting: Setting, prover: Checks) -> Judgement:
    """Whether a line follows from the one before by a rule."""
    try:
        return settled(claims_of(by, before, after, setting), setting, prover)
    except ExpressionError as error:
        return Judgement(Verdict.ERROR, str(error))


def _reached(last: Line, setting: Setting, prover: Checks) -> Judgement:
    if same_shape(last.stated, setting.goal.stated):
        return Judgement(Verdict.PROVED, "the last line is the goal")
    judgement = follows("equal", last, setting.goal, setting, prover)
    if judgement.verdict is Verdict.PROVED:
        return replace(judgement, why="the goal says the same as the last line")
    return replace(judgement, why=f"the last line is not the goal: {judgement.why}")


def _limited(judgement: Judgement, instance: str) -> Judgement:
    if judgement.verdict is not Verdict.PROVED:
        return judgement
    return replace(judgement, why=f"{judgement.why}, for {instance} only")
