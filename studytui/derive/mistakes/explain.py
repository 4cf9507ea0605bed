"""The finder asked about a line of a derivation, or about two expressions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studytui.derive.expr.domains import Domain
from studytui.derive.expr.nodes import (
    Derivative,
    Integral,
    Multiply,
    Name,
    Node,
    Relation,
    free_names,
    walk,
)
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import mapped
from studytui.derive.mistakes.catalogue import BY_NAME
from studytui.derive.mistakes.mistake import Explanation, Named
from studytui.derive.mistakes.parts import call, power
from studytui.derive.mistakes.relations import TURNED
from studytui.derive.steps.budget import Budget, Checks
from studytui.derive.steps.claims import Claim, recursions_in, restricted
from studytui.derive.steps.derivation import follows
from studytui.derive.steps.feedback import (
    PLAIN,
    LineJudgement,
    Route,
    judge_line,
    progress,
    read_next,
    read_route,
    read_typed,
)
from studytui.derive.steps.linearity import opened
from studytui.derive.steps.lines import Line, Setting
from studytui.derive.steps.rules import claims_of
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Verdict

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

SECONDS = 3.0
"""The processor time that looking for a mistake may take, beside that of the check itself."""
AHEAD = 2
"""So many of the author's next lines are taken for what a learner may have aimed at."""
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the finder: a written expression, right ones, and what names mean."""

    written: Node
    right: tuple[Node, ...]
    declarations: tuple[tuple[str, str], ...]
    recursions: tuple[Any, ...] = ()
    open_names: bool = False


def asked(questions: Sequence[Question], checks: Checks) -> Explanation:
    """The finder's first answer: one mistake to any of the questions, before two to any.

    Empty where it has none, or its time ran out.
    """
    for kind in ("mistake", "two mistakes"):
        for question in questions:
            judgement = checks.check(
                kind,
                (question.written, *question.right),
                dict(question.declarations),
                open_names=question.open_names,
                recursions=question.recursions,
            )
            if judgement.verdict is Verdict.PROVED:
                return read_explanation(judgement.why)
    return ()


def read_explanation(text: str) -> Explanation:
    """The mistakes that the finder's answer names."""
    return tuple(Named(*map(str, item)) for item in json.loads(text))


def words(explanation: Explanation) -> str:
    """What is told of a wrong line: what was done, which law holds, and where."""
    told = []
    for named in explanation:
        place = ""
        if named.part and max(len(named.part), len(named.became)) <= _LONGEST:
            place = f" Here {named.part} became {named.became}."
        told.append(f"{BY_NAME[named.name].says}{place}")
    if len(told) == 2:
        return f"Two mistakes in one line. First: {told[0]} Then: {told[1]}"
    return "".join(told)


def explain_equal(
    checks: Checks,
    right: str,
    written: str,
    assumptions: Mapping[str, str] | None = None,
    syntax: str = "ascii",
) -> Explanation:
    """Which mistakes make ``written`` of ``right``; empty where none is shown.

    :raises ExpressionError: one of them cannot be read.
    """
    declared = dict(assumptions or {})
    symbols = declare(declared, open_names=True)
    nodes = parse(written, symbols, syntax), parse(right, symbols, syntax)
    question = Question(nodes[0], nodes[1:], tuple(declared.items()), open_names=True)
    budget = Budget(checks, SECONDS)
    if isinstance(nodes[0], Relation) and isinstance(nodes[1], Relation):
        return _of_relations(nodes[1], nodes[0], question, budget)
    return asked([question], budget)


def _of_relations(
    right: Relation, written: Relation, question: Question, checks: Checks
) -> Explanation:
    """The one side in which two relations differ, if their signs are the same; or the sign."""
    if len(right.operands) != len(written.operands):
        return ()
    if right.operators != written.operators:
        turned = tuple(TURNED.get(sign, sign) for sign in right.operators)
        return (
            (_TURNED,) if written.operators == turned and right.operands == written.operands else ()
        )
    pairs = [
        pair for pair in zip(written.operands, right.operands, strict=True) if pair[0] != pair[1]
    ]
    # Sides may differ, and the relations say the same: x^2 = 1 is x = 1 for positive x.
    declared = dict(question.declarations)
    judged = checks.check("equal", (right, written), declared, open_names=question.open_names)
    if judged.verdict is not Verdict.REFUTED:
        return ()
    one_side = [replace(question, written=pairs[0][0], right=pairs[0][1:])]
    return asked([*one_side[: len(pairs) == 1], question], checks)


_TURNED = Named("inequality-turned", "", "")


def judge_and_explain(
    checks: Checks,
    source: DerivationSource,
    typed: Sequence[str],
    new: str,
    syntax: str = "ascii",
) -> LineJudgement:
    """Judge a learner's line as ``judge_line`` does, and name the mistake in a refuted one."""
    judged = judge_line(checks, source, typed, new, syntax)
    if judged.verdict is not Verdict.REFUTED:
        return judged
    explanation = explain_line(checks, source, typed, new, syntax)
    if not explanation:
        return judged
    message = f"{judged.message} {words(explanation)}"
    return replace(judged, message=message, mistakes=tuple(each.name for each in explanation))


def explain_line(
    checks: Checks,
    source: DerivationSource,
    typed: Sequence[str],
    new: str,
    syntax: str = "ascii",
) -> Explanation:
    """Which mistakes make a refuted line of what is right there; empty where none is shown."""
    try:
        route = read_route(source)
        lines = read_typed(route, tuple(typed), syntax)
        line = read_next(route, new, lines[-1], syntax)
    except ExpressionError:
        return ()
    budget = Budget(checks, SECONDS)
    return (
        _of_order(route, lines, line, budget)
        or asked(list(_questions(route, lines, line)), budget)
        or _of_substitution(route, lines, line, budget)
        or asked(list(_equations(route, lines, line)), budget)
    )


def _questions(route: Route, lines: list[Line], line: Line) -> Iterator[Question]:
    """The line above rewritten; then what the author's next rule makes of it; then both with what
    the facts say put in."""
    reached = progress(route, lines)
    ahead = range(reached + 1, min(len(route.lines), reached + 1 + AHEAD))
    plain: list[Node] = []
    for place in ahead:
        if route.rules[place] not in PLAIN:
            break
        plain += _rights(route.lines[place], line)
    equal = list(_claimed("equal", route.setting, lines[-1], line, tuple(plain)))
    questions: list[Question] = []
    other = next((place for place in ahead if route.rules[place] not in PLAIN), None)
    if other is not None:
        aim = tuple(_rights(route.lines[other], line))
        rule = route.rules[other]
        found = list(_claimed(rule, route.setting, lines[-1], line, aim))
        if aim and not any(set(aim) & set(question.right) for question in found):
            found.append(_question(line.right, aim, route.setting))
        questions += found
    # Where the author's very next step is a rule, a learner most likely meant it.
    questions = [*questions, *equal] if other == reached + 1 else [*equal, *questions]
    yield from questions
    if route.setting.facts.others:
        for question in questions:
            used = tuple(_used(node, route.setting) for node in question.right)
            written = _used(question.written, route.setting)
            if (written, used) != (question.written, question.right):
                yield replace(question, written=written, right=used)


def _equations(route: Route, lines: list[Line], line: Line) -> Iterator[Question]:
    """The whole equation above rewritten, or one of the author's next ones."""
    reached = progress(route, lines)
    ahead = route.lines[reached + 1 : reached + 1 + AHEAD]
    known = [each.node for each in (lines[-1], *ahead) if _is_equation(each)]
    if known and _is_equation(line):
        yield _question(line.node, tuple(known), route.setting)


def _is_equation(line: Line) -> bool:
    return line.left is not None and line.operator == "=" and not line.links


def _rights(author: Line, line: Line) -> list[Node]:
    """What an author's line says of the same left side."""
    if author.left is None or line.left is None:
        return [author.right] if author.left is line.left else []
    return [author.right] if same_shape(author.left, line.left) else []


def _claimed(
    rule: str, setting: Setting, before: Line, line: Line, others: tuple[Node, ...]
) -> Iterator[Question]:
    try:
        claims = claims_of(rule, before, line, setting)
    except ExpressionError:
        return
    for claim in claims:
        for each in (claim, *claim.instead):
            pair = _pair(each)
            if pair is None:
                continue
            right, written = pair
            fitting = others if written == line.right else ()
            yield _question(written, (right, *fitting), setting, dict(each.extra))


def _pair(claim: Claim) -> tuple[Node, Node] | None:
    """Both sides of what a rule claims, the one that is known first."""
    if claim.kind != "holds" or claim.premise or claim.about or len(claim.nodes) != 1:
        return None
    node = claim.nodes[0]
    if not isinstance(node, Relation) or len(node.operands) != 2 or node.operators[0] == "!=":
        return None
    return node.operands[0], node.operands[1]


def _question(
    written: Node, right: tuple[Node, ...], setting: Setting, extra: Mapping[str, str] | None = None
) -> Question:
    facts = replace(setting.facts, others=())
    nodes = tuple(dict.fromkeys(facts.applied(node) for node in right))
    first = facts.applied(written)
    return Question(
        first,
        nodes,
        tuple({**restricted(setting), **(extra or {})}.items()),
        recursions_in((first, *nodes), setting),
    )


def _used(node: Node, setting: Setting) -> Node:
    return setting.facts.applied(opened(setting.facts.applied(node), setting.symbols))


def _of_order(route: Route, lines: list[Line], line: Line, checks: Checks) -> Explanation:
    """Whether a refuted inequality holds the other way round."""
    operator, _ = line.first
    if operator not in TURNED or line.links:
        return ()
    other = replace(line, operator=TURNED[operator])
    judgement = follows("equal", lines[-1], other, route.setting, checks)
    return (_TURNED,) if judgement.verdict is Verdict.PROVED else ()


def _of_substitution(route: Route, lines: list[Line], line: Line, checks: Checks) -> Explanation:
    """Whether a change of variables is right but for its Jacobian: lost, or turned over.

    The line follows by the rule from an integral that has the Jacobian once more, or twice.
    """
    reached = progress(route, lines)
    rule = next((each for each in route.rules[reached + 1 :] if each.startswith("substitute ")), "")
    name, _, text = rule.removeprefix("substitute ").partition("=")
    before = lines[-1]
    if not text or (Name(name.strip()) not in set(walk(line.right)) and not any(
        isinstance(part, Integral) and part.variable == name.strip() for part in walk(line.right)
    )):  # fmt: skip
        return ()
    for mistake, exponent in (("jacobian-lost", 1), ("jacobian-turned-over", 2)):
        changed = _weighed(before.right, text, exponent, route.setting)
        if changed is None:
            return ()
        start = replace(before, right=changed)
        if follows(rule, start, line, route.setting, checks).verdict is Verdict.PROVED:
            return (Named(mistake, "", ""),)
    return ()


def _weighed(node: Node, text: str, exponent: int, setting: Setting) -> Node | None:
    """The line with the integrand over the old variable multiplied by a power of |dw/dx|."""
    found = False

    def change(part: Node) -> Node | None:
        nonlocal found
        if not isinstance(part, Integral) or part.lower is None:
            return None
        try:
            inner = parse(text, setting.symbols.with_domains({part.variable: Domain()}))
        except ExpressionError:
            return None
        if part.variable not in free_names(inner):
            return None
        found = True
        slope = call("abs", Derivative(inner, Name(part.variable)))
        return replace(part, body=Multiply((part.body, power(slope, exponent))))

    whole = mapped(node, change)
    return whole if found else None
