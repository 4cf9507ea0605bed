"""Base and step of an induction, as a reader shows them: each is a line of its own, and checked.

The prover shows both by itself; here the reader does, once the line stands that is to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studytui.derive.expr.nodes import Add, Name, Negate, Node, Number, Relation, free_names
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps.budget import Budget, Checks
from studytui.derive.steps.claims import Claim, relation, settled
from studytui.derive.steps.feedback import LineJudgement, Route, read_route
from studytui.derive.steps.induction import places_of
from studytui.derive.steps.lines import Setting, joined, read_line
from studytui.derive.steps.source import DerivationSource
from studytui.derive.syntax import parse
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked for: the relation at the place ``at``, or from n to n + 1 where it is None."""

    name: str
    at: int | None
    left: Node
    right: Node
    operator: str
    hypothesis: Relation

    @property
    def question(self) -> str:
        """What is to be written, in a sentence."""
        if self.at is not None:
            return f"Show the base: write the line at {self.name} = {self.at}."
        return (
            f"Show the step: write a chain from {to_text(self.left)} to {to_text(self.right)}, "
            f"by way of the line for {self.name}."
        )

    @property
    def hint(self) -> str:
        """How it is done, without doing it."""
        if self.at is not None:
            return (
                f"Put {self.at} for {self.name} on both sides, and work each out by what is given."
            )
        return (
            f"Begin with {to_text(self.left)}; use what is given of it, then the line for "
            f"{self.name}: {to_text(self.hypothesis)}."
        )

    @property
    def shown(self) -> str:
        """It, written out as far as it is without thought."""
        relation = Relation((self.left, self.right), (self.operator,))
        return to_text(relation)


def parts_of(source: DerivationSource, text: str, syntax: str = "ascii") -> tuple[Part, ...]:
    """Base and step of a line that the author shows by induction; nothing for any other line."""
    try:
        route = read_route(source)
        before = route.lines[0]
        line = read_line(text, route.setting.symbols, before, syntax)
        for rule, own in zip(route.rules, route.lines, strict=True):
            if rule.startswith("induction") and same_shape(line.stated, own.stated):
                return _parts(rule.removeprefix("induction").strip(), own.node, route.setting)
    except ExpressionError:
        return ()
    return ()


def _parts(rest: str, node: Node, setting: Setting) -> tuple[Part, ...]:
    if not isinstance(node, Relation) or len(node.operators) != 1:
        return ()
    name, first, last = places_of(rest, free_names(node), setting)
    (left, right), operator = node.operands, node.operators[0]

    def put(place: Node) -> tuple[Node, Node]:
        return replaced(left, {name: place}), replaced(right, {name: place})

    bases = (Part(name, at, *put(Number(at)), operator, node) for at in range(first, last + 1))
    return (*bases, Part(name, None, *put(Add((Name(name), Number(1)))), operator, node))


def judge_part(
    prover: Checks, source: DerivationSource, part: Part, text: str, syntax: str = "ascii"
) -> LineJudgement:
    """Whether a line shows a part: each link holds, and it begins and ends where it must."""
    try:
        route = read_route(source)
        node = parse(text, route.setting.symbols, syntax)
    except ExpressionError as error:
        return _said(Judgement(Verdict.ERROR, str(error)), f"Cannot be read: {error}")
    if not isinstance(node, Relation):
        return _open(f"a relation is wanted. {part.question}")
    if part.at is not None and part.name in free_names(node):
        return _open(f"{part.name} is {part.at} here. {part.question}")
    judgement = _links(part, node, route, Budget(prover, prover.seconds))
    if judgement.verdict is Verdict.REFUTED:
        return _said(judgement, f"Not equal: {judgement.why}.")
    if judgement.verdict is not Verdict.PROVED:
        return _said(judgement, f"Cannot be decided: {judgement.why}.")
    if not _joins(part, node, route.setting, Budget(prover, prover.seconds)):
        return _open(f"that is right, but is not what is asked. {part.question}")
    if part.at is None and part.operator == "=" and not _has_middle(part, node):
        return _open(f"what lies between is the step. {part.question}")
    done = "The base holds." if part.at is not None else "The step holds."
    return replace(_said(judgement, done), accepted=True)


def _links(part: Part, node: Relation, route: Route, budget: Budget) -> Judgement:
    """The weakest of the links, shown by what is given and, in the step, by the line for n."""
    setting = route.setting
    if part.at is None:
        setting = replace(setting, earlier=(part.hypothesis,))
    pairs = zip(node.operands, node.operators, node.operands[1:], strict=False)
    claims = [relation(left, operator, right) for left, operator, right in pairs]
    judgement = settled(claims, setting, budget)
    if judgement.verdict is Verdict.AGREES:
        return replace(judgement, verdict=Verdict.UNDECIDED)
    return judgement


def _joins(part: Part, node: Relation, setting: Setting, budget: Budget) -> bool:
    """Whether it begins with the left side and ends with the right one; or, of an inequality, says
    that the left side grows by no more than the right one does."""
    operator = node.operators[0]
    for other in node.operators[1:]:
        operator = joined(operator, other) or ""
    ends = node.operands[0], node.operands[-1]
    if operator == part.operator and _are(ends, (part.left, part.right), setting, budget):
        return True
    if part.at is not None or part.operator == "=":
        return False
    now = part.hypothesis.operands
    grown = tuple(
        Add((later, Negate(side))) for later, side in zip((part.left, part.right), now, strict=True)
    )
    return operator in (part.operator, "=", f"{part.operator[0]}=") and _are(
        ends, (grown[0], grown[1]), setting, budget
    )


def _are(
    ends: tuple[Node, Node], wanted: tuple[Node, Node], setting: Setting, budget: Budget
) -> bool:
    for end, side in zip(ends, wanted, strict=True):
        if same_shape(end, side):
            continue
        if settled([Claim((Relation((end, side), ("=",)),))], setting, budget).verdict not in (
            Verdict.PROVED,
        ):
            return False
    return True


def _has_middle(part: Part, node: Relation) -> bool:
    """Whether something stands between both ends that is neither of them."""
    return any(
        not same_shape(item, part.left) and not same_shape(item, part.right)
        for item in node.operands[1:-1]
    )


def _said(judgement: Judgement, message: str) -> LineJudgement:
    return LineJudgement(judgement, False, False, False, message, 0)


def _open(why: str) -> LineJudgement:
    message = why[0].upper() + why[1:]
    return _said(Judgement(Verdict.UNDECIDED, why), message)
