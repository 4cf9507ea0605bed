"""Nodes to LaTeX, for the preview while typing and for the lines of a derivation."""

from __future__ import annotations

import re

from studytui.derive.expr import nodes
from studytui.derive.functions import FUNCTIONS
from studytui.derive.functions.names import ACCENT_WORDS, GREEK_WORDS

_RELATION, _SUM, _PRODUCT, _POWER, _ATOM = range(5)
SIGNS = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
"""Each relation as TeX."""
LONGEST_EXPONENT = 24
"""An exponent of so many characters is written beside ``\\exp``, not above ``e``."""
_ACCENTS = {"bar": r"\bar", "hat": r"\hat", "tilde": r"\tilde", "dot": r"\dot"}


def to_tex(node: nodes.Node) -> str:
    """The expression in LaTeX, without dollars."""
    return _tex(node)[0]


def name_tex(name: str) -> str:
    """A name with its subscripts, accents and Greek letters: ``beta_1`` is ``\\beta_{1}``."""
    primes = len(name) - len(name.rstrip("'"))
    head, *subscripts = name.rstrip("'").replace("{", "").replace("}", "").split("_")
    if subscripts and subscripts[0] in _ACCENTS:
        head += subscripts.pop(0)
    numbered = re.fullmatch(r"([A-Za-z]+?)(\d+)", head)
    if numbered and (len(numbered[1]) == 1 or numbered[1] in GREEK_WORDS):
        head, subscripts = numbered[1], [numbered[2], *subscripts]
    text = _letter(head)
    if subscripts:
        text += "_{" + ",".join(_letter(part) for part in subscripts) + "}"
    return text + "'" * primes


def _letter(word: str) -> str:
    if word in GREEK_WORDS:
        return "o" if word == "omicron" else f"\\{word}"
    if len(word) == 1 or word.isdigit():
        return word
    if "+" in word or "-" in word:
        return re.sub(r"\w+", lambda part: _letter(part[0]), word)
    for accent in ACCENT_WORDS:
        base = word.removesuffix(accent)
        if accent in _ACCENTS and base != word and (len(base) == 1 or base in GREEK_WORDS):
            return f"{_ACCENTS[accent]}{{{_letter(base)}}}"
    return rf"\mathrm{{{word}}}"


def _tex(node: nodes.Node) -> tuple[str, int]:
    if isinstance(node, nodes.Number):
        if node.denominator == 1:
            return str(node.numerator), _ATOM if node.numerator >= 0 else _SUM
        return rf"\frac{{{node.numerator}}}{{{node.denominator}}}", _POWER
    if isinstance(node, nodes.Constant):
        texts = {"oo": r"\infty", "pi": r"\pi", "true": r"\text{true}", "false": r"\text{false}"}
        return texts.get(node.name, node.name), _ATOM
    if isinstance(node, nodes.Name):
        return name_tex(node.name), _ATOM
    if isinstance(node, nodes.Add):
        return _sum(node), _SUM
    if isinstance(node, nodes.Negate):
        return f"-{_in(node.operand, _PRODUCT)}", _SUM
    if isinstance(node, nodes.Multiply):
        return _product(node), _PRODUCT
    if isinstance(node, nodes.Divide):
        return rf"\frac{{{to_tex(node.numerator)}}}{{{to_tex(node.denominator)}}}", _POWER
    if isinstance(node, nodes.Power):
        return f"{_in(node.base, _ATOM)}^{{{to_tex(node.exponent)}}}", _POWER
    if isinstance(node, nodes.Transpose):
        return rf"{_in(node.operand, _ATOM)}^{{\top}}", _POWER
    if isinstance(node, nodes.Fold | nodes.Integral | nodes.Limit | nodes.Derivative):
        return _big(node), _PRODUCT if not isinstance(node, nodes.Fold) else _SUM
    if isinstance(node, nodes.Relation):
        parts = [_in(node.operands[0], _SUM)]
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            parts += [SIGNS[operator], _in(operand, _SUM)]
        return " ".join(parts), _RELATION
    return _form(node), _ATOM


def _in(node: nodes.Node, least: int) -> str:
    text, strength = _tex(node)
    return text if strength >= least else rf"\left({text}\right)"


def _sum(node: nodes.Add) -> str:
    text = _in(node.terms[0], _SUM)
    for term in node.terms[1:]:
        negative = isinstance(term, nodes.Negate)
        inner = term.operand if isinstance(term, nodes.Negate) else term
        text += f" {'-' if negative else '+'} {_in(inner, _PRODUCT)}"
    return text


def _product(node: nodes.Multiply) -> str:
    pieces = [
        _in(factor, _PRODUCT if place == 0 else _POWER) for place, factor in enumerate(node.factors)
    ]
    last = node.factors[-1]
    if isinstance(last, nodes.Fold):
        pieces[-1] = _tex(last)[0]
    text = pieces[0]
    for factor, piece in zip(node.factors[1:], pieces[1:], strict=True):
        text += rf" \cdot {piece}" if isinstance(_first(factor), nodes.Number) else rf" \, {piece}"
    return text


def _first(node: nodes.Node) -> nodes.Node:
    while isinstance(node, nodes.Power):
        node = node.base
    return node


def _big(node: nodes.Node) -> str:
    if isinstance(node, nodes.Fold):
        sign = {"sum": r"\sum", "product": r"\prod"}.get(
            node.kind, rf"\operatorname{{{node.kind}}}"
        )
        low = f"{name_tex(node.variable)}={to_tex(node.lower)}"
        return rf"{sign}_{{{low}}}^{{{to_tex(node.upper)}}} {_in(node.body, _PRODUCT)}"
    if isinstance(node, nodes.Integral):
        bounds = ""
        if node.lower is not None and node.upper is not None:
            bounds = f"_{{{to_tex(node.lower)}}}^{{{to_tex(node.upper)}}}"
        return rf"\int{bounds} {_in(node.body, _PRODUCT)} \, d{name_tex(node.variable)}"
    if isinstance(node, nodes.Limit):
        side = f"^{{{node.side}}}" if node.side else ""
        below = rf"{name_tex(node.variable)} \to {to_tex(node.point)}{side}"
        return rf"\lim_{{{below}}} {_in(node.body, _PRODUCT)}"
    assert isinstance(node, nodes.Derivative)
    power = f"^{{{node.order}}}" if node.order != 1 else ""
    below = f"d{to_tex(node.variable)}{power}"
    return rf"\frac{{d{power}}}{{{below}}} {_in(node.body, _POWER)}"


def _list(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(to_tex(item) for item in items)


def _form(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call):
        return _call(node)
    if isinstance(node, nodes.Index):
        return f"{name_tex(node.base)}_{{{_list(node.indices)}}}"
    if isinstance(node, nodes.Expectation):
        return rf"\mathbb{{E}}\left[{to_tex(node.body)}\right]"
    if isinstance(node, nodes.SetOf):
        return r"\left\{" + _list(node.elements) + r"\right\}"
    if isinstance(node, nodes.Matrix):
        rows = r" \\ ".join(" & ".join(to_tex(item) for item in row) for row in node.rows)
        return rf"\begin{{pmatrix}}{rows}\end{{pmatrix}}"
    if isinstance(node, nodes.Piecewise):
        rows = r" \\ ".join(
            f"{to_tex(value)} & {_condition(condition)}"
            for value, condition in zip(node.values, node.conditions, strict=True)
        )
        return rf"\begin{{cases}}{rows}\end{{cases}}"
    assert isinstance(node, nodes.Logic)
    if node.kind == "not":
        return rf"\lnot \left({to_tex(node.operands[0])}\right)"
    return (r" \land " if node.kind == "and" else r" \lor ").join(map(to_tex, node.operands))


def _condition(node: nodes.Node) -> str:
    return r"\text{otherwise}" if node == nodes.Constant("true") else to_tex(node)


def _call(node: nodes.Call) -> str:
    function = FUNCTIONS.get(node.function)
    head = function.tex if function is not None else ""
    if function is not None and function.fewest and len(node.arguments) > function.fewest:
        head = function.tex_of_all
    inner = _list(node.arguments)
    if node.function == "exp" and len(inner) >= LONGEST_EXPONENT:
        head = r"\exp"
    if "#" not in head or node.primes:
        head = _function_name(node.function) if "#" in head or not head else head
        return rf"{head}{chr(39) * node.primes}\left({inner}\right)"
    return re.sub(r"\(#(\d)\)|#(\d)", lambda part: _slot(node.arguments, part), head)


def _slot(arguments: tuple[nodes.Node, ...], part: re.Match[str]) -> str:
    """An argument in a template: within brackets only if it needs them, or as it is."""
    argument = arguments[int(part[1] or part[2]) - 1]
    return _in(argument, _ATOM) if part[1] else to_tex(argument)


def _function_name(name: str) -> str:
    return name_tex(name) if len(name) == 1 or name in GREEK_WORDS else rf"\operatorname{{{name}}}"
