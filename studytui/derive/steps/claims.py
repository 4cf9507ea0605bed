"""What must be shown for a step: claims that the prover can be asked, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studytui.derive.expr.nodes import Logic, Node, Relation, free_names
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps.facts import Facts
from studytui.derive.steps.linearity import opened
from studytui.derive.steps.lines import Setting
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify.antiderivatives import has_antiderivative

if TYPE_CHECKING:
    from studytui.derive.steps.budget import Checks

CONSTANT = "a suitable constant of integration"
"""The condition under which what holds up to a constant holds."""
RANK = (Verdict.PROVED, Verdict.AGREES, Verdict.UNDECIDED, Verdict.ERROR, Verdict.REFUTED)


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation that must hold, two statements that must say the same (``kind`` equal), or one
    that must follow from the others (``follows``).

    ``extra`` declares symbols that only this claim has; ``raw`` keeps facts out of it. Where
    ``proved`` is set, an agreement of numbers does not do. ``instead`` are claims each of which
    does as well, unless the claim is ``final``: refuted, it is. What a ``premise`` is refuted by
    says nothing of the new line; what a ``rule`` needs is no more than a way to it: where it is
    refuted, the rule does not apply, and nothing is said of the line. A ``doubt`` is about the two
    whole lines, and asks only whether values speak against them.
    """

    nodes: tuple[Node, ...]
    kind: str = "holds"
    extra: tuple[tuple[str, str], ...] = ()
    raw: bool = False
    about: str = ""
    proved: bool = False
    instead: tuple[Claim, ...] = ()
    final: bool = False
    premise: bool = False
    rule: bool = False
    doubt: bool = False


def relation(left: Node, operator: str, right: Node) -> Claim:
    """The claim ``left operator right``."""
    return Claim((Relation((left, right), (operator,)),))


def settled(claims: list[Claim], setting: Setting, prover: Checks) -> Judgement:
    """The weakest judgement of all claims; the first refuted one ends it."""
    worst = Judgement(Verdict.PROVED, "nothing is left to show")
    conditions: list[str] = []
    seconds = 0.0
    for claim in claims:
        judgement = _best(claim, setting, prover)
        seconds += judgement.seconds
        conditions += [item for item in judgement.conditions if item not in conditions]
        if claim.about and judgement.verdict is not Verdict.PROVED:
            judgement = replace(judgement, why=f"{claim.about}: {judgement.why}")
        if claim is claims[0] or RANK.index(judgement.verdict) > RANK.index(worst.verdict):
            worst = judgement
        if worst.verdict is Verdict.REFUTED:
            break
    return replace(worst, conditions=tuple(conditions), seconds=seconds)


def _best(claim: Claim, setting: Setting, prover: Checks) -> Judgement:
    """The judgement of a claim or of one that does as well: refuted only if all of them are."""
    seconds = 0.0
    for other in claim.instead:
        if other.kind == "follows":
            found = _alone(other, setting, prover)
            seconds += found.seconds
            if found.verdict is Verdict.PROVED:
                return replace(found, seconds=seconds)
    judgement = _alone(claim, setting, prover)
    seconds += judgement.seconds
    if claim.final and judgement.verdict is Verdict.REFUTED:
        return judgement
    for other in claim.instead:
        if judgement.verdict is Verdict.PROVED:
            break
        if other.kind == "follows":
            continue  # that a way is not seen says nothing
        found = _alone(other, setting, prover)
        seconds += found.seconds
        # Where nothing does, values at which the line before holds show it best.
        clearer = other.kind == "equal" and found.verdict is judgement.verdict is Verdict.REFUTED
        if _rank(found) < _rank(judgement) or clearer:
            judgement = found
    return replace(judgement, seconds=seconds)


def _alone(claim: Claim, setting: Setting, prover: Checks) -> Judgement:
    lasting = any(has_antiderivative(node) for node in claim.nodes)
    if lasting and any(set(node.operators) - {"="} for node in _relations(claim)):
        why = "an antiderivative is known only up to a constant: it has no order"
        return Judgement(Verdict.UNDECIDED, why)
    judgement = _asked(claim, setting, prover)
    if claim.doubt and judgement.verdict is not Verdict.REFUTED:
        return Judgement(Verdict.PROVED, "no values speak against it", seconds=judgement.seconds)
    if lasting and judgement.verdict is Verdict.PROVED:
        return replace(judgement, conditions=(*judgement.conditions, CONSTANT))
    if claim.proved and judgement.verdict is Verdict.AGREES:
        return replace(judgement, verdict=Verdict.UNDECIDED)
    if judgement.verdict is not Verdict.REFUTED:
        return judgement
    example = judgement.counterexample
    if claim.rule:
        why = f"the rule does not apply so: {judgement.why}"
        if claim.kind == "equal":
            why = "that the line follows from the one before is not shown"
        return Judgement(Verdict.UNDECIDED, why, seconds=judgement.seconds)
    if claim.premise:
        why = "the line before holds for some values only"
        return Judgement(Verdict.UNDECIDED, why, seconds=judgement.seconds)
    if claim.kind == "equal" and example is not None and example.left == "false":
        why = "the line says less than the one before, or something else"
        return Judgement(Verdict.UNDECIDED, why, seconds=judgement.seconds)
    return judgement


def _relations(claim: Claim) -> list[Relation]:
    return [node for node in claim.nodes if isinstance(node, Relation)]


def _asked(claim: Claim, setting: Setting, prover: Checks) -> Judgement:
    """Definitions are always put in. Other facts are used where the claim is not true without.

    What is refuted only by values that need not obey the facts is undecided.
    """
    facts = setting.facts
    if claim.raw:
        return _raw(claim, setting, prover)
    plain = replace(facts, others=())
    nodes = tuple(plain.applied(node) for node in claim.nodes)
    if claim.kind == "follows":
        return _following(claim, nodes, setting, prover)
    best = _put(claim, nodes, setting, prover)
    if best.verdict is Verdict.PROVED:
        return best
    if claim.kind == "holds" and not claim.doubt and _premises(setting):
        found = _following(claim, nodes, setting, prover)
        if found.verdict is Verdict.PROVED:
            return found
    told = {name for left, right in facts.others for name in free_names(left) | free_names(right)}
    if facts.others:
        open_nodes = (opened(facts.applied(node), setting.symbols) for node in claim.nodes)
        used = tuple(facts.applied(node) for node in open_nodes)
        best = min(best, _put(claim, used, setting, prover), key=_rank)
        solved = facts.solved()
        if solved and best.verdict is not Verdict.PROVED:
            last = _put(claim, tuple(replaced(node, solved) for node in nodes), setting, prover)
            if last.verdict is Verdict.REFUTED and not facts.restricting:
                return last
            best = min(best, last, key=_rank)
    told |= {name for relation in facts.restricting for name in free_names(relation)}
    told |= {name for name in _left_over(nodes, facts) if name not in dict(claim.extra)}
    if best.verdict is Verdict.REFUTED and told & free_names(Relation(nodes, ())):
        return _contradicted(claim, nodes, setting, prover, best)
    return best


def _contradicted(
    claim: Claim, nodes: tuple[Node, ...], setting: Setting, prover: Checks, best: Judgement
) -> Judgement:
    """What is false at some values is refuted where it is false at values that obey the facts."""
    why = "it is not shown; it is false at some values, but perhaps the facts rule those out"
    perhaps = Judgement(Verdict.UNDECIDED, why, seconds=best.seconds)
    facts = setting.facts
    plain = replace(facts, others=())
    loose = _left_over(nodes, facts) - dict(claim.extra).keys()
    line, known = _line_and_known(claim, nodes)
    if line is None or claim.doubt or loose:
        return perhaps
    pairs = (Relation(pair, ("=",)) for pair in facts.others)
    told = tuple(plain.applied(relation) for relation in (*pairs, *facts.restricting))
    declared = {**restricted(setting), **dict(claim.extra)}
    asked = (line, *known, *told)
    recursions = recursions_in(asked, setting)
    found = prover.check("contradicted", asked, declared, recursions=recursions)
    return found if found.verdict is Verdict.REFUTED else perhaps


def _line_and_known(claim: Claim, nodes: tuple[Node, ...]) -> tuple[Node | None, tuple[Node, ...]]:
    """What must hold, and the equation above it that may be used: ``b = c`` under ``a = c``."""
    if claim.kind == "holds" and len(nodes) == 1:
        return nodes[0], ()
    if claim.kind == "equal" and len(nodes) == 2:
        before, line = nodes
        if isinstance(before, Logic) and before.kind == "or":
            before = before.operands[0]
        if all(isinstance(node, Relation) and node.operators == ("=",) for node in (before, line)):
            return line, (before,)
    return None, ()


def _raw(claim: Claim, setting: Setting, prover: Checks) -> Judgement:
    """A claim into which what facts say was put already, as far as a rule does.

    Where something is left of which they say more, it may follow from them; and values that need
    not obey them refute nothing.
    """
    found = _put(claim, claim.nodes, setting, prover)
    left = setting.facts.names() & free_names(Relation(claim.nodes, ()))
    if found.verdict is Verdict.PROVED or not left - dict(claim.extra).keys():
        return found
    if claim.kind == "holds" and len(claim.nodes) == 1:
        followed = _following(claim, claim.nodes, setting, prover)
        if followed.verdict is Verdict.PROVED:
            return followed
    if found.verdict is Verdict.REFUTED:
        why = "it is not shown; it is false at some values, but perhaps the facts rule those out"
        return Judgement(Verdict.UNDECIDED, why, seconds=found.seconds)
    return found


def _following(
    claim: Claim, nodes: tuple[Node, ...], setting: Setting, prover: Checks
) -> Judgement:
    """Whether the first node follows from the others, the facts, and what stands above.

    Facts say nothing of names that only the claim has, or that it takes in another domain.
    """
    own = dict(claim.extra)
    told = tuple(item for item in _premises(setting) if not own.keys() & free_names(item))
    declared = {**restricted(setting), **own}
    return prover.check("follows", (nodes[0], *told, *nodes[1:]), declared)


def _premises(setting: Setting) -> tuple[Node, ...]:
    """Facts, and what was shown above, in terms in which definitions are put in."""
    facts = setting.facts
    plain = replace(facts, others=())
    pairs = (Relation(pair, ("=",)) for pair in facts.others)
    told = (*pairs, *facts.restricting, *setting.earlier)
    return tuple(plain.applied(relation) for relation in told)


def _left_over(nodes: tuple[Node, ...], facts: Facts) -> set[str]:
    """Names that facts define, but not at every place where they stand."""
    computed = {item[0] for item in facts.recursions()}
    defined = {item.name for item in facts.definitions} | {item.name for item in facts.steps}
    return (defined - computed) & free_names(Relation(nodes, ()))


def _rank(judgement: Judgement) -> int:
    return RANK.index(judgement.verdict)


def _put(claim: Claim, nodes: tuple[Node, ...], setting: Setting, prover: Checks) -> Judgement:
    declarations = {**restricted(setting), **dict(claim.extra)}
    kind = "doubt" if claim.doubt else claim.kind
    return prover.check(kind, nodes, declarations, recursions=recursions_in(nodes, setting))


def recursions_in(nodes: tuple[Node, ...], setting: Setting) -> tuple[Any, ...]:
    """The recursive definitions of what stands in some nodes."""
    used = free_names(Relation(nodes, ())) if nodes else frozenset()
    return tuple(item for item in setting.facts.recursions() if item[0] in used)


def restricted(setting: Setting) -> dict[str, str]:
    """The declarations, with facts such as ``a <= b`` between numbers in the domains."""
    declarations = dict(setting.declarations)
    for relation in setting.facts.restricting:
        names = sorted(free_names(relation))
        domains = [setting.symbols.domain(name) for name in names]
        plain = all(domain.kind in ("real", "integer") and not domain.law for domain in domains)
        if names and plain and names[0] in declarations:
            declarations[names[0]] += f", {to_text(relation)}"
    return declarations
