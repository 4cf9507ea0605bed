"""The rules by which one line of a derivation follows from the line before, as claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studytui.derive.expr import nodes
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import replaced
from studytui.derive.steps import apply_to_both_sides, side_conditions
from studytui.derive.steps.change_of_variables import substitution_claims
from studytui.derive.steps.claims import Claim, relation
from studytui.derive.steps.induction import induction
from studytui.derive.steps.lines import ORDERS, Line, Setting, joined
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verify.antiderivatives import has_antiderivative

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
    _check_named(before, after, setting)
    links = [Claim((link,)) for link in after.links]
    for name, rule in _TABLE.items():
        if words == name or words.startswith(f"{name} "):
            return rule(words[len(name) :].strip(), before, after, setting) + links
    raise ExpressionError(
        f"the rule {words!r} is not known", todo="Known are: " + ", ".join(RULES) + "."
    )


def _check_named(before: Line, after: Line, setting: Setting) -> None:
    """Refuse a name for an expression that had none: nothing says what it stands for."""
    name = after.left
    if before.left is not None or not isinstance(name, nodes.Name) or after.operator != "=":
        return
    said = nodes.free_names(setting.given.node).union(
        nodes.free_names(before.right), *map(nodes.free_names, setting.stated)
    )
    if name.name not in said:
        raise ExpressionError(
            f"{name.name} stands in no line above",
            todo=f"Write the line without '{name.name} =', or begin the derivation with it.",
        )


def _equal(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The right side moves on; or the whole relation says the same as before."""
    del rest
    operator, first = after.first
    if isinstance(before.right, nodes.Logic) or isinstance(after.right, nodes.Logic):
        return [_from_statements(_said(before), _said(after), setting)]
    if before.left is None:
        if after.left is None or same_shape(after.left, before.right):
            return [_going_on(before.right, operator, first)]
        return [Claim((nodes.Relation((after.left, first), (operator,)),))]
    if after.left is None:
        return [_going_on(before.right, "=", after.right)]
    return [_implied(before, after, setting)]


def _from_statements(before: nodes.Node, after: nodes.Node, setting: Setting) -> Claim:
    """That a statement follows from alternatives, or from several statements that hold together.

    It says the same; or it is one of those that hold together; or it is true of all values that
    obey those, as far as a domain can say them; or it is less than two links of a chain together.
    """
    same = Claim((before, after), kind="equal", rule=True)
    if not isinstance(before, nodes.Logic) or before.kind != "and":
        return replace(same, rule=False)
    known = [part for part in before.operands if isinstance(part, nodes.Relation)]
    if any(same_shape(part, after) for part in known):
        return Claim((after, after), kind="equal")
    either = Claim(
        (nodes.Logic("or", (before, after)), after), kind="equal", proved=True, rule=True
    )
    ways: list[Claim] = [either]
    if isinstance(after, nodes.Relation):
        equations = [part for part in known if part.operators == after.operators == ("=",)]
        ways += [Claim((part, after), kind="equal", rule=True) for part in equations]
        ways.insert(0, Claim((after, *known), kind="follows"))
        ways = [*_chained(known, after), *_restricting(known, after, setting), *ways]
    return replace(same, instead=tuple(ways))


def _chained(known: list[nodes.Relation], after: nodes.Relation) -> list[Claim]:
    """``a <= c`` from ``a <= b`` and ``b <= c``: what the gaps of all come to together."""
    gaps = [_gap(part) for part in known if part.operators[0] in ORDERS]
    if len(after.operators) != 1 or after.operators[0] not in ORDERS or len(gaps) < 2:
        return []
    strict = any(part.operators[0] in ("<", ">") for part in known)
    if after.operators[0] in ("<", ">") and not strict:
        return []
    return [
        Claim(
            (nodes.Relation((nodes.Add(tuple(gaps)), _gap(after)), ("<=",)),),
            proved=True,
            rule=True,
        )
    ]


def _gap(part: nodes.Relation) -> nodes.Node:
    """How much the larger side of an inequality is above the smaller."""
    first, second = part.operands[:2]
    larger, smaller = (first, second) if part.operators[0] in (">", ">=") else (second, first)
    return nodes.Add((larger, nodes.Negate(smaller)))


def _restricting(
    known: list[nodes.Relation], after: nodes.Relation, setting: Setting
) -> list[Claim]:
    """The relation for all values of domains in which the known ones hold."""
    declared = dict(setting.declarations)
    extra: dict[str, str] = {}
    for part in known:
        name = next((side.name for side in part.operands if isinstance(side, nodes.Name)), None)
        plain = all(
            setting.symbols.domain(other).kind in ("real", "integer")
            and not setting.symbols.domain(other).law
            for other in nodes.free_names(part)
        )
        if name in declared and plain and part.operators[0] in ORDERS:
            extra[name] = f"{extra.get(name, declared[name])}, {to_text(part)}"
    if not extra:
        return []
    return [Claim((after,), extra=tuple(extra.items()), proved=True, rule=True)]


def _said(line: Line) -> nodes.Node:
    """What a line states; of ``x = 2 or x = -2`` the alternatives, whatever stood before."""
    return line.right if isinstance(line.right, nodes.Logic) else line.node


def _implied(before: Line, after: Line, setting: Setting) -> Claim:
    """That one relation follows from another.

    Where the left side has a meaning by the facts, a relation is true or false by itself. Where
    it has none, the relation before may hold for some values only, and what says the same of
    them, or less, follows as well.
    """
    assert before.left is not None
    assert after.left is not None
    operator, first = after.first
    new = nodes.Relation((after.left, first), (operator,))
    alone = Claim((new,))
    same = Claim((before.node, new), kind="equal")
    either = nodes.Logic("or", (before.node, new))
    less = Claim((either, new), kind="equal", proved=True)
    weaker = (less,) if before.operator == operator == "=" else ()
    follows = Claim((new, before.node), kind="follows")
    certain = not _is_conditional(setting)
    if same_shape(before.left, after.left):
        moved = _moved(before, after)
        if after.is_equal:
            return moved
        if has_antiderivative(before.node) or has_antiderivative(new):
            return moved
        if _defined_away(before, setting):
            return moved
        if certain:
            return replace(moved, instead=(alone, follows), final=before.operator == "=")
        return replace(moved, instead=(follows, same, *weaker))
    if _defined_away(after, setting):
        return alone
    if certain:
        return replace(alone, instead=(follows, same), final=True)
    if weaker:
        return replace(same, instead=(follows, alone, less))
    # Whether two inequalities say the same is seen by values only, which takes long.
    return replace(alone, instead=(follows, same))


def _is_conditional(setting: Setting) -> bool:
    """Whether the first line is an equation that may hold for some values only: what follows from
    an expression or a definition holds for all."""
    given = setting.given
    if given.left is None:
        return isinstance(given.right, nodes.Logic | nodes.Relation)
    return not _defined_away(given, setting)


def _going_on(left: nodes.Node, operator: str, right: nodes.Node) -> Claim:
    """The claim that what stood there goes on as ``right``.

    :raises ExpressionError: an antiderivative comes in, which is known only up to a constant.
    """
    if has_antiderivative(right) and not has_antiderivative(left):
        raise ExpressionError(
            "an antiderivative is known only up to a constant", todo="Give the integral bounds."
        )
    return relation(left, operator, right)


def _moved(before: Line, after: Line) -> Claim:
    """``L = R`` to ``L <= S`` needs ``R <= S``."""
    operator, first = after.first
    if after.is_equal:
        needed = "="
    elif before.operator == operator:
        needed = {"<": "<=", ">": ">="}.get(operator, operator) if operator != "!=" else "="
    elif before.operator == "=" or joined(before.operator, operator) == operator:
        needed = operator
    elif {before.operator, operator} in ({"<", "<="}, {">", ">="}):
        needed = {"<": "<=", ">": ">="}.get(operator, operator)
    else:
        raise ExpressionError(f"from {before.operator} one does not get to {operator}")
    return _going_on(before.right, needed, first)


def _defined_away(line: Line, setting: Setting) -> bool:
    """Whether everything that the line's left side names is defined by facts."""
    assert line.left is not None
    names = nodes.free_names(line.left)
    defined = {item.name for item in setting.facts.definitions}
    defined |= {item.name for item in setting.facts.steps}
    return bool(names & defined)


def _complete_square(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    variable = rest.removeprefix("in").strip()
    squares = [
        part
        for part in nodes.walk(after.right)
        if isinstance(part, nodes.Power)
        and part.exponent == nodes.Number(2)
        and variable in nodes.free_names(part)
    ]
    inside = sum(1 for part in nodes.walk(after.right) if part == nodes.Name(variable))
    if not squares or inside != sum(
        1 for square in squares for part in nodes.walk(square) if part == nodes.Name(variable)
    ):
        raise ExpressionError(f"{variable} still stands outside of a square")
    return _equal("", before, after, setting)


def _expectation(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """By linearity; or the expectation of both sides, where the new left side is one."""
    taken = isinstance(after.left, nodes.Expectation) and not isinstance(
        before.left, nodes.Expectation
    )
    if before.left is not None and taken:
        return apply_to_both_sides.expected(before, after, setting)
    return _equal(rest, before, after, setting)


def _solve(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """``x = r`` from an equation in x: that r solves it, and that nothing else in the domain does.

    The second is shown as ``before`` and ``x = r`` saying the same.
    """
    name = rest.removeprefix("for").strip()
    if before.left is None or after.left != nodes.Name(name) or after.first[0] != "=":
        raise ExpressionError("'solve x' leads from an equation to a line x = ...")
    if name in nodes.free_names(after.right):
        raise ExpressionError(f"{name} still stands on both sides")
    facts = setting.facts.without(name)
    domain = setting.symbols.domain(name)
    root = facts.applied(after.first[1])
    old, new = (facts.applied(line.node) for line in (before, after))
    only = Claim((old, new), kind="only", raw=True, about="whether nothing else solves it")
    whole = side_conditions.is_whole(root, setting.symbols)
    if domain.whole and not whole and side_conditions.may_be_whole(root, setting.symbols):
        return [only]  # where r is no whole number neither line has a solution
    return [
        Claim((replaced(old, {name: root}),), raw=True),
        *side_conditions.placed(name, root, setting),
        only,
    ]


def _given(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    """The line is a fact itself, or follows from the line before with the facts."""
    del rest
    for fact in setting.stated:
        if same_shape(fact, after.node) and not after.links:
            return []
    return _equal("", before, after, setting)


def _substitute(rest: str, before: Line, after: Line, setting: Setting) -> list[Claim]:
    found = substitution_claims(rest, before, after, setting)
    if isinstance(found, list):
        return found
    name, inner = found
    if name in setting.facts.names():
        raise ExpressionError(f"{name} has a meaning already")
    put = {name: inner}
    operator, first = after.first
    left = None if after.left is None else replaced(after.left, put)
    placed = side_conditions.placed(name, inner, setting)
    return _equal("", before, Line(left, operator, replaced(first, put)), setting) + placed


_TABLE: dict[str, Callable[[str, Line, Line, Setting], list[Claim]]] = {
    "equal": _equal,
    "equivalent": _equal,
    "substitute": _substitute,
    "differentiate": apply_to_both_sides.differentiate,
    "integrate": apply_to_both_sides.integrate,
    "limit": apply_to_both_sides.limit,
    "complete the square": _complete_square,
    "expectation": _expectation,
    "induction": induction,
    "given": _given,
    "fact": _given,
    "solve": _solve,
    "at": apply_to_both_sides.at,
}
