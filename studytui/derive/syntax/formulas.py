"""What the rooms of functions say in words of the arguments, as expressions."""

from __future__ import annotations

from functools import lru_cache

from studytui.derive.expr.nodes import Call, Node, children, rebuild, walk
from studytui.derive.expr.substitute import replaced
from studytui.derive.functions import FUNCTIONS, Function, Points
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.parser import Parser


@lru_cache(maxsize=256)
def formula(text: str, parameters: tuple[str, ...]) -> Node:
    """An expression in the names of a function's arguments."""
    return Parser(text, declare(dict.fromkeys(parameters, "complex")), "ascii").whole()


def applied(text: str, function: Function, arguments: tuple[Node, ...]) -> Node:
    """What a room says of a function, with the arguments put in."""
    names = function.names
    return replaced(formula(text, names), dict(zip(names, arguments, strict=False)))


def known(node: Node) -> Function | None:
    """The function that is called; None where it is none, or a declared one, or a derivative."""
    if isinstance(node, Call) and not node.primes:
        return FUNCTIONS.get(node.function)
    return None


def definition(call: Call) -> Node | None:
    """What a call is in other functions; ``log(x, 2)`` is ``log(x)/log(2)``."""
    function = known(call)
    if function is None or not function.definition or len(call.arguments) < len(function.names):
        return None
    return applied(function.definition, function, call.arguments)


def slope(call: Call) -> Node | None:
    """The derivative of a known function of one argument at that argument; None: unknown."""
    function = known(call)
    if function is None or not function.derivative or len(call.arguments) != 1:
        return None
    return applied(function.derivative, function, call.arguments)


def undefined(call: Call) -> Points | None:
    """Where a call of a known function has no value, as its room says."""
    function = known(call)
    if function is None or (function.fewest and len(call.arguments) > function.fewest):
        return None
    return function.undefined


def zeros(node: Node) -> tuple[Node, ...]:
    """What must not vanish for a call to have a value, as far as its room says."""
    function = known(node)
    if function is None or not isinstance(node, Call):
        return ()
    points = undefined(node)
    texts = points.zeros if points is not None else ()
    return tuple(applied(text, function, node.arguments) for text in texts)


def ladders(call: Call) -> tuple[tuple[Node, int], ...]:
    """Arguments that must not be a number nor lie a whole number of steps below it."""
    function, points = known(call), undefined(call)
    if function is None or points is None:
        return ()
    arguments = dict(zip(function.names, call.arguments, strict=False))
    return tuple((arguments[name], first) for name, first in points.ladders)


def corners(node: Node) -> tuple[Node, ...]:
    """What is zero where a call goes from one case to another, or has no slope."""
    function = known(node)
    if function is None or not isinstance(node, Call):
        return ()
    return tuple(applied(text, function, node.arguments) for text in function.corners or ())


def spelled_out(node: Node) -> Node:
    """The expression with the definition of each function of which no more than that is known: it
    has a value, and a slope, where its definition has."""
    if not any(isinstance(part, Call) and undefined(part) is None for part in walk(node)):
        return node
    node = rebuild(node, {id(child): spelled_out(child) for child in children(node)})
    if isinstance(node, Call) and undefined(node) is None:
        inner = definition(node)
        return node if inner is None else spelled_out(inner)
    return node
