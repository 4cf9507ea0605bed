"""The rules by which one line of a derivation follows from the line before, as claims."""

from __future__ import annotations

import re
from collections.abc import Callable

from studytui.derive.claims import Claim, relation
from studytui.derive.facts import recursion_place
from studytui.derive.grammar import parse
from studytui.derive.lines import Line, Setting, joined
from studytui.derive.nodes import (
    Add,
    Derivative,
    Expectation,
    Integral,
    Limit,
    Name,
    Negate,
    Node,
    Number,
    Power,
    Relation,
    free_names,
    walk,
)
from studytui.derive.problems import ExpressionError
from studytui.derive.replace import mapped, replaced
from studytui.derive.shape import same_shape

RULES = (
    "equal", "equivalent", "substitute", "differentiate", "integrate", "limit",
    "complete the square",
    "expectation", "induction", "given", "fact", "solve", "at",
)  # fmt: skip
"""What a step may say under ``by``; nothing said means equal."""


def claims_of(by: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """What must be shown for ``after`` to follow from ``before`` by a rule.

    :raises ExpressionError: the rule is not known, or does not fit the lines.
    """
    words = by.strip() or "equal"
    links = [Claim((link,)) for link in after.links]
    for name, rule in _TABLE.items():
        if words == name or words.startswith(f"{name} "):
            return rule(words[len(name) :].strip(), before, after, setting) + links
    raise ExpressionError(
        f"the rule {words!r} is not known", todo="Known are: " + ", ".join(RULES) + "."
    )


def _equal(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The right side moves on; or the whole relation says the same as before."""
    del rest
    if before.left is None:
        if after.left is None:
            return [relation(before.right, "=", after.right)]
        if same_shape(after.left, before.right):
            return [relation(before.right, after.operator, after.right)]
        return [Claim((after.node,))]
    if after.left is None:
        return [relation(before.right, "=", after.right)]
    if same_shape(before.left, after.left):
        return [_moved(before, after)]
    if after.links:
        return [relation(after.left, "=", after.links[0].operands[0])]
    if _defined_away(after, setting):
        return [Claim((after.node,))]
    return [Claim((before.node, after.node), kind="equal")]


def _moved(before: Line, after: Line) -> Claim:
    """``L = R`` to ``L <= S`` needs ``R <= S``."""
    first = after.links[0].operands[0] if after.links else after.right
    operator = after.operator
    if before.operator == operator:
        needed = "=" if operator == "=" else {"<": "<=", ">": ">="}.get(operator, operator)
    elif before.operator == "=" or joined(before.operator, operator) == operator:
        needed = operator
    elif {before.operator, operator} in ({"<", "<="}, {">", ">="}):
        needed = {"<": "<=", ">": ">="}.get(operator, operator)
    else:
        raise ExpressionError(f"from {before.operator} one does not get to {operator}")
    return relation(before.right, needed, first)


def _defined_away(line: Line, setting: Setting) -> bool:
    """Whether everything that the line's left side names is defined by facts."""
    assert line.left is not None
    names = free_names(line.left)
    defined = {item.name for item in setting.facts.definitions}
    defined |= {item.name for item in setting.facts.steps}
    return bool(names & defined)


def _both(
    change: Callable[[Node], Node], before: Line, after: Line, changed_left: bool
) -> list[Claim]:
    """A rule that does the same to both sides."""
    claims = [relation(change(before.right), "=", after.right)]
    if before.left is not None and after.left is not None and changed_left:
        claims.append(relation(change(before.left), "=", after.left))
    return claims


def _differentiate(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    variable = _variable(rest, setting)
    changed = _left_changed(before, after)
    return _both(lambda node: Derivative(node, variable), before, after, changed)


def _left_changed(before: Line, after: Line) -> bool:
    if before.left is None or after.left is None:
        return False
    return after.left != before.left


def _integrate(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    parts = _split(rest)
    if len(parts) not in (1, 3):
        raise ExpressionError("write 'integrate x' or 'integrate x, 0, 1'")
    name = parts[0]
    bounds = [parse(part, setting.symbols) for part in parts[1:]]
    changed = _left_changed(before, after)
    return _both(lambda node: Integral(node, name, *bounds), before, after, changed)


def _limit(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    parts = _split(rest.replace("->", " "))
    if len(parts) not in (2, 3) or (len(parts) == 3 and parts[2] not in "+-"):
        raise ExpressionError("write 'limit n oo', or 'limit x 0 +'")
    point = parse(parts[1], setting.symbols)
    side = parts[2] if len(parts) == 3 else ""
    changed = _left_changed(before, after)
    return _both(lambda node: Limit(node, parts[0], point, side), before, after, changed)


def _split(rest: str) -> list[str]:
    """Arguments of a rule: between commas if there are any, else between spaces."""
    pieces = rest.split(",") if "," in rest else rest.split()
    return [piece.strip() for piece in pieces if piece.strip()]


def _variable(rest: str, setting: Setting) -> Node:
    if not rest:
        raise ExpressionError("say by what, as in 'differentiate x'")
    return parse(rest, setting.symbols)


def _complete_square(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    variable = rest.removeprefix("in").strip()
    squares = [
        part
        for part in walk(after.right)
        if isinstance(part, Power) and part.exponent == Number(2) and variable in free_names(part)
    ]
    inside = sum(1 for part in walk(after.right) if part == Name(variable))
    if not squares or inside != sum(
        1 for square in squares for part in walk(square) if part == Name(variable)
    ):
        raise ExpressionError(f"{variable} still stands outside of a square")
    return _equal("", before, after, setting)


def _expectation(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """By linearity; or the expectation of both sides, where the new left side is one."""
    del rest
    taken = isinstance(after.left, Expectation) and not isinstance(before.left, Expectation)
    if before.left is not None and taken:
        return _both(Expectation, before, after, True)
    return _equal("", before, after, setting)


def _solve(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """``x = r`` from an equation in x: that r solves it is shown, not that nothing else does."""
    name = rest.removeprefix("for").strip()
    if before.left is None or after.left != Name(name):
        raise ExpressionError("'solve x' leads from an equation to a line x = ...")
    facts = setting.facts
    solved = replaced(facts.applied(before.node), {name: facts.applied(after.right)})
    return [Claim((solved,), raw=True)]


def _at(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """A special value put in on both sides: ``at t = 1``."""
    point = parse(rest, setting.symbols)
    if not isinstance(point, Relation) or point.operators != ("=",):
        raise ExpressionError("write 'at t = 1'")
    name, value = point.operands
    if not isinstance(name, Name):
        raise ExpressionError("write 'at t = 1'")
    put = {name.name: value}
    changed = _left_changed(before, after)
    return _both(lambda node: replaced(node, put), before, after, changed)


def _given(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The line is a fact itself, or follows from the line before with the facts."""
    del rest
    for fact in setting.stated:
        if same_shape(fact, after.node):
            return []
    return _equal("", before, after, setting)


def _induction(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """Base and step for the relation that the line states."""
    del before
    found = re.fullmatch(r"(?:on\s+|in\s+)?(\w+)(?:\s+from\s+(-?\d+))?", rest)
    if not found or after.left is None:
        raise ExpressionError("write 'induction n from 1' under a line such as w(n) = ...")
    name, first = found.group(1), int(found.group(2) or 1)
    left, right, operator = after.left, after.right, after.operator
    base = {name: Number(first)}
    following: dict[str, Node] = {name: Add((Name(name), Number(1)))}
    claims = [
        Claim((Relation((replaced(left, base), replaced(right, base)), (operator,)),), about="base")
    ]
    claims.append(_induction_step(left, right, operator, following, setting, (name, first)))
    return claims


def _induction_step(
    left: Node,
    right: Node,
    operator: str,
    following: dict[str, Node],
    setting: Setting,
    start: tuple[str, int],
) -> Claim:
    extra = ((start[0], f"integer, {start[0]} >= {start[1]}"),)
    place = following[start[0]]
    later_left = setting.facts.applied(replaced(left, following), only=place)
    later_right = setting.facts.applied(replaced(right, following), only=place)
    hypothesis = _hypothesis(left, right)
    if hypothesis is not None and operator == "=":
        target, value = hypothesis
        later_left = mapped(later_left, lambda part: value if same_shape(part, target) else None)
        later_right = mapped(later_right, lambda part: value if same_shape(part, target) else None)
        node = Relation((later_left, later_right), (operator,))
    else:
        now_left, now_right = (setting.facts.applied(side, only=place) for side in (left, right))
        node = Relation(
            (Add((later_left, Negate(now_left))), Add((later_right, Negate(now_right)))),
            ({"<": "<=", ">": ">="}.get(operator, operator),),
        )
    return Claim((node,), extra=extra, raw=True, about="step from n to n + 1")


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


def _substitute(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    from studytui.derive.substitution import substitution_claims

    return substitution_claims(rest, before, after, setting)


_TABLE: dict[str, Callable[[str, Line, Line, Setting], list[Claim]]] = {
    "equal": _equal,
    "equivalent": _equal,
    "substitute": _substitute,
    "differentiate": _differentiate,
    "integrate": _integrate,
    "limit": _limit,
    "complete the square": _complete_square,
    "expectation": _expectation,
    "induction": _induction,
    "given": _given,
    "fact": _given,
    "solve": _solve,
    "at": _at,
}
