"""Means over a law and divergences of laws, by their definitions: integrals and sums.

``E_{z~normal(m, s)}[f]`` is the integral of f times the density over the line; ``KL(p, q)`` is the
mean over p of ``log(p/q)``. Nothing is used of a law but its density, or its probabilities.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.expr.substitute import replaced
from studytui.derive.syntax.declarations import LAWS
from studytui.derive.syntax.formulas import formula
from studytui.derive.syntax.latex_tokens import NAMED
from studytui.derive.syntax.operands import listed
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.special_forms import Span, form_over, spans_of
from studytui.derive.syntax.subscripts import canonical, spelled_group
from studytui.derive.syntax.tokens import Token

Law = tuple[str, tuple[nodes.Node, ...]]
"""A law's name and its parameters; ``density`` and a declared function; ``any`` and a name."""

_DENSITIES = {
    "normal": ("exp(-((x - m)/s)^2/2)/(s*sqrt(2*pi))", ("x", "m", "s"), "-oo", "oo"),
    "exponential": ("r*exp(-r*x)", ("x", "r"), "0", "oo"),
    "uniform": ("1/(b - a)", ("x", "a", "b"), "a", "b"),
    "gumbel": ("exp(-x - exp(-x))", ("x",), "-oo", "oo"),
}
"""Density at x and its parameters, and between which ends the law lies. ``normal`` takes the
deviation, ``exponential`` the rate, as in declarations."""
_EVERYWHERE = ("normal", "exponential", "density", "bernoulli")
"""Laws that can be compared: of one family, each is above zero where the other is."""


def mean_over(parser: Parser, token: Token) -> nodes.Node:
    """``E_{z~q}[f(z)]`` after its E: z is bound.

    :raises ExpressionError: the law is not known, or something else in the brackets is random.
    """
    parser.expect("_", "")
    parser.expect("{", "with the variable and its law")
    if parser.next.kind != "word":
        raise parser.unexpected("a variable")
    variable = canonical(parser.advance().text)
    parser.expect("~", "between the variable and its law")
    law = read_law(parser)
    parser.expect("}", "to close the law")
    parser.expect("[", "with what the mean is of")
    if any(variable in nodes.free_names(part) for part in law[1]):
        raise ExpressionError(f"the law of {variable} depends on {variable}", column=token.column)
    with parser.binding(variable):
        (body,) = listed(parser, "]")
    others = {
        name for name in nodes.free_names(body) - {variable} if parser.symbols.domain(name).law
    }
    if others:
        raise ExpressionError(
            f"the mean is over {variable} only, and {', '.join(sorted(others))} is random too",
            column=token.column,
            todo="Write E[...] for the mean over all.",
        )
    return _mean(law, variable, body)


def _mean(law: Law, variable: str, body: nodes.Node) -> nodes.Node:
    """The mean of an expression in a variable of a law."""
    name, parameters = law
    if name == "any":
        return nodes.Expectation(replaced(body, {variable: parameters[0]}))
    if name == "bernoulli":
        (chance,) = parameters
        other = nodes.Add((nodes.Number(1), nodes.Negate(chance)))
        return nodes.Add(
            (
                nodes.Multiply((chance, replaced(body, {variable: nodes.Number(1)}))),
                nodes.Multiply((other, replaced(body, {variable: nodes.Number(0)}))),
            )
        )
    if name == "rademacher":
        values = (replaced(body, {variable: nodes.Number(sign)}) for sign in (1, -1))
        return nodes.Divide(nodes.Add(tuple(values)), nodes.Number(2))
    low, high = _ends(law)
    weighed = nodes.Multiply((_density(law, nodes.Name(variable)), body))
    return nodes.Integral(weighed, variable, low, high)


def _density(law: Law, place: nodes.Node) -> nodes.Node:
    name, parameters = law
    if name == "density":
        (function,) = parameters
        assert isinstance(function, nodes.Name)
        return nodes.Call(function.name, (place,))
    text, names, _, _ = _DENSITIES[name]
    return replaced(formula(text, names), dict(zip(names, (place, *parameters), strict=True)))


def _ends(law: Law) -> tuple[nodes.Node, nodes.Node]:
    name, parameters = law
    if name == "density":
        return nodes.Negate(nodes.Constant("oo")), nodes.Constant("oo")
    _, names, low, high = _DENSITIES[name]
    values = dict(zip(names[1:], parameters, strict=True))
    ends = (replaced(formula(text, names), values) for text in (low, high))
    return next(ends), next(ends)


def divergence(parser: Parser, token: Token) -> nodes.Node:
    """``KL(p, q)`` or ``KL(p || q)`` after its name: of two laws of one family, of two declared
    densities, or of probabilities, ``KL(p[i], q[i], i, 1, n)``.

    :raises ExpressionError: the laws cannot be compared.
    """
    start = parser.position
    spans = spans_of(parser)
    if len(spans) >= 4 or (len(spans) == 3 and parser.stream[spans[2].start].text == "("):
        return _of_probabilities(parser, spans, token)
    parser.position = start
    parser.expect("(", "after KL")
    first = read_law(parser)
    if parser.at(",", "‖"):
        parser.advance()
    else:
        parser.expect("|", "or a comma between the two laws")
        parser.expect("|", "between the two laws")
    second = read_law(parser)
    parser.expect(")", "to close KL")
    if first[0] != second[0] or first[0] not in _EVERYWHERE:
        raise ExpressionError(
            "these two laws are not compared",
            column=token.column,
            todo="Known are pairs of normal, of exponential, of bernoulli, and of two densities.",
        )
    if first[0] == "bernoulli":
        return _of_coins(first[1][0], second[1][0])
    variable = "x'"
    while any(variable in nodes.free_names(part) for part in (*first[1], *second[1])):
        variable += "'"
    place = nodes.Name(variable)
    ratio = nodes.Divide(_density(first, place), _density(second, place))
    return _mean(first, variable, nodes.Call("log", (ratio,)))


def _of_coins(first: nodes.Node, second: nodes.Node) -> nodes.Node:
    one = nodes.Number(1)
    pairs = (
        (first, second),
        (nodes.Add((one, nodes.Negate(first))), nodes.Add((one, nodes.Negate(second)))),
    )
    return nodes.Add(tuple(_weighed(chance, other) for chance, other in pairs))


def _weighed(chance: nodes.Node, other: nodes.Node) -> nodes.Node:
    return nodes.Multiply((chance, nodes.Call("log", (nodes.Divide(chance, other),))))


def _of_probabilities(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    return form_over(parser, spans, token, 2, lambda pair: _weighed(pair[0], pair[1]))


def read_law(parser: Parser) -> Law:
    """A law as it is written: ``normal(m, s)``, ``N(0, 1)``, a random name, a density.

    :raises ExpressionError: it is none.
    """
    token = parser.next
    name = _spelled(parser)
    if name in ("N", "Normal"):
        return _gaussian(parser, token)
    domain = parser.symbols.domain(name) if parser.symbols.find(name) else None
    if domain is None and name in LAWS:
        parameters: tuple[nodes.Node, ...] = ()
        if LAWS[name]:
            parser.expect("(", f"after {name}")
            parameters = tuple(listed(parser, ")"))
        if len(parameters) != LAWS[name]:
            raise ExpressionError(f"{name} takes {LAWS[name]} parameters", column=token.column)
        return name, parameters
    if domain is not None and domain.law and domain.kind == "real":
        known = domain.law in LAWS
        return (domain.law, domain.parameters) if known else ("any", (nodes.Name(name),))
    if domain is not None and domain.kind == "function":
        return "density", (nodes.Name(name),)
    raise ExpressionError(
        f"{name or token.text} is not a law",
        column=token.column,
        todo="Write normal(m, s), uniform(a, b), exponential(r), bernoulli(p), or declare a "
        "random name, or a density as a positive function.",
    )


def _spelled(parser: Parser) -> str:
    """The name of a law, in LaTeX of letters that stand together or in a command."""
    token = parser.advance()
    if token.kind == "command" and token.text in NAMED:
        return spelled_group(parser)
    name = canonical(token.text)
    if parser.latex and token.kind == "word":
        while parser.next.kind == "word" and not parser.next.spaced:
            name += canonical(parser.advance().text)
    return name if token.kind == "word" else ""


def _gaussian(parser: Parser, token: Token) -> Law:
    """``N(m, s^2)``: the second is the variance where it is 1 or a square; else that is asked."""
    parser.expect("(", "after N")
    parameters = listed(parser, ")")
    if len(parameters) != 2:
        raise ExpressionError("N takes a mean and a variance", column=token.column)
    middle, spread = parameters
    if spread == nodes.Number(1):
        return "normal", (middle, spread)
    if isinstance(spread, nodes.Power) and spread.exponent == nodes.Number(2):
        return "normal", (middle, spread.base)
    raise AmbiguousError(
        "the second of N is the variance or the deviation",
        column=token.column,
        todo="Write normal(m, s) with the deviation s, or N(m, s^2).",
    )
