"""Wrong lines that come from no mistake of the catalogue: parts replaced at random, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Expectation,
    Multiply,
    Name,
    Node,
    Number,
    Power,
    Relation,
    rebuild,
)
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.mistakes.places import scoped_children
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.print_ascii import to_text
from tests.derive.pairs import corpus

SEED = 22
Change = Callable[[Node, random.Random], Node | None]


def _another_number(node: Node, generator: random.Random) -> Node | None:
    if isinstance(node, Number) and abs(node.numerator) > 1 and node.denominator == 1:
        return Number(node.numerator * 5 + generator.choice((3, 4)))
    return None


def _another_function(node: Node, generator: random.Random) -> Node | None:
    known = ("exp", "log", "sin", "cos", "tanh", "sqrt", "sigmoid", "abs", "atan")
    if isinstance(node, Call) and node.function in known and not node.primes:
        return Call(generator.choice(("erf", "sinh")), node.arguments)
    return None


def _a_term_more(node: Node, generator: random.Random) -> Node | None:
    if isinstance(node, Add | Multiply):
        return Add((node, Number(generator.choice((3, 7, 11)))))
    return None


def _a_factor_more(node: Node, generator: random.Random) -> Node | None:
    if isinstance(node, Name | Call | Expectation):
        return Multiply((Number(generator.choice((3, 5, 7))), node))
    return None


def _a_power_more(node: Node, generator: random.Random) -> Node | None:
    if isinstance(node, Add):
        return Power(node, Number(generator.choice((5, 7))))
    return None


def _in_a_function(node: Node, generator: random.Random) -> Node | None:
    if isinstance(node, Name | Call | Add):
        return Call(generator.choice(("atan", "sin", "erf")), (node,))
    return None


CHANGES: tuple[Change, ...] = (
    _another_number,
    _another_function,
    _a_term_more,
    _a_factor_more,
    _a_power_more,
    _in_a_function,
)


def perturbed(count: int) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Right expressions, what became of them, and what is declared; the same ones every time."""
    generator = random.Random(SEED)
    pairs = [pair for pair in corpus() if pair.same and pair.syntax == "ascii"]
    made = 0
    while made < count:
        pair = generator.choice(pairs)
        symbols = declare(dict(pair.assumptions), open_names=True)
        node = parse(pair.b, symbols)
        if isinstance(node, Relation):
            continue
        change = generator.choice(CHANGES)
        variants = list(_everywhere(node, change, generator, symbols))
        text = to_text(generator.choice(variants)) if variants else ""
        with suppress(ExpressionError):  # an empty text, or a function of a matrix
            parse(text, symbols)
            made += 1
            yield pair.b, text, pair.assumptions


def _everywhere(
    node: Node, change: Change, generator: random.Random, symbols: Symbols
) -> Iterator[Node]:
    other = change(node, generator)
    if other is not None:
        yield other
    for child, scope in scoped_children(node, symbols):
        for inner in _everywhere(child, change, generator, scope):
            yield rebuild(node, {id(child): inner})
