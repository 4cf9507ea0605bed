"""What a word means: declared symbols first, then forms, functions and constants."""

from __future__ import annotations

import difflib
from functools import lru_cache

from studytui.derive.expr.nodes import (
    Call,
    Constant,
    Logic,
    Name,
    Node,
    Power,
)
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.functions import FUNCTIONS, known_function
from studytui.derive.functions.names import (
    ACCENT_WORDS,
    CONSTANTS,
    FORMS,
    GREEK_WORDS,
)
from studytui.derive.syntax import formulas
from studytui.derive.syntax.ambiguity import (
    ask_for_operator,
    inverse_or_power,
    is_minus,
    power_of_function,
)
from studytui.derive.syntax.elements import entry
from studytui.derive.syntax.laws import divergence
from studytui.derive.syntax.normalise import GREEK
from studytui.derive.syntax.operands import listed
from studytui.derive.syntax.operators_with_subscripts import is_operator, subscripted_operator
from studytui.derive.syntax.parser import PRODUCT, RELATION, Parser, prefix, times
from studytui.derive.syntax.special_forms import expectation, form, operator_derivative
from studytui.derive.syntax.subscripts import canonical, composite, plain_subscript, subscript
from studytui.derive.syntax.tokens import Token

MOST_LETTERS = 60
MOST_FACTORS = 6
"""Letters of a word that are shown as a product."""
_INDEXED = ("sequence", "vector", "matrix")
_ASKED = frozenset("fghFGH")
"""Undeclared letters that before a bracket are as likely a function as a factor."""


@prefix("word")
def word(parser: Parser, least: int = PRODUCT) -> Node:
    """The meaning of the word that comes next, with its subscript, arguments or indices."""
    del least
    if parser.next.text == "not" and parser.symbols.find("not") is None:
        parser.advance()
        return Logic("not", (parser.expression(RELATION - 1),))
    token = parser.advance()
    if len(token.text) > MOST_LETTERS:
        raise ExpressionError(f"a word of more than {MOST_LETTERS} letters", column=token.column)
    name = canonical(token.text)
    if parser.latex:
        name = _longest_declared(parser, name)
    if parser.at("_"):
        return subscripted(parser, token, name)
    return meaning(parser, token, name)


def meaning(parser: Parser, token: Token, name: str) -> Node:
    """What a complete name stands for."""
    if name in parser.scope:
        return Name(name)
    primes = 0
    while parser.at("'"):
        primes += 1
        parser.advance()
    if name + "'" * primes in parser.scope:
        return Name(name + "'" * primes)
    declared = parser.symbols.find(name + "'" * primes)
    if declared is not None:
        return _declared(parser, declared, 0, token)
    declared = parser.symbols.find(name)
    if declared is not None:
        return _declared(parser, declared, primes, token)
    if primes:
        raise ExpressionError(f"{name} is not a declared function", column=token.column)
    return _undeclared(parser, token, name)


def _declared(parser: Parser, name: str, primes: int, token: Token) -> Node:
    domain = parser.symbols.domain(name)
    if domain.kind == "function":
        if parser.at("^"):
            raise power_of_function(name, token)
        if not parser.at("("):
            raise parser.unexpected(f"'(' after the function {name}")
        parser.advance()
        return Call(name, tuple(listed(parser, ")")), primes)
    if primes:
        raise ExpressionError(f"{name} is not declared as a function", column=token.column)
    if domain.kind in _INDEXED and (
        parser.at("[") or (domain.kind == "sequence" and parser.at("("))
    ):
        closing = "]" if parser.advance().text == "[" else ")"
        return entry(parser, name, listed(parser, closing), token)
    if domain.kind == "sequence" and not domain.law:
        raise parser.unexpected(f"an index after the sequence {name}, as in {name}[i]")
    return Name(name)


def _undeclared(parser: Parser, token: Token, name: str) -> Node:
    if name in ("E", "Var", "Cov", "var", "cov") and parser.at("["):
        return expectation(parser, name)
    if name == "sg":
        return _stopped(parser, token)
    if name == "KL" and parser.at("("):
        return divergence(parser, token)
    if parser.at("(") and name in FORMS:
        return form(parser, FORMS[name], token)
    function = known_function(name)
    if function is None and not token.text.isascii():
        function = None
    if function is not None and (parser.at("(") or name not in GREEK_WORDS):
        return applied(parser, function, token)
    ask_for_operator(parser, token, name)
    if name in CONSTANTS:
        return Constant(CONSTANTS[name])
    if name in ("d", "D") or name.startswith("d"):
        derived = operator_derivative(parser, token)
        if derived is not None:
            return derived
    return _split(parser, token, name)


def _stopped(parser: Parser, token: Token) -> Node:
    """A stop-gradient, ``sg(u)`` or ``sg[u]``; where s and g are declared their product."""
    closing = ")" if parser.at("(") else "]" if parser.at("[") else ""
    if not closing or {"s", "g"} <= parser.symbols.domains.keys():
        return _split(parser, token, "sg")
    parser.advance()
    arguments = listed(parser, closing)
    if len(arguments) != 1:
        raise ExpressionError("sg takes one argument", column=token.column)
    return Call("sg", tuple(arguments))


def _split(parser: Parser, token: Token, name: str) -> Node:
    """A word that is no name by itself: the one way to cut it into names, or a question."""
    units = [GREEK.get(letter, letter) for letter in token.text]
    if canonical(token.text) != name:
        units = list(name)
    known = set(parser.scope) | set(parser.symbols.domains)
    if parser.symbols.open:
        known |= _single_letters(parser)
    ways = _cuts(units, known, parser.at("("))
    if len(ways) == 1 and len(ways[0]) > 1:
        return _product(parser, token, ways[0])
    if len(ways) > 1 and len(units) > 1:
        shown = " or ".join("*".join(way) for way in ways[:3])
        raise AmbiguousError(f"{name} can be read as {shown}", column=token.column)
    if parser.symbols.open and _can_be_name(token, name):
        if parser.at("(") and name in _ASKED:
            raise AmbiguousError(
                f"is {name} a function or a factor?",
                column=token.column,
                todo=f"Declare it (--assume '{name}=function') or write {name}*(...).",
            )
        return Name(name)
    raise _unknown(parser, token, name)


def _product(parser: Parser, token: Token, pieces: list[str]) -> Node:
    nodes = [
        Name(piece) if piece not in ("pi",) or piece in parser.scope else Constant(piece)
        for piece in pieces[:-1]
    ]
    last = meaning(parser, token, pieces[-1])
    product: Node = nodes[0]
    for node in [*nodes[1:], last]:
        product = times(product, node)
    return product


def _cuts(units: list[str], known: set[str], before_bracket: bool) -> list[list[str]]:
    """Every way to cut the units into known names; a function may only come last."""
    table: list[list[list[str]]] = [[[]]]
    for end in range(1, len(units) + 1):
        ways: list[list[str]] = []
        for start in range(end):
            piece = "".join(units[start:end])
            last = end == len(units)
            fits = piece in known or piece == "pi"
            fits = fits or (last and start > 0 and before_bracket and piece in FUNCTIONS)
            if fits:
                ways += [[*way, piece] for way in table[start]]
        table.append(ways[:8])
    return table[-1]


def _single_letters(parser: Parser) -> frozenset[str]:
    """Names of one letter that stand alone somewhere in the text."""
    if parser.letters is None:
        alone = {canonical(token.text) for token in parser.stream if token.kind == "word"}
        letters = {word for word in alone if len(word) == 1 or word in GREEK_WORDS}
        parser.letters = frozenset(letters - set(CONSTANTS))
    return parser.letters


def _can_be_name(token: Token, name: str) -> bool:
    if len(token.text) == 1 or name in GREEK_WORDS:
        return True
    head = name.rstrip("0123456789")
    for accent in ACCENT_WORDS:
        head = head.removesuffix(accent) if head != accent else head
    return "_" in name or len(head) == 1 or head in GREEK_WORDS


@lru_cache(maxsize=1024)
def _closest(name: str, known: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(name, [*known, *FUNCTIONS], n=1)), "")


def _unknown(parser: Parser, token: Token, name: str) -> ExpressionError:
    known = [*parser.symbols.domains, *parser.scope]
    close = _closest(name, tuple(known))
    hint = f"Did you mean {close}? " if close else ""
    listed = ", ".join(sorted(known)[:20])
    if parser.symbols.open and len(name) > 1:
        hint += (
            f"If it is a product write {'*'.join(name)}; if it is one name, declare it."
            if len(name) <= MOST_FACTORS
            else "Declare it, or write its letters as a product."
        )
    elif listed:
        hint += f"Declared are: {listed}."
    return ExpressionError(f"{name} is not a declared name", column=token.column, todo=hint)


def _longest_declared(parser: Parser, name: str) -> str:
    """In LaTeX, letters that together spell a declared name, if they stand together."""
    best, best_position = name, parser.position
    spelled, position = name, parser.position
    while (
        parser.stream[position].kind == "word"
        and not parser.stream[position].spaced
        and position - parser.position < MOST_LETTERS
    ):
        spelled += canonical(parser.stream[position].text)
        position += 1
        if spelled in parser.symbols.domains or spelled in parser.scope:
            best, best_position = spelled, position
    parser.position = best_position
    return best


def subscripted(parser: Parser, token: Token, name: str) -> Node:
    """``x_1`` is a name if it is declared so, else an element of a declared sequence."""
    whole = composite(parser, name)
    if whole is not None:
        return meaning(parser, token, whole)
    if parser.symbols.find(name) is None and name not in parser.scope:
        operator = subscripted_operator(parser, token, name)
        if operator is not None:
            return operator
    start = parser.position
    plain = plain_subscript(parser)
    if plain is not None:
        whole = f"{name}_{plain}"
        if parser.at("_"):
            return subscripted(parser, token, whole)
        if whole in parser.scope or parser.symbols.find(whole) is not None:
            return meaning(parser, token, whole)
    if name == "log" and parser.symbols.find(name) is None:
        parser.position = start
        return _logarithm(parser, token)
    base = parser.symbols.find(name)
    if base is not None and parser.symbols.domain(base).kind in _INDEXED:
        parser.position = start
        return entry(parser, base, subscript(parser), token)
    if plain is not None and parser.symbols.open and not is_operator(name):
        return meaning(parser, token, f"{name}_{plain}")
    if plain is not None:
        raise _unknown(parser, token, f"{name}_{plain}")
    name = _spelled_before(parser, token) + name
    todo = f"Declare {name} as a sequence to write its elements so."
    if name == "E":
        todo = "Declare the law of what is random, and write E[...]."
    raise ExpressionError(
        f"{name} with a subscript is not a declared name", column=token.column, todo=todo
    )


def _spelled_before(parser: Parser, token: Token) -> str:
    """The letters just before one, of which LaTeX makes a product: ``alphaba`` before ``r``."""
    place = parser.stream.index(token)
    start = place
    while start and parser.stream[start - 1].kind == "word" and not parser.stream[start].spaced:
        start -= 1
    return "".join(canonical(item.text) for item in parser.stream[start:place])


def _logarithm(parser: Parser, token: Token) -> Node:
    """``log_2(x)``, ``log_b(x)``."""
    bases = subscript(parser)
    inside = applied(parser, "log", token)
    if not isinstance(inside, Call) or len(bases) != 1 or len(inside.arguments) != 1:
        raise ExpressionError("a logarithm has one base and one argument", column=token.column)
    return Call("log", (*inside.arguments, *bases))


def applied(parser: Parser, function: str, token: Token) -> Node:
    """A known function with its arguments: ``sin(x)``, ``sin x``, ``sin^2(x)``."""
    power: Node | None = None
    if parser.at("^"):
        parser.advance()
        if parser.at("-"):
            raise inverse_or_power(function, token)
        power = parser.operand()
        if is_minus(power):
            raise inverse_or_power(function, token)
    if parser.at("("):
        parser.advance()
        arguments = listed(parser, ")")
    else:
        arguments = [_bare_argument(parser, function, token)]
    node = call(function, arguments, token.column)
    return node if power is None else Power(node, power)


def _bare_argument(parser: Parser, function: str, token: Token) -> Node:
    if not parser.begins_operand() and parser.next.kind != "number":
        raise parser.unexpected(f"'(' after {function}")
    number = parser.next.kind == "number"
    argument = parser.expression(PRODUCT)
    while number and parser.next.kind == "word" and known_function(parser.next.text) is None:
        argument = times(argument, parser.expression(PRODUCT))
    after = parser.next
    if parser.begins_operand() and not (
        after.kind == "word" and known_function(canonical(after.text)) is not None
    ):
        raise AmbiguousError(
            f"how far {function} reaches is not clear",
            column=token.column,
            todo=f"Write the bracket: {function}(...).",
        )
    return argument


def call(function: str, arguments: list[Node], column: int) -> Node:
    """A call of a known function, its shorthand spellings resolved.

    :raises ExpressionError: the number of arguments does not fit.
    """
    known = FUNCTIONS[function]
    least, most = known.arity
    if not least <= len(arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise ExpressionError(
            f"{function} takes {wanted} arguments, not {len(arguments)}", column=column
        )
    if known.is_shorthand:
        return formulas.applied(known.definition, known, tuple(arguments))
    return Call(function, tuple(arguments))
