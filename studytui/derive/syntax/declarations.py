"""Reading declarations: ``{"beta": "0 < beta < 1", "t": "positive integer"}`` to domains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import MOST_MATRIX
from studytui.derive.syntax.normalise import GREEK, normalise
from studytui.derive.syntax.reading import read

_WORDS: dict[str, dict[str, object]] = {
    "real": {},
    "number": {},
    "scalar": {},
    "positive": {"lower": Fraction(0), "lower_open": True},
    "negative": {"upper": Fraction(0), "upper_open": True},
    "nonnegative": {"lower": Fraction(0)},
    "nonpositive": {"upper": Fraction(0)},
    "nonzero": {"excluded": (Fraction(0),)},
    "integer": {"kind": "integer", "integer": True},
    "natural": {"kind": "integer", "integer": True, "lower": Fraction(0)},
    "complex": {"kind": "complex"},
    "function": {"kind": "function"},
    "sequence": {"kind": "sequence"},
    "random": {"law": "any"},
    "independent": {"law": "any", "independent": True},
    "probability": {"lower": Fraction(0), "upper": Fraction(1)},
}
_NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:_(?:[A-Za-z0-9]+|\{[A-Za-z0-9]+(?:[+-][A-Za-z0-9]+)+\}))*'*"
)
"""A name with subscripts, which in braces may be such as ``t-1``."""
_ACCENTED = re.compile(r"\\(bar|hat|tilde|dot)\s*\{?\s*(\\?[A-Za-z]+)\s*\}?")
"""An accent of LaTeX and what it stands over: ``\\bar\\alpha``."""
_STRUCTURES = ("function", "sequence", "vector", "matrix")
_SHAPE = re.compile(r"\b(vector|matrix)\s+(?:in\s+)?(\d+)(?:\s*(?:x|by|,)\s*(\d+))?\b")
_INTERVAL = re.compile(r"^(?:in\s+)?([(\[\]])\s*([^,()\[\]]+),\s*([^,()\[\]]+)\s*([)\]\[])$")
LAWS = {"normal": 2, "uniform": 2, "bernoulli": 1, "exponential": 1, "gumbel": 0, "rademacher": 0}
"""Known distributions and how many parameters each takes."""


def declare(assumptions: Mapping[str, str], *, open_names: bool = False) -> Symbols:
    """The symbols that declarations introduce.

    :raises ExpressionError: a name or a domain that cannot be read, and which.
    """
    if all(isinstance(text, str) for text in assumptions.values()):
        return _declared(tuple(assumptions.items()), open_names)
    raise ExpressionError("the domain of a name is a short text")


@lru_cache(maxsize=64)
def _declared(assumptions: tuple[tuple[str, str], ...], open_names: bool) -> Symbols:
    names = {plain_name(name): text for name, text in assumptions}
    bare = Symbols({name: Domain() for name in names}, open_names)
    domains = {name: _domain(name, text, bare) for name, text in names.items()}
    for name, domain in domains.items():
        for parameter in domain.parameters:
            inner = {
                part.function for part in nodes.walk(parameter) if isinstance(part, nodes.Call)
            }
            random = {
                other for other in nodes.free_names(parameter) if domains.get(other, Domain()).law
            }
            if random or inner & LAWS.keys():
                raise ExpressionError(f"the distribution of {name} has a random parameter")
    return Symbols(domains, open_names)


def plain_name(name: str) -> str:
    """A declared name in ASCII: ``β₁`` is ``beta_1``.

    :raises ExpressionError: it is not a name.
    """
    text = _ACCENTED.sub(r"\2\1", name.strip()).replace("\\", "")
    plain = "".join(GREEK.get(letter, letter) for letter in normalise(text)[0])
    plain = re.sub(r"\{([A-Za-z0-9]*)\}", r"\1", plain.replace(" ", ""))
    if not _NAME.fullmatch(plain) or len(plain) > 40:
        raise ExpressionError(f"{name!r} is not a name that a symbol can have")
    return plain


def _domain(name: str, text: str, bare: Symbols) -> Domain:
    if not isinstance(text, str) or len(text) > 400:
        raise ExpressionError(f"the domain of {name} is not a short text")
    domain = Domain()
    interval = _INTERVAL.match(text.strip())
    if interval:
        left, low, high, right = interval.groups()
        signs = ("<=" if left == "[" else "<", "<=" if right == "]" else "<")
        text = f"{low} {signs[0]} {name} {signs[1]} {high}"
    shape = _SHAPE.search(text)
    if shape:
        domain = _shaped(name, shape)
        text = text.replace(shape.group(), "")
    for part in _parts(text):
        domain = _refined(name, domain, part, bare)
    if domain.is_empty:
        raise ExpressionError(f"the domain of {name} is empty: {text}")
    return domain


def _shaped(name: str, shape: re.Match[str]) -> Domain:
    rows = int(shape.group(2))
    columns = int(shape.group(3) or (1 if shape.group(1) == "vector" else rows))
    if not (1 <= rows <= MOST_MATRIX and 1 <= columns <= MOST_MATRIX):
        raise ExpressionError(f"{name} has shape {rows} x {columns}; the most is {MOST_MATRIX}")
    return Domain(kind=shape.group(1), shape=(rows, columns))


def _parts(text: str) -> list[str]:
    """Split at commas and ``and``, but not inside brackets."""
    parts, depth, start = [], 0, 0
    text = re.sub(r"\band\b", ",", text)
    for position, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _refined(name: str, domain: Domain, part: str, bare: Symbols) -> Domain:
    law = re.match(r"^(?:(?:random|independent)\s+|~\s*)*([a-z]+)\s*\(", part)
    if law and law.group(1) in LAWS:
        if part.startswith("independent"):
            domain = replace(domain, independent=True)
        return _lawful(name, domain, part[law.start(1) :], bare)
    if re.search(r"[<>=≤≥≠]", part):
        return _related(name, domain, part, bare)
    words = part.replace("-", "").replace("function of", "function").split()
    for word in words:
        if word in LAWS and not LAWS[word]:
            domain = replace(domain, law=word, kind="real")
            continue
        if word.isdigit() and domain.kind == "function":
            continue
        if word not in _WORDS:
            raise ExpressionError(
                f"the domain of {name} is not understood at {word!r}",
                todo="Say: " + ", ".join(_WORDS) + ", vector 3, matrix 2x3, or 0 < x < 1.",
            )
        change = dict(_WORDS[word])
        if domain.kind in _STRUCTURES and change.get("kind") == "integer":
            del change["kind"]
        domain = replace(domain, **change)  # type: ignore[arg-type]
    return domain


def _lawful(name: str, domain: Domain, part: str, bare: Symbols) -> Domain:
    others = Symbols({**bare.domains, **{law: Domain(kind="function") for law in LAWS}}, bare.open)
    call = read(part, others)
    if not isinstance(call, nodes.Call) or len(call.arguments) != LAWS.get(call.function):
        raise ExpressionError(f"the distribution of {name} is not understood: {part}")
    return replace(domain, law=call.function, parameters=call.arguments)


def _related(name: str, domain: Domain, part: str, bare: Symbols) -> Domain:
    text = part if re.match(r"^[^<>=≤≥≠!]*[^\s<>=≤≥≠!]", part) else f"{name} {part}"
    relation = read(text, bare)
    if not isinstance(relation, nodes.Relation):
        raise ExpressionError(f"the domain of {name} is not understood: {part}")
    others: list[nodes.Node] = []
    for left, operator, right in zip(
        relation.operands, relation.operators, relation.operands[1:], strict=False
    ):
        bound = _number(right) if left == nodes.Name(name) else None
        sense = operator
        if right == nodes.Name(name):
            bound, sense = _number(left), _mirrored(operator)
        if bound is None:
            others.append(nodes.Relation((left, right), (operator,)))
        else:
            domain = _bounded(domain, sense, bound)
    return replace(domain, constraints=domain.constraints + tuple(others))


def _bounded(domain: Domain, operator: str, bound: Fraction) -> Domain:
    """The domain with ``symbol operator bound`` added."""
    if operator == "!=":
        return replace(domain, excluded=(*domain.excluded, bound))
    is_open = operator in "<>"
    if operator in (">", ">=", "=") and (
        domain.lower is None or (bound, is_open) > (domain.lower, domain.lower_open)
    ):
        domain = replace(domain, lower=bound, lower_open=is_open)
    if operator in ("<", "<=", "=") and (
        domain.upper is None or (-bound, is_open) > (-domain.upper, domain.upper_open)
    ):
        domain = replace(domain, upper=bound, upper_open=is_open)
    return domain


def _mirrored(operator: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(operator, operator)


def _number(node: nodes.Node) -> Fraction | None:
    if isinstance(node, nodes.Number):
        return Fraction(node.numerator, node.denominator)
    if isinstance(node, nodes.Negate):
        value = _number(node.operand)
        return None if value is None else -value
    if isinstance(node, nodes.Divide):
        above, below = _number(node.numerator), _number(node.denominator)
        return None if above is None or not below else above / below
    if isinstance(node, nodes.Power):
        base, exponent = _number(node.base), _number(node.exponent)
        if base and exponent is not None and exponent.denominator == 1 and abs(exponent) <= 400:
            return base ** int(exponent)
    return None
