"""Lines of a derivation: an expression, or a relation whose left side stays put."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Name, Node, Relation, free_names
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.functions import FUNCTIONS
from studytui.derive.functions.names import FORMS
from studytui.derive.steps.facts import Facts, collect
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare, plain_name
from studytui.derive.syntax.print_latex import SIGNS, to_tex

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

Read = TypeVar("Read")
_LEADING = re.compile(r"^\s*(<=|>=|=|<|>|≤|≥)\s*(.*)$", re.DOTALL)
_NAMED = re.compile(r"^\s*([^\W\d]\w*)\s*=(?!=)")
_DEFINED = re.compile(r"^\s*([^\W\d]\w*)\(\s*([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*\)\s*=(?!=)")
ORDERS = ("<", "<=", ">", ">=")
_SIGNS = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Line:
    """``left operator right``; for a line that is only an expression there is no left side.

    ``links`` are the further links of a chain written in one line: ``m = a = b`` has ``a = b``;
    ``leading`` is then the operator of its first link, and ``operator`` what all say together.
    """

    left: Node | None
    operator: str
    right: Node
    links: tuple[Relation, ...] = ()
    leading: str = ""
    is_equal: bool = False
    """Whether the line goes on with ``=`` after an inequality: ``<= b`` and then ``= c``."""
    start: Node | None = None
    """The expression alone that the lines above began with, and went on from with ``=``."""

    @property
    def first(self) -> tuple[str, Node]:
        """Operator and right side of the first link."""
        if not self.links:
            return self.operator, self.right
        return self.leading, self.links[0].operands[0]

    @property
    def node(self) -> Node:
        """The line as one node."""
        if self.left is None:
            return self.right
        return Relation((self.left, self.right), (self.operator,))

    @property
    def stated(self) -> Node:
        """What is said of what the lines began with: under ``a`` and ``b`` alone, ``<= c`` says
        that ``a <= c``."""
        if self.left is None or self.start is None:
            return self.node
        return Relation((self.start, self.right), (self.operator,))

    @property
    def beginning(self) -> Node | None:
        """What lines that go on from here began with; None where that is no expression alone."""
        return self.start or (self.right if self.left is None else None)


@dataclass(frozen=True, slots=True)
class Setting:
    """A derivation that was read: its symbols, facts, first line and goal."""

    symbols: Symbols
    declarations: tuple[tuple[str, str], ...]
    facts: Facts
    stated: tuple[Relation, ...]
    given: Line
    goal: Line
    earlier: tuple[Relation, ...] = ()
    """What was shown above the line before."""


def declarations_of(source: DerivationSource) -> dict[str, str]:
    """The declared names with their domains, and those that a line defines, as ``m = ...`` does."""
    declarations = dict(source.symbols)
    texts = (source.given, source.goal, *(step.to for step in source.steps), *source.facts)
    known = {plain_name(name) for name in declarations}
    for text in texts:
        named = _NAMED.match(text)
        if named and plain_name(named.group(1)) not in known:
            declarations[named.group(1)] = "real"
            known.add(plain_name(named.group(1)))
    for fact in source.facts:
        function = _DEFINED.match(fact)
        if function and function.group(1) not in known | FUNCTIONS.keys() | FORMS.keys():
            declarations[function.group(1)] = "function"
            known.add(function.group(1))
    return declarations


def _parameters(fact: str) -> list[str]:
    """The names in ``R(a) = ...``, which stand for any value where they are not declared."""
    function = _DEFINED.match(fact)
    return [] if function is None else [name.strip() for name in function.group(2).split(",")]


def line_to_tex(text: str, symbols: Mapping[str, str], goes_on: bool = False) -> str:
    """A typed line as TeX; it may begin with its relation to the line before.

    ``goes_on``: an expression alone is equal to what stands before it.

    :raises ExpressionError: it cannot be read; the column is that in ``text``.
    """
    leading = _LEADING.match(text)
    if leading is None:
        node = parse(text, dict(symbols))
        return f"= {to_tex(node)}" if goes_on and not isinstance(node, Relation) else to_tex(node)
    operator = _SIGNS.get(leading.group(1), leading.group(1))
    rest = " " * leading.start(2) + leading.group(2)
    return f"{SIGNS[operator]} {to_tex(parse(rest, dict(symbols)))}"


def read_setting(source: DerivationSource) -> Setting:
    """Read what surrounds the steps.

    :raises ExpressionError: and says where in the derivation.
    """
    declarations = declarations_of(source)
    symbols = declare(declarations)
    stated = []
    indices = {name: Domain(kind="integer", integer=True) for name in "ijk"}
    for fact in source.facts:
        places = {name: Domain() for name in _parameters(fact) if name not in indices}
        loose = Symbols({**indices, **places, **symbols.domains})
        node = _told("a fact", partial(parse, fact, loose))
        if not isinstance(node, Relation):
            raise ExpressionError(f"the fact {fact!r} is not a relation")
        stated.append(node)
    given = _told("given", lambda: read_line(source.given, symbols))
    goal = _told("goal", lambda: read_line(source.goal, symbols, given))
    defining = list(stated)
    if _is_definition(given):
        assert given.left is not None
        defining.append(Relation((given.left, given.right), ("=",)))
    return Setting(
        symbols, tuple(declarations.items()), collect(defining, symbols), tuple(stated), given, goal
    )


def _is_definition(given: Line) -> bool:
    """Whether the first line says what a name stands for; ``x = 2 - x`` does not."""
    left = given.left
    if not isinstance(left, Name) or given.operator != "=":
        return False
    return left.name not in free_names(given.right)


def _told(what: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except ExpressionError as error:
        raise ExpressionError(
            f"{what}: {error.what}", column=error.column, todo=error.todo
        ) from None


def read_line(
    text: str, symbols: Symbols, before: Line | None = None, syntax: str = "ascii"
) -> Line:
    """A line as typed. ``= b`` and ``<= b`` go on from the line before.

    :raises ExpressionError: it cannot be read.
    """
    line = _read_line(text, symbols, before, syntax)
    if before is None:
        return line
    goes_on = line.left is None or _LEADING.match(text) or _is_of(line.left, before)
    return replace(line, start=before.beginning) if goes_on else line


def _is_of(left: Node, before: Line) -> bool:
    """Whether a relation is of the expression that the line before is, or began with."""
    here = (before.beginning, before.right if before.left is None else before.left)
    return any(side is not None and same_shape(left, side) for side in here)


def _read_line(text: str, symbols: Symbols, before: Line | None, syntax: str) -> Line:
    leading = _LEADING.match(text)
    if leading and before is not None:
        operator = _SIGNS.get(leading.group(1), leading.group(1))
        node = parse(leading.group(2), symbols, syntax)
        left = before.left if before.left is not None else before.right
        if isinstance(node, Relation):
            return _chained(left, operator, node)
        if operator == "=" and before.left is not None and before.operator in ORDERS:
            return Line(left, before.operator, node, is_equal=True)
        return Line(left, operator, node)
    node = parse(text, symbols, syntax)
    if isinstance(node, Relation):
        first, *rest = node.operands
        tail = Relation(tuple(rest), node.operators[1:]) if len(rest) > 1 else rest[0]
        if isinstance(tail, Relation):
            return _chained(first, node.operators[0], tail)
        return Line(first, node.operators[0], tail)
    if before is not None and before.left is not None:
        return Line(before.left, before.operator, node)
    return Line(None, "=", node)


def _chained(left: Node, operator: str, tail: Relation) -> Line:
    links = tuple(
        Relation((first, second), (sign,))
        for first, sign, second in zip(
            tail.operands, tail.operators, tail.operands[1:], strict=False
        )
    )
    leading = operator
    for sign in tail.operators:
        operator = joined(operator, sign)
    return Line(left, operator, tail.operands[-1], links, leading)


def joined(first: str, second: str) -> str:
    """What ``a first b second c`` says of a and c.

    :raises ExpressionError: nothing, as after ``a < b > c``.
    """
    if first == "=":
        return second
    if second == "=" or first == second:
        return first
    if {first, second} <= {"<", "<="}:
        return "<"
    if {first, second} <= {">", ">="}:
        return ">"
    raise ExpressionError(f"a chain of {first} and {second} says nothing of its ends")
