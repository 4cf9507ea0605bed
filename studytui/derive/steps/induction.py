"""Induction: the first places, and the step from one place to the next."""

from __future__ import annotations

import re

from studytui.derive.expr.nodes import Add, Name, Negate, Node, Number, Relation, free_names
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.offsets import plus
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.steps.claims import Claim
from studytui.derive.steps.facts import recursion_place
from studytui.derive.steps.lines import Line, Setting
from studytui.derive.syntax.print_ascii import to_text

MOST_BASES = 6


def induction(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """Base and step for the relation that the line states.

    :raises ExpressionError: the name does not run through whole numbers from the first place on.
    """
    del before
    if after.left is None:
        raise ExpressionError("write 'induction n from 1' under a line such as w(n) = ...")
    operator, right = after.first
    relation = Relation((after.left, right), (operator,))
    name, first, last = places_of(rest, free_names(relation), setting)
    if operator == "!=":
        raise ExpressionError("induction is for equations and inequalities")
    claims = [
        Claim((replaced(relation, {name: Number(place)}),), about="base")
        for place in range(first, last + 1)
    ]
    return [*claims, _step(relation, (name, first, last), setting)]


def places_of(rest: str, names: frozenset[str], setting: Setting) -> tuple[str, int, int]:
    """The name that an induction runs over, and its first and last base, of a relation in names.

    :raises ExpressionError: the name does not run through whole numbers from the first place on.
    """
    found = re.fullmatch(r"(?:on\s+|in\s+)?(\w+)(?:\s+from\s+(-?\d+))?", rest)
    if not found:
        raise ExpressionError("write 'induction n from 1' under a line such as w(n) = ...")
    name, first = found.group(1), int(found.group(2) or 1)
    domain = setting.symbols.domain(name)
    if not domain.whole or domain.least is None:
        raise ExpressionError(f"{name} must be declared an integer with a least value")
    if first > domain.least:
        raise ExpressionError(f"from {first} leaves out {name} = {domain.least}")
    if any(
        name in free_names(constraint)
        for key, other in setting.symbols.domains.items()
        for constraint in other.constraints
        if key != name
    ) or not all(_is_last(constraint, name) for constraint in domain.constraints):
        raise ExpressionError(f"what {name} may be depends on other names")
    return name, first, _last_base(names, first, setting)


def _is_last(constraint: Node, name: str) -> bool:
    """Whether a constraint says up to where a name runs, as ``m <= n`` does."""
    if not isinstance(constraint, Relation) or len(constraint.operators) != 1:
        return False
    (left, right), (sign,) = constraint.operands, constraint.operators
    if sign in (">", ">="):
        left, right = right, left
    return left == Name(name) and name not in free_names(right) and sign in ("<", "<=", ">", ">=")


def _last_base(names: frozenset[str], first: int, setting: Setting) -> int:
    """The last place that recursions do not reach, because its value is given.

    :raises ExpressionError: a recursion starts so late that some place has no value.
    """
    last, facts = first, setting.facts
    for name in names:
        starts = [place for other, place in facts.starts if other == name]
        if not starts:
            continue
        gap = any(facts.reaches(step) > max(starts) + 1 for step in facts.steps_of(name))
        if gap or set(range(first, max(starts) + 1)) - set(starts):
            raise ExpressionError(f"{name} is not given at every place from {first} on")
        last = max(last, *starts)
    if last - first >= MOST_BASES:
        raise ExpressionError(f"more than {MOST_BASES} first places")
    return last


def _step(relation: Relation, start: tuple[str, int, int], setting: Setting) -> Claim:
    """From n on to n + 1, where n is at least the last base: the places before it are shown too."""
    name, first, last = start
    (left, right), operator = relation.operands, relation.operators[0]
    following: dict[str, Node] = {name: Add((Name(name), Number(1)))}
    place = following[name]
    # The next place must be one too: m + 1 <= n where m <= n is declared.
    ends = [
        to_text(replaced(constraint, following))
        for constraint in setting.symbols.domain(name).constraints
    ]
    extra = ((name, ", ".join((f"integer, {name} >= {last}", *ends))),)
    later_left = setting.facts.applied(replaced(left, following), only=place)
    later_right = setting.facts.applied(replaced(right, following), only=place)
    hypothesis = _hypothesis(left, right)
    if hypothesis is not None and operator == "=":
        shown = [
            tuple(replaced(side, {name: plus(Name(name), -back)}) for side in hypothesis)
            for back in range(last - first + 1)
        ]

        def known(part: Node) -> Node | None:
            return next((value for target, value in shown if same_shape(part, target)), None)

        later_left, later_right = mapped(later_left, known), mapped(later_right, known)
        node = Relation((later_left, later_right), (operator,))
    else:
        now_left, now_right = (setting.facts.applied(side, only=place) for side in (left, right))
        node = Relation(
            (Add((later_left, Negate(now_left))), Add((later_right, Negate(now_right)))),
            ({"<": "<=", ">": ">="}.get(operator, operator),),
        )
    return Claim((node,), extra=extra, raw=True, about="step from n to n + 1", proved=True)


def _hypothesis(left: Node, right: Node) -> tuple[Node, Node] | None:
    """``w(n)`` and what the hypothesis says it is, if the left side is linear in it."""
    if recursion_place(left) is not None:
        return left, right
    if isinstance(left, Add):
        calls = [term for term in left.terms if recursion_place(term) is not None]
        if len(calls) == 1:
            others = tuple(Negate(term) for term in left.terms if term is not calls[0])
            return calls[0], Add((right, *others))
    return None
