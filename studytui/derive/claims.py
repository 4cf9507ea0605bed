"""What must be shown for a step: claims that the prover can be asked, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studytui.derive.lines import Setting
from studytui.derive.nodes import Node, Relation, free_names
from studytui.derive.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from studytui.derive.prover import Prover

RANK = (Verdict.PROVED, Verdict.AGREES, Verdict.UNDECIDED, Verdict.ERROR, Verdict.REFUTED)


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation that must hold, or two statements that must say the same (``kind`` equal).

    ``extra`` declares symbols that only this claim has; ``raw`` keeps facts out of it.
    """

    nodes: tuple[Node, ...]
    kind: str = "holds"
    extra: tuple[tuple[str, str], ...] = ()
    raw: bool = False
    about: str = ""


def relation(left: Node, operator: str, right: Node) -> Claim:
    """The claim ``left operator right``."""
    return Claim((Relation((left, right), (operator,)),))


def settled(claims: list[Claim], setting: Setting, prover: Prover) -> Judgement:
    """The weakest judgement of all claims; the first refuted one ends it."""
    worst = Judgement(Verdict.PROVED, "nothing is left to show")
    conditions: list[str] = []
    seconds = 0.0
    for claim in claims:
        judgement = _asked(claim, setting, prover)
        seconds += judgement.seconds
        conditions += [item for item in judgement.conditions if item not in conditions]
        if claim.about and judgement.verdict is not Verdict.PROVED:
            judgement = replace(judgement, why=f"{claim.about}: {judgement.why}")
        if claim is claims[0] or RANK.index(judgement.verdict) > RANK.index(worst.verdict):
            worst = judgement
        if worst.verdict is Verdict.REFUTED:
            break
    return replace(worst, conditions=tuple(conditions), seconds=seconds)


def _asked(claim: Claim, setting: Setting, prover: Prover) -> Judgement:
    """Definitions are always put in. Other facts are used where the claim is not true without."""
    if claim.raw:
        return _put(claim, claim.nodes, setting, prover)
    plain = replace(setting.facts, others=())
    judgement = _put(claim, tuple(plain.applied(node) for node in claim.nodes), setting, prover)
    if judgement.verdict is Verdict.PROVED or not setting.facts.others:
        return judgement
    nodes = tuple(setting.facts.applied(node) for node in claim.nodes)
    other = _put(claim, nodes, setting, prover)
    return min(judgement, other, key=lambda item: RANK.index(item.verdict))


def _put(claim: Claim, nodes: tuple[Node, ...], setting: Setting, prover: Prover) -> Judgement:
    declarations = {**dict(setting.declarations), **dict(claim.extra)}
    used = free_names(Relation(nodes, ())) if nodes else frozenset()
    recursions: tuple[Any, ...] = tuple(
        item for item in setting.facts.recursions() if item[0] in used
    )
    return prover.check(claim.kind, nodes, declarations, recursions=recursions)
